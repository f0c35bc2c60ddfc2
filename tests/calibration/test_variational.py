"""The Gaussian that climbs, on a bowl whose generalised posterior is known."""

import numpy as np
import pytest

from sim.calibration.variational import FIRST_STEP, Climb, Gaussian

K, BOTTOM, STEEP = 12, 1.0, 0.6
LEARNED = 3
"""Of the K scores, those on which the loss depends."""


def bowl(z, rng):
    """Loss of points, with the noise of a few runs; the same chances in a row of 16."""
    chance = np.repeat(rng.normal(0.0, 0.3, len(z) // 16), 16)
    return 0.5 * STEEP * ((z[:, :LEARNED] - BOTTOM) ** 2).sum(axis=1) + chance + rng.normal(0.0, 0.05, len(z))


def climbed(rate, generations=60, seed=0):
    climb, rng = Climb(np.zeros(K), 128, 16, seed), np.random.default_rng(seed)
    for _ in range(generations):
        z = climb.points()
        climb.tell(z, bowl(z, rng), rate)
    return climb.settled(generations)


@pytest.mark.parametrize("rate", [2.0, 20.0])
def test_it_comes_to_the_generalised_posterior(rate):
    """Of a parabola and a normal prior that is normal: precision 1 + rate x steep."""
    found = climbed(rate)
    precision = 1.0 + rate * STEEP
    mean, deviation = rate * STEEP * BOTTOM / precision, precision**-0.5
    assert found.mean[:LEARNED] == pytest.approx(np.full(LEARNED, mean), abs=0.25 * deviation)
    assert found.deviation[:LEARNED] == pytest.approx(np.full(LEARNED, deviation), rel=0.2)


def test_a_second_rate_is_climbed_as_far_as_if_it_were_the_first():
    climb, rng = Climb(np.zeros(K), 128, 16, 0), np.random.default_rng(0)
    for rate in (2.0, 20.0):
        for _ in range(24):
            z = climb.points()
            climb.tell(z, bowl(z, rng), rate)
    found, direct = climb.settled(24), climbed(20.0, generations=24)
    assert found.deviation[:LEARNED] == pytest.approx(direct.deviation[:LEARNED], rel=0.2)
    assert found.mean[:LEARNED] == pytest.approx(direct.mean[:LEARNED], abs=0.1)


def test_what_the_loss_says_nothing_of_keeps_its_prior():
    found = climbed(20.0)
    assert found.mean[LEARNED:] == pytest.approx(np.zeros(K - LEARNED), abs=0.35)
    assert found.deviation[LEARNED:] == pytest.approx(np.ones(K - LEARNED), rel=0.25)


def test_points_mirror_each_other_and_a_climb_can_be_told_again():
    one, other, third = (Climb(np.zeros(K), 32, 16, seed) for seed in (1, 1, 2))
    z = one.points()
    assert z[0::2] == pytest.approx(-z[1::2])
    assert np.array_equal(z, other.points())
    assert not np.array_equal(z, third.points())
    loss = bowl(z, np.random.default_rng(0))
    one.tell(z, loss, 5.0), other.tell(z, loss, 5.0)
    assert np.array_equal(one.points(), other.points())


def test_slope_and_curvature_are_those_of_the_loss():
    """One step from the prior, with 20 000 groups of 8: standard errors are 0.4 % and 1 %.

    The points of a group are compared with a mean that they are in themselves; without the share that they
    have in it, 1/8 of the points or 1/4 of the pairs, one of the two would be wrong by 12 % or more.
    """
    slope, steep = 0.3, 0.2
    climb = Climb(np.zeros(1), 8 * 20_000, 8, 0)
    z = climb.points()
    found = climb.tell(z, slope * z[:, 0] + 0.5 * steep * z[:, 0] ** 2, rate=1.0)
    precision = found.deviation[0] ** -2
    change = np.sqrt(2.0 * precision - 1.0) - 1.0  # as precision = 1 + change + change**2 / 2
    assert -found.mean[0] * precision / FIRST_STEP == pytest.approx(slope, rel=0.02)
    assert change / FIRST_STEP == pytest.approx(steep, rel=0.04)


def test_luck_that_all_points_share_teaches_nothing():
    lucky, plain = (Climb(np.zeros(K), 32, 16, 1) for _ in range(2))
    z = lucky.points()
    loss = bowl(z, np.random.default_rng(0))
    a, b = lucky.tell(z, loss + np.repeat([5.0, -3.0], 16), 5.0), plain.tell(z, loss, 5.0)
    assert a.mean == pytest.approx(b.mean)
    assert a.deviation == pytest.approx(b.deviation)


def test_divergence_from_the_prior():
    assert Gaussian(np.zeros(2), np.ones(2)).divergence == 0
    expected = 0.5 * (1.0 + 0.25 - 1.0 - np.log(0.25))
    assert Gaussian(np.array([1.0]), np.array([0.5])).divergence == pytest.approx(expected)


def test_a_short_climb_does_not_look_like_knowledge():
    """Of a loss of nothing but chance, at a low rate, in as few generations as a study names."""
    climb, rng = Climb(np.zeros(K), 128, 16, 0), np.random.default_rng(0)
    for _ in range(12):
        climb.tell(climb.points(), rng.normal(0.0, 0.05, 128), 5.0)
    assert climb.settled(12).deviation == pytest.approx(np.ones(K), rel=0.15)


@pytest.mark.parametrize("size", [16, 17])
def test_draws_are_mirrored_around_the_mean(size):
    gaussian = Gaussian(np.array([0.3, -2.0]), np.array([0.5, 1.5]))
    z = gaussian.draws(size, 1)
    assert z.shape == (size, 2)
    assert z[:16].reshape(8, 2, 2).mean(axis=1) == pytest.approx(np.tile(gaussian.mean, (8, 1)))
    many = gaussian.draws(20_000, 2)
    assert many.std(axis=0) == pytest.approx(gaussian.deviation, rel=0.03)
