"""Handover: which garrisons make terms, with whom, and what becomes of their men."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Decree, SmallWorld, Unit, draws_of, f32, of_faction, tuned

from sim.engine import run_numpy
from sim.parameters import make_params
from sim.rules.combat import posted_strength
from sim.rules.fields import place_value
from sim.rules.handover import handover, hazard_per_day
from sim.rules.reach import reserves
from sim.world import ALLIED, CAUSES, HOSTILE, NEUTRAL

THIRD = 2
GATES = SmallWorld(
    holders=(REBELS, ARMY, ARMY),
    units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 900), Unit(ARMY, 2, 500)],
    bases=[(0, REBELS), (2, ARMY)],
)
"""Rebels at the gates of place 1; place 2 lies behind it."""
CERTAIN = tuned(handover_per_day=1e6, handover_midpoint=-50.0)


def garrison_hazard(small: SmallWorld = GATES, strength: float = 1e9, **fields: object) -> float:
    """Hazard that place 1 is handed to the rebels, who have ``strength`` near it."""
    params = make_params()
    state = small.eve(params)._replace(**fields)
    places = len(small.holders)
    taker, near = np.full(places, REBELS), np.full(places, strength, np.float32)
    return float(hazard_per_day(state, small.world, params, taker, near)[1])


def spirit(small: SmallWorld = GATES) -> float:
    """What the morale of the garrison adds to the score."""
    params = make_params()
    return float(params.handover_morale * (0.5 - small.eve(params).morale_at[1, ARMY]))


def chance(score: float) -> float:
    """Hazard at a score before the midpoint is taken off and what morale adds is put to it."""
    params = make_params()
    score = score + spirit()
    return float(params.handover_per_day) / (1 + np.exp(params.handover_midpoint - score))


def test_the_score_is_the_sum_of_its_terms():
    p = make_params()
    odds = p.handover_odds * np.log(10)
    assert garrison_hazard() == pytest.approx(chance(odds), rel=1e-3)
    cases = {
        "belief": ({"prospect_logit": f32([0, -3])}, 3 * p.handover_prospect),
        "the belief of the eve": ({"prospect_logit": f32([0, -3]), "prospect_at_start": f32([0, -3])}, 0.0),
        "precedent": ({"precedent": np.full((3, 2), 0.5, np.float32)}, 0.5 * p.handover_precedent),
        "many precedents": ({"precedent": np.full((3, 2), 9, np.float32)}, p.handover_precedent),
        "lost spirit": ({"morale_at": GATES.eve().morale_at - f32(0.1)}, 0.1 * p.handover_morale),
    }
    for name, (fields, term) in cases.items():
        assert garrison_hazard(**fields) == pytest.approx(chance(odds + term), rel=1e-3), name
    liked = GATES.but(acceptance={(1, REBELS): 0.6}, recruit_affinity={(ARMY, REBELS): -0.2})
    assert garrison_hazard(liked) == pytest.approx(chance(odds + p.handover_mercy * 0.2**2), rel=1e-3)


def test_who_is_cut_off_makes_terms_sooner_and_even_with_those_whom_he_fears():
    """The capital of the army lies behind a place of the rebels, and then does not."""
    p = make_params()
    odds, feared = p.handover_odds * np.log(10), -0.8
    islands = GATES.but(
        holders=(REBELS, ARMY, REBELS, ARMY),
        kinds={3: "capital"},
        acceptance={(1, REBELS): feared},
        recruit_affinity={(ARMY, REBELS): feared},
    )
    worth = place_value(islands.world, p)
    cut_off = 1 - worth[1] / worth[3]
    mercy = -p.handover_mercy * feared**2
    expected = chance(odds + p.handover_cut_off * cut_off + mercy * (1 - cut_off))
    assert garrison_hazard(islands) == pytest.approx(expected, rel=1e-3)
    joined = islands.but(holders=(REBELS, ARMY, ARMY, ARMY))
    assert garrison_hazard(joined) == pytest.approx(chance(odds + mercy), rel=1e-3)


def test_a_town_without_a_garrison_has_no_morale_to_lose():
    empty = GATES.but(units=[unit for unit in GATES.units if unit.place != 1])
    p = make_params()
    expected = p.handover_per_day / (1 + np.exp(p.handover_midpoint - p.handover_odds * np.log(10)))
    assert garrison_hazard(empty) == pytest.approx(expected, rel=1e-3)


def test_who_is_at_the_gates_walks_in_where_the_garrison_has_left():
    """Whatever the people fear of him, but not while men of the holder's side are left."""
    p = make_params()
    feared = GATES.but(acceptance={(1, REBELS): -1.0})
    alone, exits = feared.eve().soldiers_at.copy(), np.zeros((3, 2, 3), np.float32)
    alone[1, ARMY], exits[1, ARMY] = 0, (20, 800, 80)
    assert garrison_hazard(feared, soldiers_at=alone, exits=exits) == p.handover_per_day
    assert garrison_hazard(feared, exits=exits) < 0.01 * p.handover_per_day
    assert garrison_hazard(feared, soldiers_at=alone) < 0.01 * p.handover_per_day
    assert garrison_hazard(feared, soldiers_at=alone, exits=exits[:, ::-1]) < 0.01 * p.handover_per_day
    # Nobody walks in without an enemy at the gates.
    left = {"soldiers_at": alone, "exits": exits}
    assert after(feared, **left)[0].handed_to.tolist() == [-1, REBELS, -1]
    assert (after(feared.but(active=()), **left)[0].handed_to == -1).all()
    ordered = np.ones((3, 2), np.float32)  # to hold: an order binds a garrison, and there is none
    assert garrison_hazard(feared, standing_order=ordered, **left) == p.handover_per_day


