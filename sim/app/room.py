"""Room in a world for decisions to come: the arrays keep their shapes when a few more are made.

A compiled program is for arrays of one shape. Empty rows of events and units are added, so that a decision
on the timeline needs no compiler; nothing happens in them, and no number of the others changes.
"""

import numpy as np

from sim.roster import ON_THE_EVE
from sim.world import World

EVENTS, UNITS, SPARE_UNITS = 24, 128, 128
"""Rows are rounded up to multiples of the first two, with that many units to spare."""

_NO_EVENT: dict[str, float] = {
    "event_day": np.inf,
    "event_trigger": -1,
    "event_faction": -1,
    "event_place": -1,
    "event_backer": -1,
    "event_other": -1,
    "event_duration_days": np.inf,
    "event_paid_after_days": np.inf,
}
_NO_UNIT: dict[str, float] = {"unit_home": -1, "unit_rows": 1, "unit_event": ON_THE_EVE}


def with_room(world: World) -> World:
    """The same world with empty rows at the end of its events and units."""
    events = max(-(-len(world.event_day) // EVENTS), 1) * EVENTS
    units = -(-(len(world.unit_rank) + SPARE_UNITS) // UNITS) * UNITS
    return _padded(_padded(world, "event_", events, _NO_EVENT), "unit_", units, _NO_UNIT)


def without_room(world: World, events: int, units: int) -> World:
    """The first rows alone."""
    rows = {"event_": events, "unit_": units}
    cut = {
        name: getattr(world, name)[:size]
        for prefix, size in rows.items()
        for name in World._fields
        if name.startswith(prefix)
    }
    return world._replace(**cut)


def _padded(world: World, prefix: str, rows: int, empty: dict[str, float]) -> World:
    grown = {}
    for name in World._fields:
        if name.startswith(prefix):
            old = getattr(world, name)
            new = np.full(rows, empty.get(name, 0), dtype=old.dtype)
            new[: len(old)] = old
            grown[name] = new
    return world._replace(**grown)
