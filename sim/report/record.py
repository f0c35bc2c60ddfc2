"""What history recorded: on which day each place fell, and whether it was fallen by the end of each day."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.case import Case


@dataclass(frozen=True)
class Record:
    """The recorded course of a case over the days of a run, P places in file order.

    Attributes:
        known: whether the case records any change of control in these days.
        fallen: [P, D] bool, state at the end of the day.
        day: [P] first day of fall, 1 = first day; inf where the place was not recorded to fall.
        confidence: of that day: 'high', 'medium', 'low', or '' without a fall.
    """

    known: bool
    fallen: np.ndarray
    day: np.ndarray
    confidence: tuple[str, ...]


def recorded_course(case: "Case", first_day: date, days: int) -> Record:
    """Read control_timeline.csv as CASE_FORMAT.md defines 'fallen'.

    Rows before ``first_day`` are context that the initial controllers already contain.
    """
    place_ids = list(case.place_ids)
    index = {place: i for i, place in enumerate(place_ids)}
    initial = dict(zip(case.places["id"], case.places["initial_controller"], strict=True))
    fallen = np.zeros((len(place_ids), days), dtype=bool)
    day = np.full(len(place_ids), np.inf)
    confidence = [""] * len(place_ids)
    timeline = case.control_timeline
    rows = sorted(
        zip(
            timeline["date"],
            timeline["place_id"],
            timeline["new_controller"],
            timeline["confidence"],
            strict=True,
        ),
        key=lambda row: row[0],
    )
    known = False
    for when, place, controller, sure in rows:
        number = (when - first_day).days + 1
        if not 1 <= number <= days or place not in index:
            continue
        known = True
        p = index[place]
        gone = controller not in case.alliance_of(initial[place])
        fallen[p, number - 1 :] = gone
        if gone and np.isinf(day[p]):
            day[p], confidence[p] = number, str(sure)
    return Record(known, fallen, day, tuple(confidence))


def recorded_displacement(case: "Case", first_day: date, days: int) -> dict[int, float]:
    """People displaced since the eve, by day (0 = first day): the case's national counts.

    Counts often begin before the campaign, so the last one before its first day is taken off.
    """
    table = case.displacement
    national = table[(table["scope"] == "national") & (table["cumulative"] == 1)]
    counts = sorted(zip(national["date"], national["people"], strict=True), key=lambda row: row[0])
    before = max((row for row in counts if row[0] < first_day), default=None, key=lambda row: row[0])
    eve = float(before[1]) if before else 0.0
    since = {(when - first_day).days: float(people) - eve for when, people in counts}
    return {day: people for day, people in since.items() if 0 <= day < days and people >= 0}


def attacked_factions(case: "Case") -> frozenset[str]:
    """Those whose places are at stake: factions hostile on the eve to one that attacks from the first day.

    Without such an attacker, or without hostile relations, it is the government side.
    """
    attackers = set(case.opening_offensive)
    hostile = case.relations[case.relations["stance"] == "hostile"]
    pairs = list(zip(hostile["a"], hostile["b"], strict=True))
    enemies = {b for a, b in pairs if a in attackers} | {a for a, b in pairs if b in attackers}
    return frozenset(enemies - attackers) or frozenset(case.government_side)
