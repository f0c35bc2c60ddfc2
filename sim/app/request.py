"""What the browser asks for, read and checked: nothing of it is trusted.

A request names a shipped scenario, never a path. It holds a seed, settings as ``--set`` takes them (numbers,
for parameters and conditions), the decisions, and an *act*: a day up to whose end all that stays, and what
is changed after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError, nearest
from sim.parameters import REGISTRY
from sim.scenario import Scenario, load_scenario, shipped_scenarios
from sim.scenario.checks import show

LARGEST_SEED = 2**32 - 1
MOST_EVENTS = 48
MOST_SOLDIERS = 100_000
"""That the decisions of one request may bring, all together."""

EVE_ONLY = ("present_share",)
"""Conditions that shape the eve alone, and cannot be changed on a later day."""


@dataclass(frozen=True)
class Request:
    """A world to simulate: up to the end of ``day`` as in ``before``, from then on as in ``after``."""

    name: str
    seed: int
    before: Scenario
    after: Scenario
    day: int = 0

    @property
    def acts(self) -> bool:
        """Whether something changes within the campaign."""
        return self.day > 0

    @property
    def key(self) -> str:
        """The same for requests that give the same campaign."""
        parts = [self.before, self.after] if self.acts else [self.after]
        return "|".join([str(self.seed), str(self.day), *(part.model_dump_json() for part in parts)])

    @property
    def past(self) -> "Request":
        """The world without the act."""
        return Request(self.name, self.seed, self.before, self.before)


def read_request(asked: Any) -> Request:
    """A request as the browser sends it.

    Raises:
        InputError: every problem with it, one line each.
    """
    if not isinstance(asked, Mapping):
        raise InputError([f"request: {show(asked)} is not valid; allowed: a table"])
    name, seed, act = asked.get("scenario"), asked.get("seed", 0), asked.get("act")
    known = shipped_scenarios()
    if not isinstance(name, str) or name not in known:
        raise InputError(
            [f"scenario: {show(name)} is unknown{nearest(str(name), known)}; allowed: {', '.join(known)}"]
        )
    if problems := whole_problems("seed", seed, 0, LARGEST_SEED):
        raise InputError(problems)
    shipped = load_scenario(name)
    before = _changed(shipped, asked.get("settings"), asked.get("events"))
    if act is None:
        return Request(name, seed, before, before)
    if not isinstance(act, Mapping):
        raise InputError([f"act: {show(act)} is not valid; allowed: a table with day, settings, events"])
    day = act.get("day")
    if problems := whole_problems("act.day", day, 0, before.days - 1):
        raise InputError(problems)
    after = _changed(before, act.get("settings"), act.get("events"))
    if not day:  # what is changed on the eve holds from the first day on
        return Request(name, seed, after, after)
    early = [key for key in act.get("settings") or {} if key.rpartition(".")[2] in EVE_ONLY]
    if early:
        raise InputError(
            [f"{key}: shapes the eve alone; allowed: change it from the first day on" for key in early]
        )
    return Request(name, seed, before, after, day)


def whole_problems(where: str, value: Any, low: int, high: int) -> list[str]:
    """Why a value is no whole number from ``low`` to ``high``, in one line; nothing if it is one."""
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return []
    return [f"{where}: {show(value)}; allowed: a whole number from {low} to {high}"]


def _changed(scenario: Scenario, settings: Any, events: Any) -> Scenario:
    settings = {} if settings is None else settings
    problems = (
        []
        if isinstance(settings, Mapping)
        else [f"settings: {show(settings)} is not valid; allowed: a table"]
    )
    if not problems:
        problems = [line for key, value in settings.items() for line in _setting_problems(key, value)]
    if events is not None:
        problems += _event_problems(events)
    if problems:
        raise InputError(problems)
    changed = scenario.with_set(settings) if settings else scenario
    if events is None:
        return changed
    return Scenario(**changed.as_dict() | {"events": [dict(event) for event in events]})


def _setting_problems(key: Any, value: Any) -> list[str]:
    if not isinstance(key, str) or not (key in REGISTRY or key.startswith("conditions.")):
        near = nearest(str(key), REGISTRY)
        return [f"{show(key)}: unknown lever{near}; allowed: a parameter, or conditions.FACTION.KEY"]
    pair = isinstance(value, list) and len(value) == 2 and key.startswith("conditions.")
    numbers = value if pair else [value]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        return [f"{key}: {show(value)} is not valid; allowed: a number"]
    return []


def _event_problems(events: Any) -> list[str]:
    if not isinstance(events, list) or not all(isinstance(event, Mapping) for event in events):
        return [f"events: {show(events)} is not valid; allowed: a list of decisions"]
    if len(events) > MOST_EVENTS:
        return [f"events: {len(events)} decisions; allowed: {MOST_EVENTS} at most"]
    given = [event.get("soldiers", 0) for event in events]
    # No number is too large to be added up and shown.
    soldiers = sum(min(number, 1e9) for number in given if isinstance(number, int | float))
    if not soldiers <= MOST_SOLDIERS:
        return [f"events: bring {soldiers:,.0f} soldiers in all; allowed: {MOST_SOLDIERS:,} at most"]
    return []
