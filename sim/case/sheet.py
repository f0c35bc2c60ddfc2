"""A CSV file as cells, before anything is known of what they mean."""

import csv
import io
import re
from collections.abc import Collection
from typing import NamedTuple

from sim.case.problems import problem, rows_text, shown
from sim.errors import nearest

_MARK = re.compile(r"sep=.(\r\n|\r|\n)")
"""The line in which some spreadsheets say what separates the cells."""

_OTHERS = {";": "';'", "\t": "tabs"}
"""What spreadsheets separate cells by, too."""


class Sheet(NamedTuple):
    """Cells of a CSV file. ``numbers``: row in the file of each row, the header being row 1."""

    file: str
    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]


def read_sheet(file: str, data: bytes, columns: Collection[str]) -> tuple[Sheet | None, list[str]]:
    """The cells of a comma-separated UTF-8 file, stripped of outer blanks; blank rows are passed over.

    A file with another separator is read with that, so that all that is wrong with its cells is told too.

    Args:
        file: what it is called.
        data: its bytes.
        columns: some of which the header must name.

    Returns:
        The sheet (None where nothing can be made of the file) and the problems found. Rows with a wrong
        number of cells are kept, so that their ids stay known.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{file}: line {data[: error.start].count(b'\n') + 1}"
        return None, [
            problem(where, f"byte 0x{data[error.start]:02x} is not UTF-8", "a file saved as CSV UTF-8")
        ]
    problems: list[str] = []
    header = 1
    if mark := _MARK.match(text):
        problems.append(problem(f"{file}: row 1", shown(mark[0]), "the header row; delete the row above it"))
        text, header = text[mark.end() :], 2
    separator = _separator(text)
    if separator != ",":
        what = f"cells are separated by {_OTHERS[separator]}"
        problems.append(problem(f"{file}: row {header}", what, "','"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        cells = [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        rules = "comma-separated cells, quotes closed and doubled inside quotes"
        line = reader.line_num + header - 1
        return None, [*problems, problem(f"{file}: line {line}", f"malformed CSV ({error})", rules)]
    if not cells or not set(columns) & set(cells[0]):  # blank, or no table at all
        names = shown(" ".join(cells[0]) if cells else "")
        allowed = f"a header row: {', '.join(columns)}"
        return None, [*problems, problem(f"{file}: row {header}", names, allowed)]
    filled = [(number, row) for number, row in enumerate(cells[1:], start=header + 1) if any(row)]
    sheet = Sheet(file, cells[0], [row for _, row in filled], [number for number, _ in filled])
    return sheet, [*problems, *_wrong_widths(sheet)]


def _separator(text: str) -> str:
    """What separates the cells of the header."""
    header = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return next((other for other in _OTHERS if other in header and "," not in header), ",")


def _wrong_widths(sheet: Sheet) -> list[str]:
    rows_of: dict[int, list[int]] = {}
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if len(row) != len(sheet.columns):
            rows_of.setdefault(len(row), []).append(number)
    rules = f"{len(sheet.columns)} as in the header (text with a comma or quotes stands in quotes)"
    return [
        problem(f"{sheet.file}: {rows_text(rows)}", f"{width} cells", rules)
        for width, rows in rows_of.items()
    ]


def header_problems(sheet: Sheet, known: Collection[str]) -> list[str]:
    """Missing, unknown and repeated columns."""
    missing = [column for column in known if column not in sheet.columns]
    columns = ", ".join(known)
    problems = [problem(f"{sheet.file}: column {column}", "missing", columns) for column in missing]
    for column in dict.fromkeys(sheet.columns):
        where = f"{sheet.file}: column {column or 'without a name'}"
        if column not in known:
            problems.append(problem(where, f"unknown{nearest(column, missing)}", columns))
        elif sheet.columns.count(column) > 1:
            problems.append(problem(where, "given more than once", "once"))
    return problems
