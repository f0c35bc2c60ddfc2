"""Resurgence: cells grow in empty land, up to a size, and not under a garrison."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, Unit, draws_of, next_tick, tuned

from sim.rules.muster import muster
from sim.rules.resurgence import resurgence
from sim.world import UPRISING

CELLS = 300


def grown(days: int, garrison: float = 0, men: float = 50, population: float = 10_000, **values: float):
    """Men [CELLS] of as many cells after some days, each in a place of its own under a garrison."""
    units = [Unit(REBELS, p, men, hidden=True) for p in range(CELLS)]
    units += [Unit(ARMY, p, garrison) for p in range(CELLS)]
    small = SmallWorld(holders=(ARMY,) * CELLS, roads=(), units=units, population=population, ticks_per_day=1)
    world, params = small.world, tuned(**values)
    eve = state = small.eve(params)
    for _ in range(days):
        state = muster(state, world, params, draws_of(state))
        state = next_tick(resurgence(state, world, params, draws_of(state)))
    assert np.array_equal(state.soldiers[CELLS:], eve.soldiers[CELLS:])
    assert state.mobilised.tolist() == [(state.soldiers - eve.soldiers).sum(), 0]
    return state.soldiers[:CELLS].astype(float)


def test_growth_is_logistic():
    """In an empty land each man finds others at ``cell_growth_per_day``, less as the cell fills up."""
    rate, most, days = 0.03, 300, 60
    men = grown(days, cell_growth_per_day=rate, cell_most_men=most)
    expected = 50.0
    for _ in range(days):
        expected += expected * (1 - np.exp(-rate * (1 - expected / most)))
    exact = most / (1 + (most / 50 - 1) * np.exp(-rate * days))
    assert expected == pytest.approx(exact, rel=0.02)
    # The mean follows the logistic curve but for its curvature over the spread of the cells.
    assert abs(men.mean() - expected) < 4 * men.std() / np.sqrt(CELLS) + men.var() / most * rate * days / 2


def test_a_full_cell_grows_no_more():
    assert (grown(40, men=300, cell_growth_per_day=0.03, cell_most_men=300) == 300).all()
    assert (grown(40, men=900, cell_growth_per_day=0.03, cell_most_men=300) == 900).all()


def test_where_the_state_is_present_nothing_grows():
    per_1000 = {"presence_per_1000": 20.0, "cell_growth_per_day": 0.03}
    assert (grown(20, garrison=200, **per_1000) == 50).all()  # 20 per 1,000 of 10,000
    half, none = grown(20, garrison=100, **per_1000).mean() - 50, grown(20, **per_1000).mean() - 50
    assert half == pytest.approx(0.45 * none, rel=0.15)  # half the rate, and a little less than half the gain
    assert grown(20, garrison=100, population=1e6, **per_1000).mean() - 50 == pytest.approx(none, rel=0.15)


def test_only_men_in_hiding_recruit_and_volunteers_who_wait_are_none():
    small = SmallWorld(
        holders=(ARMY, ARMY, REBELS),
        units=[Unit(REBELS, 0, 100), Unit(REBELS, 1, event=UPRISING), Unit(REBELS, 2, 100), Unit(ARMY, 1, 1)],
    )
    state = small.eve()
    state = resurgence(
        state, small.world, tuned(cell_growth_per_day=1.0, cell_most_men=2000), draws_of(state)
    )
    assert state.soldiers.tolist() == [100, 0, 100, 1]
