"""Quantities over the map, against sums and ways worked out by hand or by force."""

import itertools

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, f32, tuned

from sim.parameters import make_params
from sim.rules.fields import (
    along_roads,
    near_home,
    nearness,
    of_holder,
    opposing,
    place_value,
    spread,
    welcome,
)
from sim.world import PLACE_KINDS

BY_KIND = SmallWorld(holders=(ARMY,) * 6, kinds=dict(enumerate(PLACE_KINDS)))


@pytest.mark.parametrize(("people", "exponent"), [(50_000, 0.7), (10_000, 0.0), (3_000_000, 0.0), (0, 0.0)])
def test_worth_by_kind_where_size_does_not_count_or_is_that_of_a_town(people, exponent):
    p = tuned(value_population=exponent)
    expected = [1, p.value_city, p.value_regional_capital, p.value_capital, p.value_crossing, p.value_base]
    assert place_value(BY_KIND.but(population=people).world, p) == pytest.approx(expected)


@pytest.mark.parametrize("exponent", [0.1, 0.5, 1.0])
def test_worth_grows_as_a_power_of_population(exponent):
    p = tuned(value_population=exponent)
    small, large = (place_value(BY_KIND.but(population=n).world, p) for n in (20_000, 160_000))
    assert large / small == pytest.approx(np.full(6, 8.0**exponent), rel=1e-5)
    assert (place_value(BY_KIND.but(population=0).world, p) > 0).all()


def test_nearness_falls_by_a_factor_e_with_each_decay_length():
    small = SmallWorld(holders=(ARMY,) * 3, roads=[Road(0, 1, 60), Road(1, 2, 120)])
    assert nearness(small.world, tuned(reach_km=60).reach_km)[0] == pytest.approx(
        np.exp([0, -1, -3]), rel=1e-5
    )


def test_home_is_near_by_road():
    units = [Unit(ARMY, 1, home=0), Unit(ARMY, 1, home=2), Unit(ARMY, 1)]
    small = SmallWorld(holders=(ARMY,) * 3, units=units, active=())
    world, state, params = small.world, small.eve(), tuned(home_km=50)
    assert near_home(state, world, params).tolist() == [1, 1, 0]
    assert near_home(state, world, tuned(home_km=30)).tolist() == [0, 0, 0]
    assert near_home(state._replace(place=np.int32([2, 2, 2])), world, params).tolist() == [0, 1, 0]


def test_spread_opposing_and_of_holder_are_the_sums_they_say():
    table, weight = f32([[1, 2], [3, 4], [5, 6]]), f32([[1, 0.5, 0], [0, 1, 2], [1, 1, 1]])
    assert spread(weight, table) == pytest.approx(weight @ table)
    relation = np.array([[False, True], [True, True]])
    assert opposing(table, relation).tolist() == [[2, 3], [4, 7], [6, 11]]
    assert of_holder(table, np.array([[True, False], [True, True], [False, False]])).tolist() == [1, 7, 0]


@pytest.mark.parametrize("seed", range(5))
def test_the_best_way_is_found_among_all_ways(seed):
    """Against every simple path through a random network of six places, some of them closed."""
    rng = np.random.default_rng(seed)
    pairs = list(itertools.combinations(range(6), 2))
    roads = [Road(a, b, float(rng.uniform(5, 40))) for a, b in pairs if b == a + 1 or rng.random() < 0.3]
    world = SmallWorld(holders=(ARMY,) * 6, roads=roads).world
    passable = np.stack([np.ones(6, dtype=bool), rng.random(6) < 0.6], axis=1)
    source = np.where(rng.random((6, 2)) < 0.4, rng.random((6, 2)), 0).astype(np.float32)
    link = np.exp(-world.neighbour_km / 50)
    found = along_roads(source, passable, link, world)
    factor = {(a, b): np.exp(-r.km / 50) for r in roads for a, b in ((r.a, r.b), (r.b, r.a))}
    for f in (REBELS, ARMY):
        expected = source[:, f].copy()
        for length in range(2, 7):
            for way in itertools.permutations(range(6), length):
                steps = list(itertools.pairwise(way))
                if all(s in factor for s in steps) and passable[list(way[:-1]), f].all():
                    value = source[way[-1], f] * np.prod([factor[s] for s in steps])
                    expected[way[0]] = max(expected[way[0]], value)
        assert found[:, f] == pytest.approx(expected, rel=1e-4)


def test_the_welcome_of_a_faction_for_the_whole_country_is_that_of_a_local_one_better_liked():
    p = make_params()
    for liked in (-0.8, -0.35, 0.3):
        local = SmallWorld(acceptance={(1, REBELS): liked})
        expected = 1 / (1 + np.exp(-(liked - p.acceptance_midpoint) / p.acceptance_scale))
        assert welcome(local.world, p)[1, REBELS] == pytest.approx(expected, rel=1e-4)
        better = SmallWorld(acceptance={(1, REBELS): liked + float(p.acceptance_national)})
        for faction in (REBELS, ARMY):
            national = local.but(national=(faction,))
            which = better if faction == REBELS else local
            assert welcome(national.world, p)[1, REBELS] == pytest.approx(welcome(which.world, p)[1, REBELS])
