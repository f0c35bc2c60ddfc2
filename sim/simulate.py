"""From a scenario to a result: the one call that notebooks, the command line and tests share."""

import datetime
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.arguments import number_problems, read_scenario
from sim.build import build_world
from sim.engine import for_runs, run_points, run_seeds
from sim.errors import InputError
from sim.parameters import Params, make_params
from sim.posterior import drawn, load_posterior
from sim.results import FORMAT_VERSION, Result
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario
from sim.tables import make_tables
from sim.world import World

_PACKAGES = ("holdfast", "numpy", "jax", "mesa", "pandas")


def simulate(
    scenario: Scenario | str | Path,
    runs: int = 500,
    seed: int = 0,
    *,
    settings: Mapping[str, Any] | None = None,
    posterior: str | None = None,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run a scenario many times.

    Args:
        scenario: a scenario, or its name, TOML file, case id or case folder.
        runs: how many; run k has the same seed in every scenario with the same ``seed``.
        seed: root seed, 0 or more.
        settings: what to change in the scenario, keys as for ``Scenario.with_set``.
        posterior: run k takes draw k + seed of this one, by name or file; "prior" is the defaults of the
            registry. None leaves it to the scenario, and then to ``sim.posterior.DEFAULT``.
        engine: "jax" (compiled) or "numpy" (step by step).
        rules: the schedule, or what ``sim.rules.replace``, ``insert`` and ``remove`` make of it.
        workers: threads; by default one per core. The result does not depend on it.
        progress: called with (runs done, runs).

    Raises:
        InputError: the scenario, or one of the arguments, has a mistake.
    """
    if problems := number_problems(runs, seed):
        raise InputError(problems)
    runs, seed = int(runs), int(seed)
    named = {} if posterior is None else {"posterior": posterior}
    scenario = read_scenario(scenario, {**(settings or {}), **named})
    began = time.perf_counter()
    world, params = worlds_of(scenario, np.arange(runs), seed)
    ensemble = run_points(
        world,
        params,
        run_seeds(seed, runs),
        scenario.days,
        engine=engine,
        rules=rules,
        workers=workers,
        progress=progress,
    )
    tables = make_tables(ensemble, world, scenario)
    manifest = _manifest(scenario, rules) | {
        "seed": seed,
        "runs": runs,
        "engine": engine,
        "wall_seconds": time.perf_counter() - began,
    }
    return Result(manifest, scenario, tables)


def worlds_of(scenario: Scenario, runs: np.ndarray, seed: int) -> tuple[World, Params]:
    """World and parameters of the runs with these numbers of a root seed, for ``sim.engine.run_points``."""
    world, params = for_runs(build_world(scenario), make_params(scenario.parameters), len(runs))
    return world, with_draws(params, scenario, runs, seed)


def with_draws(params: Params, scenario: Scenario, runs: np.ndarray, seed: int) -> Params:
    """Parameters [n] of these runs of a root seed: the scenario's own, and draws of its posterior."""
    return params._replace(**drawn(scenario.posterior, scenario.parameters, runs, seed))


def _manifest(scenario: Scenario, rules: Rules) -> dict[str, Any]:
    """What was run, from which data, with which code: all of a manifest but the ensemble's own entries."""
    case = scenario.load_case()
    params, posterior = make_params(scenario.parameters), load_posterior(scenario.posterior)
    return {
        "format_version": FORMAT_VERSION,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "scenario_name": scenario.name,
        "scenario": scenario.model_dump(mode="json", exclude_none=True),
        "case": {
            "id": case.id,
            "title": case.title,
            "first_day": case.first_day.isoformat(),
            "hashes": case.hashes,
        },
        "days": scenario.days,
        "ticks_per_day": scenario.ticks_per_day,
        "soldiers_per_unit": scenario.soldiers_per_unit,
        "rules": [_named(rule.name, rule.function) for rule in rules],
        "parameters": {name: float(value) for name, value in params._asdict().items()},
        "posterior": posterior.described(),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "files": {},
    }


def _named(name: str, function: Callable) -> str:
    """The rule's name, with the function's where it is not one of ours."""
    ours = function.__module__.startswith("sim.rules.")
    return name if ours else f"{name} ({function.__module__}.{function.__qualname__})"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
