"""Tables of what can be chosen: parameters, rules, cases, scenarios."""

import textwrap
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size

import typer
from rich import box
from rich.table import Table

from sim.case.names import short_name
from sim.cli.plain import plain_console
from sim.errors import InputError, nearest
from sim.parameters import EVIDENCE_MARKS, REGISTRY, Parameter
from sim.report.text import plural
from sim.scenario.checks import SCALES

EVIDENCE = f"Evidence: {', '.join(f'{mark} {meaning}' for mark, meaning in EVIDENCE_MARKS.items())}."


def print_parameters(search: str = "", markdown: bool = False) -> None:
    """Print the registry, grouped by mechanism, and which conditions of a case bear the word as well.

    Raises:
        InputError: ``search`` is found in no parameter, and in no condition.
    """
    if markdown:
        typer.echo(parameters_markdown(search))
        return
    conditions = [key for key in SCALES if search and search.lower() in key]
    found = _mentioning(search) if conditions else _found(search)
    if found:
        _print_registry(found)
    if conditions:
        told = f"Conditions of an army, which `holdfast case show CASE` lists: {', '.join(conditions)}"
        typer.echo(("\n" if found else "") + _filled(told))


def _print_registry(found: dict[str, list[Parameter]]) -> None:
    typer.echo(f"  {'Name':<30}{'Default':>8}  {'Range':<16}Unit")
    for mechanism, parameters in found.items():
        typer.echo(f"\n{typer.style(mechanism.capitalize(), bold=True)}")
        for parameter in parameters:
            typer.echo(_entry(parameter))
    typer.echo(f"\n{_filled(EVIDENCE)}")


def _mentioning(search: str) -> dict[str, list[Parameter]]:
    """The parameters that mention a word, by mechanism."""
    word = search.lower()
    found: dict[str, list[Parameter]] = {}
    for p in REGISTRY.values():
        if word in " ".join((p.name, p.mechanism, p.meaning, p.source, p.unit)).lower():
            found.setdefault(p.mechanism, []).append(p)
    return found


def _found(search: str) -> dict[str, list[Parameter]]:
    """The same; refused if there are none."""
    found = _mentioning(search)
    if not found:
        near = nearest(search, REGISTRY)
        raise InputError([f"--search: {search!r} is in no parameter{near}; allowed: see `holdfast params`"])
    return found


def _entry(p: Parameter) -> str:
    """Two lines, so that names stay whole on a narrow terminal: the numbers, then what they mean."""
    span = f"{p.low:g} to {p.high:g}"
    name = typer.style(f"{p.name:<30}", fg="cyan")
    meaning = _filled(f"{p.meaning} [{p.source}, {p.evidence}]", 6)
    return f"  {name}{p.default:>8g}  {span:<16}{p.unit}\n{meaning}"


def _filled(text: str, indent: int = 0) -> str:
    """Text in the width of the terminal; words stay whole, for they are to be typed."""
    return textwrap.fill(
        text,
        width=get_terminal_size().columns,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


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
        table.add_row(*(str(row[key]).replace("``", "") for key in ("order", "name", "every", "does")))
    plain_console().print(table)


def print_cases() -> None:
    """Print the shipped cases: id and title."""
    from sim.case import case_folder, load_case, shipped_cases

    _print_titles((name, load_case(case_folder(name)).title) for name in shipped_cases())


def print_case(name: str) -> None:
    """Print what a case holds, ids as ``--set`` spells them.

    Raises:
        InputError: there is no such case, or it is not sound.
    """
    from sim.case import case_folder, load_case

    case = load_case(case_folder(name))
    typer.echo(f"{typer.style(case.title, bold=True)} ({case.id})")
    typer.echo(
        f"{case.first_day} to {case.last_day}; {plural(len(case.places), 'place')}, "
        f"{plural(len(case.roads), 'road')}"
    )
    typer.echo("\nFactions, and their men on paper: a run takes the higher figure times present_share")
    for row in case.factions.itertuples():
        men = f"{row.troops_low:,.0f} to {row.troops_high:,.0f}"
        typer.echo(f"  {row.id:<26}{men:<20}{short_name(str(row.name))}")
    backed = (f"{row.id} (of {row.faction_id})" for row in case.backers.itertuples())
    typer.echo(f"\nBackers\n{_filled(', '.join(backed) or 'none', 2)}")
    typer.echo("\nConditions on the eve: --set conditions.FACTION.KEY=VALUE, or =[LOW,HIGH] to draw from")
    for faction, rows in case.conditions.groupby("faction_id", sort=False):
        typer.echo(f"  {faction}")
        given = (f"{row.key}={_set_to(row.low, row.high)}" for row in rows.itertuples())
        typer.echo(_filled(", ".join(given), 6))
    units = (f"{key} {scale.range_text} ({scale.unit})" for key, scale in SCALES.items())
    typer.echo(f"\nAllowed; what a faction has no figure for is neutral\n{_filled(', '.join(units), 2)}")


def _set_to(low: float, high: float) -> str:
    """A range, or the one value that it is, as ``--set`` takes it."""
    return f"{low:g}" if low == high else f"[{low:g},{high:g}]"


def print_scenarios() -> None:
    """Print the shipped scenarios: name and title."""
    from sim.scenario import load_scenario, shipped_scenarios

    _print_titles((name, load_scenario(name).title) for name in shipped_scenarios())


def _print_titles(rows: Iterable[tuple[str, str]]) -> None:
    for name, title in rows:
        typer.echo(f"{name:<18} {title}")
