"""What can be wrong with a scenario, found in one go: one line per problem, naming what is allowed."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.case import Case
from sim.case.vocabulary import CONDITION_SCALES, ConditionScale
from sim.errors import nearest
from sim.parameters import check_parameter
from sim.scenario.events import EVENT_KINDS, EVERYWHERE, LONGEST_DAYS, TIMING, Event

SCALES: dict[str, ConditionScale] = {
    **CONDITION_SCALES,
    "morale_shift": ConditionScale("logit", -5.0, 5.0),
}
"""What each condition may hold; ``morale_shift`` (logit) is in no case file, it is there to be swept."""

LONGEST_LIST = 16


def show(value: Any) -> str:
    """A value as a person typed it, on one line and not too long."""
    text = value.isoformat() if isinstance(value, datetime.date) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def unknown(where: str, value: Any, known: Collection[str], what: str) -> str:
    """The line for a name that nobody knows, with the nearest one that is known."""
    listed = ", ".join(known) if len(known) <= LONGEST_LIST else f"one of the {len(known)} {what}"
    allowed = listed or f"none (there are no {what})"
    return f"{where}: {show(value)} is unknown{nearest(str(value), known)}; allowed: {allowed}"


def structure_problems(
    error: ValidationError, scenario: type[BaseModel], data: Mapping[str, Any]
) -> list[str]:
    """Missing and unknown keys and values of the wrong type, from pydantic's findings."""
    return [line for found in error.errors() for line in _structure_problem(found, scenario, data)]


def _structure_problem(found: Any, scenario: type[BaseModel], data: Mapping[str, Any]) -> Iterator[str]:
    location = found["loc"]
    if location[0] != "events" or len(location) == 1:
        # Below these two tables parameter_problems and condition_problems look, and know more.
        if location[0] not in ("parameters", "conditions") or len(location) == 1:
            yield _field_problem(found, scenario, "", location[0], data)
        return
    event = data["events"][location[1]]
    where = event_name(location[1], event)
    if len(location) > 3:
        yield _field_problem(found, EVENT_KINDS[location[2]], f"{where}.", location[3], event)
    elif not isinstance(event, Mapping):
        yield f"{where}: {show(event)} is not valid; allowed: a table that begins with [[events]]"
    elif "kind" not in event:
        yield f"{where}.kind: is missing; allowed: {', '.join(EVENT_KINDS)}"
    else:
        yield unknown(f"{where}.kind", event["kind"], EVENT_KINDS, "kinds of event")


def _field_problem(found: Any, model: type[BaseModel], where: str, key: str, given: Mapping[str, Any]) -> str:
    known = model.model_fields
    if found["type"] == "extra_forbidden":
        # The first part of a key that is lacking says more than the letters of one that is there.
        begun = [name for name in known if name.startswith(key) and name not in given]
        hint = f" (did you mean '{begun[0]}'?)" if len(begun) == 1 else nearest(key, known)
        return f"{where}{key}: unknown key{hint}; allowed: {', '.join(known)}"
    allowed = f"allowed: {known[key].description}"
    if found["type"] == "missing":
        return f"{where}{key}: is missing; {allowed}"
    inner = found["loc"][-1]
    item = f".{inner}" if isinstance(given[key], Mapping) and inner != key else ""
    return f"{where}{key}{item}: {show(found['input'])} is not valid; {allowed}"


def parameter_problems(parameters: Any) -> list[str]:
    """Unknown parameters, and values that are no numbers or leave the plausible range."""
    if not isinstance(parameters, Mapping):
        return []
    return [line for name, value in parameters.items() for line in check_parameter(name, value)]


def condition_problems(conditions: Any, case: Case) -> list[str]:
    """Unknown factions and keys, and values that are neither a number nor [low, high] within the range."""
    if not isinstance(conditions, Mapping):
        return []
    problems: list[str] = []
    for faction, changed in conditions.items():
        where = f"conditions.{faction}"
        if faction not in case.faction_ids:
            problems.append(unknown(where, faction, case.faction_ids, "factions"))
        elif not isinstance(changed, Mapping):
            problems.append(f"{where}: {show(changed)} is not valid; allowed: a table of conditions")
        else:
            for key, value in changed.items():
                problems += _condition_problem(f"{where}.{key}", key, value)
    return problems


