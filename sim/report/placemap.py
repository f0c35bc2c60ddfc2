"""The map of the probability that each place has fallen, day by day."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.case.names import short_name
from sim.report.basemap import WIDTH, Basemap, Frame, draw_basemap, frame_around, read_basemap
from sim.report.ensemble import Ensemble
from sim.report.labels import Label, place_labels
from sim.report.text import day_month, listed, long_date, percent

_PRINTED_DAYS = 6
_EVENTS_PER_DAY = 3
_LABEL_SIZE = {"capital": 15.0, "regional_capital": 12.5}
_SMALL_LABEL = 10.5
_FORCED_LABELS = 5


@dataclass(frozen=True)
class Mark:
    """One place on the map; circles carry a probability, squares stand for places that are not at stake."""

    index: int
    name: str
    x: float
    y: float
    radius: float
    at_stake: bool
    holder_colour: str


@dataclass(frozen=True)
class DayNote:
    """What stands beside the map on one day."""

    number: int
    date: str
    short_date: str
    expected: float
    recorded: int
    falls: str
    events: list[str]


@dataclass(frozen=True)
class PlaceMap:
    """Everything the template draws."""

    width: float
    height: float
    ground: Basemap
    roads: list[tuple[str, float, float, float, float]]
    marks: list[Mark]
    labels: list[Label]
    notes: list[DayNote]
    printed_days: list[int]
    start_day: int
    holders: list[tuple[str, str]]
    data: dict[str, Any]
    hundred_km: float
    has_basemap: bool
    alt: str


def draw_map(ensemble: Ensemble) -> PlaceMap:
    """Lay out the map of a result."""
    places = ensemble.case.places
    lon, lat = places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float)
    collection = read_basemap(ensemble.case.basemap)
    frame = frame_around(lon, lat, collection.get("bbox"))
    points = frame.project(lon, lat)
    marks = _marks(ensemble, points)
    return PlaceMap(
        width=WIDTH,
        height=frame.height,
        ground=draw_basemap(collection, frame),
        roads=_roads(ensemble, points),
        marks=sorted(marks, key=lambda mark: -mark.radius),
        labels=_labels(ensemble, points, marks, frame),
        notes=_notes(ensemble),
        printed_days=sorted(
            {round(d) for d in np.linspace(1, ensemble.days, min(_PRINTED_DAYS, ensemble.days))}
        ),
        start_day=_start_day(ensemble),
        holders=_holders(ensemble),
        data=map_data(ensemble),
        hundred_km=100 * frame.km,
        has_basemap=bool(collection["features"]),
        alt=_alt(ensemble),
    )


def map_data(ensemble: Ensemble) -> dict[str, Any]:
    """What the page's script needs: names, whole percents by day, recorded state by day as '0' and '1'."""
    return {
        "names": ensemble.names,
        "percent": np.round(100 * ensemble.probability).astype(int).tolist(),
        "recorded": ["".join("1" if f else "0" for f in row) for row in ensemble.record.fallen],
        "recordedDay": [
            f"{day_month(ensemble.dates[int(day) - 1])}, day {int(day)}" if np.isfinite(day) else ""
            for day in ensemble.record.day
        ],
        "dates": [day_month(day) for day in ensemble.dates],
        "known": ensemble.record.known,
    }


def _marks(ensemble: Ensemble, points: np.ndarray) -> list[Mark]:
    places = ensemble.case.places
    people = np.nan_to_num(places["population"].to_numpy(dtype=float))
    radii = 3.6 + 8.4 * np.sqrt(people / max(people.max(), 1.0))
    return [
        Mark(
            index=i,
            name=ensemble.names[i],
            x=round(float(points[i, 0]), 1),
            y=round(float(points[i, 1]), 1),
            radius=round(float(radii[i]), 1),
            at_stake=bool(ensemble.at_stake[i]),
            holder_colour=ensemble.colours.get(holder, "#7C7C7C"),
        )
        for i, holder in enumerate(places["initial_controller"])
    ]


