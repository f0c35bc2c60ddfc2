"""Ledger: every loss is counted once, at the place where it happened."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, draws_of, f32, tuned

from sim.parameters import make_params
from sim.rules.breaking import breaking
from sim.rules.combat import combat
from sim.rules.desertion import desertion
from sim.rules.ledger import ledger
from sim.rules.movement import movement

ORDERED = 1  # column of exits
SMALL = SmallWorld(
    holders=(REBELS, ARMY),
    units=[Unit(REBELS, 0, 100), Unit(ARMY, 1, 80), Unit(ARMY, 1, 60), Unit(ARMY, 1, 40)],
)


def tick_of_losses(state):
    return state._replace(
        soldiers=f32([90, 70, 50, 0]),
        killed_now=f32([10, 5, 0, 0]),
        deserted_now=f32([0, 5, 3, 0]),
        surrendered_now=f32([0, 0, 0, 40]),
        routed_now=f32([0, 0, 50, 0]),
        withdrew_now=f32([[0, 0], [0, 7]]),
        road_slot=np.int32([-1, -1, 0, -1]),
    )


def test_losses_are_added_up_by_faction_and_place():
    state = tick_of_losses(SMALL.eve())
    state = ledger(state, SMALL.world, make_params(), draws_of(state))
    assert (state.killed.tolist(), state.deserted.tolist(), state.surrendered.tolist()) == (
        [10, 5],
        [0, 8],
        [0, 40],
    )
    assert state.deserted_today.tolist() == [[0, 0], [0, 8]]
    assert state.surrendered_today.tolist() == [[0, 0], [0, 40]]
    assert state.soldiers_at.tolist() == [[90, 0], [0, 70]]
    assert state.exits[1, ARMY].tolist() == [5 + 50, 7, 8 + 40]
    assert state.exits[0, REBELS].tolist() == [10, 0, 0]
    again = ledger(state, SMALL.world, make_params(), draws_of(state))
    assert (again.killed.tolist(), again.surrendered.tolist()) == ([10, 5], [0, 40])  # counted once


def test_what_another_rule_has_counted_before_is_kept():
    """Rules add to the counts of the tick, and the ledger alone resets them."""
    counts = ("killed_now", "deserted_now", "surrendered_now", "routed_now", "withdrew_now")
    state = tick_of_losses(SMALL.eve())
    for rule in (movement, combat, desertion, breaking):
        after = rule(state, SMALL.world, make_params(), draws_of(state))
        for name in counts:
            assert (getattr(after, name) >= getattr(state, name)).all(), (rule.__name__, name)
    after = ledger(state, SMALL.world, make_params(), draws_of(state))
    assert not any(getattr(after, name).any() for name in counts)


def test_how_a_garrison_went_and_what_a_unit_suffered_fade():
    params = tuned(cause_days=1, memory_days=3)
    state = tick_of_losses(SMALL.eve())
    state = ledger(state, SMALL.world, params, draws_of(state))
    assert state.losses_recent == pytest.approx([0.1, 5 / 80, 0, 0])
    assert state.leavers_recent == pytest.approx([0, 5 / 80, 3 / 53, 0])
    exits, losses = state.exits.copy(), state.losses_recent.copy()
    for tick in range(1, 9):
        state = ledger(state, SMALL.world, params, draws_of(state))
        assert state.exits == pytest.approx(exits * np.exp(-tick / 4), rel=1e-5)
        assert state.losses_recent == pytest.approx(losses * np.exp(-tick / 12), rel=1e-5)


@pytest.mark.parametrize("km", [10, 100])
def test_a_withdrawal_is_booked_at_the_place_left_however_short_the_road(km):
    small = SmallWorld(holders=(ARMY, ARMY), roads=[Road(0, 1, km)], units=[Unit(ARMY, 1, 80)])
    out = np.zeros((2, 2), dtype=bool)
    out[1, ARMY] = True
    state = small.eve()._replace(withdrawing=out, retreat_slot=np.zeros((2, 2), dtype=np.int32))
    state = movement(state, small.world, make_params(), draws_of(state))
    assert state.place[0] == (0 if km == 10 else 1)
    state = ledger(state, small.world, make_params(), draws_of(state))
    assert state.exits[0, ARMY, ORDERED] == 0 < state.exits[1, ARMY, ORDERED] <= 80
