"""``holdfast sweep``: check, run what is not done yet, show how far it is, say how to go on."""

import os
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.asked import worker_problems
from sim.cli.folder import write_errors
from sim.cli.group import app
from sim.cli.options import Processes
from sim.cli.progress import WHOLE, stoppable
from sim.errors import InputError
from sim.report.text import plural

if TYPE_CHECKING:
    from sim.experiment.runner import Progress
    from sim.experiment.sweep import Sweep
    from sim.sweep_results import SweepResult

LINE_EVERY_S = 10.0
"""Elsewhere than on a terminal, a line that often at most."""
_UNITS = (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1))


@app.command()
def sweep(
    file: Annotated[
        str, typer.Argument(help="A sweep file, or the name of a shipped sweep.", metavar="SWEEP.toml")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the sweep.", show_default="results/<sweep name>")
    ] = None,
    workers: Processes = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Use the workers of this Dask scheduler instead."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long, how many bytes; write nothing.")
    ] = False,
) -> None:
    """Run a designed experiment; the same command again goes on where it stopped."""
    run_or_estimate(Asked(file, out, workers, scheduler, dry_run))


class Asked(NamedTuple):
    """What was asked for on the command line."""

    sweep: str
    out: Path | None
    workers: int | None
    scheduler: str | None
    dry_run: bool


def run_or_estimate(asked: Asked) -> None:
    """Run a sweep, or tell what it would cost.

    Raises:
        InputError: every problem with what was asked for, a folder that cannot be written, or a full disk.
    """
    from sim.experiment.store import folder_problems
    from sim.experiment.sweep import load_sweep

    problems = _option_problems(asked)
    try:
        sweep = load_sweep(asked.sweep)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    folder = asked.out or Path("results", sweep.name)
    with write_errors(folder):
        problems += folder_problems(sweep, folder)
    if problems:
        raise InputError(problems)
    _print_size(sweep)
    if asked.dry_run:
        _print_estimate(sweep, asked.workers)
        return
    _run(asked, sweep, folder)


def _option_problems(asked: Asked) -> list[str]:
    problems = worker_problems(asked.workers)
    if asked.workers is not None and asked.scheduler is not None:
        problems.append("--workers: is given with --scheduler; allowed: one of the two")
    return problems


def _print_size(sweep: "Sweep") -> None:
    typer.echo(
        f"{plural(len(sweep.design), 'point')} ({sweep.design.kind}) of {', '.join(sweep.design.names)}; "
        f"{plural(sweep.replicates, 'replicate')}: {plural(sweep.runs, 'run')} of "
        f"{sweep.scenario.days} days "
        f"in {plural(sweep.chunks, 'chunk')} of {sweep.chunk_runs:,}",
        err=True,
    )


def _print_estimate(sweep: "Sweep", workers: int | None) -> None:
    from sim.experiment.pilot import estimate

    cost = estimate(sweep)
    count = workers or os.cpu_count() or 1
    typer.echo(f"runs   {cost.runs:,}")
    typer.echo(
        f"time   {spoken(cost.seconds(count))} on {plural(count, 'worker')} of this machine "
        f"({1 / cost.seconds_per_run:,.1f} runs a second on one, measured on {cost.pilot_runs} runs)"
    )
    typer.echo(f"disk   {size_text(cost.size_bytes)}")


def _run(asked: Asked, sweep: "Sweep", folder: Path) -> None:
    from sim.experiment.dispatch import LostCluster
    from sim.experiment.runner import run_sweep

    again = f"holdfast sweep {shlex.quote(asked.sweep)}"
    again += f" --out {shlex.quote(str(asked.out))}" if asked.out else ""
    with (
        stoppable(f"{WHOLE} To go on: {again}", lost=LostCluster),
        write_errors(folder),
        _shown(sweep.runs) as progress,
    ):
        result = run_sweep(sweep, folder, workers=asked.workers, scheduler=asked.scheduler, progress=progress)
    _print_end(result, folder)


def _print_end(result: "SweepResult", folder: Path) -> None:
    runs = result.manifest["runs"]
    failed = len(result.failures)
    typer.echo(f"{runs:,} runs done" + (f", of which {failed:,} failed" if failed else ""))
    if failed:
        typer.echo(f"First error  {result.failures['error'].iloc[0]}")
    typer.echo(f"Sweep  {folder}")
    typer.echo(f"\nNext\n  python -c \"import sim; print(sim.open('{folder}').outcomes)\"")


@contextmanager
def _shown(runs: int) -> Iterator[Callable[["Progress"], None]]:
    """A bar on a terminal; elsewhere a plain line now and then."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    began, told = time.monotonic(), float("-inf")
    if console.is_terminal:
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Bar(*columns, console=console, transient=True) as bar:
            task = bar.add_task("starting workers", total=runs)

            def update(now: "Progress") -> None:
                text = rate_text(now, time.monotonic() - began)
                bar.update(task, completed=now.done, description=text)

            yield update
        return

    def line(now: "Progress") -> None:
        nonlocal told
        seconds = time.monotonic() - began
        if seconds - told < LINE_EVERY_S and now.done < now.total:
            return
        told = seconds
        typer.echo(f"{now.done:,} of {now.total:,} runs done, {rate_text(now, seconds)}", err=True)

    yield line


def rate_text(now: "Progress", seconds: float) -> str:
    """Runs a second, time left and failures, from what this command itself has done."""
    fresh = now.done - now.found
    if not fresh:
        return f"{now.found:,} of them before" if now.found else "starting workers"
    rate = fresh / max(seconds, 1e-9)
    failures = f", {now.failed:,} failed" if now.failed else ""
    return f"{rate:,.1f} runs/s, {spoken((now.total - now.done) / rate)} left{failures}"


def spoken(seconds: float) -> str:
    """A length of time in two units at most: 42 s, 3 min 20 s, 5 h 12 min, 2 d 3 h."""
    whole = round(seconds)
    for unit, size, smaller, part in _UNITS:
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def size_text(size: float) -> str:
    """A number of bytes: 640 kB, 2.1 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if float(f"{size:.3g}") < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB"
