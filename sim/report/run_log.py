"""One typical run told by date."""

from dataclasses import dataclass

from sim.report.ensemble import Ensemble
from sim.report.text import long_date

_SHOWN_PER_DAY = 12


@dataclass(frozen=True)
class Entry:
    """One event: its kind in words, one sentence, and the colour of the faction it concerns."""

    kind: str
    text: str
    colour: str


@dataclass(frozen=True)
class LogDay:
    """The events of one day; what is beyond a dozen is folded away."""

    number: int
    date: str
    shown: list[Entry]
    folded: list[Entry]


def tell_typical_run(ensemble: Ensemble) -> list[LogDay]:
    """The event log of the typical run; days without an event are left out."""
    events = ensemble.result.events
    mine = events[events["run_id"] == ensemble.typical_run].sort_values("day", kind="stable")
    by_day: dict[int, list[Entry]] = {}
    columns = (mine["day"], mine["kind"].astype(str), mine["faction_id"].astype(str), mine["text"])
    for day, kind, faction, text in zip(*columns, strict=True):
        entry = Entry(kind.replace("_", " "), str(text), ensemble.colours.get(faction, "#7C7C7C"))
        by_day.setdefault(int(day), []).append(entry)
    return [
        LogDay(day, long_date(ensemble.dates[day - 1]), entries[:_SHOWN_PER_DAY], entries[_SHOWN_PER_DAY:])
        for day, entries in sorted(by_day.items())
        if 1 <= day <= ensemble.days
    ]
