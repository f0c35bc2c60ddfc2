"""What came out of an ensemble, for the terminal: the places that count, the armies, the capital."""

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rich.table import Table

from sim.case import Case
from sim.case.history import History, whole_history
from sim.cli.plain import plain_console, plain_table

if TYPE_CHECKING:
    from sim.results import Result

MAIN_PLACES = 12
HEADINGS = {"surrendered": "Gave up"}  # so that the longest faction id fits into 80 columns
CAPITALS = ("capital", "regional_capital")
HELD = "held"


class PlaceOutcome(NamedTuple):
    """What became of a place in all runs, and in history; days count from 1 = first day."""

    name: str
    kind: str
    share: float
    """Share of runs in which it fell."""
    days: tuple[float, float, float]
    """5 %, 50 % and 95 % quantile of the day on which it fell, over all runs; inf = never."""
    recorded: str
    """What became of it in history: 'day 12', HELD, or '' where nothing is known."""


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
    console = plain_console()
    manifest, scenario, case = result.manifest, result.scenario, result.case
    places = place_outcomes(result)
    console.print(f"\n{scenario.title or case.title}", style="bold")
    console.print(
        f"{manifest['runs']} runs of {scenario.days} days ({scenario.first_day} to {scenario.last_day}), "
        f"seed {manifest['seed']}, {manifest['engine']}, {manifest['wall_seconds']:.1f} s"
    )
    for table in (_place_table(places), _faction_table(faction_outcomes(result.factions, case))):
        console.print()
        console.print(table)
    console.print()
    for line in capital_lines(places, int(manifest["runs"])):
        console.print(line)


def main_places(case: Case, history: History) -> list[int]:
    """Positions of up to a dozen places to print, in the order of their recorded fall.

    The capital comes first, then regional capitals, then those that fell in history, then by size.
    """
    places = case.places
    fell = np.isfinite(history.day)

    def rank(p: int) -> tuple[int, bool, float]:
        kind = places["kind"].iloc[p]
        first = CAPITALS.index(kind) if kind in CAPITALS else len(CAPITALS)
        return first, not fell[p], -places["population"].iloc[p]

    ranked = sorted(range(len(places)), key=rank)
    return sorted(ranked[:MAIN_PLACES], key=lambda p: history.day[p])


def place_outcomes(result: "Result") -> list[PlaceOutcome]:
    """What became of the main places; of history also what came after the last day of the runs."""
    from sim.skill.measures import central_interval, median_day, or_never

    places, last = result.case.places, result.scenario.days
    history = whole_history(result.case)
    share = np.isfinite(result.fall_day).mean(axis=0)
    low, high = central_interval(result.fall_day, last)
    quantiles = or_never(np.stack([low, median_day(result.fall_day, last), high], axis=1), last)
    outcomes = []
    for p in main_places(result.case, history):
        days = (float(quantiles[p, 0]), float(quantiles[p, 1]), float(quantiles[p, 2]))
        name, kind = (str(places[column].iloc[p]) for column in ("name", "kind"))
        fell = f"day {history.day[p]:.0f}" if np.isfinite(history.day[p]) else ""
        recorded = HELD if history.held[p] else fell
        outcomes.append(PlaceOutcome(name, kind, float(share[p]), days, recorded))
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
        low, high = likely_share(place.share, runs)
        line = f"The capital, {place.name}, falls in {place.share:.0%} of runs "
        line += f"(95 %: {low:.0%} to {high:.0%})"
        if math.isfinite(place.days[1]):
            line += f", in half of all runs by day {place.days[1]:.0f}"
        if place.recorded:
            history = place.recorded if place.recorded == HELD else f"fell on {place.recorded}"
            line += f"; in history it {history}"
        lines.append(f"{line}.")
    return lines


def likely_share(share: float, runs: int) -> tuple[float, float]:
    """The 95 % interval of a share of runs, also where it is 0 or 1 (Wilson 1927, doi:10.2307/2276774).

    ``scipy.stats`` has it and takes a second to import.
    """
    z2 = NormalDist().inv_cdf(0.975) ** 2 / runs
    middle, half = share + z2 / 2, math.sqrt(z2 * (share * (1 - share) + z2 / 4))
    return (middle - half) / (1 + z2), (middle + half) / (1 + z2)


def _place_table(places: list[PlaceOutcome]) -> Table:
    title = "Main places (days: over all runs)"
    table = plain_table(title, "Place", ["Fell in", "Median day", "5-95 %", "History"])
    for place in places:
        low, median, high = (f"{day:.0f}" if math.isfinite(day) else "never" for day in place.days)
        spread = f"{low}-{high}" if math.isfinite(place.days[0]) else ""
        table.add_row(place.name, f"{place.share:.0%}", median, spread, place.recorded)
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
