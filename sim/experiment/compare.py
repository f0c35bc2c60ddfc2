"""Two or more worlds under common random numbers: what a change does, run by run."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.experiment.outcomes import check_places, describe, main_places, outcome_columns, run_outcomes
from sim.experiment.paired import paired_difference
from sim.results import Result
from sim.rules import SCHEDULE, Rules
from sim.scenario import Scenario, load_scenario
from sim.simulate import simulate
from sim.whole import write_folder

BASE = "base"


@dataclass(frozen=True)
class Comparison:
    """What changes did, in pairs of runs.

    Attributes:
        manifest: that of the base world, and under ``worlds`` what was changed in each other one.
        table: a row for each changed world and outcome: ``world``, ``outcome``, ``label``, ``unit``, then the
            figures of ``sim.experiment.paired.Paired``.
        runs: a row for each world and run, the base first: ``world``, ``run_id``, ``seed``, a column for each
            outcome.
    """

    manifest: dict[str, Any]
    table: pd.DataFrame
    runs: pd.DataFrame

    def __repr__(self) -> str:
        worlds = ", ".join(self.worlds)
        return f"Comparison({self.manifest['scenario_name']} with {worlds}: {self.manifest['runs']} runs)"

    @property
    def worlds(self) -> list[str]:
        """The changed worlds."""
        return self.table["world"].unique().tolist()

    @property
    def differences(self) -> pd.DataFrame:
        """Like ``runs`` without the base: each outcome less that of the same run in the base."""
        outcomes = outcome_columns(self.runs)
        base = self.runs[self.runs["world"] == BASE].set_index("run_id")[outcomes]
        frame = self.runs[self.runs["world"] != BASE].reset_index(drop=True)
        frame[outcomes] -= base.loc[frame["run_id"]].to_numpy()
        return frame

    def save(self, folder: Path | str, texts: Mapping[str, str] | None = None) -> None:
        """Write ``comparison.csv``, ``runs.parquet`` and ``manifest.json``, whole or not at all.

        Args:
            folder: where to; an older comparison there is replaced.
            texts: more files by name, for instance a figure.

        Raises:
            InputError: something else is there, which would be lost.
            OSError: the folder cannot be written.
        """
        files: dict[str, Callable[[Path], object]] = {
            "comparison.csv": partial(self.table.to_csv, index=False),
            "runs.parquet": partial(self.runs.to_parquet, index=False, compression="zstd"),
        }
        for name, text in (texts or {}).items():
            files[name] = partial(Path.write_text, data=text, encoding="utf-8")
        write_folder(folder, self.manifest, files)


def compare(
    scenario: Scenario | str | Path,
    worlds: Mapping[str, Mapping[str, Any]],
    runs: int = 500,
    seed: int = 0,
    *,
    places: Sequence[str] | None = None,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run a scenario as it is and with changes; run k has the same seed in all of these worlds.

    Args:
        scenario: as for ``sim.run``.
        worlds: for each changed world its name and its settings, keys as for ``Scenario.with_set``.
        runs: of each world.
        seed: root seed.
        places: whose day of fall is compared as well; by default the largest regional capitals that the
            government side holds.
        engine: "jax" or "numpy".
        rules: the schedule of all worlds.
        workers: threads; by default one per core.
        progress: called with (runs done, runs of all worlds).

    Raises:
        InputError: a mistake in the scenario or in a change; nothing has been simulated then.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    places = main_places(scenario.load_case()) if places is None else list(places)
    scenarios = {BASE: scenario} | changed_scenarios(scenario, worlds)
    if problems := check_places(places, scenario.load_case()):
        raise InputError(problems)
    began = time.perf_counter()
    frames: dict[str, pd.DataFrame] = {}
    manifest: dict[str, Any] = {}
    for number, (name, world) in enumerate(scenarios.items()):
        tell = partial(_add_done, progress, number * runs, len(scenarios) * runs) if progress else None
        result = simulate(
            world, runs=runs, seed=seed, engine=engine, rules=rules, workers=workers, progress=tell
        )
        manifest = manifest or result.manifest  # the base comes first
        frames[name] = run_outcomes(result, places)
    manifest |= {
        "worlds": {name: dict(changes) for name, changes in worlds.items()},
        "wall_seconds": time.perf_counter() - began,
    }
    return _comparison(manifest, frames, scenario)


def compare_results(
    base: Result, others: Mapping[str, Result], *, places: Sequence[str] | None = None
) -> Comparison:
    """Compare results that are there already, for instance of other rules.

    Args:
        base: the world that the others are compared with.
        others: results by the name of their world.
        places: as for ``compare``.

    Raises:
        InputError: a result is not paired with the base: other seeds, another period or other places.
    """
    if not isinstance(others, Mapping):
        raise InputError([f"others: {others!r}; allowed: {{name: result}}"])
    places = main_places(base.case) if places is None else list(places)
    problems = check_places(places, base.case)
    for name, other in others.items():
        problems += _name_problems(name) + _pairing_problems(name, base, other)
    if problems:
        raise InputError(problems)
    frames = {name: run_outcomes(result, places) for name, result in ({BASE: base} | dict(others)).items()}
    manifest = base.manifest | {"worlds": {name: r.manifest["scenario"] for name, r in others.items()}}
    return _comparison(manifest, frames, base.scenario)


def changed_scenarios(
    scenario: Scenario, worlds: Mapping[str, Mapping[str, Any]], where: str = ""
) -> dict[str, Scenario]:
    """The scenario of each changed world.

    Args:
        scenario: the world as it is.
        worlds: settings by name.
        where: put before each problem.

    Raises:
        InputError: every change that is not allowed, with the world it belongs to.
    """
    if not isinstance(worlds, Mapping) or not all(isinstance(of, Mapping) for of in worlds.values()):
        raise InputError([f"worlds: {worlds!r}; allowed: {{name: settings}}, settings being {{key: value}}"])
    scenarios: dict[str, Scenario] = {}
    problems = [] if worlds else ["worlds: there are none to compare with; allowed: one or more"]
    for name, changes in worlds.items():
        problems += _name_problems(name)
        try:
            scenarios[name] = changed = scenario.with_set(changes)
        except InputError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
        else:
            problems += _period_problems(name, scenario, changed)
    if problems:
        raise InputError([f"{where}{problem}" for problem in problems])
    return scenarios


def _comparison(
    manifest: dict[str, Any], frames: Mapping[str, pd.DataFrame], scenario: Scenario
) -> Comparison:
    base, case = frames[BASE], scenario.load_case()
    rows = []
    for name, frame in frames.items():
        for outcome in outcome_columns(base) if name != BASE else ():
            label, unit = describe(outcome, case)
            pair = paired_difference(
                base[outcome].to_numpy(), frame[outcome].to_numpy(), share=unit == "share"
            )
            rows.append({"world": name, "outcome": outcome, "label": label, "unit": unit} | pair._asdict())
    worlds = pd.Categorical.from_codes(
        [number for number, frame in enumerate(frames.values()) for _ in range(len(frame))], list(frames)
    )
    runs = pd.concat(frames.values(), ignore_index=True)
    runs.insert(0, "world", worlds)
    return Comparison(manifest, pd.DataFrame(rows), runs)


def _add_done(progress: Callable[[int, int], None], before: int, total: int, done: int, _: int) -> None:
    progress(before + done, total)


def _name_problems(name: str) -> list[str]:
    if name == BASE or not name.strip():
        return [f"{name!r} cannot be the name of a changed world; allowed: any name but {BASE!r}"]
    return []


def _period_problems(name: str, base: Scenario, other: Scenario) -> list[str]:
    """Outcomes are counted to the last day, so worlds of other periods cannot be compared."""
    return [
        f"{name}: {key}: {getattr(other, key)} is not that of the base; allowed: {getattr(base, key)}"
        for key in ("first_day", "days")
        if getattr(other, key) != getattr(base, key)
    ]


def _pairing_problems(name: str, base: Result, other: Result) -> list[str]:
    problems = _period_problems(name, base.scenario, other.scenario)
    if base.case.place_ids != other.case.place_ids:
        problems.append(f"{name}: case: has other places than the base; allowed: {base.case.id}")
    if base.runs["seed"].tolist() != other.runs["seed"].tolist():
        problems.append(f"{name}: seeds: are not those of the base; allowed: the same seed and runs")
    return problems
