"""Priors: the registry's ranges as distributions, and back."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.calibration.prior import EDGE, Prior
from sim.parameters import REGISTRY

NAMES = ("morale_base", "break_per_day", "break_hold_order")
"""From 0 (no logarithm), positive over a factor of 50 (logarithm), negative."""


@pytest.mark.parametrize("shape", ["logit-normal", "uniform"])
def test_scores_and_values_are_each_other_s_inverse(shape):
    prior = Prior(NAMES, shape)
    z = np.array([[-2.0, 0.3, 1.5], [0.0, -1.0, 0.5]])
    values = prior.parameters(z)
    low, high = prior.limits
    assert ((low < values) & (values < high)).all()
    assert prior.scores(values) == pytest.approx(z, abs=1e-6)


def test_the_middle_of_the_prior_is_the_model_with_its_defaults():
    prior = Prior(NAMES)
    default = [REGISTRY[name].default for name in NAMES]
    assert prior.parameters(np.zeros(len(NAMES))) == pytest.approx(default)
    assert prior.scores(np.array(default)) == pytest.approx(0, abs=1e-9)
    assert [prior.is_log(name) for name in NAMES] == [False, True, False]


def test_a_default_at_an_end_of_its_range_leaves_room_on_one_side():
    prior = Prior(("flight_habit",))
    p = REGISTRY["flight_habit"]
    assert p.default == p.high
    values = prior.parameters(np.array([[-2.0], [0.0], [2.0]])).ravel()
    assert p.low < values[0] < values[1] < values[2] < p.high


@pytest.mark.parametrize("shape", ["logit-normal", "uniform"])
def test_a_climb_begins_at_the_defaults_or_where_the_prior_still_reaches(shape):
    prior = Prior(tuple(REGISTRY), shape)
    assert np.abs(prior.centre).max() <= norm.ppf(1 - EDGE) + 1e-9
    started = prior.shares(prior.parameters(prior.centre))
    default = prior.shares(np.array([p.default for p in REGISTRY.values()]))
    assert started == pytest.approx(np.clip(default, EDGE, 1 - EDGE))


def test_nine_tenths_lie_in_the_middle_fifth_of_a_symmetric_range():
    z = np.random.default_rng(0).standard_normal((20_000, 1))
    p = REGISTRY["morale_base"]
    assert p.default == (p.low + p.high) / 2
    share = (Prior(("morale_base",)).parameters(z) - p.low) / (p.high - p.low)
    assert ((share > 0.4) & (share < 0.6)).mean() == pytest.approx(0.895, abs=0.01)


@pytest.mark.parametrize("shape", ["logit-normal", "uniform"])
def test_density_is_that_of_the_values(shape):
    prior = Prior(NAMES, shape)
    share = (np.arange(2000) + 0.5) / 2000
    for name in NAMES:
        p, density = REGISTRY[name], prior.share_density(name, share)
        ends = np.log([p.low, p.high]) if prior.is_log(name) else np.array([p.low, p.high])
        values = Prior((name,), shape).parameters(np.linspace(-2, 2, 5)[:, None]).ravel()
        at = ((np.log(values) if prior.is_log(name) else values) - ends[0]) / (ends[1] - ends[0])
        below = [density[share < limit].sum() / 2000 for limit in at]
        assert below == pytest.approx(norm.cdf(np.linspace(-2, 2, 5)), abs=0.003)


def test_uniform_is_uniform():
    z = np.random.default_rng(0).standard_normal((20_000, 1))
    values = Prior(("morale_base",), "uniform").parameters(z)
    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([0.3, 1.5, 2.7], abs=0.05)
