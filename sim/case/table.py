"""Cells into typed columns: every cell that its column does not allow is told, the others are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import nan
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.case.columns import Row, adapter, allowed
from sim.case.mending import hint, mended
from sim.case.problems import problem, rows_text, shown
from sim.case.sheet import Sheet, header_problems


@dataclass(frozen=True)
class Table:
    """A table as read, for the checks: unusable numbers are NaN, unusable dates None.

    Unusable words and ids stay as written. ``rows`` are the rows in the file, the header being row 1.
    """

    file: str
    row_type: type[Row]
    frame: pd.DataFrame
    rows: list[int]
    wrong: dict[str, list[int]]
    """Positions of the cells of a column that are lacking or not allowed."""

    def at(self, rows: int | Sequence[int], column: str = "") -> str:
        """Where a problem is: file, rows in the file, column."""
        where = f"{self.file}: {rows_text([rows] if isinstance(rows, int) else rows)}"
        return f"{where}, column {column}" if column else where

    def rows_where(self, mask: Any) -> list[int]:
        """Rows in the file where the mask [n] is true."""
        return [row for row, chosen in zip(self.rows, mask, strict=True) if chosen]


def read_table(sheet: Sheet, row_type: type[Row]) -> tuple[Table, list[str]]:
    """The columns of a sheet as the row type wants them, and what is wrong with them."""
    fields = row_type.model_fields
    problems = header_problems(sheet, fields)
    columns: dict[str, pd.Series] = {}
    wrong: dict[str, list[int]] = {}
    for name, field in fields.items():
        cells = _cells(sheet, name, keep=name in row_type.KEY)
        values, wrong[name] = _read_column(row_type, name, cells)
        columns[name] = pd.Series(values, dtype=_dtype(field))
    table = Table(sheet.file, row_type, pd.DataFrame(columns), sheet.numbers, wrong)
    for name, field in fields.items():
        cells = _cells(sheet, name, keep=False)
        rows_of: dict[str, dict[str, list[int]]] = {}
        for i in wrong[name]:
            if (cell := cells[i]) is not None:  # a column or row that is lacking as a whole is told already
                # A spreadsheet writes all numbers of a column its own way, which is one mistake.
                mistake = "" if mended(cell, field) else cell
                rows_of.setdefault(mistake, {}).setdefault(cell, []).append(sheet.numbers[i])
        for alike in rows_of.values():
            cell, others = next(iter(alike)), len(alike) - 1
            what = shown(cell) + hint(cell, field) + (f" and {others} more like it" if others else "")
            rows = sorted(row for found in alike.values() for row in found)
            problems.append(problem(table.at(rows, name), what, allowed(field)))
    return table, problems


def empty_table(file: str, row_type: type[Row]) -> Table:
    """The table of an optional file that is not there."""
    return read_table(Sheet(file, list(row_type.model_fields), [], []), row_type)[0]


def _cells(sheet: Sheet, name: str, keep: bool) -> list[str | None]:
    """The cells of a column; None where there is none or the row has a wrong number of cells.

    Keys of such rows are kept (``keep``): else everything that refers to them would be called unknown.
    """
    if name not in sheet.columns:
        return [None] * len(sheet.rows)
    at, width = sheet.columns.index(name), len(sheet.columns)
    return [row[at] if len(row) == width or (keep and at < len(row)) else None for row in sheet.rows]


def _read_column(row_type: type[Row], name: str, cells: list[str | None]) -> tuple[list[Any], list[int]]:
    """Values of the cells, and the positions of those that are not allowed."""
    field = row_type.model_fields[name]
    is_text = _dtype(field) == "str"
    no_value = "" if is_text else None if field.annotation is date else nan
    filled = [(i, cell) for i, cell in enumerate(cells) if cell]
    wrong = {i for i, cell in enumerate(cells) if cell is None or (cell == "" and field.is_required())}
    reader = _adapter(row_type, name)
    values: list[Any] = [no_value] * len(cells)
    try:
        read = reader.validate_python([cell for _, cell in filled])
    except ValidationError as error:
        refused = {filled[int(detail["loc"][0])][0] for detail in error.errors(include_url=False)}
        wrong |= refused
        for i in refused if is_text else ():
            values[i] = cells[i]
        filled = [(i, cell) for i, cell in filled if i not in refused]
        read = reader.validate_python([cell for _, cell in filled])
    for (i, _), value in zip(filled, read, strict=True):
        values[i] = value
    return values, sorted(wrong)


@cache
def _adapter(row_type: type[Row], name: str) -> TypeAdapter[list[Any]]:
    return adapter(row_type.model_fields[name])


def _dtype(field: FieldInfo) -> str:
    if field.annotation is date:
        return "object"
    return "float64" if field.annotation is float else "str"
