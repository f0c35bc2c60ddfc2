"""Defection: who changes sides is taken from those who left, and goes to an enemy who is there."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, Unit, draws_of, f32

from sim.parameters import make_params
from sim.rules.defection import defection
from sim.world import HOSTILE

THIRD = 2
SMALL = SmallWorld(
    holders=(ARMY, ARMY),
    factions=3,
    active=(REBELS, THIRD),
    stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): HOSTILE},
    units=[Unit(REBELS, 0, 1000), Unit(THIRD, 0, 500), Unit(ARMY, 0, 5000), Unit(ARMY, 1, 5000)],
)


def after(small: SmallWorld = SMALL, left: float = 20_000, captive: float = 10_000, seed: int = 0):
    """A day after so many of the army left, or were taken, at each place."""
    state, params = small.eve(), make_params()
    gone = np.zeros((2, 3), dtype=np.float32)
    today, taken = gone.copy(), gone.copy()
    today[:, ARMY], taken[:, ARMY] = left, captive
    state = state._replace(
        deserted_today=today,
        surrendered_today=taken,
        deserted=f32([0, 2 * left, 0]),
        surrendered=f32([0, 2 * captive, 0]),
    )
    return defection(state, small.world, params, draws_of(state, seed))


def test_nobody_is_lost_on_the_way():
    for seed in range(10):
        state = after(seed=seed)
        assert (state.deserted + state.surrendered + state.defected_out).tolist() == [0, 60_000, 0]
        assert state.defected_in.sum() == state.defected_out.sum() > 0
        assert not state.deserted_today.any()
        assert not state.surrendered_today.any()


def test_they_join_the_strongest_enemy_where_they_are_and_nobody_where_none_is():
    state = after()
    share = float(make_params().switch_share)
    # Place 0 only: at place 1 nobody waits for them.
    assert state.defected_in[REBELS] == pytest.approx(30_000 * share, abs=4 * np.sqrt(30_000 * share))
    assert state.defected_in.tolist()[1:] == [0, 0]


def test_a_small_part_goes_over_more_of_them_to_a_cause_they_love():
    loved = after(SMALL.but(recruit_affinity={(ARMY, REBELS): 0.6}))
    hated = after(SMALL.but(recruit_affinity={(ARMY, REBELS): -0.6}))
    p = make_params()
    for state, liking in ((loved, 0.6), (after(), 0.0), (hated, -0.6)):
        chance = float(p.switch_share * np.exp(p.switch_affinity * liking))
        expected, error = 30_000 * chance, 4 * np.sqrt(30_000 * chance * (1 - chance))
        assert abs(state.defected_out[ARMY] - expected) < error


def test_nobody_changes_sides_in_peace():
    state = after(SMALL.but(active=()))
    assert state.defected_out.tolist() == [0, 0, 0]
    assert state.deserted.tolist() == [0, 40_000, 0]
