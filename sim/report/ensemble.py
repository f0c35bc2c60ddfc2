"""The tables of a result as dense arrays, made once for all figures.

Shapes: R runs, D days, P places (file order), F factions, B backers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.case.history import History, recorded_history, whole_history
from sim.case.names import short_names
from sim.report.attacked import attacked_factions
from sim.report.colours import faction_colours
from sim.skill import measures

if TYPE_CHECKING:
    from sim.case import Case
    from sim.results import Result

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Edges of the 90 % and 50 % bands, and the median between them."""


@dataclass(frozen=True)
class Ensemble:
    """What the figures read.

    Attributes:
        result: the result that it was made from.
        dates: the D calendar days.
        names, short_names: of the P places.
        probability: [P, D] share of runs in which the place has fallen by the end of the day.
        fall_day: [R, P] first day on which the place was fallen, 1 = first day; inf = never.
        median_day: [P] median over all runs, a fall that never comes counted after the horizon; inf = never.
        typical_run: run_id of the run whose fall days lie closest to the medians (see ``typical_row``).
        record: the recorded course in these days.
        history: the whole of it, for what is said of a place.
        at_stake: [P] bool, places whose fall is the question: held by an attacked faction on the eve,
            recorded as fallen, or fallen in at least 5 % of runs on some day.
        colours: of the factions.
    """

    result: "Result"
    dates: list[date]
    names: list[str]
    short_names: list[str]
    probability: np.ndarray
    fall_day: np.ndarray
    median_day: np.ndarray
    typical_run: int
    record: History
    history: History
    at_stake: np.ndarray
    colours: dict[str, str]

    @property
    def case(self) -> "Case":
        """The case that was run."""
        return self.result.case

    @property
    def days(self) -> int:
        """Length of the runs in days."""
        return len(self.dates)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.fall_day.shape[0]


def make_ensemble(result: "Result") -> Ensemble:
    """Aggregate the control table and read the record beside it."""
    case = result.case
    days = int(result.manifest["days"])
    first_day = result.scenario.first_day
    run_ids = np.unique(result.control["run_id"].to_numpy())
    fall_day = result.fall_day
    probability = result.fallen_by_day.mean(axis=0).T
    record = recorded_history(case, first_day, days)
    attacked = attacked_factions(case)
    initially_attacked = np.array(
        [holder in attacked for holder in case.places["initial_controller"]], dtype=bool
    )
    names = [str(name) for name in case.places["name"]]
    return Ensemble(
        result=result,
        dates=[first_day + timedelta(days=d) for d in range(days)],
        names=names,
        short_names=short_names(names),
        probability=probability,
        fall_day=fall_day,
        median_day=median_day(fall_day, days),
        typical_run=int(run_ids[typical_row(fall_day, days)]),
        record=record,
        history=whole_history(case),
        at_stake=initially_attacked | np.isfinite(record.day) | (probability.max(axis=1) >= 0.05),
        colours=faction_colours(case.factions),
    )


def median_day(fall_day: np.ndarray, days: int) -> np.ndarray:
    """Median over runs [P] of days of fall [R, P], always a day that some run shows; inf = never."""
    return measures.or_never(measures.median_day(fall_day, days), days)


def typical_row(fall_day: np.ndarray, days: int) -> int:
    """Row of the run with the smallest sum over places of |day of fall - median day|; the first of equals.

    A fall that never comes counts on the day after the last.
    """
    misses = np.abs(measures.counted(fall_day, days) - measures.median_day(fall_day, days))
    return int(misses.sum(axis=1).argmin())


def codes(column: pd.Series, ids: Sequence[Any]) -> np.ndarray:
    """Position of every value in ``ids``, -1 where it is none of them; fast for categoricals."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        lookup = pd.Index(ids).get_indexer(pd.Index(column.cat.categories))
        positions = column.cat.codes.to_numpy()
        return np.where(positions >= 0, lookup[positions], -1) if len(lookup) else positions.astype(int)
    return pd.Index(ids).get_indexer(pd.Index(column))


class Bands:
    """Quantiles over runs of the columns of a long table (run_id, day, an id column, measures)."""

    def __init__(self, table: pd.DataFrame, key: str, ids: Sequence[str], days: int) -> None:
        self._table = table
        runs, self._row = np.unique(table["run_id"].to_numpy(), return_inverse=True)
        self._day = table["day"].to_numpy() - 1
        self._id = codes(table[key], ids)
        self._shape = (len(runs), days, len(ids))

    def has(self, measure: str) -> bool:
        """Whether the table has such a column."""
        return measure in self._table.columns

    def values(self, measure: str) -> np.ndarray:
        """[R, D, ids] float, NaN where the table has no row."""
        dense = np.full(self._shape, np.nan)
        dense[self._row, self._day, self._id] = self._table[measure].to_numpy(dtype=float)
        return dense

    def quantiles(self, measure: str) -> np.ndarray:
        """[quantile, D, ids] over the runs that have a value; NaN where none has."""
        ordered = np.sort(self.values(measure), axis=0)  # NaN last
        present = np.isfinite(ordered).sum(axis=0)
        levels = np.array(QUANTILES).reshape(-1, 1, 1)
        position = levels * np.maximum(present - 1, 0)
        below = np.floor(position).astype(int)
        above = np.minimum(below + 1, np.maximum(present - 1, 0))
        low, high = (np.take_along_axis(ordered, i, axis=0) for i in (below, above))
        return np.asarray(low + (high - low) * (position - below))
