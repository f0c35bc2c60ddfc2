"""Reach: reserves come by road, weaken with distance and with every hostile place on the way."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, tuned

from sim.rules.reach import isolation, open_share, reserves


def test_reserves_are_mobile_men_elsewhere_by_distance():
    small = SmallWorld(
        holders=(REBELS, REBELS, ARMY),
        roads=[Road(0, 1, 30), Road(1, 2, 60)],
        units=[Unit(REBELS, 0, 1000), Unit(REBELS, 1, 400), Unit(ARMY, 2, 500)],
        conditions={REBELS: {"static_share": 0.25}},
    )
    state, params = small.eve(), tuned(reach_km=60.0)
    mobile = state.strength_at[:, REBELS] * 0.75
    found = reserves(state, small.world, params)[0]
    near, far = np.exp(-0.5), np.exp(-1.5)
    assert found[0, REBELS] == pytest.approx(near * mobile[1], rel=1e-4)
    assert found[2, REBELS] == pytest.approx(far * mobile[0] + np.exp(-1.0) * mobile[1], rel=1e-4)
    assert found[2, ARMY] == pytest.approx(0, abs=1e-2)  # who is there is no reserve


def test_they_count_up_to_the_line_and_by_their_share_for_each_place_behind_it():
    """Rebels hold 0, the army 1-2-3; a road leads from 0 over friendly ground (4) to 3 as well or not."""
    roads = [Road(0, 1), Road(1, 2), Road(2, 3), Road(3, 4)]
    small = SmallWorld(holders=(REBELS, ARMY, ARMY, ARMY, ARMY), roads=roads)
    reach = open_share(small.eve(), small.world, tuned(depth_share=0.3))
    assert reach[:, REBELS] == pytest.approx([1, 1, 0.3, 0.09, 0.027], rel=1e-5)
    assert reach[:, ARMY] == pytest.approx([1, 1, 1, 1, 1])
    both_ends = small.but(holders=(REBELS, ARMY, ARMY, ARMY, REBELS))
    reach = open_share(both_ends.eve(), both_ends.world, tuned(depth_share=0.3))
    assert reach[:, REBELS] == pytest.approx([1, 1, 0.3, 1, 1], rel=1e-5)


def test_isolation_is_how_much_greater_the_greatest_place_is_that_no_road_reaches():
    params = tuned(value_capital=10.0, value_city=2.0, value_population=0.0, relief_km=np.inf)
    small = SmallWorld(
        holders=(ARMY, ARMY, REBELS, ARMY, ARMY), kinds={0: "capital", 4: "city"}, population=50_000
    )
    found = isolation(small.eve(), small.world, params)
    assert found == pytest.approx([0, 0, 0, 1 - 2 / 10, 1 - 2 / 10])
    whole = small.but(holders=(ARMY,) * 5)
    assert isolation(whole.eve(), whole.world, params) == pytest.approx(0)
    # Who has lost his capital is cut off from it, wherever he stands.
    fallen = small.eve()._replace(controller=np.int32([REBELS, ARMY, REBELS, ARMY, ARMY]))
    assert isolation(fallen, small.world, params)[3:] == pytest.approx([1 - 2 / 10, 1 - 2 / 10])
    # A side whose greatest place is a town has nothing greater to be cut off from.
    towns = small.but(holders=(REBELS, REBELS, REBELS, ARMY, REBELS))
    assert isolation(towns.eve(), towns.world, params)[3] == 0


def test_help_weakens_with_the_road_and_comes_from_where_most_of_it_is_left():
    """The capital, worth 10, is 50 and 100 km away from 1 and 2; a city worth 8 stands at 3, 10 km from 2."""
    params = tuned(value_capital=10.0, value_city=8.0, value_population=0.0, relief_km=100.0)
    small = SmallWorld(
        holders=(ARMY,) * 4 + (REBELS,),
        roads=[Road(0, 1, 50.0), Road(1, 2, 50.0), Road(2, 3, 10.0), Road(3, 4)],
        kinds={0: "capital", 3: "city"},
        population=50_000,
    )
    found = isolation(small.eve(), small.world, params)
    city = 0.8 * np.exp(-np.array([60.0, 10.0, 0.0]) / 100.0)
    expected = 1 - np.array([1, max(np.exp(-0.5), city[0]), city[1], city[2]])
    assert found[:4] == pytest.approx(expected, rel=1e-5)
    # The road to the capital is closed: only the city is left to those beyond.
    cut = small.eve()._replace(controller=np.int32([ARMY, REBELS, ARMY, ARMY, REBELS]))
    assert isolation(cut, small.world, params)[2:4] == pytest.approx([1 - city[1], 1 - city[2]], rel=1e-5)


def test_reserves_do_not_come_through_the_enemy():
    """Rebels in 0, 1 and 4, the army in 2 and 3: what stands in 4 threatens 3, and not 2."""
    small = SmallWorld(
        holders=(REBELS, REBELS, ARMY, ARMY, REBELS),
        units=[Unit(REBELS, 0, 1000), Unit(REBELS, 4, 400), Unit(ARMY, 2, 300), Unit(ARMY, 3, 500)],
        conditions=dict.fromkeys((ARMY, REBELS), {"static_share": 0.0}),
    )
    state, params = small.eve(), tuned(reach_km=1e6, depth_share=1.0)
    main, other = state.strength_at[0, REBELS], state.strength_at[4, REBELS]
    assert reserves(state, small.world, params)[0][:, REBELS] == pytest.approx(
        [0, main, main, other, 0], rel=1e-3
    )
    # Who stands in a hostile place has reached it, and those beyond it.
    ahead = small.but(units=[*small.units, Unit(REBELS, 2, 100)])
    state = ahead.eve()
    found = reserves(state, ahead.world, params)[0][:, REBELS]
    van = state.strength_at[2, REBELS]
    assert found == pytest.approx([van, main + van, main, main + other + van, 0], rel=1e-3)
    # Behind the line, beside none of theirs, all count.
    far = small.but(
        holders=(REBELS, ARMY, ARMY, ARMY, REBELS), units=[Unit(REBELS, 0, 1000), Unit(REBELS, 4, 400)]
    )
    found = reserves(far.eve(), far.world, params)[0]
    assert found[2, REBELS] == pytest.approx(main + other, rel=1e-3)
