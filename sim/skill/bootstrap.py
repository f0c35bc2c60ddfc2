"""How far chance in the choice of runs moves a score: the bootstrap over runs.

The runs of an ensemble are drawn anew, with replacement, as many as there are, and scored; the standard
deviation of the scores of many such draws estimates the standard error (Efron 1979,
doi:10.1214/aos/1176344552). The jackknife, which leaves out one run at a time, would fail for the medians and
quantiles among the scores. 200 draws are ample for a standard error (Efron & Tibshirani 1993,
doi:10.1201/9780429246593, section 6.4).
"""

from collections.abc import Callable, Mapping

import numpy as np

DRAWS = 200


def standard_errors(
    score: Callable[[np.ndarray], Mapping[str, float]], runs: int, draws: int = DRAWS
) -> dict[str, float]:
    """Monte-Carlo standard error of every score; NaN where it cannot be told, as of one run.

    Args:
        score: the scores of the runs at these positions (int64 [runs], some more than once).
        runs: how many there are.
        draws: how many times they are drawn anew; always the same draws.
    """
    random = np.random.Generator(np.random.PCG64(0))
    drawn = [score(random.integers(runs, size=runs)) for _ in range(draws)]
    return {
        name: _deviation(np.array([scores[name] for scores in drawn])) if runs > 1 else np.nan
        for name in drawn[0]
    }


def _deviation(scores: np.ndarray) -> float:
    finite = scores[np.isfinite(scores)]
    return float(finite.std(ddof=1)) if len(finite) > 1 else np.nan
