"""Withdrawal: garrisons find the rear, are ordered out or home; a shaken command calls in its posts."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, draws_of, f32, tuned

from sim.parameters import make_params
from sim.rules.command import command
from sim.rules.withdrawal import rejection, withdrawal
from sim.world import ALLIED, HOSTILE, NEUTRAL

THIRD = 2


def orders(small: SmallWorld, seed: int = 0, params=None, **fields: object):
    """The state after one day's command and withdrawal."""
    params = params or make_params()
    state, world = small.eve(params, seed)._replace(**fields), small.world
    draws = draws_of(state, seed)
    return withdrawal(command(state, world, params, draws), world, params, draws), world


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


def ordered_out(small: SmallWorld, place: int, runs: int, params, **fields: object) -> float:
    """Share of runs in which the army's garrison of a place is ordered out on the first day."""
    world, state = small.world, small.eve(params)._replace(**fields)
    before = command(state, world, params, draws_of(state))
    out = [
        withdrawal(before, world, params, draws_of(state, seed)).withdrawing[place, ARMY]
        for seed in range(runs)
    ]
    return float(np.mean(out))


def withdrawals(
    runs: int = 300, params=None, holders=(ARMY, ARMY, REBELS), rebels: float = 5000, **fields
) -> float:
    """Share of runs in which the garrison of place 1 is ordered out on the first day."""
    population = fields.pop("population", 10_000)
    small = line(*holders, units=[Unit(ARMY, 1, 500), Unit(REBELS, 2, rebels)], population=population)
    return ordered_out(small, 1, runs, params or tuned(contract_per_day=0.0), **fields)


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


def test_a_garrison_leaves_sooner_whose_people_would_rather_have_the_enemy():
    def share(**acceptance: float) -> float:
        liked = {(1, {"army": ARMY, "rebels": REBELS}[who]): value for who, value in acceptance.items()}
        small = line(ARMY, ARMY, REBELS, units=[Unit(ARMY, 1, 500), Unit(REBELS, 2, 5000)], acceptance=liked)
        return ordered_out(small, 1, 400, tuned(withdraw_kin=2.0, withdraw_midpoint=4.0))

    assert share(army=0.8) < share() < share(rebels=0.8)
    assert share(army=0.5, rebels=0.5) == pytest.approx(share(), abs=0.03)  # only the difference counts


def test_rejection_is_how_much_the_people_prefer_a_faction_to_its_enemies():
    small = SmallWorld(
        holders=(ARMY,),
        factions=4,
        stances={(REBELS, ARMY): HOSTILE, (2, ARMY): HOSTILE, (3, ARMY): NEUTRAL},
        active=(REBELS, 2),
        acceptance={(0, ARMY): 0.5, (0, REBELS): -0.4, (0, 2): 0.2, (0, 3): 1.0},
    )
    found = rejection(small.eve(), small.world)
    assert found[0] == pytest.approx([-0.4 - 0.5, 0.5 - (-0.1), 0.2 - 0.5, 0.0], abs=1e-6)


def ordered_home(params=None, lost: float = 2.0, seeds: int = 1000, **changes: object) -> float:
    """Share of runs in which the garrison of place 2, 80 km from the capital, is ordered back to it.

    The rebels are few and far, so that no place looks lost.
    """
    small = line(
        ARMY, ARMY, ARMY, REBELS, units=[Unit(ARMY, 2, 500), Unit(REBELS, 3, 10)], kinds={0: "capital"}
    ).but(**changes)
    params = params or tuned(contract_per_day=0.3, contract_km=100.0)
    return ordered_out(small, 2, seeds, params, prospect_logit=f32([0, -lost]))


@pytest.mark.parametrize("lost", [0.5, 2.0])
@pytest.mark.parametrize("km", [60.0, 100.0])
def test_a_shaken_command_orders_home_what_is_far(lost, km):
    """A share of 1 - exp(-hazard), within four standard errors; half of it, for people who do not care."""
    hazard = 0.3 * lost * (1 - np.exp(-80 / km)) ** 2 / 2
    expected = 1 - np.exp(-hazard)
    margin = 4 * np.sqrt(expected * (1 - expected) / 1000)
    assert ordered_home(tuned(contract_per_day=0.3, contract_km=km), lost) == pytest.approx(
        expected, abs=margin
    )


def test_nobody_is_ordered_home_while_belief_holds_or_when_the_road_is_closed():
    assert ordered_home(lost=0.0, seeds=50) == ordered_home(lost=-1.0, seeds=50) == 0.0
    assert ordered_home(tuned(contract_per_day=0.0), seeds=50) == 0.0
    # The enemy has the road to the capital: what is left of the land is near.
    behind = {"holders": (ARMY, REBELS, ARMY, ARMY), "units": [Unit(ARMY, 2, 500), Unit(REBELS, 1, 10)]}
    assert ordered_home(**behind, seeds=50) == 0.0


@pytest.mark.parametrize(("rebels", "to"), [(10, 0), (50_000, 2)])
def test_the_road_home_is_taken_by_whom_nobody_threatens_and_that_to_the_rear_by_others(rebels, to):
    """The capital is beside the enemy, the base is not."""
    units = [Unit(ARMY, 1, 500), Unit(REBELS, 3, rebels)]
    small = SmallWorld(
        holders=(ARMY, ARMY, ARMY, REBELS),
        roads=[Road(0, 1), Road(1, 2), Road(0, 3)],
        units=units,
        kinds={0: "capital"},
        bases=[(2, ARMY)],
    )
    assert rear_of(small, 1) == to


def test_who_would_leave_his_people_to_an_enemy_stays():
    loyal = {(2, ARMY): 0.5, (2, REBELS): -0.5}
    assert ordered_home(acceptance=loyal) < 0.2 * ordered_home()


def called_in(lost: float, home: int = -1, men: float = 10) -> float:
    """Share of 2,000 units bound to posts that are called in on one day, at a loss of belief (logit)."""
    small = SmallWorld(
        holders=(ARMY, ARMY, REBELS),
        units=[Unit(ARMY, 0, 10, home=home)] * 2000,
        conditions={ARMY: {"static_share": 1.0}},
    )
    there = np.full(2000, men, np.float32)
    shaken = f32([0.0, -lost])
    state, _ = orders(small, params=tuned(recall_per_day=0.2), prospect_logit=shaken, soldiers=there)
    return float(np.mean(state.mobile))


@pytest.mark.parametrize("lost", [0.5, 2.0])
def test_a_shaken_command_calls_in_its_posts(lost):
    """A share of 1 - exp(-hazard x lost belief), within four standard errors."""
    expected = 1 - np.exp(-0.2 * lost)
    margin = 4 * np.sqrt(expected * (1 - expected) / 2000)
    assert called_in(lost) == pytest.approx(expected, abs=margin)
    assert called_in(lost, home=2) == pytest.approx(expected, abs=margin)  # 80 km away


def test_who_serves_near_home_stays_at_his_post_and_so_do_all_while_belief_holds():
    assert called_in(2.0, home=0) == called_in(2.0, home=1) == 0.0
    assert called_in(0.0) == called_in(-1.0) == 0.0


def test_who_has_not_come_yet_is_not_called_in():
    assert called_in(2.0, men=0) == 0.0
