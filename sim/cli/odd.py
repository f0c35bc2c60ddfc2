"""The tables of docs/odd.md and docs/case.md that are copies of the code: ``make odd`` writes them anew.

The prose of both is written by hand. Between ``<!-- generated: NAME -->`` and ``<!-- end -->`` stands what
the function of that name in ``DOCUMENTS`` says; tests/test_odd.py fails while the two differ.
"""

import csv
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sim.case.columns import Row, allowed, words
from sim.case.tables import TABLES as CASE_TABLES
from sim.cli.listing import markdown_table, parameters_markdown
from sim.errors import InputError, nearest
from sim.paths import configs_dir
from sim.rules import SCHEDULE, schedule_table
from sim.scenario.events import EVENT_KINDS
from sim.state import State
from sim.world import CONDITIONS, World

DOCUMENT = Path("docs/odd.md")
CASE_DOCUMENT = Path("docs/case.md")

_REGION = re.compile(r"(<!-- generated: (\S+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
_FIELD = re.compile(r"    (?P<name>\w+): Array(?:  # (?P<shape>scalar|\[[^]]*\])?[ :;,]*(?P<meaning>.*))?")
_GROUP = re.compile(r"    # (?P<group>\w.*)")
_COLUMN = re.compile(r"    (?P<name>\w+): [^#]+  # (?P<meaning>.+)")


class Variable(NamedTuple):
    """A field of ``State`` or ``World``, as the comments of its class describe it; "" where they do not."""

    group: str
    name: str
    shape: str
    meaning: str


def variables(kind: type[State] | type[World]) -> Iterator[Variable]:
    """The fields of a class in order, with what stands beside each and the line that heads its group."""
    group = "the run"
    for line in inspect.getsource(kind).splitlines():
        if heading := _GROUP.fullmatch(line):
            group = heading["group"]
        elif field := _FIELD.fullmatch(line):
            yield Variable(group, field["name"], field["shape"] or "", field["meaning"] or "")


def refresh_regions(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """A document with every region as the function of its name has it now.

    Raises:
        InputError: a region bears a name that is not in ``tables``.
    """
    names = [region[2] for region in _REGION.finditer(text)]
    if unknown := [name for name in names if name not in tables]:
        allowed = f"allowed: {', '.join(tables)}"
        raise InputError([f"generated: {n}: unknown region{nearest(n, tables)}; {allowed}" for n in unknown])
    return _REGION.sub(lambda region: f"{region[1]}\n{tables[region[2]]()}\n\n", text)


def _schedule() -> str:
    file = {rule.name: rule.function.__module__.rpartition(".")[2] + ".py" for rule in SCHEDULE}
    return markdown_table(
        ("Order", "Every", "Rule", "What it does", "Mechanism"),
        (
            (
                row["order"],
                row["every"],
                f"[`{row['name']}`](../sim/rules/{file[str(row['name'])]})",
                row["does"],
                row["mechanism"],
            )
            for row in schedule_table()
        ),
    )


def _variables_of(kind: type[State] | type[World]) -> str:
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for group, name, shape, meaning in variables(kind):
        groups.setdefault(group, []).append((f"`{name}`", shape, meaning))
    return "\n\n".join(
        f"**{kind.__name__}: {group}**\n\n{markdown_table(('Name', 'Shape', 'Meaning'), rows)}"
        for group, rows in groups.items()
    )


def _described(kinds: Mapping[str, type]) -> Iterator[tuple[str, str]]:
    """Names and what their classes say of themselves."""
    return ((name, inspect.cleandoc(kind.__doc__ or "")) for name, kind in kinds.items())


def _events() -> str:
    return markdown_table(
        ("Kind", "What it is"), ((f"`{name}`", told) for name, told in _described(EVENT_KINDS))
    )


def _case() -> str:
    rows = ((f"[`{name}.csv`](case.md#{name}csv)", told) for name, told in _described(CASE_TABLES))
    return markdown_table(("File", "What it is"), rows)


def _files() -> str:
    return "\n\n".join(
        f"### {name}.csv\n\n{told}{_rows_of(CASE_TABLES[name])}\n\n{_columns(CASE_TABLES[name])}"
        for name, told in _described(CASE_TABLES)
    )


def _rows_of(kind: type[Row]) -> str:
    once = f" One row for each {' and '.join(f'`{name}`' for name in kind.KEY)}." if kind.KEY else ""
    return f"{once} The file may be left out." if kind.OPTIONAL else once


def _columns(kind: type[Row]) -> str:
    told = meanings(kind)
    return markdown_table(
        ("Column", "Needed", "What may stand there", "Meaning"),
        (
            (
                f"`{name}`",
                "yes" if field.is_required() else "no",
                ", ".join(f"`{word}`" for word in words(field)) or allowed(field),
                told.get(name, ""),
            )
            for name, field in kind.model_fields.items()
        ),
    )


def meanings(kind: type[Row]) -> dict[str, str]:
    """What stands beside the columns of a table of a case; a ``source`` needs no word."""
    lines = map(_COLUMN.fullmatch, inspect.getsource(kind).splitlines())
    return {column["name"]: column["meaning"] for column in lines if column}


def _conditions() -> str:
    rows = (
        (f"`{key}`", "as `reservation_wage_usd_month`" if math.isnan(value) else f"{value:g}")
        for key, value in CONDITIONS.items()
    )
    return markdown_table(("Condition", "Neutral value"), rows)


def _references() -> str:
    with (configs_dir() / "references.csv").open(encoding="utf-8", newline="") as file:
        return "\n".join(
            f"- `{row['key']}`: {row['citation']}{f' doi:{row["doi"]}.' if row['doi'] else ''} {row['note']}"
            for row in csv.DictReader(file)
        )


TABLES: dict[str, Callable[[], str]] = {
    "schedule": _schedule,
    "state": partial(_variables_of, State),
    "world": partial(_variables_of, World),
    "case": _case,
    "events": _events,
    "conditions": _conditions,
    "parameters": parameters_markdown,
    "references": _references,
}
"""What can be generated in docs/odd.md, by the name of its region."""

DOCUMENTS: dict[Path, dict[str, Callable[[], str]]] = {DOCUMENT: TABLES, CASE_DOCUMENT: {"files": _files}}


if __name__ == "__main__":
    for document, tables in DOCUMENTS.items():
        refreshed = refresh_regions(document.read_text(encoding="utf-8"), tables)
        document.write_text(refreshed, encoding="utf-8")
