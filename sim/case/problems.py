"""How a mistake in a case is told: file, row, column, value, what is allowed."""

from collections.abc import Iterable, Sequence

_MOST_ROWS = 8
_MOST_CHARACTERS = 60


def rows_text(rows: Sequence[int]) -> str:
    """``row 5`` or ``rows 5, 6, 9``; rows count as in the file, the header being row 1."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    shown = ", ".join(str(row) for row in rows[:_MOST_ROWS])
    rest = len(rows) - _MOST_ROWS
    return f"rows {shown} and {rest} more" if rest > 0 else f"rows {shown}"


def names_text(names: Iterable[str]) -> str:
    """``'a', 'b'`` and, of a long list, how many more."""
    quoted = [f"'{name}'" for name in names]
    rest = len(quoted) - _MOST_ROWS
    return ", ".join(quoted[:_MOST_ROWS]) + (f" and {rest} more" if rest > 0 else "")


def shown(value: object) -> str:
    """A value in quotes, on one line and not too long; ``blank`` if there is nothing in it."""
    text = " ".join(str(value).split())
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[:_MOST_CHARACTERS]}..."
    return f"'{text}'" if text else "blank"


def problem(where: str, what: str, allowed: str) -> str:
    """One line about a mistake."""
    return f"{where}: {what}; allowed: {allowed}"
