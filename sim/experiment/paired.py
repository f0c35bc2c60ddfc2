"""The difference between two worlds whose runs are paired: run k meets the same chances in both."""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm, t

LEVEL = 0.95
"""Of the intervals."""


class Paired(NamedTuple):
    """An outcome in two worlds; all in the unit of the outcome unless it says otherwise."""

    base_mean: float
    mean: float
    difference: float
    """``mean - base_mean``."""
    low: float
    """Ends of the 95 % interval of the difference."""
    high: float
    runs_differing: float
    """Share of runs in which the outcome differs at all."""
    times_more_runs: float
    """Runs that two independent ensembles need for an interval as narrow, over the runs of these."""


def paired_difference(base: np.ndarray, other: np.ndarray, *, share: bool = False) -> Paired:
    """The mean paired difference and what pairing is worth.

    Args:
        base: [R] outcome of each run in one world.
        other: [R] the same in the other; run k has the seed of run k of ``base``.
        share: whether the outcome is 0 or 1, its mean a proportion.
    """
    base, other = np.asarray(base, dtype=float), np.asarray(other, dtype=float)
    change = other - base
    low, high = proportion_interval(change) if share else mean_interval(change)
    return Paired(
        base_mean=float(base.mean()),
        mean=float(other.mean()),
        difference=float(change.mean()),
        low=low,
        high=high,
        runs_differing=float((change != 0).mean()),
        times_more_runs=variance_ratio(base, other),
    )


def mean_interval(change: np.ndarray) -> tuple[float, float]:
    """Student's interval of the mean of paired differences [R]; NaN for a single run.

    Exact for normal differences, near enough for the mean of hundreds of any others, and it needs no random
    numbers, as a bootstrap would. Where no run differs it shrinks to a point.
    """
    runs = len(change)
    if runs < 2:
        return np.nan, np.nan
    half = t.ppf(0.5 + LEVEL / 2, runs - 1) * change.std(ddof=1) / np.sqrt(runs)
    return float(change.mean() - half), float(change.mean() + half)


def proportion_interval(change: np.ndarray) -> tuple[float, float]:
    """Interval of the difference of two matched proportions, from each run's change: -1, 0 or 1 [R].

    Only discordant runs carry information (McNemar 1947, doi:10.1007/BF02295996). Half a run is added to
    each of the four cells, which keeps the coverage near its level in small samples and where no run, or
    every run, is discordant and the plain interval has no width: Agresti & Min 2005, doi:10.1002/sim.1781.
    """
    runs = len(change) + 2.0
    gained, lost = np.sum(change > 0) + 0.5, np.sum(change < 0) + 0.5
    centre = (gained - lost) / runs
    half = norm.ppf(0.5 + LEVEL / 2) * np.sqrt(gained + lost - (gained - lost) ** 2 / runs) / runs
    return float(max(centre - half, -1.0)), float(min(centre + half, 1.0))


def variance_ratio(base: np.ndarray, other: np.ndarray) -> float:
    """(Var base + Var other) / Var difference, as measured.

    The variance of a difference of means over R runs is the denominator over R with common random numbers and
    the numerator over R without (Law, Simulation Modeling and Analysis, section on common random numbers). It
    is infinite where every run changes by the same amount, and NaN where the outcome does not vary at all, or
    there is one run.
    """
    if len(base) < 2:
        return np.nan
    apart = float(base.var(ddof=1) + other.var(ddof=1))
    paired = float((other - base).var(ddof=1))
    if paired == 0.0:
        return np.inf if apart > 0.0 else np.nan
    return apart / paired
