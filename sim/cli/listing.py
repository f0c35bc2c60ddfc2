"""Tables of what can be chosen: parameters, rules, cases, scenarios."""

import textwrap
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from sim.errors import InputError, nearest
from sim.parameters import REGISTRY, Parameter

EVIDENCE = (
    "Evidence: V read in the source, M reported of the source, F computed from V, "
    "A assumption (the range is wide for that reason)."
)


def print_parameters(search: str = "", markdown: bool = False) -> None:
    """Print the registry, grouped by mechanism.

    Raises:
        InputError: ``search`` is found in no parameter.
    """
    if markdown:
        typer.echo(parameters_markdown(search))
        return
    found = _found(search)
    typer.echo(f"  {'Name':<30}{'Default':>8}  {'Range':<16}Unit")
    for mechanism, parameters in found.items():
        typer.echo(f"\n{typer.style(mechanism.capitalize(), bold=True)}")
        for parameter in parameters:
            typer.echo(_entry(parameter))
    typer.echo(f"\n{textwrap.fill(EVIDENCE, get_terminal_size().columns)}")


def _found(search: str) -> dict[str, list[Parameter]]:
    """The parameters that mention a word, by mechanism."""
    word = search.lower()
    found: dict[str, list[Parameter]] = {}
    for p in REGISTRY.values():
        if word in " ".join((p.name, p.mechanism, p.meaning, p.source, p.unit)).lower():
            found.setdefault(p.mechanism, []).append(p)
    if not found:
        near = nearest(search, REGISTRY)
        raise InputError([f"--search: {search!r} is in no parameter{near}; allowed: see `holdfast params`"])
    return found


def _entry(p: Parameter) -> str:
    """Two lines, so that names stay whole on a narrow terminal: the numbers, then what they mean."""
    span = f"{p.low:g} to {p.high:g}"
    name = typer.style(f"{p.name:<30}", fg="cyan")
    meaning = textwrap.fill(
        f"{p.meaning} [{p.source}, {p.evidence}]",
        width=get_terminal_size().columns,
        initial_indent=" " * 6,
        subsequent_indent=" " * 6,
        break_long_words=False,
    )
    return f"  {name}{p.default:>8g}  {span:<16}{p.unit}\n{meaning}"


def parameters_markdown(search: str = "") -> str:
    """The registry as Markdown, a table for each mechanism.

    Raises:
        InputError: ``search`` is found in no parameter.
    """
    columns = ("Name", "Unit", "Default", "Range", "Meaning", "Source", "Evidence")
    parts = []
    for mechanism, parameters in _found(search).items():
        rows = (
            (
                f"`{p.name}`",
                p.unit,
                f"{p.default:g}",
                f"{p.low:g} to {p.high:g}",
                p.meaning,
                p.source,
                p.evidence,
            )
            for p in parameters
        )
        parts += [f"### {mechanism.capitalize()}", markdown_table(columns, rows)]
    return "\n\n".join([*parts, EVIDENCE])


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, without a newline at its end."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '\\|') for cell in line)} |" for line in lines)


def print_schedule() -> None:
    """Print the steps of a day and of a tick, in order."""
    from sim.rules import schedule_table

    table = Table(box=box.SIMPLE_HEAD)
    for column in ("Order", "Rule", "Every", "What it does"):
        table.add_column(column, justify="right" if column == "Order" else "left")
    for row in schedule_table():
        table.add_row(*(str(row[key]) for key in ("order", "name", "every", "does")))
    Console(highlight=False).print(table)


def print_cases() -> None:
    """Print the shipped cases: id and title."""
    from sim.case import case_folder, load_case, shipped_cases

    _print_titles((name, load_case(case_folder(name)).title) for name in shipped_cases())


def print_scenarios() -> None:
    """Print the shipped scenarios: name and title."""
    from sim.scenario import load_scenario, shipped_scenarios

    _print_titles((name, load_scenario(name).title) for name in shipped_scenarios())


def _print_titles(rows: Iterable[tuple[str, str]]) -> None:
    for name, title in rows:
        typer.echo(f"{name:<18} {title}")
