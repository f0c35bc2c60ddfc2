"""The levers of a case: every parameter of the registry, and every condition of every army."""

import functools
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.build import condition_arrays
from sim.case import Case
from sim.parameters import REGISTRY
from sim.paths import configs_dir
from sim.scenario import Scenario
from sim.scenario.checks import SCALES
from sim.world import CONDITIONS

MOSTLY_EVE = ("present_share", "static_share", "air_support_change", "backer_change", "record_12m")
"""Conditions that act through what they make of the eve; moved on a later day they do little."""

FIRST = ("pay_usd_month", "arrears_months", "morale_shift", "backer_change")
"""Conditions of the government's side that are shown before any search, with FIRST_PARAMETERS."""
FIRST_PARAMETERS = ("command_odds", "morale_news")

_MEANINGS = {
    "present_share": ("Soldiers present", "Part of the soldiers on paper who are truly there"),
    "pay_usd_month": ("Pay", "What a soldier gets in a month"),
    "arrears_months": ("Arrears", "Months of pay that soldiers are owed on the eve"),
    "reservation_wage_usd_month": ("Civilian wage", "What a soldier would earn in a month as a civilian"),
    "conscript_share": ("Pressed men", "Part of the soldiers who serve against their will"),
    "static_share": ("Bound to posts", "Part of the army that on the eve cannot leave its posts"),
    "air_support_change": ("Air support", "Air support against that of a year ago (1: the same)"),
    "backer_change": ("Backers", "What foreign backers lately gave (1) or took away (-1)"),
    "record_12m": ("Record", "Success in the last twelve months (-1 defeats to 1 victories)"),
    "command_quality": ("Command", "Quality of officers and staff"),
    "cohesion": ("Cohesion", "Trust within units"),
    "preparation": ("Preparation", "Preparation for this campaign"),
    "heavy_weapons": ("Heavy weapons", "Heavy weapons against the enemy's (-1 far fewer to 1 far more)"),
    "morale_shift": ("Morale", "Morale above or below what all else makes it, throughout"),
}
_UNITS = {
    "usd_per_month": "USD/month",
    "index_0_1": "index 0 to 1",
    "index_-1_1": "index -1 to 1",
}
_HIGHEST = {
    "pay_usd_month": 400.0,
    "reservation_wage_usd_month": 400.0,
    "arrears_months": 12.0,
    "air_support_change": 3.0,
}
_MORALE_SHIFT = 3.0


def levers(scenario: Scenario) -> list[dict[str, Any]]:
    """The trait ``levers``: those that matter first, then all others by group."""
    case = scenario.load_case()
    low, high = condition_arrays(case, scenario).values()
    listed = [
        _condition(case, faction, key, (float(low[f, k]), float(high[f, k])))
        for f, faction in enumerate(case.faction_ids)
        for k, key in enumerate(CONDITIONS)
    ]
    listed += [_parameter(name, scenario.parameters) for name in REGISTRY]
    return sorted(listed, key=lambda lever: not lever["first"])


def _parameter(name: str, start: Mapping[str, float]) -> dict[str, Any]:
    p = REGISTRY[name]
    return {
        "key": name,
        "label": name.replace("_", " "),
        "group": p.mechanism,
        "first": name in FIRST_PARAMETERS,
        "unit": p.unit,
        "default": start.get(name, p.default),
        "low": p.low,
        "high": p.high,
        "step": _step(p.low, p.high),
        "log": p.low > 0 and p.high / p.low >= 30,
        "meaning": p.meaning,
        "source": _citations().get(p.source, p.source),
        "evidence": p.evidence,
        "eve_only": p.mechanism == "initial state",
    }


def _condition(case: Case, faction: str, key: str, case_range: tuple[float, float]) -> dict[str, Any]:
    row = case.conditions[(case.conditions["faction_id"] == faction) & (case.conditions["key"] == key)]
    label, meaning = _MEANINGS.get(key, (key.replace("_", " "), ""))
    name = str(case.factions.set_index("id")["name"][faction])
    low, high = _range(key, case_range[1])
    unit = SCALES[key].unit
    return {
        "key": f"conditions.{faction}.{key}",
        "label": label,
        "group": name,
        "faction": case.faction_ids.index(faction),
        "first": faction == case.government_side[0] and key in FIRST,
        "unit": _UNITS.get(unit, unit),
        "default": (case_range[0] + case_range[1]) / 2,
        "interval": list(case_range),
        "low": low,
        "high": high,
        "step": _step(low, high),
        "log": False,
        "meaning": meaning,
        "source": _sources(case, row["source"].iloc[0]) if len(row) else "No figure in the case: neutral",
        "evidence": str(row["grade"].iloc[0]) if len(row) else "",
        "eve_only": key in MOSTLY_EVE,
    }


def _range(key: str, coded_high: float) -> tuple[float, float]:
    """Ends of a slider; a scale with a wide upper end gets one well above what the case says."""
    if key == "morale_shift":
        return -_MORALE_SHIFT, _MORALE_SHIFT
    scale = SCALES[key]
    usual = max(_HIGHEST[key], 2.0 * coded_high) if key in _HIGHEST else scale.high
    return scale.low, min(usual, scale.high)


def _step(low: float, high: float) -> float:
    """A round number, about a hundredth of the range."""
    return float(10.0 ** math.floor(math.log10((high - low) / 50.0)))


def _sources(case: Case, keys: str) -> str:
    titles = case.sources.set_index("key")["title"]
    return "; ".join(str(titles.get(key, key)) for key in str(keys).split(";"))


@functools.cache
def _citations() -> dict[str, str]:
    table = pd.read_csv(configs_dir() / "references.csv", keep_default_na=False)
    return dict(zip(table["key"], table["citation"], strict=True)) | {"guess": "No figure found: a guess"}
