"""Command: attackers choose and reckon with their allies, defenders help."""

import numpy as np
import pytest
from small_world import ARMY, NO_EDGE, REBELS, Road, SmallWorld, Unit, draws_of, f32, tuned

from sim.engine import run_numpy
from sim.parameters import make_params
from sim.rules.command import (
    _attack,
    _needed_share,
    command,
    occupation_men,
    supply,
    worth_ahead,
)
from sim.rules.fields import nearness, place_value, spread, welcome
from sim.state import enemies, held_by
from sim.world import ALLIED, CAUSES, HOSTILE, NEUTRAL, TRUCE

THIRD = 2
PATIENT = NO_EDGE | {"command_odds_least": 100.0}
"""Also on the attack, nobody goes without the odds that he asks for."""


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


def to_the_capital(between: int = ARMY) -> SmallWorld:
    """Rebels in place 0 between the towns 1 and 2; behind 2 lies 3, behind that the capital 4."""
    return SmallWorld(
        holders=(REBELS, ARMY, ARMY, between, ARMY),
        factions=3,
        roads=[Road(0, 1), Road(0, 2), Road(2, 3, 20), Road(3, 4, 30)],
        kinds={4: "capital"},
        units=[Unit(REBELS, 0, 5000), *(Unit(ARMY, place, 100) for place in (1, 2, 4))],
        stances={(REBELS, ARMY): HOSTILE},
    )


def test_of_two_like_towns_the_one_before_a_great_aim_is_taken():
    assert aim_of(to_the_capital(), 0, REBELS) == 2
    state, _ = orders(to_the_capital(), params=tuned(axis_beyond=0.0))
    assert state.order_slot[0, REBELS] == 0  # the first of equals
    # Ground that is not the enemy's opens no way to it.
    assert aim_of(to_the_capital(between=THIRD), 0, REBELS) != 2


def test_a_place_is_worth_itself_or_the_best_that_it_opens():
    p, world = tuned(axis_beyond=0.5, axis_km=60.0), to_the_capital().world
    target = np.zeros((5, 3), bool)
    target[[1, 2, 3, 4], REBELS] = True
    own = place_value(world, p) * welcome(world, p)[:, REBELS]
    found = worth_ahead(target, world, p)
    third = max(own[3], 0.5 * np.exp(-30 / 60) * own[4])
    second = max(own[2], 0.5 * np.exp(-20 / 60) * third)
    assert found[:, REBELS] == pytest.approx([0, own[1], second, third, own[4]], rel=1e-5)
    assert (found[:, ARMY] == 0).all()
    none = worth_ahead(target, world, tuned(axis_beyond=0.0))[:, REBELS]
    assert none == pytest.approx(np.where(target[:, REBELS], own, 0), rel=1e-5)


def test_nobody_attacks_below_the_odds_that_command_asks_for():
    # Neither distance, works nor ground change the ratio of soldiers.
    odds = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    for garrison, goes in ((2450, True), (2550, False)):
        small = fork(garrisons=(garrison, 9000), conditions={ARMY: {"static_share": 1.0}})
        state, _ = orders(small, params=odds)
        assert (state.order_slot[0, REBELS] >= 0) == goes


@pytest.mark.parametrize(
    ("garrison", "bases", "goes"), [(1950, [0], True), (2050, [0], False), (1950, [], False)]
)
def test_an_attacker_reckons_with_his_supply(garrison, bases, goes):
    """Of 5,000 men 40 km from their base, 0.4 + 0.6 e^-0.4 of the strength is left, twice that of 2,005."""
    odds = PATIENT | {"supply_floor": 0.4, "supply_km": 100, "prepared_defence": 0.0}
    small = fork(garrisons=(garrison, 9000), conditions={ARMY: {"static_share": 1.0}})
    small = small.but(bases=[(place, REBELS) for place in bases] + [(1, ARMY), (2, ARMY)])
    state, _ = orders(small, params=tuned(command_odds=2.0, reach_km=1e6, **odds))
    assert (state.order_slot[0, REBELS] >= 0) == goes