def test_allies_who_stand_in_a_place_have_a_say_by_their_number():
    """The army holds the town and has a third of the men; the rest are allies who would not yield."""
    p = make_params()
    allied = {"factions": 3, "stances": {(REBELS, ARMY): HOSTILE, (ARMY, THIRD): ALLIED}}
    mixed = GATES.but(
        units=[*GATES.units, Unit(THIRD, 1, 1800)], recruit_affinity={(THIRD, REBELS): -0.9}, **allied
    )
    spirits = np.zeros((3, 3), np.float32)
    spirits[1] = [0, 0.2, 0.8]
    precedents = np.zeros((3, 3), np.float32)
    precedents[1, ARMY] = 1
    found = garrison_hazard(mixed, prospect_logit=f32([0, -3, 0]), precedent=precedents, morale_at=spirits)
    score = (
        p.handover_odds * np.log(10)
        + p.handover_prospect * 3 / 3
        + p.handover_precedent / 3
        + p.handover_morale * (0.5 - (0.2 + 2 * 0.8) / 3)
        - p.handover_mercy * (0.9 * 2 / 3 / 2) ** 2
    )
    expected = p.handover_per_day / (1 + np.exp(p.handover_midpoint - score))
    assert found == pytest.approx(expected, rel=1e-3)
    alone = GATES.but(**allied)
    assert garrison_hazard(alone) == pytest.approx(garrison_hazard(), rel=1e-3)


def test_odds_count_up_to_ten_to_one_either_way():
    p = make_params()
    near = np.full((3, 2), 700, np.float32)
    for ratio, counted in (
        (1, 0.0),
        (3, np.log(3)),
        (10, np.log(10)),
        (1000, np.log(10)),
        (1e-3, -np.log(10)),
    ):
        found = garrison_hazard(strength=ratio * 701 - 1, strength_near=near)
        assert found == pytest.approx(chance(p.handover_odds * counted), rel=2e-3)


def test_who_is_sure_of_victory_and_fears_the_enemy_makes_no_terms():
    feared = GATES.but(acceptance={(1, REBELS): -1.0}, recruit_affinity={(ARMY, REBELS): -1.0})
    assert garrison_hazard(feared, prospect_logit=f32([0, 60])) < 1e-12


def test_an_order_to_hold_forbids_terms():
    held = np.zeros((3, 2), np.float32)
    held[1, ARMY] = 1
    assert garrison_hazard(standing_order=held) == 0
    assert garrison_hazard(standing_order=-held) == garrison_hazard() > 0
    state, _ = after(standing_order=held)
    assert (state.handed_to == -1).all()


def after(small: SmallWorld = GATES, params=CERTAIN, seed: int = 0, **fields: object):
    """The state after one day's handovers, and the one before."""
    eve = small.eve(params)
    near = posted_strength(eve, params) + reserves(eve, small.world, params)[0]
    before = eve._replace(**{"strength_near": near, **fields})
    return handover(before, small.world, params, draws_of(before, seed)), before


def test_only_who_has_an_enemy_on_the_attack_at_the_gates_makes_terms():
    assert after()[0].handed_to.tolist() == [
        -1,
        REBELS,
        -1,
    ]  # place 2 lies behind, place 0 faces nobody's attack
    assert (after(GATES.but(active=()))[0].handed_to == -1).all()
    assert (after(GATES.but(active=(ARMY,)))[0].handed_to == [ARMY, -1, -1]).all()
    assert (after(GATES.but(stances={(REBELS, ARMY): NEUTRAL}))[0].handed_to == -1).all()
    inside = GATES.but(units=[*GATES.units, Unit(REBELS, 2, 100)])
    assert after(inside)[0].handed_to.tolist() == [-1, REBELS, REBELS]


