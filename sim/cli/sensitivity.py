"""``holdfast sensitivity`` and ``holdfast discover``: what outcomes depend on, and where they turn."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.asked import worker_problems
from sim.cli.folder import folder_problems, write_errors
from sim.cli.group import app
from sim.cli.options import INSTALL, Json, Processes
from sim.cli.plain import plain_console, plain_table
from sim.cli.progress import GOES_ON, show_progress, stoppable
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.discovery import Discovery
    from sim.experiment.sensitivity import Sensitivity
    from sim.sweep_results import SweepResult

TABLE, FIGURE = "sensitivity.csv", "sensitivity.svg"


@app.command()
def sensitivity(
    sweep: Annotated[
        str,
        typer.Argument(
            help='A sweep file of kind "morris" or "saltelli", or the folder of such a sweep.',
            metavar="SWEEP",
        ),
    ],
    outcome: Annotated[
        str, typer.Option(help="What is explained: a column of the outcomes.")
    ] = "capital_falls",
    out: Annotated[Path | None, typer.Option(help="Folder for table and figure.")] = None,
    json: Json = False,
    workers: Processes = None,
) -> None:
    """Tell which factors of a sweep an outcome depends on (Morris, Sobol')."""
    print_sensitivity(sweep, outcome, out, json, workers)


@app.command()
def discover(
    sweep: Annotated[str, typer.Argument(help="A sweep file, or the folder of a sweep.", metavar="SWEEP")],
    outcome: Annotated[str, typer.Option(help="A column of the outcomes.")] = "capital_falls",
    above: Annotated[float | None, typer.Option(help="Where is the mean outcome above this?")] = None,
    below: Annotated[float | None, typer.Option(help="Where is the mean outcome below this?")] = None,
    density: Annotated[float, typer.Option(help="Share of a box's points that shall be so.")] = 0.8,
    boxes: Annotated[int, typer.Option(help="How many boxes to look for.")] = 1,
    json: Json = False,
    workers: Processes = None,
) -> None:
    """Find in which ranges of its factors a sweep comes out high or low (PRIM)."""
    print_discovery(Search(sweep, outcome, above, below, density, boxes, json, workers))


class Search(NamedTuple):
    """What ``discover`` was asked for."""

    sweep: str
    outcome: str
    above: float | None
    below: float | None
    density: float
    boxes: int
    json: bool
    workers: int | None


def print_sensitivity(
    source: str, outcome: str, out: Path | None, as_json: bool, workers: int | None
) -> None:
    """Analyse a sweep of kind "morris" or "saltelli", running first what of it is not done yet.

    Raises:
        InputError: the sweep cannot be analysed, or the folder not be written.
    """
    need("SALib")
    problems = worker_problems(workers) + (folder_problems(out) if out is not None else [])
    if problems:
        raise InputError(problems)
    from sim.experiment.sensitivity import analyse
    from sim.report.sensitivity import draw_sensitivity
    from sim.whole import write_folder

    found = analyse(_open(source, outcome, workers, indices=True), outcome)
    if out is not None:
        files = {
            TABLE: lambda path: found.table.to_csv(path, index=False),
            FIGURE: lambda path: path.write_text(draw_sensitivity(found), "utf-8"),
        }
        with write_errors(out):
            write_folder(out, _manifest(source, found), files)
    if as_json:
        content = _manifest(source, found) | {"factors": _rows(found.table), "pairs": _rows(found.pairs)}
        typer.echo(json.dumps(content, indent=2))
        return
    _show_sensitivity(found)
    if out is not None:
        typer.echo(f"\nTable   {out / TABLE}\nFigure  {out / FIGURE}")


def print_discovery(asked: Search) -> None:
    """Find and print the boxes.

    Raises:
        InputError: the sweep has no such outcome, or no point, or every point, is of interest.
    """
    need("prim")
    problems = worker_problems(asked.workers)
    if not 0 < asked.density <= 1:
        problems.append(f"--density: {asked.density:g} is out of range; allowed: above 0, up to 1")
    if asked.boxes < 1:
        problems.append(f"--boxes: {asked.boxes} is out of range; allowed: a whole number, 1 or more")
    if problems:
        raise InputError(problems)
    from sim.experiment.discovery import check_limits, discover

    check_limits(asked.above, asked.below)
    found = discover(
        _open(asked.sweep, asked.outcome, asked.workers),
        asked.outcome,
        above=asked.above,
        below=asked.below,
        density=asked.density,
        boxes=asked.boxes,
    )
    if asked.json:
        content = {"question": found.question, "points": found.points, "share": found.share}
        typer.echo(json.dumps(content | {"boxes": _rows(found.table)}, indent=2))
    else:
        _show_discovery(found)


def _open(source: str, outcome: str, workers: int | None, *, indices: bool = False) -> "SweepResult":
    """The sweep in a folder; or that of a TOML file, run into its own folder as far as it is not done.

    An outcome that it does not have, and with ``indices`` a design that they cannot be had from, is refused
    before anything is simulated.
    """
    from sim.experiment.outcomes import check_outcome
    from sim.experiment.sensitivity import check_design
    from sim.sweep_results import open_sweep

    if Path(source).is_dir():
        return open_sweep(source)
    from sim.experiment.dispatch import LostCluster
    from sim.experiment.runner import run_sweep
    from sim.experiment.sweep import load_sweep

    sweep = load_sweep(source)
    if indices:
        check_design(sweep.design.kind, source)
    check_outcome(outcome, sweep.scenario.load_case(), "--outcome")
    folder = Path("results", sweep.name)
    with (
        stoppable(GOES_ON, lost=LostCluster),
        write_errors(folder),
        show_progress(sweep.runs) as tell,
    ):
        return run_sweep(sweep, folder, workers=workers, progress=lambda now: tell(now.done, now.total))


def need(package: str) -> None:
    """Say how to get a package of the extra ``study``.

    Raises:
        InputError: it is not installed.
    """
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise InputError([f"{package}: is not installed; allowed: after {INSTALL.format('study')}"])


def _manifest(source: str, found: "Sensitivity") -> dict[str, object]:
    return {
        "format_version": 1,
        "kind": "sensitivity",
        "sweep": source,
        "method": found.method,
        "outcome": found.outcome,
        "points": found.points,
        "replicates": found.replicates,
        "chance_floor": found.floor if math.isfinite(found.floor) else None,
    }


def _rows(table: "pd.DataFrame") -> list[dict[str, object]]:
    """Rows as JSON takes them: null where there is no number."""
    return [
        {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _show_sensitivity(found: "Sensitivity") -> None:
    from sim.experiment.sensitivity import METHODS

    console = plain_console()
    columns: dict[str, tuple[str, ...]] = (
        {"Effect": ("mu_star",), "95 %": ("low", "high"), "With sign": ("mu",), "Spread": ("sigma",)}
        if found.method == "morris"
        else {
            "Total": ("total",),
            "95 %": ("total_low", "total_high"),
            "First": ("first",),
            "95 % ": ("first_low", "first_high"),
        }
    )
    table = plain_table(f"{METHODS[found.method]}: {found.described.label}", "Factor", list(columns))
    for row in found.table.to_dict(orient="records"):
        cells = (_cell(row, names) for names in columns.values())
        table.add_row(str(row["factor"]), *cells)
    console.print()
    console.print(table)
    console.print(f"\n{found.points} points, {found.replicates} runs at each, of which the mean is analysed.")
    if math.isfinite(found.floor):
        console.print(f"A factor that only drew all chances anew would show {found.floor:.3g}.")
    if found.method == "morris":
        unit = "a share of runs" if found.described.unit == "share" else found.described.unit
        console.print(
            f"Effect: of moving the factor over its whole range, {unit or 'in the unit of the outcome'}."
        )


def _cell(row: dict[str, float], names: tuple[str, ...]) -> str:
    """A number, or an interval in brackets."""
    numbers = ", ".join(f"{row[name]:.3g}" for name in names)
    return f"[{numbers}]" if len(names) > 1 else numbers


def _show_discovery(found: "Discovery") -> None:
    console = plain_console()
    console.print(f"\n{found.question}: {found.share:.0%} of {found.points} points")
    if not found.boxes:
        console.print("No box is denser than the whole.")
    for number, box in enumerate(found.boxes, 1):
        console.print(
            f"\nBox {number}: coverage {box.coverage:.0%} (of all such points), density {box.density:.0%} "
            f"(such among its points), {box.mass:.0%} of all points\n"
        )
        table = plain_table("", "Factor", ["from", "to", "p"])
        for row in box.limits.itertuples():
            low, high = ("" if math.isnan(end) else f"{end:.4g}" for end in (row.low, row.high))
            table.add_row(str(row.factor), low, high, f"{row.p:.2g}")
        console.print(table)
