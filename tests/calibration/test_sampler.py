"""Emulator and sampler against answers that are known."""

import numpy as np
import pytest

from sim.calibration.emulator import SOFT, expected, fit, scales
from sim.calibration.sampler import sample

pytest.importorskip("blackjax")

K = 3


def bowl(z):
    """exp(line and parabola) - SOFT, which the emulator can learn exactly; its least value is at z0 = 1."""
    return np.exp(0.5 * (z[:, 0] - 1.0) ** 2 - 1.0) - SOFT


@pytest.fixture(scope="module")
def emulator():
    z = np.random.default_rng(0).standard_normal((200, K))
    noisy = bowl(z) + 0.01 * np.random.default_rng(1).standard_normal(200)
    return fit(z, noisy, scales(z, noisy))


def test_emulator_foretells_what_was_not_simulated(emulator):
    z = np.random.default_rng(2).standard_normal((100, K))
    error = np.log(expected(emulator, z) + SOFT) - np.log(bowl(z) + SOFT)
    assert np.sqrt(np.mean(error**2)) < 0.1
    assert emulator.noise < 0.1


def test_without_learning_the_draws_are_the_prior_s(emulator):
    found = sample(emulator, 0.0, 512, 0)
    assert found.path[-1].temperature == 1
    assert found.z.mean(axis=0) == pytest.approx(np.zeros(K), abs=0.15)
    assert found.z.std(axis=0) == pytest.approx(np.ones(K), abs=0.12)


def test_draws_are_those_of_the_generalised_posterior(emulator):
    rate = 8.0
    found = sample(emulator, rate, 512, 0)
    grid = np.linspace(-4, 4, 2001)
    density = np.exp(-0.5 * grid**2 - rate * bowl(grid[:, None]))
    density /= density.sum()
    mean = (grid * density).sum()
    spread = np.sqrt(((grid - mean) ** 2 * density).sum())
    assert found.z[:, 0].mean() == pytest.approx(mean, abs=0.12)
    assert found.z[:, 0].std() == pytest.approx(spread, abs=0.1)
    assert found.z[:, 1:].std(axis=0) == pytest.approx(np.ones(K - 1), abs=0.15)
    temperatures = [step.temperature for step in found.path]
    assert temperatures == sorted(temperatures)


def test_the_same_seed_gives_the_same_draws(emulator):
    a, b, c = (sample(emulator, 8.0, 64, seed).z for seed in (5, 5, 6))
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)
