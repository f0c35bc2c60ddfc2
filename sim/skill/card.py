"""What a score card says."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Skill:
    """How an ensemble compares with the record; ``docs/skill.md`` has the formulas. None: cannot be computed.

    Attributes:
        case: id of the case.
        scenario: name of the scenario.
        seed: root seed.
        runs: of the ensemble.
        days: that are scored.
        places: that the record speaks of, and that count.
        falls: of these, recorded to fall in these days.
        brier: Brier score of "fallen" over all place-days; 0 perfect.
        brier_skill_no_change: 1 - brier / that of a world where nothing changes; 1 perfect, 0 no better.
        brier_skill_front: the same over a front on roads at the speed that fits the other shipped cases best.
        brier_skill_front_hindsight: the same over a front at the speed that fits this very record best.
        brier_skill_no_loyalty: the same over the model without morale, pay and desertion.
        mae_days: mean absolute error of the median day of fall, over recorded falls.
        kendall_tau: rank agreement (tau-b) of the order of the median and the recorded days of fall.
        crps_days: continuous ranked probability score of days of fall, over recorded falls.
        false_falls: share of the places that held that fall in more than half of the runs.
        coverage_90: share of recorded days of fall inside the central 90 % interval, both end days included.
        coverage_90_exact: the same with end days that count in part, so that 0.9 is good.
        displacement_ard: averaged relative difference of people displaced; 0 perfect.
        taker_accuracy: mean over recorded falls of the share of runs, of those in which the place fell, that
            give it to the recorded taker.
        front_km_per_day: speed of the front.
        front_hindsight_km_per_day: speed of the front with hindsight.
        standard_error: of each score above, by its name: what the choice of runs alone moves it (bootstrap
            over runs); None with fewer than two runs.
    """

    case: str
    scenario: str
    seed: int
    runs: int
    days: int
    places: int
    falls: int
    brier: float | None
    brier_skill_no_change: float | None
    brier_skill_front: float | None
    brier_skill_front_hindsight: float | None
    brier_skill_no_loyalty: float | None
    mae_days: float | None
    kendall_tau: float | None
    crps_days: float | None
    false_falls: float | None
    coverage_90: float | None
    coverage_90_exact: float | None
    displacement_ard: float | None
    taker_accuracy: float | None
    front_km_per_day: float | None
    front_hindsight_km_per_day: float | None
    standard_error: Mapping[str, float | None]
