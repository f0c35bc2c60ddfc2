"""What can be chosen, whatever the case: scenarios, kinds of decision, limits."""

import functools
from importlib.metadata import version
from typing import Any

from sim.app.request import MOST_EVENTS, MOST_SOLDIERS
from sim.scenario import EVENT_KINDS, Event, load_scenario, shipped_scenarios

FIRST_SCENARIO = "syria-2024"
FIRST_SEED = 25
"""A campaign as most are: Damascus falls in it, on the day on which half of all runs have seen that."""
ENSEMBLE_RUNS = 200

_USUAL = {
    "share": 0.5,
    "paid_after_days": 0.0,
    "soldiers": 2000.0,
    "attention": 1.0,
    "effort": 1.0,
    "rations_per_day": 50_000.0,
    "duration_days": 7.0,
}
_NAMES = ("faction", "other", "place", "backer")
_RANGES = {
    "share": (-0.9, 5.0, 0.05),
    "paid_after_days": (0.0, 60.0, 1.0),
    "soldiers": (100.0, 50_000.0, 100.0),
    "attention": (0.0, 1.0, 0.05),
    "effort": (0.0, 1.0, 0.05),
    "rations_per_day": (1_000.0, 1_000_000.0, 1_000.0),
    "duration_days": (1.0, 90.0, 1.0),
}
"""Low end, high end and step of a slider; what a scenario allows is wider."""


@functools.cache
def options() -> dict[str, Any]:
    """The trait ``options``."""
    scenarios = {name: load_scenario(name) for name in shipped_scenarios()}
    return {
        "version": version("holdfast"),
        "scenarios": [
            {"name": name, "title": s.title or s.load_case().title, "case": s.load_case().id, "days": s.days}
            for name, s in scenarios.items()
        ],
        "scenario": FIRST_SCENARIO,
        "seed": FIRST_SEED,
        "event_kinds": {kind: _fields(model) for kind, model in EVENT_KINDS.items()},
        "limits": {"ensemble_runs": ENSEMBLE_RUNS, "events": MOST_EVENTS, "soldiers": MOST_SOLDIERS},
    }


def _fields(model: type[Event]) -> list[dict[str, Any]]:
    """What an event of a kind holds beside its id and its day."""
    own = {name: field for name, field in model.model_fields.items() if name not in Event.model_fields}
    listed = []
    for name, field in own.items():
        described = str(field.description)
        low, high, step = _RANGES.get(name, (None, None, None))
        listed.append(
            {
                "field": name,
                "type": _type(name, described),
                "required": field.is_required(),
                "low": low,
                "high": high,
                "step": step,
                "default": _USUAL.get(name),
                "meaning": described,
            }
        )
    return listed


def _type(name: str, described: str) -> str:
    if name == "place" and '"all"' in described:
        return "place_or_all"
    return {"other": "faction"}.get(name, name) if name in _NAMES else "number"