def _roads(ensemble: Ensemble, points: np.ndarray) -> list[tuple[str, float, float, float, float]]:
    """(class, x1, y1, x2, y2), the smallest roads first, so that motorways lie on top."""
    index = {place: i for i, place in enumerate(ensemble.case.place_ids)}
    rank = {"track": 0, "secondary": 1, "primary": 2, "motorway": 3}
    roads = ensemble.case.roads
    lines = [
        (str(kind), *points[index[a]].round(1).tolist(), *points[index[b]].round(1).tolist())
        for a, b, kind in zip(roads["a"], roads["b"], roads["road_class"], strict=True)
    ]
    return sorted(lines, key=lambda line: rank.get(line[0], 0))


def _labels(ensemble: Ensemble, points: np.ndarray, marks: list[Mark], frame: Frame) -> list[Label]:
    places = ensemble.case.places
    kinds = [str(kind) for kind in places["kind"]]
    people = np.nan_to_num(places["population"].to_numpy(dtype=float))
    weight = {"capital": 2, "regional_capital": 1}
    order = sorted(range(len(kinds)), key=lambda i: (-weight.get(kinds[i], 0), -people[i]))
    sizes = np.array([_LABEL_SIZE.get(kind, _SMALL_LABEL) for kind in kinds])
    radii = np.array([mark.radius + 2.5 for mark in marks])
    bold = np.array([kind == "capital" for kind in kinds])
    return place_labels(
        ensemble.short_names, points, radii, sizes, bold, order, _FORCED_LABELS, WIDTH, frame.height
    )


def _notes(ensemble: Ensemble) -> list[DayNote]:
    happened: dict[Any, list[str]] = {}
    events = ensemble.case.events
    for when, text in zip(events["date"], events["description"], strict=True):
        happened.setdefault(when, []).append(str(text))
    expected = ensemble.probability.sum(axis=0)
    recorded = ensemble.record.fallen.sum(axis=0)
    notes = []
    for d, when in enumerate(ensemble.dates):
        falls = [ensemble.short_names[p] for p in np.flatnonzero(ensemble.record.day == d + 1)]
        notes.append(
            DayNote(
                number=d + 1,
                date=f"{when:%A}, {long_date(when)}",
                short_date=day_month(when),
                expected=float(expected[d]),
                recorded=int(recorded[d]),
                falls=listed(falls, most=7),
                events=happened.get(when, [])[:_EVENTS_PER_DAY],
            )
        )
    return notes


def _start_day(ensemble: Ensemble) -> int:
    """The first day on which half of all falls have come: the page opens in the middle of things."""
    course = ensemble.record.fallen if ensemble.record.known else ensemble.probability
    total = course.sum(axis=0)
    return int(np.argmax(total >= total[-1] / 2)) + 1 if total[-1] > 0 else ensemble.days


def _holders(ensemble: Ensemble) -> list[tuple[str, str]]:
    """(name, colour) of the factions that hold the squares."""
    initial = ensemble.case.places["initial_controller"]
    squares = {holder for holder, stake in zip(initial, ensemble.at_stake, strict=True) if not stake}
    factions = ensemble.case.factions
    return [
        (short_name(str(name)), ensemble.colours[faction])
        for faction, name in zip(factions["id"], factions["name"], strict=True)
        if faction in squares
    ]


def _alt(ensemble: Ensemble) -> str:
    last = ensemble.probability[:, -1]
    text = f"Map of {len(last)} places. On {long_date(ensemble.dates[-1])} "
    certain = [ensemble.short_names[p] for p in np.argsort(-last, kind="stable") if last[p] >= 0.5]
    text += f"{len(certain)} have fallen in at least half of the runs"
    text += f": {listed(certain, most=5)}." if certain else "."
    if ensemble.record.known:
        text += f" Recorded as fallen by then: {int(ensemble.record.fallen[:, -1].sum())}."
    return text + f" Mean over all places: {percent(float(last.mean()))}."
