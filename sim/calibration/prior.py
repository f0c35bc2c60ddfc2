"""What is believed of the free parameters before any record is read: the registry's ranges as distributions.

The registry gives for each parameter a lowest, a default and a highest value. Each is logit-normal over its
range (Johnson 1949, doi:10.1093/biomet/36.1-2.149, system S_B), with the default as its median: the middle of
the prior is then the model with its defaults. (With the default as the mode, as in PERT, the medians of
skewed ranges lie off the defaults, and a hundred of them together make another model.) A parameter that is
positive and spans more than a factor of 4 is so distributed in its logarithm. ``uniform`` gives the same
range without a middle, for those who distrust the defaults.

The climb sees neither: it works with scores z, standard normal and independent under the prior.
"""

from dataclasses import dataclass

import numpy as np

from sim.parameters import REGISTRY

SPREAD = 0.25
"""Standard deviation of the logit: with 90 % probability the middle fifth of a symmetric range. A guess, made
after forecasts with wider ones (0.85, as wide as PERT, and 0.5) were too wide (docs/calibration.md)."""
LOG_SPAN = 4.0
"""A positive parameter whose highest value is more than so many times its lowest varies in its logarithm."""
EDGE = 0.01
"""A default at an end of its range counts as lying so far inside."""


@dataclass(frozen=True)
class Prior:
    """Independent distributions of some parameters; ``shape`` is "logit-normal" or "uniform"."""

    names: tuple[str, ...]
    shape: str = "logit-normal"

    def parameters(self, z: np.ndarray) -> np.ndarray:
        """Values [..., k] of the parameters at scores [..., k]."""
        from scipy.special import expit
        from scipy.stats import norm

        share = norm.cdf(z) if self.shape == "uniform" else expit(self._middle + SPREAD * np.asarray(z))
        low, high = self._ends
        at = low + (high - low) * share
        return np.clip(np.where(self._log, np.exp(at), at), *self.limits)

    def scores(self, values: np.ndarray) -> np.ndarray:
        """The inverse of ``parameters``."""
        return self._scores(np.clip(self.shares(values), 1e-9, 1.0 - 1e-9))

    @property
    def centre(self) -> np.ndarray:
        """Scores [k] of the registry's defaults; of a default at an end of its range, of a point inside."""
        return self._scores(self._default_share)

    def _scores(self, share: np.ndarray) -> np.ndarray:
        from scipy.special import logit
        from scipy.stats import norm

        return norm.ppf(share) if self.shape == "uniform" else (logit(share) - self._middle) / SPREAD

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Shares [..., k] of their ranges, in logs where a parameter varies in these, at which values lie."""
        low, high = self._ends
        return (self._scaled(values) - low) / (high - low)

    def share_density(self, name: str, share: np.ndarray) -> np.ndarray:
        """Prior density of one parameter at shares of its range, over 0 and below 1, in logs if it is so."""
        from scipy.special import logit
        from scipy.stats import norm

        if self.shape == "uniform":
            return np.ones_like(share)
        middle = self._middle[self.names.index(name)]
        return norm.pdf(logit(share), middle, SPREAD) / (share * (1.0 - share))

    def is_log(self, name: str) -> bool:
        """Whether a parameter varies in its logarithm."""
        return bool(self._log[self.names.index(name)])

    @property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest values [k]."""
        mine = [REGISTRY[name] for name in self.names]
        return np.array([p.low for p in mine]), np.array([p.high for p in mine])

    @property
    def _log(self) -> np.ndarray:
        """[k] bool: varies in its logarithm."""
        low, high = self.limits
        return (low > 0) & (high > LOG_SPAN * low)

    @property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the ranges [k], in logs where the parameter is so."""
        low, high = (self._scaled(end) for end in self.limits)
        return low, high

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        """Values [..., k], in logs where the parameter is so."""
        return np.where(self._log, np.log(np.where(self._log, values, 1.0)), values)

    @property
    def _middle(self) -> np.ndarray:
        """Logit [k] of the share of the range at which the default lies."""
        from scipy.special import logit

        return logit(self._default_share)

    @property
    def _default_share(self) -> np.ndarray:
        """Share [k] of the range at which the default lies, EDGE or more from its ends."""
        default = np.array([REGISTRY[name].default for name in self.names])
        return np.clip(self.shares(default), EDGE, 1.0 - EDGE)
