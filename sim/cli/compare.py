"""``holdfast compare``: a scenario as it is and with changes, run for run, and what the changes do."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.asked import option_problems, read_scenario, read_settings
from sim.cli.folder import folder_problems, write_errors
from sim.cli.group import app
from sim.cli.options import Engine, Json, Posterior, ScenarioName, Threads
from sim.cli.plain import plain_console, plain_table
from sim.cli.progress import show_progress, stoppable
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison
    from sim.scenario import Scenario

FIGURE = "comparison.svg"
ALLOWED = "key=value, or events.ID=none, which removes an event (two scenario files: see docs/compare.md)"


@app.command()
def compare(
    scenario: ScenarioName,
    changes: Annotated[
        list[str],
        typer.Option(
            "--with",
            metavar="'[NAME:] KEY=VALUE; ...'",
            help="A changed world, keys as for `run --set`; repeatable, one world each.",
        ),
    ],
    runs: Annotated[int, typer.Option(help="How many campaigns to simulate in each world.")] = 500,
    seed: Annotated[
        int,
        typer.Option(help="Run k meets the same chances in every world, and wherever the seed is the same."),
    ] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change all worlds, the base too; repeatable."),
    ] = None,
    posterior: Posterior = None,
    places: Annotated[
        list[str] | None,
        typer.Option(
            "--place",
            metavar="ID",
            help="Compare the day of fall of this place; repeatable.",
            show_default="the largest regional capitals of the government side",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for table, runs and figure.")] = None,
    json: Json = False,
    engine: Engine = "jax",
    workers: Threads = None,
) -> None:
    """Compare a scenario with changed ones, run for run: differences with 95 % intervals."""
    listed = tuple(changes), tuple(settings or ()), posterior, tuple(places or ())
    compare_worlds(Worlds(scenario, *listed, runs, seed, out, json, engine, workers))


class Worlds(NamedTuple):
    """What was asked for on the command line."""

    scenario: str
    changes: tuple[str, ...]
    settings: tuple[str, ...]
    posterior: str | None
    places: tuple[str, ...]
    runs: int
    seed: int
    out: Path | None
    json: bool
    engine: str
    workers: int | None


def compare_worlds(asked: Worlds) -> None:
    """Simulate all worlds, print the differences, keep them where ``--out`` says.

    Raises:
        InputError: every problem with what was asked for; nothing has been simulated then.
    """
    scenario, worlds = _check(asked)
    from sim.experiment.compare import compare
    from sim.report.comparison import draw_comparison

    total = asked.runs * (1 + len(worlds))
    typer.echo(f"Simulating {asked.runs} runs in each of {1 + len(worlds)} worlds", err=True)
    with stoppable():
        with show_progress(total) as progress:
            comparison = compare(
                scenario,
                worlds,
                runs=asked.runs,
                seed=asked.seed,
                places=asked.places or None,
                engine=asked.engine,
                workers=asked.workers,
                progress=progress,
            )
        if asked.out is not None:
            with write_errors(asked.out):
                comparison.save(asked.out, {FIGURE: draw_comparison(comparison)})
    if asked.json:
        typer.echo(as_json(comparison))
    else:
        print_comparison(comparison)
        if asked.out is not None:
            typer.echo(f"\nComparison  {asked.out}\nFigure      {asked.out / FIGURE}")


def read_worlds(changes: Sequence[str]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The worlds of ``--with "[NAME:] KEY=VALUE[; KEY=VALUE ...]"`` by name, and what is wrong with them.

    Without a name a world is called as its changes are spelt.
    """
    worlds: dict[str, dict[str, str]] = {}
    problems: list[str] = [] if changes else ["--with: is missing; allowed: KEY=VALUE, once for each world"]
    for change in changes:
        before = change.partition("=")[0]
        name, colon, _ = before.partition(":")
        listed = change[len(name) + 1 :] if colon else change
        name = name.strip() if colon else change.strip()
        parts = [part.strip() for part in listed.split(";") if part.strip()]
        settings, found = read_settings(parts, "--with", ALLOWED)
        problems += found
        if not settings and not found:
            problems.append(
                f"--with: {change!r} changes nothing; allowed: [NAME:] KEY=VALUE[; KEY=VALUE ...]"
            )
        if name in worlds:
            problems.append(f"--with: {name!r} is the name of two worlds; allowed: a name for each")
        worlds[name] = settings
    return worlds, problems


def print_comparison(comparison: "Comparison") -> None:
    """A table for each changed world."""
    from sim.experiment.outcomes import NEVER
    from sim.report.comparison import difference_text, level_text
    from sim.report.text import plural

    console = plain_console()
    manifest = comparison.manifest
    for world, rows in comparison.table.groupby("world", sort=False):
        columns = ["As it is", "Changed", "Difference [95 %]", "Differ in", "Unpaired"]
        table = plain_table(str(world), "Mean over runs", columns)
        for row in rows.itertuples():
            table.add_row(
                row.label,
                level_text(row.base_mean, row.unit),
                level_text(row.mean, row.unit),
                difference_text(row.difference, row.low, row.high, row.unit),
                f"{row.runs_differing:.0%}",
                times_text(row.times_more_runs),
            )
        console.print()
        console.print(table)
    console.print(
        f"\n{plural(manifest['runs'], 'pair')} of runs, seed {manifest['seed']}. {NEVER}\n"
        "Differ in: share of pairs in which the outcome is not the same; probabilities differ in percentage "
        "points. Unpaired: how many times more runs independent ensembles would need for an "
        "interval as narrow."
    )


def times_text(ratio: float) -> str:
    """'x 3.4', '> 1,000'; '–' where the outcome does not vary."""
    if math.isnan(ratio):
        return "–"
    return "> 1,000" if ratio > 1000 else f"x {ratio:.3g}"


def as_json(comparison: "Comparison") -> str:
    """Everything that the table shows; ``null`` where a figure is not a finite number."""
    rows = [
        {key: _plain(value) for key, value in row.items()}
        for row in comparison.table.to_dict(orient="records")
    ]
    keys = ("scenario_name", "runs", "seed", "engine", "worlds")
    content = {key: comparison.manifest[key] for key in keys} | {"differences": rows}
    return json.dumps(content, indent=2, default=str)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _check(asked: Worlds) -> "tuple[Scenario, Mapping[str, Mapping[str, str]]]":
    from sim.experiment.compare import changed_scenarios
    from sim.experiment.outcomes import check_places

    problems = option_problems(asked.runs, asked.seed, asked.engine, asked.workers)
    scenario, found = read_scenario(asked.scenario, asked.settings, asked.posterior)
    worlds, wrong = read_worlds(asked.changes)
    problems += found + wrong
    if scenario:
        problems += check_places(asked.places, scenario.load_case(), "--place")
    if scenario and worlds:
        try:
            changed_scenarios(scenario, worlds, "--with: ")
        except InputError as error:
            problems += error.problems
    if asked.out is not None:
        problems += folder_problems(asked.out)
    if problems or scenario is None:
        raise InputError(problems)
    return scenario, worlds
