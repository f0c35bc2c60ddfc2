"""The table ``[vary]`` of a sweep file, or the header of a list, read as factors."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.experiment.design import Factor
from sim.experiment.sweep_file import shown, unknown_in
from sim.parameters import REGISTRY
from sim.scenario import Scenario
from sim.scenario.checks import as_date
from sim.scenario.events import EVENT_NUMBERS
from sim.scenario.settings import PLAIN, VARIABLE, meant

DUMMY = "dummy"
"""A factor that changes nothing: what an analysis finds for it is noise."""

ENTRY = ("low", "high", "levels", "log")
DATE = ".date"
ENDLESS = (".paid_after_days", ".duration_days")
"""Fields of an event that are left out where what they count never ends or never comes: inf."""
_ALLOWED = (
    "[low, high] (a list of levels in a grid), or a table with low, high, log = true or levels "
    "(a number of them, or a list)"
)


def flatten(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Entries of nested tables by dotted key, as ``--set`` spells them; one with ENTRY keys is a value."""
    for key, value in table.items():
        where = f"{path}{key}"
        nested = isinstance(value, Mapping) and value and not set(value) & set(ENTRY)
        if nested and any(isinstance(inner, Mapping | list | int | float | str) for inner in value.values()):
            yield from flatten(value, f"{where}.")
        else:
            yield where.removeprefix("parameters."), value


def read_factors(table: Mapping[str, Any], scenario: Scenario, kind: str) -> tuple[Factor, ...]:
    """The factors of a sweep, in the order of the file.

    Raises:
        InputError: every entry that is not one, with what is allowed.
    """
    factors: list[Factor] = []
    problems: list[str] = []
    for name, entry in flatten(table):
        try:
            factor = _factor(in_days(name), _days_of(name, entry, scenario), kind)
            if factor.name in {other.name for other in factors}:
                raise InputError([f"vary.{name}: is varied twice; allowed: once, as day or as date"])
            factors.append(factor)
        except InputError as error:
            problems += error.problems
    problems += value_problems(factors, scenario)
    if problems:
        raise InputError(problems)
    return tuple(factors)


def _factor(name: str, entry: Any, kind: str) -> Factor:
    where = f"vary.{name}"
    refuse_unvaried(name, where)
    if isinstance(entry, list):
        entry = {"levels": entry} if kind == "grid" else _ends(where, entry)
    if not isinstance(entry, Mapping):
        raise InputError([shown(where, entry, _ALLOWED)])
    if problems := unknown_in(where, dict(entry), ENTRY):
        raise InputError(problems)
    levels, log = entry.get("levels"), entry.get("log", False)
    if isinstance(levels, list):
        return _levelled(name, where, levels)
    low, high = _range(name, where, entry)
    if not isinstance(log, bool) or (log and low <= 0):
        raise InputError([shown(f"{where}.log", log, "true, with low above 0, or false")])
    factor = Factor(name, low, high, whole=is_whole(name), log=log)
    if kind == "grid" and levels is None:
        raise InputError([f"{where}: has no levels, which a grid needs; allowed: {_ALLOWED}"])
    return factor if levels is None else _levelled(name, where, _spread(factor, where, levels))


def in_days(name: str) -> str:
    """The factor that a name means: an event's date is varied as its day."""
    return name.removesuffix(DATE) + ".day" if is_date(name) else name


def is_date(name: str) -> bool:
    """Whether values under this name may be dates."""
    return name.startswith("events.") and name.endswith(DATE)


def as_day(value: Any, scenario: Scenario) -> Any:
    """A date as a day of the scenario, 1 = first day; anything else as it is."""
    date = as_date(value)
    return value if date is None else (date - scenario.first_day).days + 1


def _days_of(name: str, entry: Any, scenario: Scenario) -> Any:
    """An entry with its dates as days."""
    if not is_date(name):
        return entry
    if isinstance(entry, list):
        return [as_day(value, scenario) for value in entry]
    if isinstance(entry, Mapping):
        return {key: _days_of(name, value, scenario) for key, value in entry.items()}
    return as_day(entry, scenario)