def test_a_holder_who_has_lost_belief_is_attacked_at_lower_odds():
    """2,900 against 5,000 are too many at two to one; not when e^(0.5 x 0.4) fewer odds are asked for."""
    odds = tuned(command_odds=2.0, command_odds_belief=0.4, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    small = fork(garrisons=(2900, 9000), conditions={ARMY: {"static_share": 1.0}})
    for belief, goes in ((0.0, False), (-0.5, True), (0.5, False)):
        state, _ = orders(small, params=odds, prospect_logit=f32([0, belief]))
        assert (state.order_slot[0, REBELS] >= 0) == goes
    # What it did not believe on the eve it has not lost since.
    state, _ = orders(small, params=odds, prospect_logit=f32([0, -2]), prospect_at_start=f32([0, -2]))
    assert state.order_slot[0, REBELS] < 0


def test_reserves_that_could_come_to_its_help_keep_a_place_from_attack():
    odds = tuned(command_odds=2.0, reach_km=60.0, prepared_defence=0.0, **PATIENT)
    road_between = [Road(0, 1, 40), Road(0, 2, 40), Road(1, 2, 60)]
    for static, roads, goes in (
        (1.0, road_between, True),
        (0.0, road_between, False),
        (0.0, road_between[:2], True),
    ):
        small = fork(garrisons=(1000, 9000), conditions={ARMY: {"static_share": static}}).but(roads=roads)
        state, _ = orders(small, params=odds)
        assert state.order_slot[0, REBELS] == (0 if goes else -1)


@pytest.mark.parametrize(
    ("far_off", "at_the_gates", "first", "second"),
    [(1000, 300, 1, 1), (0, 1300, 1, 2), (300, 300, 0, 1), (1000, 900, 1, 2)],
    ids=["gathers", "gathered", "too few in all", "enough without"],
)
def test_a_force_gathers_before_an_aim_for_which_those_near_do_not_suffice(
    far_off, at_the_gates, first, second
):
    """A garrison of 400 at odds of two, and men 200 km behind the gates: where both forces are sent to."""
    small = SmallWorld(
        holders=(REBELS, REBELS, ARMY),
        roads=[Road(0, 1, 200), Road(1, 2, 1)],
        units=[Unit(REBELS, 0, far_off), Unit(REBELS, 1, at_the_gates), Unit(ARMY, 2, 400)],
        conditions={ARMY: {"static_share": 1.0}},
    )
    level = tuned(command_odds=2.0, reach_km=20.0, relief_km=3000.0, prepared_defence=0.0, **PATIENT)
    state, world = orders(small, params=level)
    sent = [
        int(world.neighbour[place, slot]) if slot >= 0 else place
        for place, slot in enumerate(state.order_slot[:2, REBELS])
    ]
    assert sent == [first, second]


@pytest.mark.parametrize(
    ("garrisons", "goes_to"), [((6000, 9000), 1), ((9000, 6000), 2), ((12_000, 12_000), 0), ((2400, 9000), 1)]
)
def test_who_is_on_the_attack_tries_where_his_odds_are_best(garrisons, goes_to):
    """5,000 rebels who would like two to one, and try at one to two."""
    small = fork(garrisons=garrisons, conditions={ARMY: {"static_share": 1.0}})
    level = {"command_odds": 2.0, "command_odds_least": 0.5, "reach_km": 1e6, "prepared_defence": 0.0}
    state, world = orders(small, params=tuned(**NO_EDGE | level))
    slot = state.order_slot[0, REBELS]
    assert (world.neighbour[0, slot] if slot >= 0 else 0) == goes_to
    waiting, _ = orders(small.but(active=()), params=tuned(**NO_EDGE | level))
    assert waiting.order_slot[0, REBELS] < 0


def test_who_has_nowhere_the_odds_that_he_asks_for_tries_where_worth_times_chance_is_most():
    """The capital stands behind more men, and is worth it; where one town can be had, it is left alone."""
    level = NO_EDGE | {"command_odds": 2.0, "command_odds_least": 0.1, "prepared_defence": 0.0}
    for second, goes_to in ((6000, 1), (1000, 2)):
        posted = {"kinds": {1: "capital"}, "conditions": {ARMY: {"static_share": 1.0}}}
        state, world = orders(fork(garrisons=(8000, second), **posted), params=tuned(**level))
        assert world.neighbour[0, state.order_slot[0, REBELS]] == goes_to


def two_before_a_town(garrison: float, **changes: object) -> SmallWorld:
    """1,000 rebels and 1,000 men of a third faction in place 0, a garrison of the army in the town 1."""
    units = [Unit(REBELS, 0, 1000), Unit(THIRD, 0, 1000), Unit(ARMY, 1, garrison)]
    return SmallWorld(holders=(REBELS, ARMY), factions=3, active=(REBELS, THIRD), units=units, **changes)


@pytest.mark.parametrize(("to_holder", "goes"), [(HOSTILE, True), (NEUTRAL, False), (TRUCE, False)])
def test_allies_count_for_an_attack_only_if_they_are_at_war_with_the_holder(to_holder, goes):
    """At two to one it takes both against a garrison of 800."""
    odds = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    allied = {(REBELS, THIRD): ALLIED, (REBELS, ARMY): HOSTILE, (THIRD, ARMY): to_holder}
    state, _ = orders(two_before_a_town(800, stances=allied), params=odds)
    assert (state.order_slot[0, REBELS] >= 0) == goes
    assert (state.order_slot[0, THIRD] >= 0) == goes


@pytest.mark.parametrize(("to_holder", "goes"), [(ALLIED, False), (NEUTRAL, True)])
def test_only_friends_of_the_holder_come_to_the_help_of_a_place(to_holder, goes):
    """An enemy of the attackers stands near; 1,000 against 400 are enough unless he helps."""
    odds = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    stances = {(REBELS, ARMY): HOSTILE, (REBELS, THIRD): HOSTILE, (THIRD, ARMY): to_holder}
    units = [Unit(REBELS, 0, 1000), Unit(ARMY, 1, 400), Unit(THIRD, 2, 1000)]
    small = SmallWorld(holders=(REBELS, ARMY, THIRD), factions=3, units=units, stances=stances)
    state, _ = orders(small, params=odds)
    assert (state.order_slot[0, REBELS] >= 0) == goes


@pytest.mark.parametrize(("garrison", "goes"), [(450, True), (550, False)])
def test_allies_share_the_price_of_an_aim_by_their_strength(garrison, goes):
    """Odds of four to one cost 1,800 or 2,200 men; 2,000 are there, half of them of each ally."""
    odds = tuned(command_odds=4.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    allied = {(REBELS, THIRD): ALLIED, (REBELS, ARMY): HOSTILE, (THIRD, ARMY): HOSTILE}
    state, _ = orders(two_before_a_town(garrison, stances=allied), params=odds)
    assert (state.order_slot[0, REBELS] >= 0) == (state.order_slot[0, THIRD] >= 0) == goes


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


def test_supply_comes_by_friendly_roads_from_a_base():
    small = SmallWorld(holders=(ARMY, ARMY, ARMY, REBELS), bases=[(0, ARMY)])
    params = tuned(supply_km=100)
    state = small.eve(params)
    got = supply(state, small.world, params)
    assert got[:3, ARMY] == pytest.approx(np.exp([0, -0.4, -0.8]), rel=1e-5)
    assert got[3, ARMY] == pytest.approx(np.exp(-1.2), rel=1e-5)  # attackers live off the next own place
    assert not got[:, REBELS].any()
    cut = state._replace(controller=np.int32([ARMY, REBELS, ARMY, REBELS]))
    assert supply(cut, small.world, params)[2, ARMY] == 0


def test_who_has_men_for_one_aim_attempts_the_best_alone():
    """Two garrisons of 400 at odds of 2 cost 800 men each; of the two towns the second is dearer."""
    level = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    for soldiers, attempted in ((700, [0, 0]), (850, [0, 1]), (1550, [0, 1]), (1650, [1, 1])):
        small = SmallWorld(
            holders=(REBELS, ARMY, ARMY),
            roads=[Road(0, 1), Road(0, 2)],
            units=[Unit(REBELS, 0, soldiers), Unit(ARMY, 1, 400), Unit(ARMY, 2, 400)],
            kinds={2: "capital"},
        )
        aims = _aims(small, level)
        assert (aims[1:, REBELS] > 0).tolist() == [bool(a) for a in attempted], soldiers


def test_who_fights_at_half_his_strength_needs_twice_the_men():
    """Two garrisons of 200 at even odds cost 400 men each of those whom no road supplies."""
    level = tuned(command_odds=1.0, reach_km=1e6, prepared_defence=0.0, **PATIENT | {"supply_floor": 0.5})
    for soldiers, attempted in ((750, 1), (850, 2)):
        small = SmallWorld(
            holders=(REBELS, ARMY, ARMY),
            roads=[Road(0, 1), Road(0, 2)],
            units=[Unit(REBELS, 0, soldiers), Unit(ARMY, 1, 200), Unit(ARMY, 2, 200)],
            bases=[(1, ARMY), (2, ARMY)],
        )
        assert (_aims(small, level)[:, REBELS] > 0).sum() == attempted


def test_what_costs_few_men_is_attempted_before_what_costs_many():
    """The city is worth more than the empty village and costs 800 of the 850 men; the village costs none."""
    small = SmallWorld(
        holders=(REBELS, ARMY, ARMY),
        roads=[Road(0, 1), Road(0, 2)],
        units=[Unit(REBELS, 0, 850), Unit(ARMY, 2, 400)],
        kinds={2: "city"},
    )
    level = tuned(command_odds=2.0, reach_km=1e6, prepared_defence=0.0, **PATIENT)
    assert (_aims(small, level)[:, REBELS] > 0).tolist() == [False, True, True]
    dear = small.but(acceptance={(1, REBELS): -0.4}, population=25_000, national=(REBELS,))
    # To hold the village against its people takes 200 men, a quarter of what the city takes.
    aims = _aims(dear, level._replace(occupation_per_1000=np.float32(20)))
    assert (aims[:, REBELS] > 0).tolist() == [False, True, False]


def test_reserves_hold_the_line_and_not_the_city_that_it_covers():
    """The capital lies two places behind the line; the reserve between them goes to the line."""
    small = SmallWorld(
        holders=(REBELS, ARMY, ARMY, ARMY),
        kinds={3: "capital"},
        units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 500), Unit(ARMY, 2, 2000), Unit(ARMY, 3, 500)],
    )
    assert aim_of(small, 2, ARMY) == 1


