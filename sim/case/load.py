"""Reading a case: all that is wrong with it is told at once."""

from pathlib import Path
from typing import Any

from sim.case import check_figures, check_history, check_ids, check_map
from sim.case.case import Case
from sim.case.draft import Check
from sim.case.reading import Reading, read_folder
from sim.errors import InputError

CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (check_ids.no_rows, ()),
    (check_ids.unknown_ids, ()),
    (check_ids.repeated_keys, ()),
    (check_ids.unknown_factions, ("factions",)),
    (check_ids.government_sides, ("factions", "government_side")),
    (check_figures.share_sums, ()),
    (check_figures.upside_down_ranges, ()),
    (check_figures.condition_scales, ("conditions",)),
    (check_figures.missing_affinities, ("affinities", "factions")),
    (check_figures.self_relations, ("relations",)),
    (check_figures.broken_alliances, ("relations",)),
    (check_figures.no_enemies, ("relations", "factions", "opening_offensive")),
    (check_map.places_off_the_map, ("places",)),
    (check_map.impossible_roads, ("places", "roads")),
    (check_map.islands, ("places", "roads")),
    (check_history.impossible_changes, ("control_timeline", "places", "first_day")),
    (check_history.changes_after_the_period, ("control_timeline", "held", "last_day")),
    (check_history.held_and_lost, ("control_timeline", "held", "places", "first_day", "last_day")),
    (check_history.unknown_displacement_places, ("displacement", "places")),
    (check_history.dates_far_off, ("first_day", "last_day")),
)
"""Each check, and the tables and keys of case.toml without which it is left out."""


def load_case(folder: Path | str) -> Case:
    """Read and check a case.

    Raises:
        InputError: something is wrong with it; lists all of it.
    """
    reading = read_folder(Path(folder))
    if problems := _problems(reading):
        raise InputError(problems)
    frames: dict[str, Any] = {name: table.frame for name, table in reading.draft.tables.items()}
    return Case(
        **{**reading.draft.settings, "basemap": reading.basemap},
        folder=reading.folder,
        description=reading.description,
        hashes=reading.hashes,
        estimates=frames.pop("government_army_estimates"),
        **frames,
    )


def check_case(folder: Path | str) -> list[str]:
    """What is wrong with a case, one line for each problem; empty if it is fine."""
    return _problems(read_folder(Path(folder)))


def _problems(reading: Reading) -> list[str]:
    draft = reading.draft
    found = [line for check, needs in CHECKS if draft.has(*needs) for line in check(draft)]
    return [*reading.problems, *found]
