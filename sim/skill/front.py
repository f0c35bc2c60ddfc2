"""The baseline of a front: it moves on roads at constant speed from the places of the opening attackers.

It starts at the places that the factions of ``opening_offensive`` hold on the eve, runs along every road
whoever stands there, and leaves behind it as fallen every place outside the alliances of these factions. The
record knows days, not hours: a place has fallen on day n if the front reaches it by noon of that day, after
n - 1/2 days.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from sim.case import Case, case_folder, load_case, shipped_cases
from sim.case.history import History, whole_history
from sim.case.roads import road_distances_km
from sim.skill.measures import brier

SPEEDS_KM_PER_DAY = (0.0, 0.5, 1.0, 2.0, *range(5, 101, 5))
"""The speeds that are tried: steps of 5 km a day, which is what roads estimated to some kilometres and dates
without an hour bear; finer for wars that hardly move."""


class Front(NamedTuple):
    """A case as a front sees it."""

    km: np.ndarray
    """[P] by road from the nearest place of the opening attackers; inf where it never comes."""
    history: History


def front_of(case: Case, history: History) -> Front | None:
    """The front of a case; None if nobody attacks from the first day, or holds nothing on the eve."""
    attackers = set(case.opening_offensive)
    friends = attackers.union(*(case.alliance_of(faction) for faction in attackers))
    holder = case.places["initial_controller"]
    base = holder.isin(attackers).to_numpy()
    if not base.any():
        return None
    km = road_distances_km(case)[base].min(axis=0)
    return Front(np.where(holder.isin(friends), np.inf, km), history)


def fronts_elsewhere(case_id: str) -> list[Front]:
    """The fronts of the shipped cases but one, each over the whole of its own period."""
    cases = [load_case(case_folder(name)) for name in shipped_cases()]
    fronts = (front_of(case, whole_history(case)) for case in cases if case.id != case_id)
    return [front for front in fronts if front]


def front_probability(km: np.ndarray, km_per_day: float, days: int) -> np.ndarray:
    """What the front foretells, 0 or 1 [P, D]; a front that does not move reaches nothing."""
    way = km_per_day * (np.arange(1, days + 1) - 0.5)
    return ((km[:, None] <= way) & (km_per_day > 0)).astype(float)


def front_brier(front: Front, km_per_day: float) -> float:
    """Brier score of a front over the places and days of the record."""
    history = front.history
    return brier(front_probability(front.km, km_per_day, history.days), history.fallen, history.weight)


def best_speed(fronts: Sequence[Front], speeds: Iterable[float] = SPEEDS_KM_PER_DAY) -> float:
    """The speed, km per day, with the lowest mean Brier score over cases; the slowest of equals, NaN of none.

    Cases of which nothing is recorded do not count.
    """
    fronts = [front for front in fronts if front.history.weight.any()]
    if not fronts:
        return np.nan
    return min(speeds, key=lambda speed: float(np.mean([front_brier(front, speed) for front in fronts])))
