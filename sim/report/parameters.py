"""Every number the runs rest on, and how to make them again."""

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.case.names import short_name
from sim.report.text import reading
from sim.rules import SCHEDULE

if TYPE_CHECKING:
    from sim.report.ensemble import Ensemble


@dataclass(frozen=True)
class ParameterRow:
    """One parameter as used, or the median of what the runs drew and the ends of the central 90 %, ``drawn``.

    ``position`` is the place of the value in its range, 0..1; ``overridden``: the scenario sets it.
    """

    name: str
    mechanism: str
    value: str
    default: str
    unit: str
    low: str
    high: str
    position: float
    meaning: str
    source: str
    evidence: str
    overridden: bool
    drawn: str


@dataclass(frozen=True)
class ConditionRow:
    """A condition of a faction on the eve: the coded range and what the runs drew from it."""

    faction: str
    key: str
    low: str
    high: str
    unit: str
    grade: str
    drawn: str


def parameter_rows(manifest: dict[str, Any]) -> list[ParameterRow]:
    """All parameters, those that the scenario sets first, else in the order of the registry."""
    from sim.parameters import REGISTRY

    used, own = manifest.get("parameters", {}), manifest.get("scenario", {}).get("parameters", {})
    draws = manifest.get("posterior", {}).get("parameters", {})
    rows = []
    for name, parameter in REGISTRY.items():
        value, drawn = float(used.get(name, parameter.default)), ""
        if name in draws and name not in own:
            low, value, high = draws[name]
            drawn = f"{low:.3g} to {high:.3g}"
        span = parameter.high - parameter.low
        rows.append(
            ParameterRow(
                name=name,
                mechanism=parameter.mechanism,
                value=f"{value:.3g}" if drawn else f"{value:.6g}",
                default=f"{parameter.default:.6g}",
                unit=parameter.unit,
                low=f"{parameter.low:g}",
                high=f"{parameter.high:g}",
                position=min(max((value - parameter.low) / span, 0.0), 1.0) if span > 0 else 0.5,
                meaning=parameter.meaning,
                source=parameter.source,
                evidence=parameter.evidence,
                # The engine computes in float32.
                overridden=name in own or (not drawn and np.float32(value) != np.float32(parameter.default)),
                drawn=drawn,
            )
        )
    return sorted(rows, key=lambda row: not row.overridden)


def evidence_summary(rows: list[ParameterRow]) -> list[tuple[str, int, str]]:
    """(mark, how many parameters carry it, what it means), the commonest last."""
    from sim.parameters import EVIDENCE_MARKS

    tally = Counter(row.evidence for row in rows)
    return [
        (mark, tally[mark], EVIDENCE_MARKS.get(mark, ""))
        for mark in sorted(tally, key=lambda mark: tally[mark])
    ]


def condition_rows(ensemble: "Ensemble") -> list[ConditionRow]:
    """The eve of the campaign, faction by faction; drawn values come from the columns of ``runs``."""
    conditions, runs = ensemble.case.conditions, ensemble.result.runs
    names = dict(zip(ensemble.case.factions["id"], ensemble.case.factions["name"], strict=True))
    rows = []
    for row in conditions.itertuples(index=False):
        column = f"condition.{row.faction_id}.{row.key}"
        drawn = ""
        if column in runs.columns and runs[column].notna().any():
            low, middle, high = np.nanquantile(runs[column].to_numpy(dtype=float), (0.05, 0.5, 0.95))
            drawn = f"{reading(middle)} ({reading(low)} to {reading(high)})"
        rows.append(
            ConditionRow(
                faction=short_name(str(names.get(row.faction_id, row.faction_id))),
                key=str(row.key),
                low=f"{row.low:g}",
                high=f"{row.high:g}",
                unit=str(row.unit),
                grade=str(row.grade),
                drawn=drawn,
            )
        )
    return rows


@dataclass(frozen=True)
class Command:
    """What makes these runs again: a command, and the file to save the scenario as before, if any.

    With rules of one's own it takes Python besides: no command names them.
    """

    line: str
    save_as: str
    own_rules: bool


def command(manifest: dict[str, Any]) -> Command:
    """The command for a shipped scenario and what was changed in it, or else for the scenario as a file."""
    name = str(manifest.get("scenario_name", "scenario"))
    settings = _settings(name, manifest)
    save_as = "" if settings is not None else f"{name}.toml"
    words = ["holdfast", "run", save_as or name]
    words += ["--runs", str(manifest.get("runs", 1)), "--seed", str(manifest.get("seed", 0))]
    if "posterior" in manifest:
        words += ["--posterior", manifest["posterior"]["name"]]
    if manifest.get("engine") == "numpy":
        words += ["--engine", "numpy"]
    for key, value in (settings or {}).items():
        words += ["--set", f"{key}={value}"]
    ours = [rule.name for rule in SCHEDULE]
    return Command(shlex.join(words), save_as, own_rules=manifest.get("rules", ours) != ours)


def _settings(name: str, manifest: dict[str, Any]) -> dict[str, str] | None:
    """What ``--set`` must say to lead from the scenario of that name to this one; None if it cannot."""
    from sim.case import shipped_cases
    from sim.errors import InputError
    from sim.scenario import Scenario, load_scenario, settings_between, shipped_scenarios

    if name not in (*shipped_scenarios(), *shipped_cases()):
        return None
    # The posterior is an option of its own, and its file need not be there any more.
    tables = {key: value for key, value in manifest.get("scenario", {}).items() if key != "posterior"}
    try:
        return settings_between(load_scenario(name).with_set({"posterior": "none"}), Scenario(**tables))
    except InputError:  # its case, or a range, is not what it was
        return None


def provenance(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """(what, value) lines about versions, rules and files."""
    case = manifest.get("case", {})
    facts = [
        ("Made", manifest.get("created", "")),
        ("Runs", manifest.get("runs", "")),
        ("Seed", manifest.get("seed", "")),
        ("Days", manifest.get("days", "")),
        ("Ticks per day", manifest.get("ticks_per_day", "")),
        ("Soldiers per unit", manifest.get("soldiers_per_unit", "")),
        ("Engine", manifest.get("engine", "")),
        ("Computing time", f"{float(manifest.get('wall_seconds', 0)):.1f} s"),
        ("Rules, in order", ", ".join(map(str, manifest.get("rules", [])))),
        ("Versions", ", ".join(f"{k} {v}" for k, v in manifest.get("versions", {}).items() if v)),
        ("Result format", manifest.get("format_version", "")),
    ]
    facts += [
        (f"{case.get('id', 'case')}/{name}", f"sha256 {value}")
        for name, value in case.get("hashes", {}).items()
    ]
    facts += [(name, f"sha256 {value}") for name, value in manifest.get("files", {}).items()]
    return [(what, str(value)) for what, value in facts if str(value)]


def scenario_text(manifest: dict[str, Any]) -> str:
    """The scenario as it was loaded, as a TOML file that can be run."""
    from sim.toml import write_toml

    return write_toml(manifest.get("scenario", {}))
