"""Many sets of parameters, a few runs of each, on a case.

They go to the engine in whole batches, through the one compiled program that every ensemble goes through.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.build import build_world
from sim.calibration.loss import PARTS, Target, mean_people, parts, target_of
from sim.case.history import first_day_fallen
from sim.engine import for_runs, run_points
from sim.parameters import Params, make_params
from sim.record import PEOPLE_COLUMNS
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario
from sim.skill.displacement import MEASURES
from sim.tables import fallen
from sim.world import World

MOST_RUNS = 512
"""Runs whose records are held at once."""


class War(NamedTuple):
    """A case ready to be run many times: its world is built once."""

    scenario: Scenario
    world: World
    params: Params
    target: Target


def war_of(scenario: Scenario) -> War:
    """Build the world of a scenario and read the record of its case."""
    return War(scenario, build_world(scenario), make_params(scenario.parameters), target_of(scenario))


class Courses(NamedTuple):
    """What a loss reads of runs."""

    fallen: np.ndarray
    """[R, D, P] bool."""
    people: dict[str, np.ndarray]
    """For each measure of displacement [R, D, P] people."""

    @property
    def fall_day(self) -> np.ndarray:
        """First day of fall [R, P]; inf = never."""
        return first_day_fallen(self.fallen, axis=1)


def losses(
    war: War,
    names: Sequence[str],
    points: np.ndarray,
    seeds: np.ndarray,
    *,
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda runs: None,
) -> np.ndarray:
    """The parts of the loss at each point, float64 [n, 4] as PARTS.

    Args:
        war: the case.
        names: of the parameters that are the columns of ``points``.
        points: float [n, k].
        seeds: uint32 [m], 2 or more, the same for every point, or [n, m].
        rules: the schedule.
        workers: threads; by default one per core.
        progress: called with the number of runs after every part of the work.
    """
    seeds = np.broadcast_to(seeds, (len(points), np.shape(seeds)[-1]))
    found, runs = np.empty((len(points), len(PARTS))), seeds.shape[1]
    at_once = max(1, MOST_RUNS // runs)
    for first in range(0, len(points), at_once):
        some = points[first : first + at_once]
        every = np.repeat(some, runs, axis=0)
        of_runs = seeds[first : first + at_once].ravel()
        courses = simulate_points(war, names, every, of_runs, rules=rules, workers=workers)
        for k in range(len(some)):
            mine = slice(k * runs, (k + 1) * runs)
            people = mean_people({name: of[mine] for name, of in courses.people.items()})
            found[first + k] = parts(courses.fallen[mine], people, war.target)
        progress(len(every))
    return found


def simulate_points(
    war: War,
    names: Sequence[str],
    points: np.ndarray,
    seeds: np.ndarray,
    *,
    rules: Rules = SCHEDULE,
    workers: int | None = None,
) -> Courses:
    """Run k with row k of ``points`` and seed k."""
    world, params = for_runs(war.world, war.params, len(points))
    columns = {name: points[:, k].astype(np.float32) for k, name in enumerate(names)}
    params = params._replace(**columns)
    record = run_points(world, params, seeds, war.scenario.days, rules=rules, workers=workers).record
    people = {name: record.people[..., PEOPLE_COLUMNS.index(of)] for name, of in MEASURES.items()}
    return Courses(fallen(record.controller, war.world), people)
