"""Worlds quickly: what a lever does not touch is built once and kept.

To build the arrays of a case takes some tenths of a second, most of it for who serves where. A lever changes
conditions and events alone; so the rest is kept, and the fields of those two are put in.
"""

import functools

from sim.build import build_world, condition_arrays, event_arrays, narrow
from sim.room import UNITS, with_room
from sim.scenario import Event, Scenario
from sim.world import World

_RAISES = ("reinforcement", "mobilisation")
_SIZES_ARMIES = "present_share"


def world_of(scenario: Scenario) -> World:
    """The world of a scenario, equal to ``build_world`` with room for more events and units."""
    raising = [number for number, event in enumerate(scenario.events) if event.kind in _RAISES]
    conditions = {
        faction: {_SIZES_ARMIES: changed[_SIZES_ARMIES]}
        for faction, changed in scenario.conditions.items()
        if _SIZES_ARMIES in changed
    }
    changes = {
        "parameters": {},
        "conditions": conditions,
        "events": tuple(_undated(scenario.events[number]) for number in raising),
    }
    world = _built(scenario.model_copy(update=changes).model_dump_json(exclude_none=True))
    case = scenario.load_case()
    fields = condition_arrays(case, scenario) | event_arrays(case, scenario)
    fields = {name: narrow(values) for name, values in fields.items()}
    places = narrow([*raising, -1, -1])
    fields["unit_event"] = world.unit_event.copy()
    fields["unit_event"][world.unit_event >= 0] = places[world.unit_event[world.unit_event >= 0]]
    return with_room(world._replace(**fields), spare_units=UNITS)


def _undated(event: Event) -> Event:
    return event.model_copy(update={"day": 1, "date": None, "when_fallen": None, "delay_days": None})


@functools.lru_cache(maxsize=24)
def _built(scenario: str) -> World:
    return build_world(Scenario.model_validate_json(scenario))
