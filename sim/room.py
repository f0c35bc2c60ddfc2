"""Room in a world: rounded sizes and days, so that runs of one case keep their shapes and share a program.

A compiled program is for arrays of one shape, and compiling takes longer than many an ensemble. Empty rows of
events and units are added, so that neither a decision more nor a few units more need the compiler anew;
nothing happens in them, and no number of the others changes.
"""

import numpy as np

from sim.world import ON_THE_EVE, World

EVENTS, UNITS, DAYS = 24, 128, 16
"""Rows of a world and days of a run are rounded up to multiples of these."""

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


def with_room(world: World, spare_units: int = 0) -> World:
    """The same world with empty rows at the end of its events and units.

    Args:
        world: arrays; those of events may have an axis [runs] in front.
        spare_units: empty rows of units at the least.
    """
    events = max(-(-len(world.event_kind) // EVENTS), 1) * EVENTS
    units = -(-(len(world.unit_rank) + spare_units) // UNITS) * UNITS
    return _padded(_padded(world, "event_", events, _NO_EVENT), "unit_", units, _NO_UNIT)


def days_with_room(days: int) -> int:
    """Days for which there is room in the record of a run of so many."""
    return max(-(-days // DAYS), 1) * DAYS


def without_room(world: World, events: int, units: int) -> World:
    """The first rows alone."""
    rows = {"event_": events, "unit_": units}
    cut = {
        name: getattr(world, name)[..., :size]
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
            new = np.full((*old.shape[:-1], rows), empty.get(name, 0), dtype=old.dtype)
            new[..., : old.shape[-1]] = old
            grown[name] = new
    return world._replace(**grown)
