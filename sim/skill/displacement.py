"""Displacement against the record: Flee's averaged relative difference.

For each count the error is |simulated - recorded|; the errors of a date and scope are summed, divided by the
sum of its recorded counts, and averaged over dates and scopes. 0 is perfect; 2 is the worst where totals
agree (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9).

Not every row of displacement.csv can be compared with people who flee in a run. What is left out:

- rows outside the days that are scored, and rows with ``cumulative`` 0, which do not say since when;
- regions, unless the label is a ``region`` of places.csv with ``(origin)`` or ``(arrivals)`` behind it: a
  bare name says neither, and a part of the country that is no region has no places;
- rows below an earlier one of the same series: a count of people who fled cannot fall, so that people who
  returned were taken off, or somebody else counted.

National rows count people who fled from any place, a place's row those who came to it. A series that began
before the first day, which its earlier rows or the words ``since 1 December 2019`` in its label say, is
compared from its highest row before the first day on, or from its first row after it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.case import Case
from sim.results import Result

MEASURES = {"fled": "fled", "hosted": "displaced_hosted"}
"""What is counted -> column of a result's table ``places``, people."""

_SINCE = re.compile(r"\bsince (\d{1,2} [A-Z][a-z]+ \d{4})\b")
_REGION = re.compile(r"(?P<region>.+?) \((?P<way>origin|arrivals)\)")


class Count(NamedTuple):
    """A recorded count that can be compared: people more than on the day ``since``."""

    day: int
    """1 = first day."""
    since: int
    """Day from which the people are counted; 0 = the eve."""
    scope: str
    measure: str
    """'fled' from the places or 'hosted' by them."""
    places: np.ndarray
    """[P] bool."""
    people: float


def recorded_counts(case: Case, first_day: date, days: int) -> list[Count]:
    """The rows of displacement.csv that a run of ``days`` days can be compared with."""
    table = case.displacement
    usable = table[(table["cumulative"] == 1) & np.isfinite(table["people"])]
    usable = usable.assign(day=[(when - first_day).days + 1 for when in usable["date"]])
    usable = usable[usable["day"] <= days].sort_values("day", kind="stable")
    return [
        count
        for (scope, label), series in usable.groupby(["scope", "place_or_region"], sort=False)
        if (what := _what(case, str(scope), str(label)))
        for count in _increments(series, str(scope), _started_before(str(label), first_day), *what)
    ]


def recorded_since_the_eve(case: Case, first_day: date, days: int) -> dict[int, float]:
    """People who fled since the eve by day, 1 = first day: the national counts that can be compared."""
    counts = recorded_counts(case, first_day, days)
    return {count.day: count.people for count in counts if count.scope == "national" and count.since == 0}


def _what(case: Case, scope: str, label: str) -> tuple[str, np.ndarray] | None:
    """Measure and places that a scope and label speak of; None if that cannot be told."""
    if scope == "national":
        return "fled", np.ones(len(case.places), dtype=bool)
    if scope == "place":
        return "hosted", (case.places["id"] == label).to_numpy()
    named = _REGION.fullmatch(label)
    places = (case.places["region"] == named["region"]).to_numpy() if named else np.zeros(0, dtype=bool)
    if named is None or not places.any():
        return None
    return "fled" if named["way"] == "origin" else "hosted", places


def _started_before(label: str, first_day: date) -> bool:
    since = _SINCE.search(label)
    try:
        return since is not None and datetime.strptime(since[1], "%d %B %Y").date() < first_day
    except ValueError:  # no date after all
        return False


def _increments(
    series: pd.DataFrame, scope: str, started_before: bool, measure: str, places: np.ndarray
) -> Iterator[Count]:
    """What a series in the order of its days adds to its last count before the first day."""
    context, rows = series[series["day"] < 1], series[series["day"] >= 1]
    since, base = 0, 0.0
    if len(context):
        base = float(context["people"].max())
    elif started_before and len(rows):
        since, base = int(rows["day"].iloc[0]), float(rows["people"].iloc[0])
        rows = rows.iloc[1:]
    highest = base
    for day, people in zip(rows["day"], rows["people"], strict=True):
        if people >= highest:
            highest = float(people)
            yield Count(int(day), since, scope, measure, places, highest - base)


def averaged_relative_difference(counts: list[Count], simulated: np.ndarray) -> float:
    """Mean over dates and scopes of sum |simulated - recorded| / sum recorded; NaN without such counts.

    Args:
        counts: what was recorded.
        simulated: [C] people, for each count.
    """
    entries: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
    for count, people in zip(counts, simulated, strict=True):
        key = (count.day, count.scope, count.measure)
        entries.setdefault(key, []).append((abs(people - count.people), count.people))
    totals = [np.sum(errors, axis=0) for errors in entries.values()]
    ratios = [error / recorded for error, recorded in totals if recorded > 0]
    return float(np.mean(ratios)) if ratios else np.nan


def compared(result: Result, days: int) -> tuple[list[Count], np.ndarray]:
    """The counts of the first days that a result can be compared with, and its people [R, C] for each."""
    people = simulated_people(result)
    counts = recorded_counts(result.case, result.scenario.first_day, days) if people else []
    if not people or not counts:
        return [], np.empty((len(result.fall_day), 0))
    return counts, counted_people(counts, people)


def counted_people(counts: list[Count], people: Mapping[str, np.ndarray]) -> np.ndarray:
    """What each count would have been in the simulation, people [..., C].

    Args:
        counts: what was recorded.
        people: for each measure [..., D + 1, P] people at the end of each day; day 0 is the eve.
    """
    columns = [
        (people[count.measure][..., count.day, :] - people[count.measure][..., count.since, :])[
            ..., count.places
        ].sum(axis=-1)
        for count in counts
    ]
    return np.stack(columns, axis=-1)


def simulated_people(result: Result) -> dict[str, np.ndarray] | None:
    """People [R, D + 1, P] for each measure; None if the result has no such columns.

    The table ``places`` begins on day 1; nobody has fled, and no newly displaced are hosted, on the eve.
    """
    table = result.places
    if not set(MEASURES.values()) <= set(table.columns):
        return None
    runs, run = np.unique(table["run_id"].to_numpy(), return_inverse=True)
    day, ids = table["day"].to_numpy(), result.case.place_ids
    place = table["place_id"].cat.set_categories(ids).cat.codes.to_numpy()
    people = {}
    for measure, column in MEASURES.items():
        people[measure] = np.zeros((len(runs), int(day.max()) + 1, len(ids)))
        people[measure][run, day, place] = table[column]
    return people