def test_the_strongest_at_the_gates_takes_it():
    small = SmallWorld(
        holders=(REBELS, ARMY, THIRD),
        factions=3,
        stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): HOSTILE},
        active=(REBELS, THIRD),
        units=[Unit(REBELS, 0, 1000), Unit(ARMY, 1, 100), Unit(THIRD, 2, 1500)],
    )
    assert after(small)[0].handed_to[1] == THIRD
    stronger = small.but(units=[Unit(REBELS, 0, 2000), *small.units[1:]])
    assert after(stronger)[0].handed_to[1] == REBELS


def test_terms_are_made_with_the_hazard():
    params, runs = tuned(handover_midpoint=2.0), 400
    handed = [after(params=params, seed=seed)[0].handed_to[1] == REBELS for seed in range(runs)]
    state = GATES.eve(params)
    from_elsewhere = reserves(state, GATES.world, params)[0][1]
    near, own = (float(x) for x in state.strength_at[1] + from_elsewhere)
    score = params.handover_odds * np.log((near + 1) / (own + 1)) - 2.0 + spirit()
    expected = 1 - np.exp(-float(params.handover_per_day) / (1 + np.exp(-score)))
    assert abs(np.mean(handed) - expected) < 4 * np.sqrt(expected * (1 - expected) / runs)


def test_the_garrison_surrenders_and_is_counted_once():
    state, before = after()
    assert state.soldiers.tolist() == [3000, 0, 500]
    assert state.surrendered.tolist() == [0, 900]
    assert state.surrendered_today[1].tolist() == [0, 900]
    assert np.array_equal(state.surrendered, of_faction(before.soldiers - state.soldiers, GATES.world))


def test_who_is_on_the_road_or_in_hiding_keeps_his_arms():
    small = GATES.but(units=[*GATES.units, Unit(ARMY, 1, 70), Unit(ARMY, 1, 30, hidden=True)])
    state, _ = after(small, road_slot=np.int32([-1, -1, -1, 0, -1]))
    assert state.soldiers.tolist() == [3000, 0, 500, 70, 30]


def decreed(small: SmallWorld, to: int, place: int = 1) -> SmallWorld:
    return small.but(events=[Decree("handover", day=3, faction=to, place=place)])


def test_an_event_hands_over_on_its_day_with_its_cause():
    """The whole schedule: nobody is near, and the army has an order to hold."""
    small = decreed(GATES.but(active=(), population=0), REBELS, place=2)
    states = list(run_numpy(small.world, make_params(), 0, 5))
    assert [int(s.controller[2]) for s in states] == [ARMY, ARMY, ARMY, REBELS, REBELS, REBELS]
    assert CAUSES[states[3].cause[2]] == "handover"
    assert states[3].day_taken[2] == 2.25
    assert states[3].surrendered[ARMY] > 0.9 * 500
    assert (states[3].surrendered - states[2].surrendered)[REBELS] == 0
    held = np.ones((3, 2), np.float32)
    assert after(small, event_fired_day=f32([0]), standing_order=held)[0].handed_to.tolist() == [
        -1,
        -1,
        REBELS,
    ]


def test_a_place_is_not_handed_to_whoever_has_it():
    state, before = after(decreed(GATES, ARMY), tuned(handover_per_day=0.0), event_fired_day=f32([0]))
    assert (state.handed_to == -1).all()
    assert np.array_equal(state.soldiers, before.soldiers)


def test_who_hands_a_place_to_a_friend_keeps_his_arms():
    small = GATES.but(factions=3, stances={(REBELS, ARMY): HOSTILE, (ARMY, THIRD): ALLIED})
    state, before = after(decreed(small, THIRD), tuned(handover_per_day=0.0), event_fired_day=f32([0]))
    assert state.handed_to.tolist() == [-1, THIRD, -1]
    assert np.array_equal(state.soldiers, before.soldiers)


def test_the_capital_makes_terms_later():
    p = make_params()
    capital = GATES.but(kinds={1: "capital"})
    expected = chance(p.handover_odds * np.log(10) - p.handover_capital)
    assert garrison_hazard(capital) == pytest.approx(expected, rel=1e-3)
    assert expected < 0.5 * garrison_hazard()


def test_a_handed_over_capital_falls_like_any_town():
    small = GATES.but(kinds={1: "capital"}, conditions={ARMY: {"static_share": 1.0}})
    states = list(run_numpy(small.world, CERTAIN, 0, 1))
    assert states[1].controller[1] == REBELS
    assert CAUSES[states[1].cause[1]] == "handover"
