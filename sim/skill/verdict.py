"""An ensemble against the record of its case, and against baselines that know less."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.case.history import History, recorded_history
from sim.results import Result
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario
from sim.simulate import simulate
from sim.skill.card import Skill
from sim.skill.displacement import averaged_relative_difference, recorded_counts, simulated_people
from sim.skill.front import best_speed, front_brier, front_of, fronts_elsewhere
from sim.skill.measures import (
    brier,
    coverage,
    crps,
    kendall_tau,
    median_day,
    skill_over,
    weighted_mean,
)
from sim.skill.no_loyalty import probability_without_loyalty

type Progress = Callable[[int, int], None]


def score(
    scenario: Scenario | str | Path,
    runs: int = 500,
    seed: int = 0,
    *,
    posterior: str | None = None,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Skill:
    """Simulate a scenario twice, as it is and without loyalty, and score it against the record of its case.

    Args:
        scenario: a scenario, or its name, TOML file, case id or case folder.
        runs: of each of the two ensembles.
        seed: root seed; run k meets the same chances in both.
        posterior: run k is made with draw k of this one; see ``sim.run``.
        engine: "jax" or "numpy".
        rules: the schedule, with rules of one's own where ``sim.rules.replace`` has put them.
        workers: threads; by default one per core.
        progress: called with (runs done, runs) over both ensembles.

    Raises:
        InputError: the scenario, or one of the arguments, has a mistake.
    """
    first, second = halves(progress)
    result = simulate(
        scenario,
        runs,
        seed,
        posterior=posterior,
        engine=engine,
        rules=rules,
        workers=workers,
        progress=first,
    )
    return score_result(result, rules=rules, workers=workers, progress=second)


def halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Two ensembles of the same size as one piece of work."""
    if progress is None:
        return None, None
    return lambda done, runs: progress(done, 2 * runs), lambda done, runs: progress(runs + done, 2 * runs)


def score_result(
    result: Result,
    *,
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Skill:
    """Score a result.

    Args:
        result: an ensemble.
        rules: the schedule it was made with; the ensemble without loyalty is simulated with what is left of
            it, from the same seeds with the same engine.
        workers: threads; by default one per core.
        progress: called with (runs done, runs) of the ensemble without loyalty.
    """
    history = scored_history(result)
    without = probability_without_loyalty(result, rules, workers=workers, progress=progress)
    numbers = {
        **_brier_scores(result, history, without),
        **_day_scores(result.fall_day, history),
        "displacement_ard": _displacement(result, history),
        "taker_accuracy": taker_accuracy(result, history),
    }
    return Skill(
        case=result.case.id,
        scenario=result.scenario.name,
        seed=int(result.manifest["seed"]),
        runs=int(result.manifest["runs"]),
        days=history.days,
        places=int((history.weight > 0).sum()),
        falls=int(np.isfinite(history.day).sum()),
        **{name: float(value) if np.isfinite(value) else None for name, value in numbers.items()},
    )


def scored_history(result: Result) -> History:
    """The record over the days of a result, as far as the case is recorded."""
    scenario, last_day = result.scenario, result.case.last_day
    days = min(scenario.days, (last_day - scenario.first_day).days + 1)
    return recorded_history(result.case, scenario.first_day, days)


def _brier_scores(result: Result, history: History, without_loyalty: np.ndarray) -> dict[str, float]:
    """Brier score, skill over each baseline, and the speeds of the fronts."""

    def of(probability: np.ndarray) -> float:
        return brier(probability[:, : history.days], history.fallen, history.weight)

    front = front_of(result.case, history)
    speed = best_speed(fronts_elsewhere(result.case.id)) if front else np.nan
    hindsight = best_speed([front]) if front else np.nan
    own = of(result.fallen_by_day.mean(axis=0).T)
    baselines = {
        "no_change": of(np.zeros(history.fallen.shape)),
        "front": front_brier(front, speed) if front else np.nan,
        "front_hindsight": front_brier(front, hindsight) if front else np.nan,
        "no_loyalty": of(without_loyalty),
    }
    skills = {f"brier_skill_{name}": skill_over(own, score) for name, score in baselines.items()}
    return {
        "brier": own,
        **skills,
        "front_km_per_day": speed,
        "front_hindsight_km_per_day": hindsight,
    }


def _day_scores(fall_day: np.ndarray, history: History) -> dict[str, float]:
    """Scores of days of fall, over the recorded falls; and the share of false falls."""
    fell, days, weight = np.isfinite(history.day), history.days, history.weight
    runs, recorded = fall_day[:, fell], history.day[fell]
    middle = median_day(runs, days)
    often = (fall_day <= days).mean(axis=0) > 0.5
    return {
        "mae_days": weighted_mean(np.abs(middle - recorded), weight[fell]),
        "kendall_tau": kendall_tau(middle, recorded, weight[fell]),
        "crps_days": crps(runs, recorded, weight[fell], days),
        "coverage_90": coverage(runs, recorded, weight[fell], days),
        "false_falls": weighted_mean(often, weight * ~fell),
    }


def taker_accuracy(result: Result, history: History) -> float:
    """Share of the falls in the runs that go to the recorded taker; mean over places recorded to fall."""
    scores, weights = [], []
    for p in np.flatnonzero(np.isfinite(history.day)):
        runs = np.flatnonzero(result.fall_day[:, p] <= history.days)
        if len(runs):
            takers = result.controller[runs, result.fall_day[runs, p].astype(int) - 1, p]
            scores.append(float(np.mean(takers == result.case.faction_ids.index(history.taker[p]))))
            weights.append(history.weight[p])
    return weighted_mean(np.array(scores), np.array(weights))


def _displacement(result: Result, history: History) -> float:
    people = simulated_people(result)
    if people is None:
        return np.nan
    counts = recorded_counts(result.case, result.scenario.first_day, history.days)
    return averaged_relative_difference(counts, people)
