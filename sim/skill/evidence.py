"""What is scored, run by run: so that a score can be had of any draw of the runs."""

from typing import NamedTuple

import numpy as np

from sim.case.history import History
from sim.results import Result


class Evidence(NamedTuple):
    """What happened in each run. R runs, D scored days, P places, C recorded counts of people."""

    fallen: np.ndarray
    """[R, D, P] 1 where the place has fallen by the end of the day, 0 elsewhere; float32."""
    without_loyalty: np.ndarray
    """The same of the same runs without loyalty."""
    fall_day: np.ndarray
    """[R, P] first day on which the place had fallen; inf = never."""
    right: np.ndarray
    """[R, P] whether it falls in these days, to the recorded taker."""
    people: np.ndarray
    """[R, C] what each count of people would have been."""


def gather(result: Result, history: History, without_loyalty: np.ndarray, people: np.ndarray) -> Evidence:
    """The evidence of a result; ``without_loyalty`` is [R, D, P] bool, ``people`` [R, C]."""
    days = history.days
    return Evidence(
        fallen=result.fallen_by_day[:, :days].astype(np.float32),
        without_loyalty=without_loyalty[:, :days].astype(np.float32),
        fall_day=result.fall_day,
        right=_right(result, history),
        people=people,
    )


def _right(result: Result, history: History) -> np.ndarray:
    fell = result.fall_day <= history.days
    day = np.where(fell, result.fall_day, 1).astype(int) - 1
    run, place = np.indices(day.shape)
    factions = result.case.faction_ids
    recorded = [factions.index(taker) if taker in factions else -1 for taker in history.taker]
    return fell & (result.controller[run, day, place] == np.array(recorded))


def share(fallen: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Share of drawn runs in which each place has fallen by the end of each day, [P, D].

    Args:
        fallen: [R, D, P] 0 or 1.
        runs: positions of the runs that were drawn, some perhaps more than once.
    """
    times = np.bincount(runs, minlength=len(fallen)).astype(np.float32)
    return np.tensordot(times, fallen, axes=1).T.astype(float) / len(runs)  # sums of whole numbers are exact
