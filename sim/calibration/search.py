"""A search for the region where the posterior is, and the posterior as a Gaussian around it: CMA-ES.

An emulator of a hundred parameters learns little from points that fill their prior, since hardly any comes
near the record. Hansen's covariance matrix adaptation (Hansen & Ostermeier 2001,
doi:10.1162/106365601750190398; package ``cma``) climbs there first. What it climbs is the generalised
posterior itself, loss + |z|^2 / (2 rate), so that it strays from what is believed beforehand only as far as
the record makes up for it. Its points are simulated and kept as those of every other round, and an emulator
can learn from all of them.

In the end the search is itself a distribution over the parameters: a mean, and for each parameter a spread
that natural selection among noisy points has left (it follows the natural gradient: Akimoto et al. 2010,
doi:10.1007/978-3-642-15844-5_16). Taken so many times wider as its forecasts bear, it serves as the
variational approximation of the generalised posterior (Knoblauch, Jewson & Damoulas 2022, JMLR 23(132)).
"""

from typing import Any

import numpy as np

SPREAD = 0.4
"""Of the first generation, in standard deviations of the prior."""


class Search:
    """Generations of points; deterministic, so that a search that was cut off can be told again."""

    def __init__(self, start: np.ndarray, size: int, rate: float, seed: int) -> None:
        import cma

        self.rate = rate
        settings = {"popsize": size, "seed": seed + 1, "verbose": -9, "CMA_diagonal": True}
        self._strategy: Any = cma.CMAEvolutionStrategy(start, SPREAD, settings)
        self._means: list[np.ndarray] = []

    def generation(self) -> np.ndarray:
        """Scores z [n, k] of the next points."""
        return np.array(self._strategy.ask())

    def tell(self, z: np.ndarray, loss: np.ndarray) -> None:
        """What the points of a generation came to: scores [n, k] and losses [n]."""
        self._strategy.tell(list(z), (loss + 0.5 * (z**2).sum(axis=1) / self.rate).tolist())
        self._means.append(np.array(self._strategy.mean))

    def around(self, width: float, size: int, seed: int) -> np.ndarray:
        """Scores [size, k] around where the search was in its last quarter, ``width`` times its spread."""
        settled = self._means[-max(len(self._means) // 4, 1) :]
        normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((size, len(settled[0])))
        return np.mean(settled, axis=0) + np.minimum(width * self._strategy.stds, 1.0) * normal