def refuse_unvaried(name: str, where: str) -> None:
    """What changes the shape of the arrays belongs to a sweep of its own."""
    field = name.rpartition(".")[2]
    if name in PLAIN:
        raise InputError([f"{where}: is the same in a whole sweep; allowed: in [set]"])
    if name.startswith("events.") and field not in EVENT_NUMBERS:
        raise InputError([f"{where}: cannot be varied; allowed: {', '.join(EVENT_NUMBERS)} of an event"])
    if name not in (*REGISTRY, DUMMY) and not name.startswith(("events.", "conditions.")):
        raise InputError([f"{where}: unknown key{meant(name)}; allowed: {VARIABLE}"])


def _ends(where: str, entry: list) -> dict[str, Any]:
    if len(entry) != 2:
        raise InputError([shown(where, entry, _ALLOWED)])
    return {"low": entry[0], "high": entry[1]}


def _range(name: str, where: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    """Ends of the range: as given, or else those of the registry."""
    known = REGISTRY.get(name)
    usual = {"low": known.low, "high": known.high} if known else {}
    usual = {"low": 0.0, "high": 1.0} if name == DUMMY else usual
    ends = [entry.get(end, usual.get(end)) for end in ("low", "high")]
    if None in ends:
        raise InputError([f"{where}: has no range of its own; allowed: {_ALLOWED}"])
    if not all(map(_is_number, ends)) or not ends[0] < ends[1] or math.isinf(ends[1]):
        raise InputError([shown(where, ends, "two numbers, the lower one first")])
    return float(ends[0]), float(ends[1])


def _levelled(name: str, where: str, levels: Sequence[Any]) -> Factor:
    if not levels or not all(map(_is_number, levels)):
        raise InputError([shown(where, list(levels), "a list of numbers (inf: never)")])
    if len(set(levels)) < len(levels):
        raise InputError([f"{where}: has a level twice; allowed: every level once"])
    values = tuple(map(float, levels))
    return Factor(name, min(values), max(values), whole=is_whole(name), levels=values)


def _spread(factor: Factor, where: str, levels: Any) -> list[float]:
    """That many levels, evenly from one end to the other."""
    if isinstance(levels, bool) or not isinstance(levels, int) or levels < 2:
        raise InputError([shown(f"{where}.levels", levels, "a whole number from 2, or a list")])
    steps = np.linspace(0.0, 1.0, levels)
    ends = Factor(factor.name, factor.low, factor.high, log=factor.log).at(steps)
    return list(dict.fromkeys(np.rint(ends).tolist() if factor.whole else ends.tolist()))


def is_whole(name: str) -> bool:
    """Whether a factor takes whole numbers only: days do."""
    return name.startswith("events.") and name.endswith(".day")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def value_problems(factors: Sequence[Factor], scenario: Scenario) -> list[str]:
    """What the scenario would say to the values of the factors: ends of ranges, or every level."""
    values = {f.name: f.levels or (f.low, f.high) for f in factors if f.name != DUMMY}
    problems: dict[str, None] = {}
    for turn in range(max(map(len, values.values()), default=0)):
        settings = {name: _setting(name, of[min(turn, len(of) - 1)]) for name, of in values.items()}
        try:
            scenario.with_set(settings)
        except InputError as error:
            lines = (line.removeprefix("parameters: ") for line in error.problems)
            problems |= dict.fromkeys(f"vary.{line}" for line in lines)
    return list(problems)


def at_point(scenario: Scenario, names: Sequence[str], point: Sequence[float]) -> Scenario:
    """The scenario at a point of a design, as ``--set`` would make it."""
    values = zip(names, point, strict=True)
    return scenario.with_set({name: _setting(name, value) for name, value in values if name != DUMMY})


def _setting(name: str, value: float) -> Any:
    """A value as a scenario takes it: what never comes or ends is a key left out, a day a whole number."""
    if math.isinf(value) and name.endswith(ENDLESS):
        return "none"
    return int(value) if is_whole(name) and value == math.floor(value) else float(value)
