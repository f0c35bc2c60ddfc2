"""What came out of an ensemble, for the terminal: the places that count, the armies, the capital."""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from sim.case import Case
from sim.case.history import recorded_history
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.results import Result

MAIN_PLACES = 12
HEADINGS = {"surrendered": "Gave up"}  # so that the longest faction id fits into 80 columns
CAPITALS = ("capital", "regional_capital")


class PlaceOutcome(NamedTuple):
    """What became of a place in all runs, and in history; days count from 1 = first day."""

    name: str
    kind: str
    share: float
    """Share of runs in which it fell."""
    days: tuple[float, float, float]
    """5 %, 50 % and 95 % quantile of the day on which it fell, over all runs; inf = never."""
    recorded: int | None
    """The day on which it fell in history; None: it held."""


class FactionOutcome(NamedTuple):
    """Soldiers of a faction, mean over runs; start + added = end + all others."""

    faction: str
    start: float
    added: float
    killed: float
    deserted: float
    surrendered: float
    defected: float
    """To others, less those who came over."""
    end: float


def print_summary(result: "Result") -> None:
    """Print the outcome of all runs in two tables and a line on the capital."""
    console = Console(highlight=False)
    manifest, scenario, case = result.manifest, result.scenario, result.case
    places = place_outcomes(result)
    console.print(f"\n{scenario.title or case.title}", style="bold", markup=False)
    console.print(
        f"{manifest['runs']} runs of {scenario.days} days ({scenario.first_day} to {scenario.last_day}), "
        f"seed {manifest['seed']}, {manifest['engine']}, {manifest['wall_seconds']:.1f} s"
    )
    for table in (_place_table(places), _faction_table(faction_outcomes(result.factions, case))):
        console.print()
        console.print(table)
    console.print()
    for line in capital_lines(places, int(manifest["runs"])):
        console.print(line, markup=False)


def recorded_days(scenario: Scenario, case: Case) -> dict[str, int]:
    """The day of the scenario on which history has each place fall; places that held are left out."""
    first = recorded_history(case, scenario.first_day, scenario.days).day
    return {place: int(day) for place, day in zip(case.place_ids, first, strict=True) if np.isfinite(day)}


def main_places(case: Case, recorded: dict[str, int]) -> list[str]:
    """Up to a dozen places to print, in the order of their recorded fall.

    The capital comes first, then regional capitals, then those that fell in history, then by size.
    """
    places = case.places

    def rank(row: tuple[str, str, float]) -> tuple[int, bool, float]:
        place, kind, population = row
        return (
            (CAPITALS.index(kind) if kind in CAPITALS else len(CAPITALS)),
            place not in recorded,
            -population,
        )

    ranked = sorted(zip(places["id"], places["kind"], places["population"], strict=True), key=rank)
    return sorted(
        (place for place, _, _ in ranked[:MAIN_PLACES]), key=lambda place: recorded.get(place, math.inf)
    )


def place_outcomes(result: "Result") -> list[PlaceOutcome]:
    """What became of the main places."""
    from sim.skill.measures import central_interval, median_day, or_never

    ids, places, last = result.case.place_ids, result.case.places, result.scenario.days
    recorded = recorded_days(result.scenario, result.case)
    share = np.isfinite(result.fall_day).mean(axis=0)
    low, high = central_interval(result.fall_day, last)
    quantiles = or_never(np.stack([low, median_day(result.fall_day, last), high], axis=1), last)
    outcomes = []
    for place in main_places(result.case, recorded):
        at = ids.index(place)
        days = (float(quantiles[at, 0]), float(quantiles[at, 1]), float(quantiles[at, 2]))
        name, kind = (str(places[column].iloc[at]) for column in ("name", "kind"))
        outcomes.append(PlaceOutcome(name, kind, float(share[at]), days, recorded.get(place)))
    return outcomes


def faction_outcomes(factions: pd.DataFrame, case: Case) -> list[FactionOutcome]:
    """What became of each army, from the table ``factions`` of a result."""
    last_day = factions[factions["day"] == factions["day"].max()]
    means = last_day.groupby("faction_id", observed=True).mean(numeric_only=True)
    outcomes = []
    for faction in case.faction_ids:
        mean = {str(column): float(value) for column, value in means.loc[faction].items()}
        killed, deserted, surrendered = mean["killed"], mean["deserted"], mean["surrendered"]
        defected, added, end = mean["defected_out"] - mean["defected_in"], mean["mobilised"], mean["soldiers"]
        start = end + killed + deserted + surrendered + defected - added
        outcomes.append(FactionOutcome(faction, start, added, killed, deserted, surrendered, defected, end))
    return outcomes


def capital_lines(places: list[PlaceOutcome], runs: int) -> list[str]:
    """One line for each capital of the case; none where there is no capital."""
    lines = []
    for place in places:
        if place.kind != "capital":
            continue
        error = 1.96 * math.sqrt(place.share * (1 - place.share) / runs)
        line = f"The capital, {place.name}, falls in {place.share:.0%} of runs (± {error:.0%})"
        if math.isfinite(place.days[1]):
            line += f", in half of all runs by day {place.days[1]:.0f}"
        history = f"fell on day {place.recorded}" if place.recorded else "held"
        lines.append(f"{line}; in history it {history}.")
    return lines


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


def _place_table(places: list[PlaceOutcome]) -> Table:
    title = "Main places (days: over all runs)"
    table = plain_table(title, "Place", ["Fell in", "Median day", "5-95 %", "History"])
    for place in places:
        low, median, high = (f"{day:.0f}" if math.isfinite(day) else "never" for day in place.days)
        history = f"day {place.recorded}" if place.recorded else "held"
        spread = f"{low}-{high}" if math.isfinite(place.days[0]) else ""
        table.add_row(place.name, f"{place.share:.0%}", median, spread, history)
    return table


def _faction_table(factions: list[FactionOutcome]) -> Table:
    columns = [
        name for name in FactionOutcome._fields[1:] if name != "added" or any(f.added for f in factions)
    ]
    table = plain_table(
        "Soldiers, mean over runs", "Faction", [HEADINGS.get(name, name.capitalize()) for name in columns]
    )
    for faction in factions:
        table.add_row(faction.faction, *(f"{round(getattr(faction, column)):,}" for column in columns))
    return table
