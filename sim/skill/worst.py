"""Where an ensemble misses the record by most, and what happens there in its runs."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.case.history import History
from sim.results import Result
from sim.skill.measures import central_interval, counted, median_day


class _Typical(NamedTuple):
    cause: str
    taker: str
    share: float


@dataclass(frozen=True)
class Miss:
    """A place in the record and in the runs. Days count from 1 = first day; None: never in these days.

    Attributes:
        place: id.
        name: of the place.
        error: mean over days of (share of runs in which it has fallen - recorded state)^2.
        brier_share: its part of the Brier score of the case, 0..1.
        recorded_day: of its fall.
        recorded_taker: who had it on the evening of that day; '' if it held.
        confidence: of the recorded day.
        fallen_share: share of runs in which it falls.
        contested_share: share of runs in which it is fought over at the end of some day.
        median_day: over all runs.
        low_day, high_day: ends of the central 90 % interval.
        cause, taker: how it falls and to whom, most often among the runs in which it does; '' if in none.
        typical_share: of these runs, the share with both.
    """

    place: str
    name: str
    error: float
    brier_share: float
    recorded_day: int | None
    recorded_taker: str
    confidence: str
    fallen_share: float
    contested_share: float
    median_day: int | None
    low_day: int | None
    high_day: int | None
    cause: str
    taker: str
    typical_share: float


def worst_places(result: Result, history: History, most: int = 10) -> list[Miss]:
    """The places that add most to the Brier score, the worst first; those without an error are left out."""
    days, fall_day = history.days, result.fall_day
    error = ((result.fallen_by_day[:, :days].mean(axis=0).T - history.fallen) ** 2).mean(axis=1)
    added = error * history.weight
    middle, (low, high) = median_day(fall_day, days), central_interval(fall_day, days)
    names = result.case.places["name"].tolist()
    contested = _contested_share(result, days)

    def day(value: float) -> int | None:
        return int(value) if value <= days else None

    misses = []
    for p in np.argsort(-added, kind="stable")[:most]:
        if added[p] <= 0:
            break
        typical = _typical_fall(result, int(p), days)
        misses.append(
            Miss(
                place=result.case.place_ids[p],
                name=str(names[p]),
                error=float(error[p]),
                brier_share=float(added[p] / added.sum()),
                recorded_day=day(history.day[p]),
                recorded_taker=history.taker[p],
                confidence=history.confidence[p],
                fallen_share=float((fall_day[:, p] <= days).mean()),
                contested_share=contested.get(result.case.place_ids[p], 0.0),
                median_day=day(middle[p]),
                low_day=day(low[p]),
                high_day=day(high[p]),
                cause=typical.cause,
                taker=typical.taker,
                typical_share=typical.share,
            )
        )
    return misses


def _contested_share(result: Result, days: int) -> dict[str, float]:
    """Share of runs in which a place is fought over, for the places where that happens."""
    table = result.control
    fought = table.loc[table["contested"] & (table["day"] <= days), ["run_id", "place_id"]].drop_duplicates()
    return {str(place): n / len(result.fall_day) for place, n in fought["place_id"].value_counts().items()}


def _typical_fall(result: Result, p: int, days: int) -> _Typical:
    """Most common cause and taker of the first fall of a place, and in how many of its falls both are so."""
    table = result.control
    here = table[table["place_id"] == result.case.place_ids[p]]
    runs, row = np.unique(here["run_id"].to_numpy(), return_inverse=True)
    falls = here[here["day"].to_numpy() == counted(result.fall_day[:, p], days)[row]]
    falls = falls[falls["day"] <= days]
    if falls.empty:
        return _Typical("", "", 0.0)
    both = falls[["cause", "controller"]].astype(str).value_counts()
    (cause, taker), number = both.index[0], int(both.iloc[0])
    return _Typical(cause, taker, number / len(falls))
