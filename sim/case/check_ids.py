"""Checks of names: everything that is referred to exists, and nothing is given twice."""

from collections.abc import Iterator

from sim.case.columns import Refers, refers
from sim.case.draft import Draft
from sim.case.problems import problem, shown
from sim.case.table import Table
from sim.errors import nearest


def no_rows(draft: Draft) -> Iterator[str]:
    """A war needs places and armies."""
    for name in ("places", "factions"):
        if name in draft.tables and not draft.tables[name].rows:
            yield problem(draft.tables[name].file, "no rows", "one or more")


def unknown_ids(draft: Draft) -> Iterator[str]:
    """Every place, faction, group and source that a table names is in the table of its kind."""
    for table in draft.tables.values():
        for column, field in table.row_type.model_fields.items():
            reference = refers(field)
            if reference and reference.table in draft.tables:
                yield from _unknown(draft, table, column, reference)


def _unknown(draft: Draft, table: Table, column: str, reference: Refers) -> Iterator[str]:
    known = dict.fromkeys(draft.ids(reference.table, reference.column))
    if not known:  # the file has no rows or lacks the column: told once and not for every reference
        return
    rows_of: dict[str, list[int]] = {}
    for row, cell in zip(table.rows, table.frame[column], strict=True):
        for value in dict.fromkeys(cell.split(";") if reference.many else [cell]):
            if cell and value.strip() not in known:
                rows_of.setdefault(value.strip(), []).append(row)
    allowed = f"values of the column {reference.column} of {reference.table}.csv"
    for value, rows in rows_of.items():
        yield problem(table.at(rows, column), f"{shown(value)} is unknown{nearest(value, known)}", allowed)


def unknown_factions(draft: Draft) -> Iterator[str]:
    """The factions of case.toml exist, and none stands twice in a list."""
    known = draft.ids("factions")
    for key in ("government_side", "opening_offensive"):
        listed = draft.settings.get(key, ())
        where = f"{draft.name}/case.toml: {key}"
        for faction in dict.fromkeys(listed):
            if faction not in known:
                yield problem(where, f"'{faction}' is unknown{nearest(faction, known)}", ", ".join(known))
            elif listed.count(faction) > 1:
                yield problem(where, f"'{faction}' is given more than once", "once")


def government_sides(draft: Draft) -> Iterator[str]:
    """``government_side`` names just the factions whose side is ``government``."""
    table, listed = draft.tables["factions"], draft.settings["government_side"]
    if not set(listed) <= set(table.frame["id"]):  # a misspelt faction is told already
        return
    for row, faction, side in zip(table.rows, table.frame["id"], table.frame["side"], strict=True):
        if faction in listed and side in ("rebel", "other"):
            allowed = "government, since government_side of case.toml lists the faction"
        elif side == "government" and faction not in listed:
            allowed = "rebel or other, or the faction in government_side of case.toml"
        else:
            continue
        yield problem(table.at(row, "side"), f"'{side}' of '{faction}'", allowed)


def repeated_keys(draft: Draft) -> Iterator[str]:
    """No row is there twice: neither its key nor, in tables without a key, all of it."""
    for table in draft.tables.values():
        row_type = table.row_type
        key = row_type.KEY or tuple(row_type.model_fields)
        rows_of: dict[tuple[str, ...], list[int]] = {}
        for row, *values in zip(table.rows, *(table.frame[column] for column in key), strict=True):
            if not row_type.KEY or all(values):
                found = [str(value) for value in values]  # as text, so that two blank numbers are equal
                rows_of.setdefault(tuple(sorted(found) if row_type.UNORDERED else found), []).append(row)
        for found_key, rows in rows_of.items():
            if len(rows) > 1:
                named = [f"{name} '{value}'" for name, value in zip(key, found_key, strict=True)]
                what = ", ".join(named) if row_type.KEY else "the same row"
                yield problem(table.at(rows), f"{what} {row_type.TWICE}", "once")
