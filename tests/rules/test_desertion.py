"""Desertion: two regimes joined by a threshold, each soldier by himself."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.desertion import desertion, hazard_per_day


def hazard(morale: float, **fields: object) -> float:
    small = SmallWorld(units=[Unit(ARMY, 1)])
    state = small.eve()._replace(morale=f32([morale]), **fields)
    return float(hazard_per_day(state, small.world, make_params())[0])


def test_two_regimes():
    """Background 1e-4 to 1e-3 a day (Union Army, ANA), 0.1 to 1 a day in an army that dissolves."""
    for morale in (0.5, 0.7, 0.9, 1.0):
        assert 1e-4 <= hazard(morale) <= 1e-3
    for morale in (0.0, 0.05, 0.1):
        assert 0.1 <= hazard(morale) <= 1
    params = make_params()
    halfway = np.sqrt(params.desertion_per_day * params.cascade_per_day)
    assert hazard(float(params.desertion_midpoint)) == pytest.approx(halfway, rel=1e-3)


def test_hazard_falls_with_morale():
    hazards = [hazard(m) for m in np.linspace(0, 1, 51)]
    assert all(a >= b for a, b in zip(hazards, hazards[1:], strict=False))
    assert hazards[5] > hazards[10] > hazards[15]


@pytest.mark.parametrize("morale", [0.9, 0.18, 0.05])
@pytest.mark.parametrize("ticks_per_day", [1, 4])
def test_survival_is_geometric(morale, ticks_per_day):
    small = SmallWorld(units=[Unit(ARMY, 1, 1e6)], ticks_per_day=ticks_per_day)
    world, params = small.world, make_params()
    state = small.eve()._replace(morale=f32([morale]))
    daily = hazard(morale)
    for day in range(1, 11):
        for _ in range(ticks_per_day):
            state = next_tick(desertion(state, world, params, draws_of(state)))
        stay = np.exp(-daily * day)
        assert abs(state.soldiers[0] - 1e6 * stay) <= 4 * np.sqrt(1e6 * stay * (1 - stay))
        assert state.soldiers[0] + state.deserted_now[0] == 1e6


def test_soldiers_leave_alike_in_units_of_any_size():
    """10,000 men in one unit or in 10,000: the same share, within 4 SE."""
    shares = []
    for size, units in ((10_000, 1), (1, 10_000)):
        small = SmallWorld(units=[Unit(ARMY, 1, size)] * units)
        state = small.eve()._replace(morale=np.full(units, 0.18, dtype=np.float32))
        state = desertion(state, small.world, tuned(cascade_per_day=1.0), draws_of(state))
        shares.append(state.deserted_now.sum() / 10_000)
        assert set(np.unique(state.deserted_now)) <= {0, 1} or units == 1
    chance = 1 - np.exp(-np.sqrt(3e-4 * 1.0) / 4)
    assert np.abs(np.array(shares) - chance).max() < 4 * np.sqrt(chance / 10_000)


def test_comrades_who_left_are_followed():
    params = make_params()
    assert hazard(0.5, leavers_recent=f32([0.5])) == pytest.approx(
        hazard(0.5) * np.exp(params.desertion_contagion * 0.5), rel=1e-4
    )


def test_a_home_nearby_draws_only_those_who_would_go():
    near, far, unknown = Unit(ARMY, 1, home=0), Unit(ARMY, 1, home=2), Unit(ARMY, 1)
    small = SmallWorld(holders=(ARMY,) * 3, units=[near, far, unknown], active=())
    world, params = small.world, tuned(home_km=50)
    state = small.eve()
    low = hazard_per_day(state._replace(morale=f32([0.05] * 3)), world, params)
    high = hazard_per_day(state._replace(morale=f32([0.9] * 3)), world, params)
    assert low[0] / low[2] == pytest.approx(np.exp(params.desertion_home_near), rel=0.05)
    assert high[0] / high[2] == pytest.approx(1, abs=1e-3)


def test_nobody_leaves_an_empty_unit():
    small = SmallWorld(units=[Unit(REBELS, 0, 0), Unit(ARMY, 1, 7)])
    state = small.eve()._replace(morale=f32([0.0, 0.0]))
    for _ in range(60):
        state = next_tick(desertion(state, small.world, make_params(), draws_of(state)))
        assert state.deserted_now[0] == 0
    assert state.soldiers.tolist() == [0, 0]
