"""Events: each kind does what it says, on its day, not before, and once."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Decree, SmallWorld, Unit, at_day, draws_of, f32, tuned

from sim.rules.events import events
from sim.state import State

DAYS = 6


def days_of(small: SmallWorld, days: int = DAYS, state: State | None = None, **values: float) -> list[State]:
    """The eve, then the state after each day's events; nothing else happens."""
    world, params = small.world, tuned(**values)
    state = small.eve(params) if state is None else state
    states = [state]
    for day in range(days):
        state = at_day(state, world, day)
        state = events(state, world, params, draws_of(state))
        states.append(state)
    return states


def war(*decrees: Decree, units: tuple[Unit, ...] = (), **changes: object) -> SmallWorld:
    units = (Unit(REBELS, 0, 500), Unit(ARMY, 1, 800), *units)
    return SmallWorld(
        holders=(REBELS, ARMY, ARMY), units=units, events=decrees, backers=[Backer(ARMY)], **changes
    )


def changed(before: State, after: State) -> set[str]:
    """Fields that differ, but for the clock."""
    pairs = zip(State._fields, before, after, strict=True)
    return {name for name, a, b in pairs if not np.array_equal(a, b) and name != "tick"}


ONLY = {
    "pay_rise": (Decree("pay_rise", day=3, faction=ARMY, size=0.5), set()),
    "order_withdraw": (Decree("order_withdraw", day=3, faction=ARMY, place=1), {"standing_order"}),
    "order_hold": (Decree("order_hold", day=3, faction=ARMY, place=1), {"standing_order"}),
    "backer_withdrawal": (Decree("backer_withdrawal", day=3, backer=0), {"present"}),
    "backer_attention": (Decree("backer_attention", day=3, backer=0, size=0.25), {"attention"}),
    "offensive_start": (Decree("offensive_start", day=3, faction=ARMY), {"active"}),
    "reinforcement": (Decree("reinforcement", day=3, faction=ARMY, place=2, size=300), None),
    "mobilisation": (Decree("mobilisation", day=3, faction=ARMY, size=300), None),
}


@pytest.mark.parametrize("kind", ONLY)
def test_happens_on_its_day_and_once_and_touches_nothing_else(kind):
    decree, fields = ONLY[kind]
    arrives = fields is None
    small = war(decree, units=(Unit(ARMY, 2, 300, event=0),) if arrives else ())
    states = days_of(small)
    for day, (before, after) in enumerate(zip(states, states[1:], strict=False), start=1):
        expected = {"event_fired_day"} | ({"soldiers", "morale", "mobilised"} if arrives else fields)
        assert changed(before, after) == (expected if day == 3 else set()), f"day {day}"
    assert states[-1].event_fired_day.tolist() == [2]  # days since the start, as the third day begins


def test_an_order_stands_at_its_place_until_another_comes():
    hold = Decree("order_hold", day=2, faction=ARMY, place=1)
    leave = Decree("order_withdraw", day=4, faction=ARMY, place=-1)
    orders = [state.standing_order[:, ARMY].tolist() for state in days_of(war(hold, leave))]
    assert orders[1:] == [[0, 0, 0], [0, 1, 0], [0, 1, 0], [-1, -1, -1], [-1, -1, -1], [-1, -1, -1]]
    assert not days_of(war(hold, leave))[-1].standing_order[:, REBELS].any()


def test_men_arrive_in_full_with_the_morale_of_their_kind():
    small = war(
        Decree("reinforcement", day=2, faction=ARMY, place=2, size=300),
        Decree("mobilisation", day=2, faction=ARMY, size=90),
        units=(Unit(ARMY, 2, 300, event=0), Unit(ARMY, 1, 90, event=1)),
    )
    values = {"reinforcement_morale_shift": 0.4, "mobilised_morale_shift": -0.7}
    eve = small.eve(tuned(**values))
    eve = eve._replace(morale=f32([0.9, 0.6, 0.6, 0.6]))
    before, after = days_of(small, 2, eve, **values)[1:]
    assert before.soldiers.tolist() == [500, 800, 0, 0]
    assert after.soldiers.tolist() == [500, 800, 300, 90]
    assert after.mobilised.tolist() == [0, 390]
    logit = np.log(after.morale / (1 - after.morale)) - np.log(0.6 / 0.4)
    assert logit[1:] == pytest.approx([0, 0.4, -0.7], abs=1e-4)


def test_a_large_arrival_is_divided_evenly_among_its_units():
    decree = Decree("mobilisation", day=1, faction=ARMY, size=250)
    small = war(decree, units=(Unit(ARMY, 2, event=0),) * 4)
    world = small.world._replace(unit_rank=f32([0, 0, 0, 1, 2, 3]), unit_rows=f32([1, 1, 4, 4, 4, 4]))
    state = small.eve()
    state = events(state, world, tuned(), draws_of(state))
    assert state.soldiers[2:].tolist() == [63, 62, 63, 62]


def fall(place: int, day_taken: float, by: int, state: State) -> State:
    holders, days = state.controller.copy(), state.day_taken.copy()
    holders[place], days[place] = by, day_taken
    return state._replace(controller=holders, day_taken=days)


@pytest.mark.parametrize(
    ("fell", "delay", "fires"), [(1.0, 0, 1), (1.25, 0, 2), (1.25, 0.75, 2), (1.25, 2, 4)]
)
def test_a_waiting_event_fires_on_the_first_morning_after_fall_and_delay(fell, delay, fires):
    decree = Decree("offensive_start", faction=ARMY, trigger=1, delay_days=delay)
    small = war(decree)
    state = small.eve()
    for day in range(DAYS):
        if day >= fell:
            state = fall(1, fell, REBELS, state)
        state = at_day(state, small.world, day)
        state = events(state, small.world, tuned(), draws_of(state))
        assert bool(state.active[ARMY]) == (day >= fires)
    assert state.event_fired_day.tolist() == [fires]


def test_a_place_that_an_ally_holds_has_not_fallen():
    small = war(
        Decree("offensive_start", faction=ARMY, trigger=1), factions=3, stances={(0, 1): -1, (1, 2): 2}
    )
    assert not days_of(small, state=fall(1, 0.0, 2, small.eve()))[-1].active[ARMY]
    assert days_of(small, state=fall(1, 0.0, REBELS, small.eve()))[-1].active[ARMY]


def test_a_backer_that_turns_to_its_client_again_comes_back():
    small = war(
        Decree("backer_withdrawal", day=1, backer=0), Decree("backer_attention", day=3, backer=0, size=0.5)
    )
    states = days_of(small)
    assert [bool(s.present[0]) for s in states[1:]] == [False, False, True, True, True, True]
    assert states[-1].attention.tolist() == [0.5]


def test_of_two_decisions_on_one_day_one_stands():
    turns = [Decree("backer_attention", day=1, backer=0, size=size) for size in (0.75, 0.5)]
    assert days_of(war(*turns))[-1].attention[0] in (0.5, 0.75)
    orders = [Decree(kind, day=1, faction=ARMY, place=1) for kind in ("order_hold", "order_withdraw")]
    assert days_of(war(*orders))[-1].standing_order[1, ARMY] in (-1, 1)


def test_a_scenario_without_events_is_left_alone():
    states = days_of(war())
    assert changed(states[0], states[-1]) == set()
