"""Who goes home."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, draws_of, f32, tuned

from sim.rules.returns import hazard_per_day, returns

HOME = SmallWorld(holders=(ARMY, ARMY, ARMY), population=500_000)
GONE = 100_000


def away(small=HOME, abroad=0, **fields):
    """People of place 0 who live in place 2 and abroad."""
    return small.eve()._replace(
        residents=f32([[400_000], [500_000], [500_000]]),
        hosted=f32([[0], [0], [GONE - abroad]]),
        abroad=f32([abroad]),
        **fields,
    )


def test_people_return_with_the_hazard_of_a_calm_home():
    params = tuned(return_per_day=0.03, return_affinity_midpoint=-10.0)
    state = away(abroad=20_000)
    after = returns(state, HOME.world, params, draws_of(state))
    expected = GONE * (1 - np.exp(-0.03))
    assert after.returned.tolist() == [pytest.approx(expected, abs=1), 0, 0]
    assert after.residents[0, 0] == 400_000 + after.returned[0]
    assert state.abroad[0] - after.abroad[0] == pytest.approx(0.2 * expected, abs=1.5)


@pytest.mark.parametrize(("danger", "part"), [(0.0, 1.0), (0.05, 0.5), (0.1, 0.0), (0.9, 0.0)])
def test_danger_at_home_keeps_them_away(danger, part):
    values = {"return_per_day": 0.03, "return_danger": 0.1, "return_affinity_midpoint": -10.0}
    for field in ("violence", "front"):
        state = away(**{field: f32([danger, 0, 0])})
        assert hazard_per_day(state, HOME.world, tuned(**values))[0, 0] == pytest.approx(
            0.03 * part, abs=1e-7
        )


def test_they_return_to_a_holder_whom_they_accept():
    small = HOME.but(
        holders=(REBELS, ARMY, ARMY), communities=({REBELS: -0.3}, {REBELS: 0.5}, {REBELS: -0.9})
    )
    h = hazard_per_day(small.eve(), small.world, tuned(return_per_day=0.02, return_affinity_midpoint=-0.3))
    assert h[0, 0] == pytest.approx(0.01)
    assert h[0, 1] > 0.019
    assert h[0, 2] < 1e-4


def test_nobody_returns_when_nobody_is_away():
    state = HOME.eve()
    assert returns(state, HOME.world, tuned(), draws_of(state)).returned.sum() == 0


def test_all_are_home_in_the_end():
    state, params = away(abroad=1), tuned(return_per_day=50.0, return_affinity_midpoint=-10.0)
    after = returns(state, HOME.world, params, draws_of(state))
    assert (after.residents == HOME.world.community_people).all()
    assert after.hosted.sum() == after.abroad.sum() == 0
