"""What a run comes to: one number per outcome and run, with a name and a unit for tables and figures."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.case import Case
from sim.errors import InputError, nearest
from sim.experiment.work import FALLEN_DAY
from sim.results import Result
from sim.scenario import Scenario
from sim.sweep_results import ERROR, KEYS, SweepResult
from sim.sweep_results import OUTCOMES as OUTCOMES_TABLE

NEVER = "A fall that never comes counts as the day after the last."
CAPITAL_FALLS, CAPITAL_DAY = "capital_falls", "capital_fallen_day"
_KEYS = ("world", *KEYS)
MAIN_PLACES = 5


class Outcome(NamedTuple):
    """How an outcome is called and measured; of unit "share" it is 0 or 1, of "day" the day of a fall."""

    label: str
    unit: str


OUTCOMES = {
    CAPITAL_FALLS: Outcome("Capital falls", "share"),
    CAPITAL_DAY: Outcome("Capital, day", "day"),
    "places_fallen": Outcome("Places fallen", "places"),
    "killed": Outcome("Killed", "soldiers"),
    "deserted": Outcome("Deserted", "soldiers"),
    "surrendered": Outcome("Surrendered", "soldiers"),
    "defected": Outcome("Defected", "soldiers"),
    "displaced_peak": Outcome("Displaced at most", "people"),
}
"""Those with a name of their own; soldiers are those of the government side."""


def describe(outcome: str, case: Case | None = None) -> Outcome:
    """Label and unit of an outcome; a column that is not known by name is called as it is spelt."""
    if outcome.startswith(FALLEN_DAY) and case is not None:
        names = dict(zip(case.place_ids, case.places["name"], strict=True))
        place = outcome.removeprefix(FALLEN_DAY)
        return Outcome(f"{str(names[place]).split(' (')[0]}, day", "day")
    return OUTCOMES.get(outcome, Outcome(outcome.replace("_", " ").capitalize(), ""))


def run_outcomes(result: Result, places: Sequence[str] = ()) -> pd.DataFrame:
    """One row per run: ``run_id``, ``seed``, then a column for each outcome, float64.

    Args:
        result: what was simulated.
        places: ids of places whose day of fall is wanted as ``fallen_day.ID``.
    """
    runs = result.runs[[name for name in result.runs.columns if not name.startswith("condition.")]]
    columns = [result.case.place_ids.index(place) for place in places]
    days = pd.DataFrame(result.fall_day[:, columns], columns=[f"{FALLEN_DAY}{place}" for place in places])
    return count_every_run(pd.concat([runs, days.replace(np.inf, np.nan)], axis=1), result.scenario)


def sweep_outcome(sweep: SweepResult, outcome: str) -> pd.DataFrame:
    """An outcome of each run that did not fail: columns ``point``, ``replicate``, and the outcome (float64).

    Args:
        sweep: as read from its folder.
        outcome: a column of its outcomes, or ``capital_falls``.

    Raises:
        InputError: there is no such outcome, or the sweep is not finished.
    """
    check_outcome(outcome, sweep.scenario.load_case(), "--outcome")
    if not sweep.is_complete:
        allowed = "allowed: one that is; holdfast sweep goes on with it"
        raise InputError([f"{sweep.folder}: is a sweep that is not finished; {allowed}"])
    column = CAPITAL_DAY if outcome == CAPITAL_FALLS else outcome
    frame = sweep.read(OUTCOMES_TABLE, ["point", "replicate", column, ERROR])
    frame = count_every_run(frame[frame[ERROR].isna()].drop(columns=ERROR), sweep.scenario)
    return frame[["point", "replicate", outcome]].reset_index(drop=True)


def count_every_run(runs: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Outcomes of runs with none left out of a mean; keys stay as they are.

    A place that never falls (NaN in ``capital_fallen_day`` or ``fallen_day.ID``) is given the day after the
    last, so that a later fall is always a larger number; ``capital_falls`` (0 or 1) says whether the capital
    fell. A case without a capital has neither of the two.
    """
    frame = runs.copy()
    if CAPITAL_DAY in runs:
        if (scenario.load_case().places["kind"] == "capital").any():
            frame.insert(list(runs.columns).index(CAPITAL_DAY), CAPITAL_FALLS, runs[CAPITAL_DAY].notna())
        else:
            del frame[CAPITAL_DAY]
    outcomes = outcome_columns(frame)
    never = {
        name: scenario.days + 1 for name in outcomes if name == CAPITAL_DAY or name.startswith(FALLEN_DAY)
    }
    return frame.astype(dict.fromkeys(outcomes, "float64")).fillna(never)


def outcome_columns(outcomes: pd.DataFrame) -> list[str]:
    """The columns of such a frame that are outcomes."""
    return [name for name in outcomes.columns if name not in _KEYS]


def main_places(case: Case) -> list[str]:
    """The largest regional capitals that the government side holds on the eve, at most five."""
    places = case.places
    seats = places[
        (places["kind"] == "regional_capital") & places["initial_controller"].isin(case.government_side)
    ]
    return seats.sort_values("population", ascending=False, kind="stable")["id"].head(MAIN_PLACES).tolist()


def check_places(places: Sequence[str], case: Case, where: str = "places") -> list[str]:
    """A line for each place that the case does not have."""
    known = case.place_ids
    return [
        f"{where}: {place!r} is unknown{nearest(place, known)}; allowed: one of the places of {case.id}"
        for place in places
        if place not in known
    ]


def sweep_outcomes(case: Case) -> list[str]:
    """The outcomes of every sweep over a case, in the order of its columns."""
    capital = (case.places["kind"] == "capital").any()
    named = [name for name in OUTCOMES if capital or name not in (CAPITAL_FALLS, CAPITAL_DAY)]
    return [*named, *(f"{FALLEN_DAY}{place}" for place in case.place_ids)]


def check_outcome(outcome: str, case: Case, where: str) -> None:
    """Refuse an outcome that a sweep over the case does not have.

    Raises:
        InputError: with the nearest one that it has.
    """
    known = sweep_outcomes(case)
    if outcome not in known:
        named = [name for name in known if not name.startswith(FALLEN_DAY)]
        allowed = f"allowed: {', '.join(named)}, {FALLEN_DAY}PLACE"
        raise InputError([f"{where}: {outcome!r} is unknown{nearest(outcome, known)}; {allowed}"])