def _aims(small: SmallWorld, params, **fields: object) -> np.ndarray:
    """Aims of attack [P, F] on the first day."""
    state, world = small.eve(params)._replace(**fields), small.world
    near = spread(nearness(world, params.reach_km), state.strength_at) - state.strength_at
    near[:, ARMY] = 0.0  # nobody comes to its help
    worth = worth_ahead(held_by(state, enemies(state)), world, params)
    return _attack(state, world, params, worth, near, np.zeros(small.factions, dtype=bool))


def test_men_needed_for_an_occupation_are_so_many_per_resident_who_rejects_them_wholly():
    small = SmallWorld(population=50_000, acceptance={(0, REBELS): -1.0, (1, REBELS): -0.3, (1, ARMY): 0.7})
    found = occupation_men(small.world, tuned(occupation_per_1000=20))
    assert found == pytest.approx(np.array([[1000, 0], [300, 0]]), rel=1e-5)


def test_an_advance_among_hostile_people_comes_to_its_end():
    """Each town of 50,000 wants 400 of 1,000 men (affinity -0.4): after two the third is not tried."""
    small = SmallWorld(
        holders=(REBELS, ARMY, ARMY, ARMY),
        units=[Unit(REBELS, 0, 1000)],
        population=50_000,
        acceptance={(p, REBELS): -0.4 for p in (1, 2, 3)},
        national=(REBELS,),
    )
    params = tuned(occupation_per_1000=20, reach_km=1e6)
    for taken in (0, 1, 2):
        holders = np.int32([REBELS] * (taken + 1) + [ARMY] * (3 - taken))
        assert (_aims(small, params, controller=holders)[:, REBELS] > 0).any() == (taken < 2)
    friendly = small.but(acceptance={})
    holders = np.int32([REBELS, REBELS, REBELS, ARMY])
    assert _aims(friendly, params, controller=holders)[3, REBELS] > 0


