"""Priors: the registry's ranges as distributions, and back."""

import numpy as np
import pytest

from sim.calibration.prior import Prior
from sim.parameters import REGISTRY

NAMES = ("morale_base", "break_per_day", "break_hold_order")
"""From 0 (no logarithm), positive over a factor of 50 (logarithm), negative."""


@pytest.mark.parametrize("shape", ["pert", "uniform"])
def test_scores_and_values_are_each_other_s_inverse(shape):
    prior = Prior(NAMES, shape)
    z = np.array([[-2.0, 0.3, 1.5], [0.0, -1.0, 0.5]])
    values = prior.parameters(z)
    low, high = prior.limits
    assert ((low < values) & (values < high)).all()
    assert prior.scores(values) == pytest.approx(z, abs=1e-6)


def test_most_likely_value_is_the_default():
    prior = Prior(NAMES)
    share = np.linspace(0.001, 0.999, 999)
    for name in NAMES:
        p = REGISTRY[name]
        low, high, default = p.low, p.high, p.default
        if prior.is_log(name):
            low, high, default = np.log([low, high, default])
        mode = low + (high - low) * share[prior.share_density(name, share).argmax()]
        assert mode == pytest.approx(default, abs=0.002 * (high - low))
    assert [prior.is_log(name) for name in NAMES] == [False, True, False]


def test_pert_mean_is_the_textbook_s():
    z = np.random.default_rng(0).standard_normal((20_000, 1))
    p = REGISTRY["morale_base"]
    mean = Prior(("morale_base",)).parameters(z).mean()
    assert mean == pytest.approx((p.low + 4 * p.default + p.high) / 6, abs=0.01)


def test_uniform_is_uniform():
    z = np.random.default_rng(0).standard_normal((20_000, 1))
    values = Prior(("morale_base",), "uniform").parameters(z)
    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([0.3, 1.5, 2.7], abs=0.05)
