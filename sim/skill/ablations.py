"""What each mechanism earns: the model without it, from the same draws and seeds, against the same record.

A mechanism is taken out of runs whose other parameters stay as they are, so a fit that counted on it is not
made anew without it: what is shown is what the mechanism does in this model, and at most what it is worth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.case.history import History, days_on_record, first_day_fallen, recorded_history
from sim.engine import run_points, run_seeds
from sim.rules import SCHEDULE, Rules, remove
from sim.scenario import Scenario
from sim.simulate import worlds_of
from sim.skill.measures import brier, skill_over
from sim.skill.no_loyalty import without_loyalty
from sim.skill.verdict import day_scores
from sim.tables import fallen
from sim.world import World


@dataclass(frozen=True)
class Ablation:
    """How a mechanism is taken out.

    Attributes:
        without: the mechanism, in words.
        parameters: values that silence it, also outside their plausible range.
        rules: the schedule without it.
        world: a change of the world's arrays.
    """

    without: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    rules: Callable[[Rules], Rules] = lambda rules: rules
    world: Callable[[World], World] = lambda world: world


def _no_support(world: World) -> World:
    """Backers have nothing to give: no sorties, no money, no troops."""
    nothing = np.zeros_like(world.backer_low)
    return world._replace(backer_low=nothing, backer_high=nothing)


_NO_PAY = {"morale_pay": 0.0, "morale_arrears": 0.0}
LEVEL_WITHOUT_PAY = 0.9
"""``morale_base`` that gives back what bad pay took from the morale of the armies that dissolved, 0.5 to 0.65
on the eve: without pay at the usual level, all that is owed is forgiven, and armies are in better spirits."""

ABLATIONS = {
    "news": Ablation(
        "news of falls", {"morale_news": 0.0, "break_precedent": 0.0, "handover_precedent": 0.0}
    ),
    "pay": Ablation("pay and arrears", _NO_PAY),
    "pay_alone": Ablation(
        "pay and arrears, all armies in lower spirits", _NO_PAY | {"morale_base": LEVEL_WITHOUT_PAY}
    ),
    "desertion": Ablation("desertion", rules=partial(remove, "desertion")),
    "backers": Ablation("backers", {"morale_backer": 0.0}, world=_no_support),
    "home": Ablation(
        "home region", {"morale_home_near": 0.0, "morale_home_lost": 0.0, "desertion_home_near": 0.0}
    ),
    "loyalty": Ablation("morale, belief, pay, news, desertion and defection", rules=without_loyalty),
}
"""By name; "loyalty" is the baseline of ``sim.skill.no_loyalty``."""


class Earned(NamedTuple):
    """A case without a mechanism, against the whole model.

    ``skill`` is the Brier skill over no change, ``loss`` what of it the ablation costs (below 0: the model is
    better without), each with its standard error from the sampling of runs.
    """

    case: str
    without: str
    skill: float
    skill_error: float
    loss: float
    loss_error: float
    mae_days: float
    false_falls: float


def ablate(
    scenario: Scenario,
    runs: int = 500,
    seed: int = 0,
    *,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Earned]:
    """Score a scenario as it is and without each mechanism.

    Args:
        scenario: with its posterior, if it has one.
        runs: of each ensemble, 2 or more.
        seed: root seed.
        engine: "jax" or "numpy".
        rules: the schedule.
        workers: threads; by default one per core.
        progress: called with (runs done, runs) over all ensembles.

    Returns:
        The whole model first, then each of ABLATIONS.
    """
    case = scenario.load_case()
    days = days_on_record(case, scenario.first_day, scenario.days)
    history = recorded_history(case, scenario.first_day, days)
    all_of = {"": Ablation("")} | ABLATIONS
    found: list[Earned] = []
    whole = np.empty(0)
    for number, ablation in enumerate(all_of.values()):
        if progress:
            progress(number * runs, len(all_of) * runs)
        down = _fallen(scenario, runs, seed, ablation, engine, rules, workers)[:, :days]
        left_out = _skill_without_each(down, history)
        whole = left_out if number == 0 else whole
        found.append(_earned(case.id, ablation, down, history, left_out, whole))
    if progress:
        progress(len(all_of) * runs, len(all_of) * runs)
    return found


def _fallen(
    scenario: Scenario,
    runs: int,
    seed: int,
    ablation: Ablation,
    engine: str,
    rules: Rules,
    workers: int | None,
) -> np.ndarray:
    """What fell, [R, D, P] bool."""
    world, params = worlds_of(scenario, np.arange(runs), seed)
    silent = {name: np.full(runs, value, np.float32) for name, value in ablation.parameters.items()}
    ensemble = run_points(
        ablation.world(world),
        params._replace(**silent),
        run_seeds(seed, runs),
        scenario.days,
        engine=engine,
        rules=ablation.rules(rules),
        workers=workers,
    )
    return fallen(ensemble.record.controller, world)


def _skill_without_each(down: np.ndarray, history: History) -> np.ndarray:
    """Brier skill over no change of all runs, then of all but each run: [1 + R]."""
    runs = len(down)
    count = down.sum(axis=0).T
    baseline = brier(np.zeros(history.fallen.shape), history.fallen, history.weight)
    shares = [count / runs, *((count - one.T) / (runs - 1) for one in down)]
    return np.array([skill_over(brier(share, history.fallen, history.weight), baseline) for share in shares])


def _earned(
    case: str,
    ablation: Ablation,
    down: np.ndarray,
    history: History,
    skill: np.ndarray,
    whole: np.ndarray,
) -> Earned:
    of_days = day_scores(first_day_fallen(down, axis=1), history)
    lost = whole - skill
    return Earned(
        case,
        ablation.without,
        float(skill[0]),
        _jackknife_error(skill[1:]),
        float(lost[0]),
        _jackknife_error(lost[1:]),
        of_days["mae_days"],
        of_days["false_falls"],
    )


def _jackknife_error(without_each: np.ndarray) -> float:
    """Standard error from the values without each run (Efron & Stein 1981, doi:10.1214/aos/1176345462)."""
    runs = len(without_each)
    return float(np.sqrt((runs - 1) * without_each.var()))
