"""Muster: who stands where, in soldiers and in strength."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, Unit, draws_of, f32, tuned

from sim.parameters import make_params
from sim.rules.muster import EVEN_MORALE, muster, quality


def test_soldiers_are_counted_where_they_stand():
    small = SmallWorld(units=[Unit(REBELS, 0, 100), Unit(ARMY, 1, 50), Unit(ARMY, 1, 25), Unit(ARMY, 1, 5)])
    state = small.eve()._replace(place=np.int32([1, 1, 1, 1]), road_slot=np.int32([-1, -1, -1, 0]))
    state = muster(state, small.world, make_params(), draws_of(state))
    assert state.soldiers_at.tolist() == [[0, 0], [100, 75]]


def test_a_soldier_of_even_morale_and_middling_army_counts_as_one():
    small = SmallWorld(units=[Unit(REBELS, 0, 100), Unit(ARMY, 1, 80)])
    params = tuned(combat_morale=1.5)
    state = small.eve()._replace(morale=f32([EVEN_MORALE, 0.9]))
    state = muster(state, small.world, params, draws_of(state))
    assert state.strength_at[0, REBELS] == pytest.approx(100, rel=1e-5)
    assert state.strength_at[1, ARMY] == pytest.approx(80 * 1.8**1.5, rel=1e-5)


@pytest.mark.parametrize(
    ("key", "low", "high", "parameter"),
    [
        ("command_quality", 0.2, 0.7, "quality_command"),
        ("preparation", 0.1, 0.9, "quality_preparation"),
        ("heavy_weapons", -0.5, 0.5, "quality_heavy_weapons"),
        ("conscript_share", 0.0, 0.8, "quality_conscripts"),
    ],
)
def test_quality_is_exponential_in_each_condition(key, low, high, parameter):
    params = make_params()

    def rated(value: float) -> float:
        state = SmallWorld(units=[Unit(ARMY, 1)], conditions={ARMY: {key: value}}).eve()
        return float(quality(state, params)[ARMY])

    slope = float(getattr(params, parameter))
    assert slope != 0
    assert np.log(rated(high) / rated(low)) == pytest.approx(slope * (high - low), rel=1e-4)


@pytest.mark.parametrize(("weapons", "counted"), [(0.8, 0.8 * 2 * 0.2), (-0.8, -0.8)])
def test_more_heavy_weapons_are_worth_what_command_makes_of_them(weapons, counted):
    params = tuned(quality_command=0.0, quality_heavy_weapons=0.7)
    conditions = {"command_quality": 0.2, "heavy_weapons": weapons}
    state = SmallWorld(units=[Unit(ARMY, 1)], conditions={ARMY: conditions}).eve()
    assert np.log(quality(state, params)[ARMY]) == pytest.approx(0.7 * counted, rel=1e-4)
