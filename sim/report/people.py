"""Displaced people: where they come from and where they are at the end, and how many on each day."""

from dataclasses import dataclass

import numpy as np

from sim.report.basemap import WIDTH, frame_around, read_basemap
from sim.report.curves import Panel, draw_panel
from sim.report.ensemble import Bands, Ensemble, codes
from sim.report.labels import Label, place_labels
from sim.report.text import count, listed, long_date, rounded, short_number
from sim.skill.displacement import recorded_since_the_eve

_PANELS = (
    ("displaced", "Away from home", "people", None, ("abroad", "of them abroad")),
    ("aid_need", "In need of food aid", "people", None, ("aid_shortfall", "who got none")),
    ("returned", "Came home so far", "people", None, None),
)
_LARGEST, _SMALLEST = 30.0, 1.0  # radii of half-discs, SVG units
_NAMED, _RANKED = 14, 6


@dataclass(frozen=True)
class HalfDiscs:
    """One place: people away from it to the left, people whom it hosts to the right; areas in proportion."""

    name: str
    x: float
    y: float
    away_radius: float
    hosted_radius: float
    away: str
    hosted: str


@dataclass(frozen=True)
class People:
    """Everything that the template draws."""

    height: float
    date: str
    marks: list[HalfDiscs]
    labels: list[Label]
    scale: list[tuple[float, str]]
    origins: list[tuple[str, str]]
    hosts: list[tuple[str, str]]
    panels: list[Panel]
    recorded: bool
    alt: str


def draw_people(ensemble: Ensemble) -> People | None:
    """Lay out map and curves; None where nobody is displaced in any run."""
    result = ensemble.result
    if not len(result.displacement) or not result.displacement["displaced"].any():
        return None
    away, hosted = _at_the_end(ensemble)
    places = ensemble.case.places
    lon, lat = places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float)
    frame = frame_around(lon, lat, read_basemap(ensemble.case.basemap).get("bbox"))
    points = frame.project(lon, lat)
    most = max(away.max(), hosted.max(), 1.0)
    radii = [_LARGEST * np.sqrt(people / most) for people in (away, hosted)]
    larger = np.maximum(*radii)
    order = np.argsort(-larger, kind="stable").tolist()
    drawn = [i for i in order if larger[i] >= _SMALLEST]
    recorded = recorded_since_the_eve(ensemble.case, ensemble.dates[0], ensemble.days)
    names = ensemble.short_names
    origins, hosts = _ranking(names, away), _ranking(names, hosted)
    return People(
        height=frame.height,
        date=long_date(ensemble.dates[-1]),
        marks=[
            HalfDiscs(
                name=ensemble.names[i],
                x=round(float(points[i, 0]), 1),
                y=round(float(points[i, 1]), 1),
                away_radius=round(float(radii[0][i]), 1),
                hosted_radius=round(float(radii[1][i]), 1),
                away=rounded(float(away[i])),
                hosted=rounded(float(hosted[i])),
            )
            for i in drawn
        ],
        labels=place_labels(
            names, points, larger + 1.0, np.full(len(names), 11.0), np.zeros(len(names), dtype=bool),
            drawn[:_NAMED], 3, WIDTH, frame.height,
        ),
        scale=_scale(most),
        origins=origins,
        hosts=hosts,
        panels=_panels(ensemble, recorded),
        recorded=bool(recorded),
        alt=f"Map of displaced people on {long_date(ensemble.dates[-1])}. Most are away from "
        f"{listed([name for name, _ in origins])}; most are in {listed([name for name, _ in hosts])}.",
    )  # fmt: skip


def _at_the_end(ensemble: Ensemble) -> tuple[np.ndarray, np.ndarray]:
    """Mean over runs [P] of people away from home there and of people hosted there, on the last day."""
    table = ensemble.result.places
    last = table[table["day"] == ensemble.days]
    where = codes(last["place_id"], ensemble.case.place_ids)
    size = len(ensemble.names)

    def mean(people: np.ndarray) -> np.ndarray:
        return np.bincount(where, weights=people, minlength=size) / ensemble.runs

    away = last["fled"].to_numpy(dtype=float) - last["returned"].to_numpy(dtype=float)
    return mean(away), mean(last["displaced_hosted"].to_numpy(dtype=float))


def _ranking(names: list[str], people: np.ndarray) -> list[tuple[str, str]]:
    first = np.argsort(-people, kind="stable")[:_RANKED]
    return [(names[i], rounded(float(people[i]))) for i in first if people[i] >= 1]


def _scale(most: float) -> list[tuple[float, str]]:
    """Radii and numbers of two discs for the legend: a round number near the largest, and a tenth of it."""
    top = 10.0 ** np.floor(np.log10(most))
    top *= 5 if most >= 5 * top else 2 if most >= 2 * top else 1
    return [
        (round(float(_LARGEST * np.sqrt(n / most)), 1), short_number(n)) for n in (top, top / 10) if n >= 1
    ]


def _panels(ensemble: Ensemble, recorded: dict[int, float]) -> list[Panel]:
    table = ensemble.result.displacement.assign(where="map")
    bands = Bands(table, "where", ["map"], ensemble.days)
    panels = []
    for spec in _PANELS:
        second = bands.quantiles(spec[4][0])[2, :, 0] if spec[4] else None
        dots = recorded if spec[0] == "displaced" else None
        panels.append(draw_panel(spec, bands.quantiles(spec[0])[..., 0], second, ensemble.dates, dots))
    return panels


def displaced_at_records(ensemble: Ensemble) -> list[str]:
    """For the summary of how far to trust a run: what was recorded last, and what the model has then."""
    recorded = recorded_since_the_eve(ensemble.case, ensemble.dates[0], ensemble.days)
    table = ensemble.result.displacement
    if not recorded or not len(table):
        return []
    day = max(recorded)
    there = table.loc[table["day"] == day, "displaced"].to_numpy(dtype=float)
    low, middle, high = np.quantile(there, (0.05, 0.5, 0.95))
    return [
        f"On {long_date(ensemble.dates[day - 1])} {rounded(middle)} people are away from home in the median "
        f"run (90 % of runs: {rounded(low)} to {rounded(high)}); recorded since the eve: "
        f"{count(recorded[day])}."
    ]
