"""``holdfast run``: check everything, simulate, keep the result, print what came out."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.asked import option_problems, read_scenario
from sim.cli.folder import folder_problems, other_scenario, write_errors
from sim.cli.group import app
from sim.cli.options import Engine, Posterior, Runs, ScenarioName, Seed, Settings, Threads
from sim.cli.progress import show_progress, stoppable
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

    with stoppable():
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
