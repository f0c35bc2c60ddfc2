"""What a cell that its column does not allow was meant to be, as spreadsheets of other countries write it."""

import datetime
import re

from pydantic.fields import FieldInfo

from sim.case.columns import is_count, words
from sim.errors import nearest

_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_THOUSANDS = re.compile(r"[0-9]{1,3}([., _'’][0-9]{3})+")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


def mended(cell: str, column: FieldInfo) -> str:
    """A date, count or number in the form that the column wants; empty if the cell is none."""
    if column.annotation is datetime.date:
        return _iso(cell)
    if is_count(column):
        return re.sub("[^0-9]", "", cell) if _THOUSANDS.fullmatch(cell) else ""
    if column.annotation is float and _DECIMAL_COMMA.fullmatch(cell):
        return cell.replace(",", ".")
    return ""


def hint(cell: str, column: FieldInfo) -> str:
    """`` (did you mean 'x'?)``; empty if nothing is known that the cell may mean."""
    value = mended(cell, column)
    return f" (did you mean {value}?)" if value else nearest(cell, words(column))


def _iso(cell: str) -> str:
    found = _DAY.fullmatch(cell)
    if not found:
        return ""
    day, month, year = map(int, found.groups())
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:  # no such day
        return ""
