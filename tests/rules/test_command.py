"""Command: attackers choose, defenders help, garrisons find the rear, bystanders join the winner."""

import numpy as np
import pytest
from small_world import ARMY, NO_EDGE, REBELS, Road, SmallWorld, Unit, draws_of, f32, tuned

from sim.parameters import make_params
from sim.rules.command import command, join_in, supply
from sim.world import ALLIED, CAUSES, HOSTILE, NEUTRAL, TRUCE

THIRD = 2


def orders(small: SmallWorld, seed: int = 0, params=None, **fields: object):
    """The state after one day's command."""
    params = params or make_params()
    state = small.eve(params, seed)._replace(**fields)
    return command(state, small.world, params, draws_of(state, seed)), small.world


def aim_of(small: SmallWorld, place: int, faction: int, **fields: object) -> int:
    """The place that units of the faction are sent to from a place; itself if they stay."""
    state, world = orders(small, **fields)
    slot = state.order_slot[place, faction]
    return place if slot < 0 else int(world.neighbour[place, slot])


def fork(swap: bool = False, garrisons=(100, 100), km=(40, 40), **changes: object) -> SmallWorld:
    """Rebels (5,000) in place 0 between two towns of the army; ``swap`` lists the roads the other way."""
    roads = [Road(0, 1, km[0]), Road(0, 2, km[1])]
    units = [Unit(REBELS, 0, 5000), Unit(ARMY, 1, garrisons[0]), Unit(ARMY, 2, garrisons[1])]
    return SmallWorld(
        holders=(REBELS, ARMY, ARMY), roads=roads[::-1] if swap else roads, units=units, **changes
    )


@pytest.mark.parametrize("swap", [False, True])
class TestAttackersChoose:
    def test_the_nearer(self, swap):
        assert aim_of(fork(swap, km=(40, 90)), 0, REBELS) == 1
        assert aim_of(fork(swap, km=(90, 40)), 0, REBELS) == 2

    def test_the_more_valuable(self, swap):
        assert aim_of(fork(swap, kinds={1: "capital"}), 0, REBELS) == 1
        assert aim_of(fork(swap, kinds={2: "capital"}), 0, REBELS) == 2

    def test_the_weaker(self, swap):
        assert aim_of(fork(swap, garrisons=(100, 2500)), 0, REBELS) == 1
        assert aim_of(fork(swap, garrisons=(2500, 100)), 0, REBELS) == 2

    def test_the_more_welcoming(self, swap):
        assert aim_of(fork(swap, acceptance={(1, REBELS): 0.5, (2, REBELS): -0.5}), 0, REBELS) == 1
        assert aim_of(fork(swap, acceptance={(1, REBELS): -0.5, (2, REBELS): 0.5}), 0, REBELS) == 2


def test_nobody_attacks_below_the_odds_that_command_asks_for():
    # Neither distance, works nor ground change the ratio of soldiers.
    odds = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **NO_EDGE)
    for garrison, goes in ((2450, True), (2550, False)):
        small = fork(garrisons=(garrison, 9000))
        state, _ = orders(small, params=odds)
        assert (state.order_slot[0, REBELS] >= 0) == goes


def test_nobody_attacks_a_friend_or_in_peace():
    assert aim_of(fork(active=()), 0, REBELS) == 0
    for stance in (NEUTRAL, TRUCE, ALLIED):
        assert aim_of(fork(stances={(REBELS, ARMY): stance}), 0, REBELS) == 0


def test_a_force_divides_between_equal_aims_and_not_between_unequal_ones():
    equal, _ = orders(fork())
    slots = {int(equal.order_slot[0, REBELS]), int(equal.order_slot_second[0, REBELS])}
    assert slots == {0, 1}
    assert equal.order_second_share[0, REBELS] == pytest.approx(0.5, abs=1e-3)
    unequal, _ = orders(fork(kinds={1: "capital"}))
    assert unequal.order_second_share[0, REBELS] == 0


