"""One ``key=value`` applied to the tables of a scenario; the value is checked afterwards."""

from typing import Any

from sim.errors import nearest
from sim.parameters import REGISTRY
from sim.scenario.checks import unknown
from sim.scenario.events import TIMING

PLAIN = ("days", "ticks_per_day", "soldiers_per_unit", "posterior")
ALLOWED = f"a parameter (see `holdfast params`), {', '.join(PLAIN)}, events.ID.FIELD, conditions.FACTION.KEY"
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
        return [f"{key}: unknown key{nearest(key, [*PLAIN, *REGISTRY])}; allowed: {ALLOWED}"]
    return []


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value == NONE:
        table.pop(key, None)
    else:
        table[key] = value


def _set_event(data: dict[str, Any], rest: str, value: Any) -> list[str]:
    events = {event["id"]: event for event in data["events"]}
    if rest in events and value == NONE:
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
