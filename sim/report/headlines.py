"""What came out, in words that need no figure; and what to doubt about it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.case.history import days_on_record
from sim.report.ensemble import Ensemble
from sim.report.heatmap import date_of
from sim.report.parameters import ParameterRow
from sim.report.people import displaced_at_records
from sim.report.text import count, listed, percent, plural, rounded
from sim.skill.measures import counted


@dataclass(frozen=True)
class Headline:
    """A large number, what it is, and a line that puts it in its place."""

    number: str
    sentence: str
    beside: str


def headlines(ensemble: Ensemble) -> list[Headline]:
    """The capital, the places, the army."""
    return [*_capitals(ensemble), _places(ensemble), *_army(ensemble)]


def honesty(ensemble: Ensemble, rows: list[ParameterRow]) -> list[str]:
    """Sentences on what the numbers rest on and where they miss the record by most."""
    changed = [row.name for row in rows if row.overridden]
    assumed = sum(row.evidence == "A" for row in rows)
    rest = f"; this scenario changes {listed(changed)}" if changed else ""
    lines = [
        f"{origin(ensemble)}{rest}. Of {len(rows)}, {assumed} are assumptions with wide ranges.",
        "Runs differ by chance and by what is not known about the eve of the campaign.",
    ]
    if not ensemble.record.known:
        return [
            *lines,
            "The case records no change of control in these days, so nothing here is checked by history.",
        ]
    return lines + _misses(ensemble) + displaced_at_records(ensemble)


def origin(ensemble: Ensemble) -> str:
    """Where the parameters come from, and whether this very record taught them."""
    posterior = ensemble.result.manifest.get("posterior", {})
    if not posterior.get("parameters"):
        return "Parameters are general defaults, from the literature where it tells, not fitted to this case"
    told = f"Each run has its own draw of the parameters from {posterior['name']}"
    fitted = posterior["fitted"]
    if not fitted:
        return told
    own = ensemble.case.id
    others = listed([case for case in fitted if case != own])
    if own not in fitted:
        return f"{told}, fitted to {others} and not to this case"
    return f"{told}, fitted to this very case" + (f" and to {others}" if others else "")


def changes(manifest: dict[str, Any], rows: list[ParameterRow]) -> list[str]:
    """What the scenario changes against the bare case: parameters, conditions and events, a phrase each."""
    scenario = manifest.get("scenario", {})
    phrases = [
        f"{row.name} = {row.value} (default {row.default} {row.unit})" for row in rows if row.overridden
    ]
    for faction, keys in (scenario.get("conditions") or {}).items():
        phrases += [f"{faction}: {key} = {value}" for key, value in keys.items()]
    for event in scenario.get("events") or []:
        detail = {k: v for k, v in event.items() if k not in ("id", "kind") and v not in (None, "")}
        words = ", ".join(f"{k.replace('_', ' ')} = {v}" for k, v in detail.items())
        phrases.append(f"{event.get('kind', 'event').replace('_', ' ')}: {words}")
    return phrases


def _capitals(ensemble: Ensemble) -> list[Headline]:
    return [_capital(ensemble, int(p)) for p in np.flatnonzero(ensemble.case.places["kind"] == "capital")]


def _capital(ensemble: Ensemble, p: int) -> Headline:
    median, recorded = ensemble.median_day[p], ensemble.history.day[p]
    text = (
        f"Median day {_day(ensemble, median)}"
        if np.isfinite(median)
        else "In the median run it holds to the end"
    )
    if np.isfinite(recorded):
        text += f" (recorded: day {_day(ensemble, recorded)})"
    elif ensemble.history.held[p]:
        text += " (recorded: it held)"
    share = percent(float(np.isfinite(ensemble.fall_day[:, p]).mean()))
    return Headline(share, f"of runs see the capital, {ensemble.short_names[p]}, fall", text + ".")


def _places(ensemble: Ensemble) -> Headline:
    fallen = ensemble.result.runs["places_fallen"].to_numpy(dtype=float)
    low, middle, high = np.quantile(fallen, (0.05, 0.5, 0.95))
    total = len(ensemble.names)
    text = f"90 % of runs: {count(low)} to {count(high)}"
    if ensemble.record.known:
        text += f" (recorded: {int(ensemble.record.fallen[:, -1].sum())})"
    sentence = (
        f"of {plural(total, 'place')} {'has' if middle == 1 else 'have'} fallen at the end of the median run"
    )
    return Headline(count(middle), sentence, text + ".")


def _army(ensemble: Ensemble) -> list[Headline]:
    runs = ensemble.result.runs
    found = []
    for column, word in (("deserted", "deserted"), ("killed", "were killed")):
        if column in runs.columns:
            low, middle, high = np.nanquantile(runs[column].to_numpy(dtype=float), (0.05, 0.5, 0.95))
            text = f"90 % of runs: {rounded(low)} to {rounded(high)}."
            found.append(
                Headline(rounded(middle), f"soldiers of the government side {word} in the median run", text)
            )
    return found


def _misses(ensemble: Ensemble) -> list[str]:
    """Mean and largest distance of median and recorded day; places that fall though they held."""
    recorded = ensemble.record.day
    fell = np.isfinite(recorded)
    last = days_on_record(ensemble.case, ensemble.dates[0], ensemble.days)
    lines = []
    if fell.any():
        median = counted(ensemble.median_day, last)
        miss = np.where(fell, np.abs(median - np.where(fell, recorded, 0)), -1.0)
        worst = int(miss.argmax())
        model = (
            f"day {_day(ensemble, ensemble.median_day[worst])}"
            if np.isfinite(ensemble.median_day[worst])
            else "it holds"
        )
        lines.append(
            f"The median run misses the recorded day of fall by {miss[fell].mean():.1f} days on average, "
            f"most at {ensemble.short_names[worst]} (model: {model}; recorded: day "
            f"{_day(ensemble, recorded[worst])}); a fall that never comes counts at the day "
            "after the last on record."
        )
    wrong = np.flatnonzero(ensemble.record.held & (ensemble.probability[:, last - 1] > 0.5))
    if len(wrong):
        names = listed([ensemble.short_names[p] for p in wrong], most=6)
        lines.append(f"Fallen in more than half of the runs, though the record says held: {names}.")
    return lines


def _day(ensemble: Ensemble, day: float) -> str:
    return f"{int(day)}, {date_of(ensemble, day)}"