def test_attackers_march_through_their_own_places_and_round_a_closed_one():
    """From 0 the enemy town 3 is reached over 1 (neutral ground: closed) or the longer way over 2."""
    small = SmallWorld(
        holders=(REBELS, THIRD, REBELS, ARMY),
        factions=3,
        roads=[Road(0, 1, 20), Road(1, 3, 20), Road(0, 2, 60), Road(2, 3, 60)],
        units=[Unit(REBELS, 0, 5000), Unit(ARMY, 3, 100)],
    )
    assert aim_of(small, 0, REBELS) == 2
    assert aim_of(small, 2, REBELS) == 3
    open_way = small.but(stances={(REBELS, ARMY): HOSTILE, (REBELS, THIRD): ALLIED})
    assert aim_of(open_way, 0, REBELS) == 1
    cut_off = small.but(holders=(REBELS, THIRD, THIRD, ARMY))
    assert aim_of(cut_off, 0, REBELS) == 0


def test_reserves_go_to_the_threatened_place():
    """Army line 0-1-2 with a reserve at 1; the rebels stand before 2, or before 0."""
    for threatened, rebels_at in ((2, 3), (0, 4)):
        small = SmallWorld(
            holders=(ARMY, ARMY, ARMY, REBELS, REBELS),
            roads=[Road(0, 1), Road(1, 2), Road(2, 3), Road(0, 4)],
            units=[
                Unit(ARMY, 0, 500),
                Unit(ARMY, 1, 2000),
                Unit(ARMY, 2, 500),
                Unit(REBELS, rebels_at, 2000),
            ],
        )
        assert aim_of(small, 1, ARMY) == threatened


def test_who_took_a_place_by_assault_rests_in_it():
    small = SmallWorld(holders=(REBELS, ARMY), units=[Unit(REBELS, 0, 5000), Unit(ARMY, 1, 100)])
    just = f32([0, -1e3])
    for cause, stays in (("assault", True), ("handover", False)):
        taken = {"cause": np.int32([CAUSES.index(cause), 0]), "day_taken": just}
        assert (aim_of(small, 0, REBELS, **taken) == 0) == stays
    later = {"cause": np.int32([CAUSES.index("assault"), 0]), "day_taken": just, "tick": np.int32(8)}
    assert aim_of(small, 0, REBELS, **later) == 1


def line(*holders: int, units=(), **changes: object) -> SmallWorld:
    return SmallWorld(holders=holders, units=units, **changes)


def rear_of(small: SmallWorld, place: int, faction: int = ARMY) -> int:
    state, world = orders(small)
    slot = state.retreat_slot[place, faction]
    return -1 if slot < 0 else int(world.neighbour[place, slot])


def test_the_rear_is_friendly_ground_or_nowhere():
    units = [Unit(ARMY, 1, 1000), Unit(REBELS, 2, 3000)]
    assert rear_of(line(ARMY, ARMY, REBELS, units=units), 1) == 0
    assert rear_of(line(REBELS, ARMY, REBELS, units=units), 1) == -1
    third = {"factions": 3, "stances": {(REBELS, ARMY): HOSTILE, (ARMY, THIRD): ALLIED}}
    assert rear_of(line(THIRD, ARMY, REBELS, units=units, **third), 1) == 0
    assert rear_of(line(THIRD, ARMY, REBELS, units=units, **third | {"stances": {(0, 1): HOSTILE}}), 1) == -1


def test_the_rear_is_away_from_the_enemy():
    units = [Unit(ARMY, 1, 1000), Unit(ARMY, 2, 100), Unit(REBELS, 3, 5000)]
    assert rear_of(line(ARMY, ARMY, ARMY, REBELS, units=units, bases=[(0, ARMY)]), 1) == 0


def withdrawals(
    runs: int = 300, params=None, holders=(ARMY, ARMY, REBELS), rebels: float = 5000, **fields
) -> float:
    """Share of runs in which the garrison of place 1 is ordered out on the first day."""
    population = fields.pop("population", 10_000)
    small = line(*holders, units=[Unit(ARMY, 1, 500), Unit(REBELS, 2, rebels)], population=population)
    params = params or make_params()
    world, count = small.world, 0
    state = small.eve(params)._replace(**fields)
    for seed in range(runs):
        count += int(command(state, world, params, draws_of(state, seed)).withdrawing[1, ARMY])
    return count / runs


