"""The record of a case, which a simulation is judged by and never reads: what fell, when, and to whom.

A place has **fallen** while a faction outside the alliance that held it on the eve controls it; alliances are
those of relations.csv. All that counts falls, in history or in runs, counts them here.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.case.case import Case

LOW_CONFIDENCE_WEIGHT = 0.5
"""What a place counts in a score whose recorded date is marked low confidence."""


@dataclass(frozen=True)
class History:
    """The recorded course of a case over D days, its P places in the order of places.csv.

    Attributes:
        fallen: [P, D] bool, state at the end of the day.
        day: [P] first day of fall, 1 = first day; inf where the place was not recorded to fall.
        taker: [P] faction that had it at the end of that day; '' without a fall.
        confidence: [P] of that day: 'high', 'medium', 'low'; '' without a fall.
        weight: [P] what the place counts in a score: 0 where neither file names it, 0.5 where a change of
            its holder is marked low confidence, else 1.
        known: whether the case records any change of control in these days.
    """

    fallen: np.ndarray
    day: np.ndarray
    taker: tuple[str, ...]
    confidence: tuple[str, ...]
    weight: np.ndarray
    known: bool

    @property
    def days(self) -> int:
        """Length of the course, D."""
        return self.fallen.shape[1]

    @property
    def held(self) -> np.ndarray:
        """[P] bool: recorded as held. Of a place that counts nothing neither that nor a fall is known."""
        return ~np.isfinite(self.day) & (self.weight > 0)


def fallen(controller: np.ndarray, falls_to: np.ndarray) -> np.ndarray:
    """Whether each place has fallen.

    Args:
        controller: [..., P] faction indices.
        falls_to: [P, F] as ``falls_to`` gives it.
    """
    return falls_to[np.arange(len(falls_to)), controller]


def falls_to(case: Case) -> np.ndarray:
    """Whether each place has fallen when a faction controls it: [P, F] bool."""
    outside = {
        holder: [f not in case.alliance_of(holder) for f in case.faction_ids]
        for holder in set(case.places["initial_controller"])
    }
    return np.array([outside[holder] for holder in case.places["initial_controller"]], dtype=bool)


def first_day_fallen(down: np.ndarray, axis: int) -> np.ndarray:
    """First day of fall, 1 = first day; inf = never. ``down`` is bool, with days along ``axis``."""
    return np.where(down.any(axis=axis), down.argmax(axis=axis) + 1.0, np.inf)


def recorded_history(case: Case, first_day: date, days: int) -> History:
    """Read control_timeline.csv and held.csv.

    The timeline has one row per change of control: what it says nothing of in these days about a place that
    it has a row for, before or after, did not happen.

    Args:
        case: the case.
        first_day: date of day 1. Earlier changes are contained in the controllers of the eve.
        days: length of the course; later changes are not part of it.
    """
    place_ids, faction_ids = case.place_ids, case.faction_ids
    eve = [faction_ids.index(holder) for holder in case.places["initial_controller"]]
    controller = np.repeat(np.array(eve)[:, None], days, axis=1)
    sure: dict[tuple[int, int], str] = {}
    timeline = case.control_timeline.sort_values("date", kind="stable")
    for row in timeline.itertuples():
        number = (row.date - first_day).days + 1
        if 1 <= number <= days:
            p = place_ids.index(row.place_id)
            controller[p, number - 1 :] = faction_ids.index(row.new_controller)
            sure[p, number] = str(row.confidence)
    down = fallen(controller.T, falls_to(case)).T
    first = first_day_fallen(down, axis=1)
    fell = {p: int(day) for p, day in enumerate(first) if np.isfinite(day)}
    at = range(len(place_ids))
    return History(
        fallen=down,
        day=first,
        taker=tuple(faction_ids[controller[p, fell[p] - 1]] if p in fell else "" for p in at),
        confidence=tuple(sure[p, fell[p]] if p in fell else "" for p in at),
        weight=_weight(case),
        known=bool(sure),
    )


def _weight(case: Case) -> np.ndarray:
    """What each place [P] counts in a score."""
    timeline = case.control_timeline
    named = {*timeline["place_id"], *case.held["place_id"]}
    unsure = set(timeline["place_id"][timeline["confidence"] == "low"])
    return np.array(
        [LOW_CONFIDENCE_WEIGHT if place in unsure else float(place in named) for place in case.place_ids]
    )


def whole_history(case: Case) -> History:
    """The course over the whole period of the case."""
    return recorded_history(case, case.first_day, (case.last_day - case.first_day).days + 1)


def days_on_record(case: Case, first_day: date, days: int) -> int:
    """How many of the ``days`` from ``first_day`` on the record covers."""
    return min(days, (case.last_day - first_day).days + 1)
