"""Designs: lazy, in the order that SALib expects, and as even as their authors promise."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.design import Factor, blocks, grid
from sim.experiment.samples import latin_hypercube, morris, saltelli, sobol

FACTORS = (Factor("a", 0, 1), Factor("b", -1, 3), Factor("c", 1, 100, log=True))


def designs():
    return [
        latin_hypercube(FACTORS, 37, seed=5),
        sobol(FACTORS, 64, seed=5),
        saltelli(FACTORS, 16, seed=5),
        saltelli(FACTORS, 16, seed=5, second_order=True),
        morris(FACTORS, 11, levels=4, seed=5),
        grid(tuple(Factor(name, 0, 2, levels=(0, 1, 2)) for name in "abc")),
    ]


@pytest.mark.parametrize("design", designs(), ids=lambda d: f"{d.kind}-{len(d)}")
@given(st.data())
def test_a_block_is_a_part_of_the_whole(design, data):
    start = data.draw(st.integers(0, len(design) - 1))
    stop = data.draw(st.integers(start + 1, len(design)))
    whole = design.points(0, len(design))
    assert whole.shape == (len(design), 3)
    assert np.array_equal(design.points(start, stop), whole[start:stop])
    assert np.array_equal(np.concatenate(list(blocks(design, 7))), whole)


@pytest.mark.parametrize("design", designs()[:5], ids=lambda d: f"{d.kind}-{len(d)}")
def test_points_lie_in_the_ranges_and_follow_the_seed(design):
    points = design.points(0, len(design))
    assert (points >= [0, -1, 1]).all()
    assert (points <= [1, 3, 100.0001]).all()
    other = {"latin_hypercube": latin_hypercube, "sobol": sobol}.get(design.kind)
    if other:
        assert not np.array_equal(other(FACTORS, len(design), seed=6).points(0, len(design)), points)


def test_a_grid_is_every_combination_with_the_last_factor_fastest():
    levels = [(3.0, 1.0), (0.0, 0.5, 2.0), (7.0,)]
    design = grid(tuple(Factor(str(k), min(v), max(v), levels=v) for k, v in enumerate(levels)))
    assert design.points(0, len(design)).tolist() == [list(row) for row in itertools.product(*levels)]


def test_a_grid_of_a_million_points_is_not_built():
    design = grid(tuple(Factor(str(k), 0, 9, levels=tuple(range(10))) for k in range(12)))
    assert len(design) == 10**12
    assert design.points(123456789012, 123456789013).tolist() == [[int(d) for d in "123456789012"]]


def test_a_latin_hypercube_has_one_point_in_each_slice():
    points = latin_hypercube((Factor("a", 0, 1), Factor("b", 10, 20)), 50, seed=1).points(0, 50)
    for column, (low, high) in zip(points.T, ((0, 1), (10, 20)), strict=True):
        slices = np.floor((column - low) / (high - low) * 50)
        assert sorted(slices) == list(range(50))


def test_a_sobol_sample_is_scipys():
    from scipy.stats import qmc

    expected = qmc.Sobol(2, rng=9).random(32)
    assert np.array_equal(sobol((Factor("a", 0, 1), Factor("b", 0, 1)), 32, seed=9).points(0, 32), expected)


def test_whole_numbers_and_levels_have_equal_shares():
    u = (np.arange(1200) + 0.5) / 1200
    days = Factor("day", 1, 4, whole=True).at(u)
    assert {day: (days == day).sum() for day in (1, 2, 3, 4)} == dict.fromkeys((1, 2, 3, 4), 300)
    assert Factor("day", 1, 4, whole=True).at(np.array([0.0, 1.0])).tolist() == [1, 4]
    levels = Factor("paid", 0, np.inf, levels=(0, 3, np.inf)).at(u)
    assert [(levels == level).sum() for level in (0, 3, np.inf)] == [400, 400, 400]


def test_a_logarithmic_factor_has_its_middle_at_the_geometric_mean():
    assert Factor("a", 1, 100, log=True).at(np.array([0, 0.5, 1])) == pytest.approx([1, 10, 100])


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.mark.slow
@pytest.mark.parametrize("second_order", [False, True])
def test_salib_finds_the_indices_of_ishigamis_function(second_order):
    """Ishigami & Homma 1990: S1 = 0.3139, 0.4424, 0; S13 = 0.2437."""
    from SALib.analyze import sobol as analysis

    names = ["x", "y", "z"]
    factors = tuple(Factor(name, -np.pi, np.pi) for name in names)
    design = saltelli(factors, 4096, seed=0, second_order=second_order)
    problem = {"num_vars": 3, "names": names, "bounds": [[-np.pi, np.pi]] * 3}
    output = ishigami(design.points(0, len(design)))
    found = analysis.analyze(problem, output, calc_second_order=second_order, seed=0)
    assert found["S1"] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found["ST"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    if second_order:
        assert found["S2"][0, 2] == pytest.approx(0.2437, abs=0.03)


@pytest.mark.parametrize("levels", [2, 4, 8])
def test_morris_moves_one_factor_at_a_time_and_each_once(levels):
    unit = tuple(Factor(name, 0, 1) for name in "abcde")
    design = morris(unit, 40, levels=levels, seed=3)
    trajectories = design.points(0, len(design)).reshape(40, 6, 5)
    steps = np.diff(trajectories, axis=1)
    jump = levels / (2 * (levels - 1))
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert ((steps != 0).sum(axis=1) == 1).all()
    assert np.abs(steps[steps != 0]) == pytest.approx(jump)
    assert set(np.round(trajectories * (levels - 1)).ravel()) <= set(range(levels))
    assert len({tuple(order) for order in (steps != 0).argmax(axis=2)}) > 20


def test_morris_gives_the_slopes_of_a_straight_function():
    from SALib.analyze import morris as analysis

    design = morris(FACTORS[:2], 10, levels=4, seed=1)
    points = design.points(0, len(design))
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [-1, 3]]}
    found = analysis.analyze(problem, points, points @ [3.0, -2.0], num_levels=4, seed=0, scaled=False)
    # SALib takes elementary effects on the unit cube: 3 over a range of 1, -2 over a range of 4.
    assert np.asarray(found["mu"], dtype=float) == pytest.approx([3.0, -8.0])
    assert np.asarray(found["sigma"], dtype=float) == pytest.approx([0.0, 0.0], abs=1e-9)
