"""A case while it is being checked: whatever of it could be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.case.table import Table

Extent = tuple[float, float, float, float]
"""West, south, east, north, degrees."""


@dataclass
class Draft:
    """What could be read of a case."""

    name: str
    """Name of the folder; stands before the file in every line."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Usable keys of case.toml."""
    tables: dict[str, Table] = field(default_factory=dict)
    """Tables that could be read, by file name without ``.csv``."""
    extent: Extent | None = None
    """Of the basemap, if it tells."""

    def has(self, *needs: str) -> bool:
        """Whether all these tables and keys of case.toml could be read."""
        return all(need in self.tables or need in self.settings for need in needs)

    def ids(self, table: str, column: str = "id") -> list[str]:
        """The values of a column, blanks left out."""
        return [value for value in self.tables[table].frame[column] if value]


Check = Callable[[Draft], Iterator[str]]
"""Finds what is wrong with a case: one line for each problem."""
