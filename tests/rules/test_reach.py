"""Reach: reserves come by road, weaken with distance and with every hostile place on the way."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, tuned

from sim.rules.reach import open_share, reserves


def test_reserves_are_mobile_men_elsewhere_by_distance():
    small = SmallWorld(
        holders=(REBELS, REBELS, ARMY),
        roads=[Road(0, 1, 30), Road(1, 2, 60)],
        units=[Unit(REBELS, 0, 1000), Unit(REBELS, 1, 400), Unit(ARMY, 2, 500)],
        conditions={REBELS: {"static_share": 0.25}},
    )
    state, params = small.eve(), tuned(reach_km=60.0)
    mobile = state.strength_at[:, REBELS] * 0.75
    found = reserves(state, small.world, params)
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
