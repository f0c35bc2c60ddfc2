"""What is believed of the free parameters before any record is read: the registry's ranges as distributions.

The registry gives for each parameter a lowest, a most likely (the default) and a highest value; PERT makes of
such a triple a scaled beta distribution whose mode is the most likely value (Malcolm et al. 1959,
doi:10.1287/opre.7.5.646; Clark 1962, doi:10.1287/opre.10.3.405). A parameter that is positive and
spans more than a factor of 4 is so distributed in its logarithm. ``uniform`` gives the same range without a
most likely value, for those who distrust the defaults.

The climb sees neither: it works with scores z, standard normal and independent under the prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.parameters import REGISTRY

PEAK = 4.0
"""Weight of the most likely value in PERT, against 1 for either end."""
LOG_SPAN = 4.0
"""A positive parameter whose highest value is more than so many times its lowest varies in its logarithm."""


@dataclass(frozen=True)
class Prior:
    """Independent distributions of some parameters; ``shape`` is "pert" or "uniform"."""

    names: tuple[str, ...]
    shape: str = "pert"

    def parameters(self, z: np.ndarray) -> np.ndarray:
        """Values [..., k] of the parameters at scores [..., k]."""
        from scipy.stats import beta, norm

        a, b, low, high, log = self._columns()
        at = low + (high - low) * beta.ppf(norm.cdf(z), a, b)
        return np.clip(np.where(log, np.exp(at), at), *self.limits)

    def scores(self, values: np.ndarray) -> np.ndarray:
        """The inverse of ``parameters``."""
        from scipy.stats import beta, norm

        a, b, low, high, log = self._columns()
        at = np.where(log, np.log(np.where(log, values, 1.0)), values)
        u = beta.cdf((at - low) / (high - low), a, b)
        return norm.ppf(np.clip(u, 1e-9, 1.0 - 1e-9))

    def share_density(self, name: str, share: np.ndarray) -> np.ndarray:
        """Prior density of one parameter at shares 0..1 of its range, in logs if it varies in these."""
        from scipy.stats import beta

        a, b, *_ = (column[self.names.index(name)] for column in self._columns())
        return beta.pdf(share, a, b)

    def is_log(self, name: str) -> bool:
        """Whether a parameter varies in its logarithm."""
        return bool(self._columns()[4][self.names.index(name)])

    @property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest values [k]."""
        mine = [REGISTRY[name] for name in self.names]
        return np.array([p.low for p in mine]), np.array([p.high for p in mine])

    def _columns(self) -> Sequence[np.ndarray]:
        """Beta's two exponents, ends of the range (in logs where ``log``), and ``log``; each [k]."""
        low, high = self.limits
        default = np.array([REGISTRY[name].default for name in self.names])
        log = (low > 0) & (high > LOG_SPAN * low)
        low, mode, high = (np.where(log, np.log(np.where(log, x, 1.0)), x) for x in (low, default, high))
        peak = PEAK * (self.shape == "pert")
        share = (mode - low) / (high - low)
        return 1.0 + peak * share, 1.0 + peak * (1.0 - share), low, high, log
