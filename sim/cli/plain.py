"""How the commands print tables."""

from rich import box
from rich.console import Console
from rich.table import Table


def plain_console() -> Console:
    """What tables are printed on: text as it stands, also where a person's own has brackets in it."""
    return Console(highlight=False, markup=False)


def plain_table(title: str, first: str, others: list[str]) -> Table:
    """An empty table of the house: the first column text, the others numbers."""
    table = Table(
        box=box.SIMPLE_HEAD,
        title=title,
        title_justify="left",
        title_style="bold",
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
    )
    table.add_column(first, overflow="fold")
    for column in others:
        table.add_column(column, justify="right", no_wrap=True)
    return table
