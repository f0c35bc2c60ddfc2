"""What the browser draws of a case and does not change with a run: places, roads, factions, the record."""

import datetime
from typing import Any

import numpy as np

from sim.case import Case
from sim.case.history import recorded_history
from sim.report.basemap import read_basemap
from sim.report.colours import faction_colours
from sim.scenario import Scenario
from sim.skill.displacement import recorded_since_the_eve
from sim.world import CAUSES

LICENCES = "Places: GeoNames (CC BY 4.0). Basemap: Natural Earth and others; see configs/geo/README.md."


def geography(scenario: Scenario) -> dict[str, Any]:
    """The trait ``geo``."""
    case = scenario.load_case()
    ids = case.place_ids
    colours = faction_colours(case.factions)
    columns = ["id", "name", "lat", "lon", "population", "kind", "terrain", "region"]
    return {
        "case": case.id,
        "title": scenario.title or case.title,
        "first_day": scenario.first_day.isoformat(),
        "days": scenario.days,
        "ticks_per_day": scenario.ticks_per_day,
        "places": case.places[columns].to_dict("records"),
        "roads": [
            [ids.index(row.a), ids.index(row.b), float(row.km), row.road_class]
            for row in case.roads.itertuples()
        ],
        "factions": [
            {"id": row.id, "name": row.name, "side": row.side, "colour": colours[row.id]}
            for row in case.factions[["id", "name", "side"]].itertuples(index=False)
        ],
        "backers": [
            {"id": row.id, "name": row.name, "faction": row.faction_id}
            for row in case.backers[["id", "name", "faction_id"]].itertuples(index=False)
        ],
        "government_side": list(case.government_side),
        "causes": list(CAUSES),
        "basemap": read_basemap(case.basemap),
        "recorded": _recorded(case, scenario.first_day, scenario.days),
        "sources": LICENCES,
    }


def _recorded(case: Case, first_day: datetime.date, days: int) -> dict[str, Any]:
    """What history recorded, in days of the scenario."""
    places, factions = case.place_ids, case.faction_ids
    history = recorded_history(case, first_day, days)
    timeline = case.control_timeline
    since = recorded_since_the_eve(case, first_day, days)
    return {
        "control": [
            {
                "place": places.index(row.place_id),
                "day": (row.date - first_day).days + 1,
                "faction": factions.index(row.new_controller),
                "how": row.how,
                "confidence": row.confidence,
            }
            for row in timeline.itertuples()
            if 1 <= (row.date - first_day).days + 1 <= days
        ],
        "displaced": [
            {"day": day, "people": people, "cumulative": True} for day, people in sorted(since.items())
        ],
        "fallen_day": {
            str(place): int(day) if np.isfinite(day) else None for place, day in enumerate(history.day)
        },
    }