def _condition_problem(where: str, key: str, value: Any) -> Iterator[str]:
    if key not in SCALES:
        yield f"{where}: unknown condition{nearest(key, SCALES)}; allowed: {', '.join(SCALES)}"
        return
    scale = SCALES[key]
    allowed = f"allowed: a number from {scale.range_text} ({scale.unit}), or [low, high] in that range"
    bounds = list(value) if isinstance(value, list | tuple) else [value, value]
    numbers = [bound for bound in bounds if isinstance(bound, int | float) and not isinstance(bound, bool)]
    if len(bounds) != 2 or numbers != bounds:
        yield f"{where}: {show(value)} is not valid; {allowed}"
    elif not all(scale.low <= bound <= scale.high for bound in bounds):
        yield f"{where}: {show(value)} is out of range; {allowed}"
    elif bounds[0] > bounds[1]:
        yield f"{where}: {show(value)} has low above high; {allowed}"


def event_name(number: int, event: Any) -> str:
    """How a message calls an event: by its id, as ``--set`` does, or else by its number (0 = first)."""
    named = isinstance(event, Mapping) and isinstance(event.get("id"), str)
    return f"events.{event['id']}" if named else f"event number {number + 1}"


def event_problems(events: Any, case: Case, first_day: datetime.date, days: int) -> list[str]:
    """Unknown places, factions and backers, days outside the horizon, and ids that are used twice."""
    if not isinstance(events, list | tuple):
        return []
    tables = [(number, event) for number, event in enumerate(events) if isinstance(event, Mapping)]
    problems: list[str] = []
    seen: set[str] = set()
    for number, event in tables:
        where = event_name(number, event)
        if isinstance(event.get("id"), str):
            if event["id"] in seen:
                problems.append(
                    f"{where}: two events have this id; allowed: an id of its own for every event"
                )
            seen.add(event["id"])
        kind = EVENT_KINDS.get(event["kind"]) if isinstance(event.get("kind"), str) else None
        problems += _name_problems(where, event, kind, case)
        problems += _timing_problems(where, event, first_day, days)
    return problems


def _name_problems(
    where: str, event: Mapping[str, Any], kind: type[Event] | None, case: Case
) -> Iterator[str]:
    places = case.place_ids
    anywhere = event.get("kind") in ("order_hold", "order_withdraw")
    named = {
        "faction": (case.faction_ids, "factions"),
        "other": (case.faction_ids, "factions"),
        "backer": (case.backer_ids, "backers"),
        "place": (places, "places"),
        "when_fallen": (places, "places"),
    }
    for key, (known, what) in named.items():
        value = event.get(key)
        everywhere = anywhere and key == "place"
        if not kind or key not in kind.model_fields or not isinstance(value, str) or value in known:
            continue
        if not (everywhere and value == EVERYWHERE):
            line = unknown(f"{where}.{key}", value, known, f"{what} of {case.id}")
            yield line + (f', or "{EVERYWHERE}"' if everywhere else "")
    faction = event.get("faction")
    if kind and "other" in kind.model_fields and event.get("other") == faction in case.faction_ids:
        yield f"{where}.other: {show(faction)} is the faction itself; allowed: another faction"


def _timing_problems(
    where: str, event: Mapping[str, Any], first_day: datetime.date, days: int
) -> Iterator[str]:
    given = [key for key in TIMING if event.get(key) is not None]
    if len(given) != 1:
        yield f"{where}: has {' and '.join(given) or 'no day'}; allowed: exactly one of {', '.join(TIMING)}"
    if event.get("delay_days") is not None and "when_fallen" not in given:
        yield f"{where}.delay_days: is given without when_fallen; allowed: only together with when_fallen"
    day, date, delay = event.get("day"), event.get("date"), event.get("delay_days")
    if isinstance(day, int) and day > days:
        yield f"{where}.day: {day} is after the last day; allowed: 1 to {days}"
    if "when_fallen" in given and isinstance(delay, int | float) and days - 1 < delay <= LONGEST_DAYS:
        yield f"{where}.delay_days: {delay:g} is after the last day; allowed: 0 to {days - 1}"
    if date := as_date(date):
        last_day = last_date(first_day, days)
        if not first_day <= date <= last_day:
            side = "before the first day" if date < first_day else "after the last day"
            line = f"{where}.date: {date} is {side}; allowed: {first_day} to {last_day}"
            yield line + (f", or days = {(date - first_day).days + 1} or more" if date > last_day else "")


def as_date(value: Any) -> datetime.date | None:
    """The date that a value spells, or None; whether it is well-formed is for pydantic to say."""
    try:
        value = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return value if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) else None


def last_date(first_day: datetime.date, days: int) -> datetime.date:
    """The last day of a period of ``days`` days, as far as the calendar goes."""
    return datetime.date.fromordinal(min(first_day.toordinal() + days - 1, datetime.date.max.toordinal()))