def test_only_mobile_men_are_spent():
    small = fork(conditions={REBELS: {"static_share": 1.0}})
    assert not _aims(small, tuned(reach_km=1e6))[:, REBELS].any()


def test_a_local_faction_does_not_march_where_it_is_rejected_and_a_national_one_does():
    """The people of the near town reject it; they of the far one like it."""
    small = fork(
        km=(30, 90), acceptance={(1, REBELS): -0.5, (2, REBELS): 0.2}, population=1000, garrisons=(10, 10)
    )
    assert aim_of(small, 0, REBELS) == 2
    assert aim_of(small.but(national=(REBELS,)), 0, REBELS) == 1


def between_two_fronts(**changes: object) -> SmallWorld:
    """The army's towns 1 and 2, 30 km from each other, each beside a camp of the rebels (0 and 3)."""
    return SmallWorld(
        holders=(REBELS, ARMY, ARMY, REBELS),
        roads=[Road(0, 1), Road(1, 2, 30), Road(2, 3)],
        units=[
            *(Unit(REBELS, place, 250) for place in (0, 3) for _ in range(4)),
            *(Unit(ARMY, 1, 100) for _ in range(20)),
        ],
        **changes,
    )


def test_a_place_keeps_the_mobile_men_whom_it_needs():
    """Of 2,000 there 500 are bound: with 1,400 needed, 900 of the 1,500 others stay."""
    small, p = between_two_fronts(), tuned(garrison_odds=0.7, **NO_EDGE)
    state, world = orders(small, params=p)
    army = world.unit_faction == ARMY
    state = state._replace(mobile=np.where(army, np.cumsum(army) > 5, state.mobile))
    threat = np.zeros_like(state.strength_at)
    threat[:, ARMY] = 2000.0 * state.strength_at[1, ARMY] / state.soldiers_at[1, ARMY]
    share = _needed_share(state, world, p, threat)
    assert share[1, ARMY] == pytest.approx(900 / 1500, rel=1e-5)
    assert share[0, REBELS] == 0
    assert (_needed_share(state, world, p, 0 * threat) == 0).all()
    assert _needed_share(state, world, p, 10 * threat)[1, ARMY] == 1


def test_reserves_come_to_rest_between_two_fronts():
    """All to the town in most danger would be to the other one tomorrow, and so on every day."""
    p = tuned(command_odds=5.0, withdraw_per_day=0.0, handover_per_day=0.0, **PATIENT)
    small = between_two_fronts()
    men = [state.soldiers_at[[1, 2], ARMY].round(-2) for state in run_numpy(small.world, p, 0, 12)]
    assert men[0].tolist() == [2000, 0]
    assert (men[-1] >= 300).all()
    assert all((day == men[-1]).all() for day in men[4:])
