"""A scenario: a case, a period, what is changed about it, and what is decreed in it."""

import datetime
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.case import Case, case_folder, load_case, shipped_cases
from sim.errors import InputError
from sim.posterior import check_posterior, lasting_name
from sim.scenario.checks import (
    as_date,
    condition_problems,
    event_problems,
    last_date,
    parameter_problems,
    structure_problems,
)
from sim.scenario.events import LONGEST_DAYS, SLUG, AnyEvent, Day, Number, Whole
from sim.scenario.settings import apply_setting
from sim.toml import read_value, write_toml

type Interval = Annotated[tuple[Number, Number], Field(description="[low, high]")]


class Scenario(BaseModel):
    """What is simulated, checked and frozen; ``with_set`` gives a changed copy.

    ``first_day`` is that of the case, whose eve the case describes; ``days`` too, where left out.

    Raises:
        InputError: on creation, with every problem of the scenario, one line each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=SLUG, description="a short name without spaces")
    title: str = Field("", description="a line of text")
    case: str = Field(description="the id of a shipped case, or the path of a case folder")
    first_day: Day = Field(description="a date like 2024-11-27")
    days: Whole = Field(ge=1, le=LONGEST_DAYS, description=f"a whole number of days, 1 to {LONGEST_DAYS}")
    ticks_per_day: Whole = Field(4, ge=1, le=24, description="a whole number, 1 to 24 (4 = ticks of 6 hours)")
    soldiers_per_unit: Whole = Field(100, ge=1, description="a whole number of soldiers, 1 or more")
    posterior: str | None = Field(None, description="prior, a shipped posterior, or a Parquet file of draws")
    parameters: dict[str, float] = Field({}, description="a table of parameters, see `holdfast params`")
    conditions: dict[str, dict[str, float | Interval]] = Field(
        {}, description="a table for each faction, with keys of conditions.csv"
    )
    events: tuple[AnyEvent, ...] = Field((), description="tables that begin with [[events]]")

    def __init__(self, /, **data: Any) -> None:
        data = {key: value for key, value in data.items() if value is not None}
        case, problems = _open_case(data.get("case"))
        data = _with_case_defaults(data, case)
        if case:
            problems += _period_problems(data, case)
            problems += condition_problems(data.get("conditions"), case)
            days = data["days"]
            if isinstance(days, int) and days > 0:
                problems += event_problems(data.get("events"), case, case.first_day, days)
        problems += parameter_problems(data.get("parameters"))
        if isinstance(data.get("posterior"), str):
            problems += check_posterior(data["posterior"])
            data["posterior"] = lasting_name(data["posterior"])
        try:
            super().__init__(**data)
        except ValidationError as error:
            problems = structure_problems(error, Scenario, data) + problems
        if problems:
            raise InputError(problems)

    @property
    def last_day(self) -> datetime.date:
        """The last simulated day."""
        return last_date(self.first_day, self.days)

    def load_case(self) -> Case:
        """The case, read once and kept as long as its files do not change."""
        return _read_case(case_folder(self.case))

    def with_set(self, settings: Mapping[str, Any]) -> "Scenario":
        """A copy with some values replaced, as ``--set key=value`` does.

        Args:
            settings: by parameter (``morale_pay`` or ``parameters.morale_pay``), ``days``,
                ``ticks_per_day``, ``soldiers_per_unit``, ``events.ID.FIELD`` or ``conditions.FACTION.KEY``;
                text is read as a TOML value. ``none`` takes an entry away: ``events.ID=none`` a whole event.

        Raises:
            InputError: every unknown key and every value that is not allowed.
        """
        data = self.as_dict()
        problems: list[str] = []
        for key, value in settings.items():
            plain = value.tolist() if hasattr(value, "tolist") else value  # a number or range of NumPy's
            problems += apply_setting(data, key, read_value(value) if isinstance(value, str) else plain)
        try:
            changed = Scenario(**data)
        except InputError as error:
            problems += error.problems
        if problems:
            raise InputError(problems)
        return changed

    def as_dict(self) -> dict[str, Any]:
        """Plain tables of everything that is set; ``Scenario(**tables)`` is equal to this one."""
        return self.model_dump(exclude_none=True)

    def to_toml(self) -> str:
        """The scenario as a TOML file that loads back equal."""
        return write_toml(self.as_dict())


def _open_case(name: Any) -> tuple[Case | None, list[str]]:
    """The case of that name and no problems, or none and what is wrong with it."""
    if not isinstance(name, str):
        return None, []  # pydantic says so
    try:
        folder = case_folder(name)
    except InputError as error:
        return None, list(error.problems)
    try:
        return _read_case(folder), []
    except InputError as error:
        return None, [f"case: {problem}" for problem in error.problems]


def _read_case(folder: Path) -> Case:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return _read_case_as_of(folder, tuple((path.name, path.stat().st_mtime_ns) for path in files))


@functools.lru_cache(maxsize=8)
def _read_case_as_of(folder: Path, stamp: tuple[tuple[str, int], ...]) -> Case:
    return load_case(folder)


def _with_case_defaults(data: dict[str, Any], case: Case | None) -> dict[str, Any]:
    """First day and number of days as in the case, where left out; a case folder by its full path."""
    if case is None:  # stand-ins: the missing case is the problem, not these
        return {"first_day": datetime.date.min, "days": 1, **data}
    days = (case.last_day - case.first_day).days + 1
    data = {"first_day": case.first_day, "days": days, **data}
    if data["case"] not in shipped_cases():
        data["case"] = str(case.folder.resolve())
    return data


def _period_problems(data: Mapping[str, Any], case: Case) -> list[str]:
    """Armies, places and conditions are those of the eve of one day, so no other day can be the first."""
    first_day = as_date(data["first_day"])
    if first_day and first_day != case.first_day:
        allowed = f"allowed: {case.first_day}, for the case describes its eve"
        return [f"first_day: {first_day} is not the first day of the case; {allowed}"]
    return []
