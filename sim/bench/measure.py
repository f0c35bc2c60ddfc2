"""The measurements, run as ``python -m sim.bench.measure REQUEST`` in a process of their own.

A time is the wall time of work that has been done once before (compiled, caches warm), unless it says
otherwise. The cost of a tick is told per unit with soldiers on the eve: rows that stay empty in a run,
because fewer men are present than the case thinks possible, are work without use and count as cost.
"""

import functools
import importlib
import json
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.bench.machine import hold_one_core, peak_mb
from sim.bench.process import ANSWER, repeated
from sim.bench.settings import Settings
from sim.build import build_world
from sim.engine import BATCH, compiled, for_runs, program, run_ensemble, run_seeds, start
from sim.parameters import Params, make_params
from sim.room import days_with_room, with_room
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario, load_scenario
from sim.state import ticks_per_day
from sim.world import World


def seconds_of(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def scenario_of(settings: Settings, **changes: int) -> Scenario:
    """The scenario to measure on, read anew."""
    return load_scenario(settings.scenario).with_set(
        {"soldiers_per_unit": settings.soldiers_per_unit} | changes
    )


def chosen(rules: Rules, settings: Settings) -> Rules:
    """The rules to compile."""
    return tuple(rule for rule in rules if settings.rules is None or rule.name in settings.rules)


def active_units(world: World, params: Params, seeds: np.ndarray) -> int:
    """Units with soldiers on the eve, all runs together."""
    return sum(int((start(world, params, seed).soldiers > 0).sum()) for seed in seeds)


def speed(settings: Settings) -> dict[str, Any]:
    """Cost of a unit and tick on one core: all rules, and what is kept of each day."""
    scenario = scenario_of(settings)
    world, params, seeds = build_world(scenario), make_params(), run_seeds(0, settings.batches * BATCH)
    run = functools.partial(
        run_ensemble, world, params, seeds, scenario.days, engine=settings.engine, workers=1
    )
    run()
    active = active_units(world, params, seeds)
    per_unit_tick = 1e9 / (active * scenario.days * ticks_per_day(world))
    cost = repeated([seconds_of(run) * per_unit_tick for _ in range(settings.repeats)])
    return {"ns_per_unit_tick": cost, "units": active / len(seeds), "rows": len(world.unit_rank)}


def size(units: int, settings: Settings) -> dict[str, Any]:
    """The same for another number of units (rows): smaller units, and copies where a unit is one soldier."""
    days = settings.scaling_days
    most = len(build_world(scenario_of(settings)).unit_rank) * settings.soldiers_per_unit
    world = build_world(scenario_of(settings, soldiers_per_unit=max(1, round(most / units))))
    world, params = _copied(world, max(1, round(units / len(world.unit_rank)))), make_params()
    seeds = run_seeds(0, BATCH if units <= 10_000 else 1)
    run = functools.partial(run_ensemble, world, params, seeds, days, engine=settings.engine, workers=1)
    with_compile = seconds_of(run)
    active = active_units(world, params, seeds)
    per_unit_tick = 1e9 / (active * days * ticks_per_day(world))
    cost = repeated([seconds_of(run) * per_unit_tick for _ in range(settings.repeats)])
    return {
        "rows": len(world.unit_rank),
        "units": active / len(seeds),
        "ns_per_unit_tick": cost["median"],
        "best_ns_per_unit_tick": cost["best"],
        "runs": len(seeds),
        "first_call_s": with_compile,
        "peak_mb": peak_mb(),
    }


def _copied(world: World, copies: int) -> World:
    """Every unit several times, each with numbers of its own: the same campaign with larger armies."""
    rows = {
        name: np.repeat(getattr(world, name), copies) for name in World._fields if name.startswith("unit_")
    }
    copy = np.tile(np.arange(copies, dtype=np.uint32), len(world.unit_rank))
    return world._replace(**rows | {"unit_key": rows["unit_key"] + copy * np.uint32(2246822519)})


def compile_time(settings: Settings) -> dict[str, Any]:
    """Trace and compile the ensemble as it is run, with nothing compiled before."""
    import jax

    scenario = scenario_of(settings)
    days, seeds = scenario.days, run_seeds(0, BATCH)
    world, params = with_room(build_world(scenario)), make_params()

    def trace_and_compile() -> None:
        jax.clear_caches()
        program.cache_clear()
        function = program(days_with_room(days), ticks_per_day(world), chosen(SCHEDULE, settings))
        function.lower(*for_runs(world, params, BATCH), seeds, np.int32(days)).compile()

    return {"seconds": repeated([seconds_of(trace_and_compile) for _ in range(min(settings.repeats, 3))])}


def rate(settings: Settings) -> dict[str, Any]:
    """Runs per second of what a user calls, tables included, with the settings of a user."""
    from sim.simulate import simulate

    def run(runs: int) -> None:
        simulate(scenario_of(settings), runs=runs, engine=settings.engine)

    run(min(BATCH, settings.runs))
    times = repeated([seconds_of(lambda: run(settings.runs)) for _ in range(min(settings.repeats, 3))])
    per_second = {"median": settings.runs / times["median"], "best": settings.runs / times["best"]}
    return {"runs_per_second": per_second, "seconds": times, "runs": settings.runs}


def cold(settings: Settings) -> dict[str, Any]:
    """Memory of a whole ensemble; its time is taken from outside, from start to end of this process."""
    from sim.simulate import simulate

    simulate(scenario_of(settings), runs=settings.runs, engine=settings.engine)
    return {"peak_mb": peak_mb()}


def soldier_level(settings: Settings) -> dict[str, Any]:
    """One run in which every soldier is an agent: reading the case, building the world, running, tables."""
    from sim.simulate import simulate

    def run() -> None:
        small = scenario_of(settings, soldiers_per_unit=settings.soldier_level)
        simulate(small, runs=1, engine=settings.engine)

    with_compile = seconds_of(run)
    times = repeated([seconds_of(run) for _ in range(min(settings.repeats, 3))])
    return {"seconds": times, "with_compile_s": with_compile, "peak_mb": peak_mb()}


def ratio(settings: Settings) -> dict[str, Any]:
    """Plain Mesa objects against the engine: the same rules, world and days, in turn on one core."""
    scripted = importlib.import_module("benchmarks.scripted_orders").SCRIPTED
    war = importlib.import_module("benchmarks.mesa_objects").War
    scenario = scenario_of(settings)
    world, params, days = build_world(scenario), make_params(), scenario.days
    seeds, batch = run_seeds(0, BATCH), for_runs(world, params, BATCH)
    function = compiled(days, ticks_per_day(world), chosen(scripted, settings))

    def engine() -> None:
        for _ in range(settings.batches):
            function(*batch, seeds)

    def objects() -> None:
        for seed in seeds[: settings.reference_runs]:
            war(world, params, int(seed)).run_days(days)

    engine()
    ratios, engine_s, objects_s = [], [], []
    for _ in range(settings.repeats):
        objects_s.append(seconds_of(objects) / settings.reference_runs)
        engine_s.append(seconds_of(engine) / (settings.batches * BATCH))
        ratios.append(objects_s[-1] / engine_s[-1])
    middle = sorted(ratios)[len(ratios) // 2]
    return {
        "ratio": {"median": middle, "best": min(objects_s) / min(engine_s), "values": ratios},
        "engine_s_per_run": repeated(engine_s),
        "objects_s_per_run": repeated(objects_s),
    }


def rules(settings: Settings) -> dict[str, Any]:
    """Cost of each rule."""
    from sim.bench.rule_costs import rule_costs

    return rule_costs(scenario_of(settings), chosen(SCHEDULE, settings), settings.repeats)


MEASUREMENTS: dict[str, Callable[[Settings], dict[str, Any]]] = {
    "speed": speed,
    "rules": rules,
    "ratio": ratio,
    "compile": compile_time,
    "rate": rate,
    "soldier_level": soldier_level,
    "cold": cold,
}


def main(request: str) -> int:
    """Take measurements and print each answer on a line; one that fails does not stop the others."""
    asked = json.loads(request)
    settings = Settings(**asked["settings"])
    held = asked["one_core"] and hold_one_core()
    failed = False
    for name in asked["names"]:
        call = MEASUREMENTS.get(name) or functools.partial(size, int(name.removeprefix("size-")))
        try:
            answer = call(settings)
        except Exception as error:  # told as the problem of this measurement
            traceback.print_exc()
            answer, failed = {"problem": f"{type(error).__name__}: {error}"}, True
        print(ANSWER + json.dumps({"name": name, "held_on_one_core": held, **answer}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
