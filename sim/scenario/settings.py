"""One ``key=value`` applied to the tables of a scenario; the value is checked afterwards."""

from collections.abc import Iterable
from typing import Any

from sim.errors import nearest
from sim.parameters import REGISTRY
from sim.scenario.checks import SCALES, show, unknown
from sim.scenario.events import TIMING

PLAIN = ("days", "ticks_per_day", "soldiers_per_unit", "posterior")
VARIABLE = "a parameter (see `holdfast params`), events.ID.FIELD, conditions.FACTION.KEY"
"""What may differ from run to run."""
NONE = "none"


def apply_setting(data: dict[str, Any], key: str, value: Any) -> list[str]:
    """Put ``value`` where ``key`` says, in place; the problem with the key, if there is one."""
    table, _, rest = key.partition(".")
    if key in PLAIN or key == "first_day":  # which is refused with its reason, if it is another
        _put(data, key, value)
    elif key in REGISTRY:
        _put(data["parameters"], key, value)
    elif table == "parameters" and rest:
        _put(data["parameters"], rest, value)
    elif table == "conditions" and "." in rest:
        faction, _, condition = rest.partition(".")
        _put(data["conditions"].setdefault(faction, {}), condition, value)
    elif table == "events" and rest:
        return _set_event(data, rest, value)
    else:
        return [f"{key}: unknown key{meant(key, PLAIN)}; allowed: {VARIABLE}, {', '.join(PLAIN)}"]
    return []


def meant(key: str, others: Iterable[str] = ()) -> str:
    """What an unknown key may mean: a parameter, one of ``others``, or a condition without all of its key."""
    faction, _, condition = key.removeprefix("conditions.").rpartition(".")
    if condition in SCALES:
        return f" (did you mean 'conditions.{faction or 'FACTION'}.{condition}'?)"
    return nearest(key, [*others, *REGISTRY])


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value == NONE:
        table.pop(key, None)
    else:
        table[key] = value


def _set_event(data: dict[str, Any], rest: str, value: Any) -> list[str]:
    events = {event["id"]: event for event in data["events"]}
    if rest in events:
        if value != NONE:
            allowed = f"{NONE} (drops the event), or events.{rest}.FIELD=VALUE"
            return [f"events.{rest}: {show(value)} is not valid; allowed: {allowed}"]
        data["events"] = [event for event in data["events"] if event["id"] != rest]
        return []
    name, _, field = rest.rpartition(".")
    if name not in events:
        return [unknown(f"events.{rest}", name or rest, events, "events in this scenario")]
    if field in TIMING:  # an event has one time: the new one replaces the old
        for other in {*TIMING, "delay_days"} - {field, "delay_days" if field == "when_fallen" else field}:
            events[name].pop(other, None)
    _put(events[name], field, value)
    return []
