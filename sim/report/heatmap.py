"""Places by days: the probability of having fallen as a table of colours."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sim.report.ensemble import Ensemble
from sim.report.text import day_month

_READABLE_DAYS = 31
"""Up to so many days the cells are wide enough for a number."""


@dataclass(frozen=True)
class Row:
    """One place: whole percents by day, the recorded day (0 = none), and both days as text."""

    name: str
    full_name: str
    percents: list[int]
    recorded_day: int
    recorded: str
    unsure: bool
    median: str


@dataclass(frozen=True)
class HeatMap:
    """Groups of rows under a heading; column heads as (label, number of days)."""

    groups: list[tuple[str, list[Row]]]
    heads: list[tuple[str, int]]
    numbers: bool
    known: bool


def draw_heatmap(ensemble: Ensemble) -> HeatMap:
    """Order places by recorded day of fall, then name; those that held stand in a group of their own."""
    record, days = ensemble.record, ensemble.days
    day = record.day if record.known else ensemble.median_day
    order = sorted(range(len(ensemble.names)), key=lambda p: (day[p], ensemble.short_names[p]))
    fell = [_row(ensemble, p) for p in order if np.isfinite(day[p])]
    held = [_row(ensemble, p) for p in order if not np.isfinite(day[p])]
    words = (
        ("Recorded as fallen", "Not recorded as fallen")
        if record.known
        else ("Fall in the median run", "Hold")
    )
    groups = [(f"{word} ({len(rows)})", rows) for word, rows in zip(words, (fell, held), strict=True) if rows]
    step = next(step for step, most in ((1, 16), (2, 31), (7, 120), (30, 10**6)) if days <= most)
    heads = [
        (day_month(ensemble.dates[d]) if min(step, days - d) * 2 > step else "", min(step, days - d))
        for d in range(0, days, step)
    ]
    return HeatMap(groups, heads, days <= _READABLE_DAYS, record.known)


def _row(ensemble: Ensemble, p: int) -> Row:
    day = ensemble.record.day[p]
    return Row(
        name=ensemble.short_names[p],
        full_name=ensemble.names[p],
        percents=np.round(100 * ensemble.probability[p]).astype(int).tolist(),
        recorded_day=int(day) if np.isfinite(day) else 0,
        recorded=recorded_date(ensemble, p),
        unsure=ensemble.record.confidence[p] == "low",
        median=date_of(ensemble, ensemble.median_day[p]),
    )


def date_of(ensemble: Ensemble, day: float, never: str = "holds") -> str:
    """'30 Nov' for a day number; ``never`` for one that does not come."""
    return day_month(ensemble.dates[0] + timedelta(days=int(day) - 1)) if np.isfinite(day) else never


def recorded_date(ensemble: Ensemble, p: int, held: str = "held", unknown: str = "–") -> str:
    """When a place fell in history, be it after the last day of the runs; that it held, or neither."""
    return date_of(ensemble, ensemble.history.day[p], never=held if ensemble.history.held[p] else unknown)
