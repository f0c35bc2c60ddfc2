"""Scores of simulated falls against recorded ones; pure functions of arrays. NaN = cannot be computed.

Letters in shapes: R runs, P places, D days. Days of fall count from 1; one that never comes (inf) is counted
on the day after the last, ``days + 1``, so that it differs from a fall on the last day.
"""

import numpy as np

CENTRAL = (0.05, 0.95)
"""Quantiles between which the central 90 % interval lies."""


def brier(probability: np.ndarray, fallen: np.ndarray, weight: np.ndarray) -> float:
    """Weighted mean over places and days of (probability - fallen)^2; 0 perfect, 1 worst.

    Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    Args:
        probability: [P, D] share of runs in which the place had fallen by the end of the day.
        fallen: [P, D] recorded state.
        weight: [P] what each place counts.
    """
    return weighted_mean(((probability - fallen) ** 2).mean(axis=1), weight)


def skill_over(score: float, baseline: float) -> float:
    """1 - score / baseline: 1 perfect, 0 no better than the baseline, below 0 worse.

    NaN where the baseline is perfect or has no score.
    """
    return 1.0 - score / baseline if baseline > 0 else np.nan


def median_day(fall_day: np.ndarray, days: int) -> np.ndarray:
    """Median day of fall [P] over runs [R, P]: the first by which half of all runs have seen it."""
    return _quantile(fall_day, 0.5, days)


def or_never(day: np.ndarray, days: int) -> np.ndarray:
    """Days of fall with those after the last day as inf, never; what ``counted`` does, undone."""
    return np.where(day > days, np.inf, day)


def central_interval(fall_day: np.ndarray, days: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last day [P] of the central 90 % interval of days of fall [R, P]."""
    return _quantile(fall_day, CENTRAL[0], days), _quantile(fall_day, CENTRAL[1], days)


def _quantile(fall_day: np.ndarray, level: float, days: int) -> np.ndarray:
    """Always a day that some run shows, so that no half days arise."""
    return np.quantile(counted(fall_day, days), level, axis=0, method="inverted_cdf")


def counted(fall_day: np.ndarray, days: int) -> np.ndarray:
    """Days of fall with those after the last day, and those that never come, on the day after the last."""
    return np.minimum(fall_day, days + 1.0)


def coverage(fall_day: np.ndarray, recorded: np.ndarray, weight: np.ndarray, days: int) -> float:
    """Weighted share of recorded days of fall [P] inside the central 90 % interval of the runs [R, P]."""
    low, high = central_interval(fall_day, days)
    return weighted_mean((low <= recorded) & (recorded <= high), weight)


def coverage_exact(fall_day: np.ndarray, recorded: np.ndarray, weight: np.ndarray, days: int) -> float:
    """What ``coverage`` is for intervals that hold 90 % of the runs [R, P] and no more.

    Intervals that end on whole days hold all of both. Here a day at the end counts by the part of it that
    belongs to the central 90 %, so that a right forecast gets 0.9 on average. It is what the probability
    integral transform for counts says of that interval (Czado, Gneiting & Held 2009,
    doi:10.1111/j.1541-0420.2009.01191.x); the record joins the runs as one more, as in a rank histogram. With
    fewer than 19 runs no record lies wholly outside: one run gives 0.9 whatever the record is.
    """
    runs = counted(fall_day, days)
    first = (runs < recorded).sum(axis=0) / (len(runs) + 1)
    last = ((runs <= recorded).sum(axis=0) + 1) / (len(runs) + 1)
    inside = np.minimum(last, CENTRAL[1]) - np.maximum(first, CENTRAL[0])
    return weighted_mean(np.maximum(inside, 0.0) / (last - first), weight)


def crps(fall_day: np.ndarray, recorded: np.ndarray, weight: np.ndarray, days: int) -> float:
    """Continuous ranked probability score of days of fall, days; weighted mean over places.

    Of a place: E|X - y| - E|X - X'| / 2 over runs X, X' and the record y (Gneiting & Raftery 2007, eq. 21,
    doi:10.1198/016214506000001437). For a single certain forecast it is the absolute error.
    """
    misses = np.abs(counted(fall_day, days) - recorded).mean(axis=0)
    return weighted_mean(misses - half_distance(fall_day, days), weight)


def half_distance(fall_day: np.ndarray, days: int) -> np.ndarray:
    """E|X - X'| / 2 [P] over all pairs of runs, each paired with itself too; days."""
    ordered = np.sort(counted(fall_day, days), axis=0)
    runs = len(ordered)
    # Of sorted values: sum of (2k - R - 1) x_k / R^2, k = 1..R.
    rank = 2.0 * np.arange(1, runs + 1) - runs - 1.0
    return (rank[:, None] * ordered).sum(axis=0) / runs**2


def kendall_tau(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    """Rank agreement of two orders [P], tau-b: 1 the same order, 0 unrelated, -1 reversed.

    Ties in one of the two count for neither (Kendall 1945, doi:10.1093/biomet/33.3.239). A pair of places
    counts the product of their weights; NaN with fewer than two different values in either.
    """
    one, two = np.sign(a[:, None] - a), np.sign(b[:, None] - b)
    pair = weight[:, None] * weight
    untied = (pair * one**2).sum() * (pair * two**2).sum()
    return float((pair * one * two).sum() / np.sqrt(untied)) if untied > 0 else np.nan


def taker_accuracy(fell: np.ndarray, right: np.ndarray, weight: np.ndarray) -> float:
    """Share of the falls in the runs that go to the recorded taker; weighted mean over places.

    Args:
        fell: [R, P] whether the place falls; one that falls in no run says nothing of takers.
        right: [R, P] whether it falls to the recorded taker.
        weight: [P] what each place counts.
    """
    falls = fell.sum(axis=0)
    some = falls > 0
    return weighted_mean(right.sum(axis=0)[some] / falls[some], weight[some])


def weighted_mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Sum of weight x value over sum of weight; NaN where nothing counts."""
    return float((weight * values).sum() / weight.sum()) if weight.sum() > 0 else np.nan
