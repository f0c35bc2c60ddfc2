"""The posterior as a Gaussian that climbs to it, in the scores where the prior is standard normal.

Of the generalised posterior, prior x exp(-rate x loss), the nearest Gaussian with independent scores is
sought: the one that makes rate x E[loss] + KL(Gaussian | prior) least (generalised variational inference:
Knoblauch, Jewson & Damoulas 2022, JMLR 23(132)). E is over the whole width of the Gaussian, so what is found
is not the best point but the widest region whose points are good; a parameter of which the loss says nothing
keeps the width of its prior.

Runs have no derivatives. Slope and curvature of E[loss] are taken from the losses of points drawn from the
Gaussian itself (score functions: Ranganath, Gerrish & Blei 2014, "Black box variational inference"; natural
evolution strategies: Wierstra et al. 2014, JMLR 15(27)), in pairs that mirror each other about the mean, and
mean and precision follow the natural gradient (improved Bayesian learning rule: Lin, Schmidt & Khan 2020,
"Handling the positive-definite constraint in the Bayesian learning rule"), which keeps precisions positive.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

FIRST_STEP, LEAST_STEP, STEP_DECAY = 0.3, 0.05, 6.0
"""Part of the way to what a generation suggests: FIRST / (1 + generations at this rate / DECAY), at least
LEAST."""
SETTLED = 2 / 3
"""Of the generations at a rate, the last part whose mean counts as the result."""


class Gaussian(NamedTuple):
    """Independent scores."""

    mean: np.ndarray
    """[k]"""
    deviation: np.ndarray
    """[k] standard deviations."""

    def draws(self, size: int, seed: int | Sequence[int]) -> np.ndarray:
        """Scores [size, k], each second one the mirror of the one before: an even number has this mean."""
        rng = np.random.Generator(np.random.PCG64(seed))
        half = rng.standard_normal(((size + 1) // 2, len(self.mean)))
        mirrored = np.stack([half, -half], axis=1).reshape(-1, len(self.mean))
        return self.mean + self.deviation * mirrored[:size]

    @property
    def divergence(self) -> float:
        """KL divergence from the standard normal prior, nats."""
        variance = self.deviation**2
        return float(0.5 * (self.mean**2 + variance - 1.0 - np.log(variance)).sum())


class Climb:
    """Generations of points; deterministic, so that a climb that was cut off can be told again."""

    def __init__(self, start: np.ndarray, size: int, together: int, seed: int) -> None:
        """Begin with the width of the prior.

        A narrower start would look like knowledge: at a low rate a parameter of which the losses say nothing
        has not widened again by the last generation.

        Args:
            start: scores [k] of the first mean.
            size: points in a generation, a multiple of ``together``.
            together: points in a row, 4 or more and whole pairs, that meet the same chances; their mean loss
                is what each is compared to.
            seed: of the points.
        """
        self._now = Gaussian(start, np.ones(len(start)))
        self._size, self._together, self._seed = size, together, seed
        self._rates: list[float] = []
        self._found: list[Gaussian] = []

    def points(self) -> np.ndarray:
        """Scores [size, k] of the next generation."""
        return self._now.draws(self._size, [self._seed, len(self._found)])

    def tell(self, z: np.ndarray, loss: np.ndarray, rate: float) -> Gaussian:
        """Learn from the losses [size] of the points [size, k]; the Gaussian that is left."""
        mean, deviation = self._now
        normal = (z - mean) / deviation
        among = loss.reshape(-1, self._together)
        better = (among - among.mean(axis=1, keepdims=True)).reshape(-1, 1)
        # A point and its mirror are in the mean that they are compared to. For the slope they cancel there;
        # of the curvature they take one pair's share.
        pairs = self._together / 2
        slope = (better * normal).mean(axis=0) / deviation
        curvature = pairs / (pairs - 1) * (better * (normal**2 - 1.0)).mean(axis=0) / deviation**2
        step = max(LEAST_STEP, FIRST_STEP / (1.0 + self._rates.count(rate) / STEP_DECAY))
        precision = deviation**-2
        change = 1.0 + rate * curvature - precision
        precision = precision + step * change + 0.5 * step**2 * change**2 / precision
        self._now = Gaussian(mean - step * (mean + rate * slope) / precision, precision**-0.5)
        self._rates.append(rate)
        self._found.append(self._now)
        return self._now

    def settled(self, generations: int) -> Gaussian:
        """What the last ``generations`` came to: the mean over the later part of them."""
        late = self._found[-max(1, round(SETTLED * generations)) :]
        log_deviation = np.mean([np.log(gaussian.deviation) for gaussian in late], axis=0)
        return Gaussian(np.mean([gaussian.mean for gaussian in late], axis=0), np.exp(log_deviation))
