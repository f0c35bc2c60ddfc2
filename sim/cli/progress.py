"""While a command works: how far it is, and how it is stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

WHOLE = "; what has been written is whole."
GOES_ON = f"{WHOLE} The same command goes on."


@contextmanager
def stoppable(then: str = WHOLE, *, lost: type[Exception] | tuple[()] = ()) -> Iterator[None]:
    """End the command in one line, and with its exit code, where the work is stopped before its end.

    Args:
        then: what has become of the work, said behind "Stopped".
        lost: an exception that stops it as Ctrl-C does, with its reason told.
    """
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"Stopped{then}", err=True)
        raise typer.Exit(130) from None
    except lost as error:
        typer.echo(f"Stopped: {error}{then}", err=True)
        raise typer.Exit(1) from None


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
