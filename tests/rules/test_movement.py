"""Movement: time on the road is distance over speed, and who may set off."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.rules.movement import class_speed, movement

SPEEDS = {"motorway": 160.0, "primary": 120.0, "secondary": 80.0, "track": 50.0}


def march(small: SmallWorld, ticks: int, state=None, seed: int = 0, **values: float) -> list:
    """States after each tick."""
    world, params = small.world, tuned(**values)
    states, state = [], small.eve(params) if state is None else state
    for _ in range(ticks):
        state = next_tick(movement(state, world, params, draws_of(state, seed)))
        states.append(state)
    return states


def onwards(small: SmallWorld):
    """The eve with orders to march on along the line of places; the last place is the end."""
    orders = np.full((len(small.holders), small.factions), 1, dtype=np.int32)
    orders[0], orders[-1] = 0, -1
    return small.eve()._replace(order_slot=orders, order_slot_second=orders)


def test_speed_is_that_of_the_road_class():
    small = SmallWorld(holders=(ARMY,) * 5, roads=[Road(i, i + 1, kind=i) for i in range(4)])
    values = {f"speed_{name}_km_per_day": speed for name, speed in SPEEDS.items()}
    speed = class_speed(small.world, tuned(**values))
    assert [speed[i, 0 if i == 0 else 1] for i in range(4)] == list(SPEEDS.values())


@pytest.mark.parametrize("ticks_per_day", [1, 4, 24])
def test_time_on_the_road_is_distance_over_speed(ticks_per_day):
    """What is left of a tick on arrival serves the next road: no time is lost on the way."""
    km = [130, 171, 125, 199, 140]
    roads = [Road(i, i + 1, length) for i, length in enumerate(km)]
    small = SmallWorld(holders=(ARMY,) * 6, roads=roads, units=[Unit(ARMY, 0)], ticks_per_day=ticks_per_day)
    states = march(small, 7 * ticks_per_day, onwards(small), speed_primary_km_per_day=120)
    arrived = [next(i for i, s in enumerate(states, 1) if s.place[0] == p) for p in range(1, 6)]
    assert arrived == np.ceil(np.cumsum(km) / 120 * ticks_per_day - 1e-4).tolist()
    assert states[-1].road_slot[0] == -1


def test_a_stay_uses_up_what_was_left_of_the_tick():
    small = SmallWorld(holders=(ARMY,) * 3, units=[Unit(ARMY, 0)], ticks_per_day=1)
    state = march(small, 1, onwards(small), speed_primary_km_per_day=50)[-1]
    assert (state.place[0], state.road_km_left[0]) == (1, -10)
    rested = march(small, 2, state._replace(order_slot=np.full((3, 2), -1, dtype=np.int32)))[-1]
    assert (rested.place[0], rested.road_slot[0], rested.road_km_left[0]) == (1, -1, 0)


def test_units_on_the_road_belong_to_the_place_they_left_until_they_arrive():
    small = SmallWorld(holders=(ARMY,) * 2, roads=[Road(0, 1, 100)], units=[Unit(ARMY, 0)], ticks_per_day=4)
    state = march(small, 2, onwards(small), speed_primary_km_per_day=120)[-1]
    assert (state.place[0], state.road_slot[0], state.road_km_left[0]) == (0, 0, 40)


def test_only_mobile_units_with_an_order_set_off():
    units = [Unit(ARMY, 0), Unit(ARMY, 0), Unit(ARMY, 2), Unit(ARMY, 0, soldiers=0)]
    small = SmallWorld(holders=(ARMY,) * 3, units=units)
    state = onwards(small)._replace(mobile=np.array([True, False, True, True]))
    after = march(small, 1, state)[-1]
    assert (after.road_slot >= 0).tolist() == [True, False, False, False]
    assert after.place[1:].tolist() == [0, 2, 0]


def test_nobody_marches_on_from_inside_a_fight_unless_ordered_out():
    small = SmallWorld(holders=(ARMY, ARMY, REBELS), units=[Unit(ARMY, 1), Unit(REBELS, 1)])
    state = small.eve()
    forward = np.full((3, 2), 1, dtype=np.int32)
    state = state._replace(
        order_slot=forward,
        order_slot_second=forward,
        contested=np.array([False, True, False]),
        retreat_slot=np.full((3, 2), 0, dtype=np.int32),
    )
    pinned = march(small, 4, state)[-1]
    assert pinned.place.tolist() == [1, 1]
    assert pinned.road_slot.tolist() == [-1, -1]
    out = np.zeros((3, 2), dtype=bool)
    out[1, ARMY] = True
    leaving = march(small, 2, state._replace(withdrawing=out))
    assert leaving[0].withdrew_now.tolist() == [[0, 0], [0, 1000], [0, 0]]
    assert leaving[-1].place.tolist() == [0, 1]


def test_whoever_is_ordered_out_goes_to_the_rear_even_if_not_mobile_and_stays_where_no_road_is_open():
    small = SmallWorld(holders=(ARMY,) * 3, units=[Unit(ARMY, 1), Unit(ARMY, 2)])
    state = onwards(small)._replace(
        mobile=np.array([False, False]),
        withdrawing=np.ones((3, 2), dtype=bool),
        retreat_slot=np.int32([[-1, -1], [0, 0], [-1, -1]]),
    )
    after = march(small, 1, state, speed_primary_km_per_day=160)[-1]
    assert after.place.tolist() == [0, 2]
    assert after.withdrew_now.tolist() == [[0, 0], [0, 1000], [0, 0]]


def test_a_force_divides_over_two_axes_as_ordered():
    units = [Unit(ARMY, 1, 10)] * 2000
    small = SmallWorld(holders=(ARMY,) * 3, units=units)
    first, second = np.full((3, 2), 1, dtype=np.int32), np.zeros((3, 2), dtype=np.int32)
    state = small.eve()._replace(
        order_slot=first, order_slot_second=second, order_second_share=np.full((3, 2), 0.3, dtype=np.float32)
    )
    after = march(small, 1, state)[-1]
    share = (after.road_slot == 0).mean()
    assert ((after.road_slot == 0) | (after.road_slot == 1)).all()
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 2000)


def test_enemy_aircraft_slow_a_column():
    small = SmallWorld(holders=(REBELS,) * 2, roads=[Road(0, 1, 300)], units=[Unit(REBELS, 0)])
    state = onwards(small)
    bombed = state._replace(air_sorties_at=f32([[0, 20], [0, 0]]))
    own = state._replace(air_sorties_at=f32([[20, 0], [0, 0]]))
    values = {"speed_primary_km_per_day": 120, "air_slows_per_sortie": 0.05}
    gone = [300 - march(small, 1, s, **values)[-1].road_km_left[0] for s in (state, bombed, own)]
    assert gone == pytest.approx([30, 30 * np.exp(-1), 30], rel=1e-4)


def test_aircraft_slow_a_column_over_its_own_road_and_not_over_the_way_of_the_others():
    """Orders point to place 2; the first unit left for place 1 yesterday, the second for 2."""
    roads = [Road(0, 1, 300), Road(0, 2, 300)]
    small = SmallWorld(holders=(REBELS,) * 3, roads=roads, units=[Unit(REBELS, 0)] * 2)
    orders = np.full((3, 2), 1, dtype=np.int32)
    state = small.eve()._replace(order_slot=orders, road_slot=np.int32([0, 1]), road_km_left=f32([300, 300]))
    bombed = state._replace(air_sorties_at=f32([[0, 0], [0, 20], [0, 0]]))
    values = {"speed_primary_km_per_day": 120, "air_slows_per_sortie": 0.05}
    gone = 300 - march(small, 1, bombed, **values)[-1].road_km_left
    assert gone == pytest.approx([30 * np.exp(-1), 30], rel=1e-4)
