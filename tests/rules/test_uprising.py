"""Uprisings: who rises, against whom, how many, and what men in hiding neither do nor suffer."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Decree, SmallWorld, Unit, draws_of, f32, tuned

from sim.engine import run_numpy
from sim.parameters import make_params
from sim.rules.uprising import hazard_per_day, uprising
from sim.world import ALLIED, CAUSES, HOSTILE, NEUTRAL, TRUCE, UPRISING

LOCALS = 2
TOWN = SmallWorld(
    holders=(ARMY, ARMY),
    factions=3,
    stances={(LOCALS, ARMY): HOSTILE, (REBELS, ARMY): HOSTILE},
    active=(),
    units=[Unit(LOCALS, 0, event=UPRISING), Unit(ARMY, 0, 200), Unit(ARMY, 1, 200)],
    population=123_456,
    acceptance={(0, LOCALS): 0.5, (1, LOCALS): 0.5, (0, ARMY): -0.1},
)
"""The people of place 0 may rise for the locals; in place 1 nobody has made ready."""
CERTAIN = tuned(uprising_per_day=1e6, uprising_midpoint=-50.0, uprising_share=0.01)
CELL = TOWN.but(units=[Unit(LOCALS, 0, 80, hidden=True), Unit(ARMY, 0, 200), Unit(ARMY, 1, 200)])


def after(small: SmallWorld = TOWN, params=CERTAIN, seed: int = 0, **fields: object):
    state = small.eve(params)._replace(**fields)
    return uprising(state, small.world, params, draws_of(state, seed))


def test_the_men_who_rise_are_the_share_of_the_people_who_want_it():
    state = after()
    assert state.soldiers.tolist() == [np.floor(0.5 * 0.01 * 123_456), 200, 200]
    assert state.mobilised.tolist() == [0, 0, 617]
    assert not state.hidden.any()
    assert state.risen.tolist() == [[False, False, True], [False] * 3]
    assert state.active.tolist() == [False, False, True]


@pytest.mark.parametrize("liked", [0.0, -0.7, 0.0008])
def test_nobody_rises_where_there_is_nobody_to_rise(liked):
    """Nobody likes them, or less than one man would go."""
    state = after(TOWN.but(acceptance={(0, LOCALS): liked}))
    assert not state.soldiers[0] and state.hidden[0]
    assert not (state.mobilised.any() or state.active.any() or state.risen.any())


def test_the_hazard_is_the_logistic_of_its_terms():
    p = make_params()
    state = TOWN.eve(p)._replace(prospect_at_start=f32([0, -0.7, 0]), prospect_logit=f32([0, -2.2, 0]))
    rebels = np.zeros((2, 3), np.float32)
    rebels[0, LOCALS] = 400
    found = hazard_per_day(state, TOWN.world, p, rebels)
    garrison = float(state.strength_at[0, ARMY])
    score = (
        p.uprising_odds * np.log(401 / (garrison + 1)) + 1.5 * p.uprising_prospect + 0.6 * p.uprising_affinity
    )
    expected = p.uprising_per_day / (1 + np.exp(p.uprising_midpoint - score))
    assert found[0, LOCALS] == pytest.approx(expected, rel=1e-4)
    assert np.count_nonzero(found) == 1
    at_war = hazard_per_day(state._replace(active=np.array([False, False, True])), TOWN.world, p, rebels)
    expected = p.uprising_per_day / (1 + np.exp(p.uprising_midpoint - score - p.uprising_at_war))
    assert at_war[0, LOCALS] == pytest.approx(expected, rel=1e-4)


def test_they_rise_with_the_hazard():
    params, runs = tuned(uprising_midpoint=1.0), 400
    rose = [after(params=params, seed=seed).risen[0, LOCALS] for seed in range(runs)]
    rebels = np.zeros((2, 3), np.float32)
    rebels[0, LOCALS] = 617
    hazard = float(hazard_per_day(TOWN.eve(params), TOWN.world, params, rebels)[0, LOCALS])
    expected = 1 - np.exp(-hazard)
    assert 0.1 < expected < 0.9
    assert abs(np.mean(rose) - expected) < 4 * np.sqrt(expected * (1 - expected) / runs)


@pytest.mark.parametrize(
    ("stance", "ceasefire", "rises"),
    [(HOSTILE, 0, True), (TRUCE, 0, True), (TRUCE, 30, False), (NEUTRAL, 0, False), (ALLIED, 0, False)],
)
@pytest.mark.parametrize("small", [TOWN, CELL])
def test_they_rise_against_an_enemy_and_not_during_a_ceasefire(small, stance, ceasefire, rises):
    until = np.zeros((3, 3), np.float32)
    until[LOCALS, ARMY] = until[ARMY, LOCALS] = ceasefire
    friend = stance == ALLIED and small is CELL  # a friend holds the place, and there is no need to hide
    state = after(small.but(stances={(LOCALS, ARMY): stance}), ceasefire_until=until)
    assert state.risen[0, LOCALS] == rises
    assert state.hidden[0] == (not rises and not friend)
    assert state.stance[LOCALS, ARMY] == state.stance[ARMY, LOCALS] == (HOSTILE if rises else stance)


def test_who_rises_is_at_war_with_the_whole_side_of_the_holder():
    small = TOWN.but(
        factions=4,
        stances={(LOCALS, ARMY): TRUCE, (LOCALS, 3): TRUCE, (ARMY, 3): ALLIED, (LOCALS, REBELS): TRUCE},
    )
    state = after(small)
    assert state.stance[LOCALS].tolist() == [TRUCE, HOSTILE, ALLIED, HOSTILE]
    assert np.array_equal(state.stance, state.stance.T)


def test_comrades_in_the_open_make_the_hidden_rise_but_call_up_no_volunteers():
    never = tuned(uprising_per_day=0.0)
    units = [*CELL.units, Unit(LOCALS, 0, event=UPRISING)]
    assert after(CELL.but(units=units), never).hidden.tolist() == [True, False, False, True]
    open_ones = [*units, Unit(LOCALS, 0, 10), Unit(LOCALS, 1, 50, hidden=True)]
    state = after(CELL.but(units=open_ones), never)
    assert state.hidden.tolist() == [False, False, False, True, False, True]
    assert not state.risen.any() and not state.mobilised.any()
    relieved = after(CELL, never, controller=np.int32([LOCALS, ARMY]))
    assert not relieved.hidden.any()


def test_cells_and_volunteers_rise_together():
    state = after(CELL.but(units=[*CELL.units, Unit(LOCALS, 0, event=UPRISING)]))
    assert state.soldiers.tolist() == [80, 200, 200, 617]
    assert state.mobilised.tolist() == [0, 0, 617]


QUIET = {
    "uprising_per_day": 0.0,
    "cell_growth_per_day": 0.0,
    "desertion_per_day": 1e-9,
    "cascade_per_day": 1e-9,
}


def test_the_hidden_neither_fight_nor_move_nor_are_fought():
    """Even with an enemy's army in the town and an order to march; the whole schedule."""
    small = CELL.but(active=(LOCALS, ARMY), national=(ARMY,))
    eve, *states = run_numpy(small.world, tuned(**QUIET), 1, 8)
    assert eve.soldiers_at[0].tolist() == [0, 200, 0]
    for state in states:
        assert state.hidden.tolist() == [True, False, False]
        assert (state.place[0], state.road_slot[0], state.soldiers[0]) == (0, -1, 80)
        assert not state.contested.any()
        assert not state.killed.any() and not state.surrendered.any()
        assert state.controller.tolist() == [ARMY, ARMY]


def test_a_town_taken_by_its_own_men_has_risen():
    """The whole schedule: the garrison is beaten by men who lived there."""
    params = tuned(uprising_per_day=1e6, uprising_midpoint=-50.0, break_per_day=2.0, withdraw_per_day=0.0)
    params = params._replace(handover_per_day=np.float32(0))
    states = list(run_numpy(TOWN.but(population=1_000_000).world, params, 3, 8))
    assert states[-1].controller[0] == LOCALS
    assert CAUSES[states[-1].cause[0]] == "uprising"
    assert not states[-1].risen.any()


def test_a_ceasefire_keeps_a_town_quiet_until_it_ends():
    small = TOWN.but(events=[Decree("ceasefire", day=1, faction=LOCALS, other=ARMY, duration_days=3)])
    calm = CERTAIN._replace(ceasefire_per_day=np.float32(0))
    rose = [bool(state.active[LOCALS]) for state in run_numpy(small.world, calm, 0, 5)]
    assert rose == [False, False, False, False, True, True]
