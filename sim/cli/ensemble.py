"""``holdfast run``: check everything, simulate, keep the result, print what came out."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.folder import folder_problems, other_scenario, write_errors
from sim.cli.group import app
from sim.cli.options import Engine, Posterior, Runs, ScenarioName, Seed, Settings, Threads
from sim.errors import InputError
from sim.whole import REPORT

if TYPE_CHECKING:
    from sim.scenario import Scenario


@app.command()
def run(
    scenario: ScenarioName,
    runs: Runs = 500,
    seed: Seed = 0,
    settings: Settings = None,
    posterior: Posterior = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the result; an earlier one is replaced, in the default folder only one of the "
            "same scenario.",
            show_default="results/<scenario name>",
        ),
    ] = None,
    engine: Engine = "jax",
    workers: Threads = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write report.html as well.")] = True,
) -> None:
    """Simulate a scenario many times, print a summary, and keep the result and a report."""
    chosen = tuple(settings or ()), posterior
    run_ensemble(Ensemble(scenario, runs, seed, *chosen, out, engine, workers, report))


class Ensemble(NamedTuple):
    """What was asked for on the command line."""

    scenario: str
    runs: int
    seed: int
    settings: tuple[str, ...]
    posterior: str | None
    out: Path | None
    engine: str
    workers: int | None
    report: bool


def run_ensemble(asked: Ensemble) -> None:
    """Simulate and write; nothing is simulated before all input and the folder have been checked.

    Raises:
        InputError: every problem with what was asked for, or a folder that cannot be written.
    """
    scenario, folder = _check(asked)
    from sim.cli.summary import print_summary
    from sim.simulate import simulate

    try:
        typer.echo(f"Simulating {asked.runs} runs of {scenario.days} days", err=True)
        with show_progress(asked.runs) as progress:
            result = simulate(
                scenario,
                runs=asked.runs,
                seed=asked.seed,
                engine=asked.engine,
                workers=asked.workers,
                progress=progress,
            )
        with write_errors(folder):
            result.save(folder)
        print_summary(result)
        typer.echo(f"\nResult  {folder}")
        if asked.report:
            from sim.report import write_report
            from sim.whole import whole_file

            with write_errors(folder), whole_file(folder / REPORT) as part:
                write_report(result, part)
            typer.echo(f"Report  {folder / REPORT}")
    except KeyboardInterrupt:
        typer.echo("Stopped; what has been written is whole.", err=True)
        raise typer.Exit(130) from None
    _print_next(asked, scenario)


def _check(asked: Ensemble) -> "tuple[Scenario, Path]":
    """The scenario with its settings, and the folder for the result.

    Raises:
        InputError: every problem that can be found before anything is simulated.
    """
    problems = option_problems(asked.runs, asked.seed, asked.engine, asked.workers)
    scenario, found = read_scenario(asked.scenario, asked.settings, asked.posterior)
    problems += found
    folder = asked.out or (Path("results", scenario.name) if scenario else None)
    if folder is not None:
        problems += folder_problems(folder)
    if scenario and folder and not asked.out and not problems:
        problems += other_scenario(folder, scenario)
    if problems or scenario is None or folder is None:
        raise InputError(problems)
    return scenario, folder


def read_settings(
    settings: Sequence[str], option: str = "--set", allowed: str = "key=value"
) -> tuple[dict[str, str], list[str]]:
    """``key=value`` pairs by key, and the problems with those that are none."""
    pairs: dict[str, str] = {}
    problems = []
    for setting in settings:
        key, equals, value = setting.partition("=")
        key = key.strip()
        if not equals or not key:
            problems.append(f"{option}: {setting!r} has no value; allowed: {allowed}")
        elif key in pairs:
            problems.append(f"{option}: {key}: is given twice; allowed: once")
        else:
            pairs[key] = value.strip()
    return pairs, problems


def read_scenario(
    name: str, settings: Sequence[str], posterior: str | None
) -> "tuple[Scenario | None, list[str]]":
    """A scenario with what ``--set`` and ``--posterior`` say, and the problems with all three.

    What is wrong is left out; None if there is no such scenario at all.
    """
    from sim.scenario import load_scenario

    pairs, problems = read_settings(settings)
    if posterior is not None and "posterior" in pairs:
        problems.append("--posterior: is given with --set posterior=; allowed: one of the two")
    try:
        scenario = load_scenario(name)
    except InputError as error:
        return None, [*problems, *error.problems]
    option = {} if posterior is None else {"posterior": posterior}
    # A problem begins with the key, so that of the posterior reads `--posterior: ...`.
    for before, changes in (("--set: ", pairs), ("--", option)):
        try:
            scenario = scenario.with_set(changes)
        except InputError as error:
            problems += [f"{before}{problem}" for problem in error.problems]
    return scenario, problems


def option_problems(runs: int, seed: int, engine: str, workers: int | None) -> list[str]:
    """A line for each option that is out of range."""
    from sim.arguments import number_problems
    from sim.engine import ENGINES

    problems = number_problems(runs, seed, "--")
    if engine not in ENGINES:
        problems.append(f"--engine: {engine!r} is unknown; allowed: {', '.join(ENGINES)}")
    return problems + worker_problems(workers)


def worker_problems(workers: int | None) -> list[str]:
    """A line if there is not even one worker."""
    if workers is None or workers >= 1:
        return []
    return [f"--workers: {workers} is out of range; allowed: a whole number, 1 or more"]


@contextmanager
def show_progress(runs: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a plain line for every tenth of the work."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if console.is_terminal:
        columns = (
            TextColumn("Simulating"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("runs"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=runs)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    tenths = 0

    def line(done: int, total: int) -> None:
        nonlocal tenths
        if done * 10 // total > tenths:
            tenths = done * 10 // total
            typer.echo(f"{done} of {total} runs simulated", err=True)

    yield line


def _print_next(asked: Ensemble, scenario: "Scenario") -> None:
    """Commands worth trying after this one."""
    name = shlex.quote(asked.scenario)
    commands = {
        f"holdfast case show {shlex.quote(scenario.case)}": "what can be changed about the armies",
        "holdfast params --search pay": "what can be changed in the rules, and where the numbers come from",
    }
    if scenario.events:
        event = scenario.events[0].id
        other = f"holdfast run {name} --set events.{event}=none --out results/{scenario.name}-without"
        commands[other] = f"the same war without {event}"
    else:
        other = f"holdfast run {name} --set morale_news=0 --out results/{scenario.name}-no-news"
        commands[other] = "the same war if news of a fall did not travel"
    commands["holdfast scenario show"] = "a scenario to copy and change"
    typer.echo("\nNext")
    for command, what in commands.items():
        typer.echo(f"  {command}\n      {what}")
