"""A search for the region where the posterior is: CMA-ES, one generation a round.

An emulator of a hundred parameters learns little from points that fill their prior, since hardly any comes
near the record. Hansen's covariance matrix adaptation (Hansen & Ostermeier 2001,
doi:10.1162/106365601750190398; package ``cma``) climbs there first. What it climbs is the generalised
posterior itself, loss + |z|^2 / (2 rate), so that it strays from what is believed beforehand only as far as
the record makes up for it. Its points are simulated and kept as those of every other round, and the emulator
learns from all of them.
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

    def generation(self) -> np.ndarray:
        """Scores z [n, k] of the next points."""
        return np.array(self._strategy.ask())

    def tell(self, z: np.ndarray, loss: np.ndarray) -> None:
        """What the points of a generation came to: scores [n, k] and losses [n]."""
        self._strategy.tell(list(z), (loss + 0.5 * (z**2).sum(axis=1) / self.rate).tolist())