def test_garrisons_are_given_up_against_bad_odds_with_lost_belief_and_to_spare_a_large_town():
    plain = withdrawals()
    assert withdrawals(rebels=300) == 0  # no threat that outweighs the garrison
    assert withdrawals(rebels=50_000) > plain
    assert withdrawals(prospect_logit=f32([0, -3])) > plain > withdrawals(prospect_logit=f32([0, 3]))
    assert withdrawals(population=2_000_000) > plain


def test_nobody_is_ordered_out_who_has_no_way_out_or_an_order_to_hold():
    lost = {"prospect_logit": f32([0, -9])}
    hold = np.ones((3, 2), dtype=np.float32)
    assert withdrawals(50, **lost) > 0
    assert withdrawals(50, holders=(REBELS, ARMY, REBELS), **lost) == 0
    assert withdrawals(50, standing_order=hold, **lost) == 0


def test_a_decreed_withdrawal_is_obeyed_at_once():
    assert withdrawals(20, rebels=300, standing_order=-np.ones((3, 2), dtype=np.float32)) == 1


def test_supply_comes_by_friendly_roads_from_a_base():
    small = line(ARMY, ARMY, ARMY, REBELS, bases=[(0, ARMY)])
    params = tuned(supply_km=100)
    state = small.eve(params)
    got = supply(state, small.world, params)
    assert got[:3, ARMY] == pytest.approx(np.exp([0, -0.4, -0.8]), rel=1e-5)
    assert got[3, ARMY] == pytest.approx(np.exp(-1.2), rel=1e-5)  # attackers live off the next own place
    assert not got[:, REBELS].any()
    cut = state._replace(controller=np.int32([ARMY, REBELS, ARMY, REBELS]))
    assert supply(cut, small.world, params)[2, ARMY] == 0


def joining(
    prospect: float, runs: int = 400, stance: int = HOSTILE, welcome: float = 0.5, **changes
) -> float:
    """Share of runs in which the third faction goes on the attack on the first day."""
    small = SmallWorld(
        holders=(REBELS, ARMY, THIRD),
        factions=3,
        stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): stance} | changes.pop("stances", {}),
        units=[Unit(REBELS, 0), Unit(ARMY, 1), Unit(THIRD, 2)],
        acceptance={(1, THIRD): welcome},
        **changes,
    )
    params, world = make_params(), small.world
    state = small.eve(params)._replace(prospect_logit=f32([0, prospect, 0]))
    return np.mean(
        [join_in(state, world, params, draws_of(state, seed)).active[THIRD] for seed in range(runs)]
    )


def test_bystanders_join_once_their_enemy_looks_beaten():
    assert joining(+3) == 0
    p = make_params()
    wish = 1 / (1 + np.exp(-(0.5 - p.acceptance_midpoint) / p.acceptance_scale))
    eager = 1 / (1 + np.exp(-p.join_slope * p.join_prospect))
    expected = 1 - np.exp(-p.join_per_day * eager * wish)
    assert abs(joining(-12) - expected) < 4 * np.sqrt(expected * (1 - expected) / 400)


def test_bystanders_keep_out_without_cause_welcome_or_war():
    assert joining(-12, stance=NEUTRAL) == 0
    assert joining(-12, stance=ALLIED) == 0
    assert joining(-12, welcome=-1.0) < 0.05
    assert joining(-12, active=()) == 0


def test_an_ally_on_the_attack_draws_its_friends_in_sooner():
    close = float(np.log(0.2 / 0.8))  # belief 0.2: not beaten yet
    alone, allied = joining(close), joining(close, stances={(REBELS, THIRD): ALLIED})
    assert allied > alone + 0.1


def test_who_joins_ends_its_truce_with_the_beaten():
    small = SmallWorld(
        holders=(REBELS, ARMY, THIRD),
        factions=3,
        stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): TRUCE},
        units=[Unit(REBELS, 0), Unit(ARMY, 1), Unit(THIRD, 2)],
        acceptance={(1, THIRD): 0.5},
    )
    state = small.eve()._replace(prospect_logit=f32([0, -12, 0]))
    seen = set()
    for seed in range(100):
        after = join_in(state, small.world, make_params(), draws_of(state, seed))
        stance = int(after.stance[THIRD, ARMY])
        assert stance == int(after.stance[ARMY, THIRD]) == (HOSTILE if after.active[THIRD] else TRUCE)
        seen.add(stance)
    assert seen == {HOSTILE, TRUCE}
