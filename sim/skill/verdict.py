"""An ensemble against the record of its case, and against baselines that know less."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from sim.case import Case
from sim.case.history import History, days_on_record, recorded_history
from sim.results import Result
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario
from sim.simulate import simulate
from sim.skill.bootstrap import standard_errors
from sim.skill.card import Skill
from sim.skill.displacement import averaged_relative_difference, compared
from sim.skill.evidence import Evidence, gather, share
from sim.skill.front import best_speed, front_brier, front_of, fronts_elsewhere
from sim.skill.measures import (
    brier,
    coverage,
    coverage_exact,
    crps,
    kendall_tau,
    median_day,
    skill_over,
    taker_accuracy,
    weighted_mean,
)
from sim.skill.no_loyalty import fallen_without_loyalty

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
        posterior: run k takes draw k + seed of this one; see ``sim.run``.
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
    without = fallen_without_loyalty(result, rules, workers=workers, progress=progress)
    counts, people = compared(result, history.days)
    evidence = gather(result, history, without, people)
    speeds, known = _fronts(result.case, history)

    def scores(drawn: np.ndarray) -> dict[str, float]:
        return {
            **_brier_scores(evidence, history, known, drawn),
            **day_scores(evidence.fall_day[drawn], history),
            "displacement_ard": averaged_relative_difference(counts, people[drawn].mean(axis=0)),
            "taker_accuracy": _takers(evidence, history, drawn),
        }

    runs = len(evidence.fall_day)
    return Skill(
        case=result.case.id,
        scenario=result.scenario.name,
        seed=int(result.manifest["seed"]),
        runs=int(result.manifest["runs"]),
        days=history.days,
        places=int((history.weight > 0).sum()),
        falls=int(np.isfinite(history.day).sum()),
        **_plain(scores(np.arange(runs)) | speeds),
        standard_error=_plain(standard_errors(scores, runs)),
    )


def _plain(numbers: Mapping[str, float]) -> dict[str, float | None]:
    """None for what cannot be computed."""
    return {name: float(value) if np.isfinite(value) else None for name, value in numbers.items()}


def scored_history(result: Result) -> History:
    """The record over the days of a result, as far as the case is recorded."""
    scenario = result.scenario
    days = days_on_record(result.case, scenario.first_day, scenario.days)
    return recorded_history(result.case, scenario.first_day, days)


def _fronts(case: Case, history: History) -> tuple[dict[str, float], dict[str, float]]:
    """Speeds of the fronts; and the Brier score of each baseline that chance has no part in."""
    front = front_of(case, history)
    speed = best_speed(fronts_elsewhere(case.id)) if front else np.nan
    hindsight = best_speed([front]) if front else np.nan
    return {"front_km_per_day": speed, "front_hindsight_km_per_day": hindsight}, {
        "no_change": brier(np.zeros(history.fallen.shape), history.fallen, history.weight),
        "front": front_brier(front, speed) if front else np.nan,
        "front_hindsight": front_brier(front, hindsight) if front else np.nan,
    }


def _brier_scores(
    evidence: Evidence, history: History, known: Mapping[str, float], drawn: np.ndarray
) -> dict[str, float]:
    """Brier score of the runs that were drawn, and skill over each baseline."""

    def of(fallen: np.ndarray) -> float:
        return brier(share(fallen, drawn), history.fallen, history.weight)

    own = of(evidence.fallen)
    baselines = {**known, "no_loyalty": of(evidence.without_loyalty)}
    return {"brier": own, **{f"brier_skill_{name}": skill_over(own, b) for name, b in baselines.items()}}


def day_scores(fall_day: np.ndarray, history: History) -> dict[str, float]:
    """Scores of days of fall [R, P], over the recorded falls; and the share of false falls."""
    fell, days, weight = np.isfinite(history.day), history.days, history.weight
    runs, recorded = fall_day[:, fell], history.day[fell]
    middle = median_day(runs, days)
    often = (fall_day <= days).mean(axis=0) > 0.5
    return {
        "mae_days": weighted_mean(np.abs(middle - recorded), weight[fell]),
        "kendall_tau": kendall_tau(middle, recorded, weight[fell]),
        "crps_days": crps(runs, recorded, weight[fell], days),
        "coverage_90": coverage(runs, recorded, weight[fell], days),
        "coverage_90_exact": coverage_exact(runs, recorded, weight[fell], days),
        "false_falls": weighted_mean(often, weight * ~fell),
    }


def _takers(evidence: Evidence, history: History, drawn: np.ndarray) -> float:
    """Accuracy of takers, over the recorded falls."""
    fell = evidence.fall_day[drawn] <= history.days
    return taker_accuracy(fell, evidence.right[drawn], history.weight * np.isfinite(history.day))
