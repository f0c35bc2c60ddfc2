"""How far runs are from the record of a case, from few runs, without favour for the mode.

Each part but the last is the expected score of the forecast that runs with one set of parameters make,
estimated without bias from a handful of them ("fair" scores: Ferro 2014, doi:10.1002/qj.2270), so that more
runs make it less noisy and not smaller. A distance between single runs and the record would instead reward
parameters whose runs crowd at one course of the war.

    brier         Brier score of "fallen" over all place-days / that of a world where nothing changes
    fall_day      CRPS of days of fall over recorded falls / that of "never"
    false_falls   squared chance that a place which held falls at all, mean over such places
    displacement  averaged relative difference of people displaced, at most 2

The last is FLEE's measure of a mean course, here that of the few runs, and no score of a forecast. It is not
corrected: the fewer the runs, the more it makes of their spread.

Every part is about 1 for a worthless forecast and 0 for a perfect one, so that neither a long war nor one
with many places weighs more than another.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.case import Case
from sim.case.history import History, days_on_record, first_day_fallen, recorded_history
from sim.scenario import Scenario
from sim.skill.displacement import Count, averaged_relative_difference, counted_people, recorded_counts
from sim.skill.measures import brier, crps, half_distance, weighted_mean

PARTS = ("brier", "fall_day", "false_falls", "displacement")
WORST_DISPLACEMENT = 2.0


class Target(NamedTuple):
    """The record of a case as the parts of a loss see it."""

    history: History
    counts: list[Count]
    brier_no_change: float
    crps_never: float


def target_of(scenario: Scenario) -> Target:
    """Read the record of a scenario's case, over the days that are both simulated and recorded."""
    case: Case = scenario.load_case()
    days = days_on_record(case, scenario.first_day, scenario.days)
    history = recorded_history(case, scenario.first_day, days)
    fell = np.isfinite(history.day)
    return Target(
        history,
        recorded_counts(case, scenario.first_day, days),
        brier(np.zeros(history.fallen.shape), history.fallen, history.weight),
        crps(np.full((1, fell.sum()), np.inf), history.day[fell], history.weight[fell], days),
    )


def recorded_parts(target: Target) -> np.ndarray:
    """Which parts [4] of the loss the record allows to compute, bool as PARTS."""
    held = target.history.weight[target.history.held]
    return np.array(
        [target.brier_no_change > 0, target.crps_never > 0, held.size > 0, len(target.counts) > 0], dtype=bool
    )


def parts(fallen: np.ndarray, people: Mapping[str, np.ndarray], target: Target) -> np.ndarray:
    """The parts of the loss of one set of parameters, float64 [4] as PARTS; NaN where nothing is recorded.

    Args:
        fallen: [R, D, P] bool of R runs, 2 or more.
        people: for each measure of ``sim.skill.displacement.MEASURES``, [D + 1, P] mean over the runs; row 0
            is the eve.
        target: the record.
    """
    history = target.history
    fallen = fallen[:, : history.days]
    fell = np.isfinite(history.day)
    share, ever = fallen.mean(axis=0).T, fallen.any(axis=1).mean(axis=0)
    runs = len(fallen)
    days = first_day_fallen(fallen, axis=1)[:, fell]
    misses = np.nan
    if target.counts:
        misses = averaged_relative_difference(target.counts, counted_people(target.counts, people))
    return np.array(
        [
            _ratio(fair_brier(share, history.fallen, history.weight, runs), target.brier_no_change),
            _ratio(fair_crps(days, history.day[fell], history.weight[fell], history.days), target.crps_never),
            weighted_mean(ever**2 - _chance(ever, runs), history.weight * ~fell),
            min(misses, WORST_DISPLACEMENT) if np.isfinite(misses) else np.nan,
        ]
    )


def mean_people(people: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Mean over runs of people [R, D, P], with a row for the eve, on which nobody has fled: [D + 1, P]."""
    return {name: np.vstack([np.zeros(of.shape[2]), of.mean(axis=0)]) for name, of in people.items()}


def fair_brier(share: np.ndarray, fallen: np.ndarray, weight: np.ndarray, runs: int) -> float:
    """Brier score expected of infinitely many runs, from the share [P, D] of a few in which a place fell."""
    return brier(share, fallen, weight) - weighted_mean(_chance(share, runs).mean(axis=1), weight)


def fair_crps(fall_day: np.ndarray, recorded: np.ndarray, weight: np.ndarray, days: int) -> float:
    """CRPS expected of infinitely many runs, from days of fall [R, P] in a few; days."""
    # crps() pairs each run with itself too; those pairs are left out here.
    themselves = half_distance(fall_day, days) / (len(fall_day) - 1)
    return crps(fall_day, recorded, weight, days) - weighted_mean(themselves, weight)


def _chance(share: np.ndarray, runs: int) -> np.ndarray:
    """What the sampling of a few runs adds to a squared error."""
    return share * (1.0 - share) / (runs - 1)


def _ratio(value: float, baseline: float) -> float:
    return value / baseline if baseline > 0 else np.nan


def total(of_parts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean of the parts that can be computed; of_parts [..., 4], weights [4] -> [...]."""
    known = np.isfinite(of_parts)
    return (weights * np.where(known, of_parts, 0.0)).sum(axis=-1) / (weights * known).sum(axis=-1)
