"""In what two scenarios differ, by the keys of ``--set``, and the settings that lead from one to another."""

from collections.abc import Mapping
from typing import Any

from sim.errors import InputError
from sim.posterior import DEFAULT
from sim.scenario.events import TIMING
from sim.scenario.model import Scenario
from sim.scenario.settings import NONE
from sim.toml import read_value, write_value

LABELS = ("name", "title")
"""What a scenario is called; it changes nothing that happens."""


def by_key(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is set in the tables of a scenario but its labels, by the key of ``--set``."""
    inner = ("parameters", "conditions", "events")
    entries: dict[str, Any] = {"posterior": DEFAULT}
    entries |= {key: value for key, value in tables.items() if key not in (*LABELS, *inner)}
    entries |= tables.get("parameters", {})
    for faction, conditions in tables.get("conditions", {}).items():
        entries |= {f"conditions.{faction}.{key}": value for key, value in conditions.items()}
    for event in tables.get("events", ()):
        entries |= {f"events.{event['id']}.{key}": value for key, value in event.items() if key != "id"}
    return entries


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The keys in which the tables of two scenarios differ; an event that only one has is one of them."""
    a, b = by_key(one), by_key(other)
    here, there = _events(one), _events(other)
    keys = (_whole(key, here ^ there) for key in {**a, **b} if a.get(key) != b.get(key))
    return list(dict.fromkeys(keys))


def settings_between(base: Scenario, wanted: Scenario) -> dict[str, str] | None:
    """The settings with which ``base.with_set`` gives ``wanted``, as one types them; None if none do."""
    new = by_key(wanted.as_dict())
    settings = {
        key: _typed(new[key]) if key in new else NONE
        for key in differing(base.as_dict(), wanted.as_dict())
        # A new time takes the place of the old one by itself.
        if key in new or not key.endswith(tuple(f".{time}" for time in TIMING))
    }
    try:
        reached = base.with_set(settings)
    except InputError:  # for instance an event that the base does not have
        return None
    same_order = [event.id for event in reached.events] == [event.id for event in wanted.events]
    return settings if same_order and by_key(reached.as_dict()) == new else None


def _events(tables: Mapping[str, Any]) -> set[str]:
    return {event["id"] for event in tables.get("events", ())}


def _whole(key: str, events: set[str]) -> str:
    """The event of the key, if it is one of these, or else the key."""
    event = key.removeprefix("events.").rpartition(".")[0]
    return f"events.{event}" if key.startswith("events.") and event in events else key


def _typed(value: Any) -> str:
    """A value as typed behind ``--set key=``; text in quotes where it would be read as something else."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    plain = isinstance(value, str) and read_value(value) == value
    return value if plain else write_value(value)
