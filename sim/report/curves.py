"""Time courses with uncertainty: median, 50 % and 90 % bands of factions and backers, as small SVG panels."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sim.case.names import short_name
from sim.report.axis import nice_ticks
from sim.report.ensemble import Bands, Ensemble
from sim.report.text import count, day_month, reading, short_number

WIDTH, HEIGHT = 320.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 18.0, 8.0, 20.0
_MEDIAN = 2

# column, title, unit, top of the axis (None: from the data), second line with its name
_FACTION_PANELS = (
    ("soldiers", "Soldiers", "people", None, None),
    ("deserted", "Deserted so far", "people", None, None),
    ("morale", "Morale", "0 to 1", 1.0, None),
    ("prospect", "Belief in victory", "0 to 1", 1.0, None),
    ("pay_received_usd_month", "Pay received", "US$ a month", None, ("pay_usd_month", "offered")),
    ("arrears_days", "Pay in arrears", "days", None, None),
)
_BACKER_PANELS = (
    ("commitment", "Commitment", "0 to 1", 1.0, ("attention", "attention")),
    ("sorties_per_day", "Air sorties", "a day", None, None),
)


@dataclass(frozen=True)
class Panel:
    """One small chart; paths are SVG path data in a box of WIDTH x HEIGHT."""

    title: str
    unit: str
    wide_band: str
    narrow_band: str
    median: str
    second: str
    second_name: str
    dots: list[tuple[float, float]]
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    quantiles: list[list[float | None]]
    alt: str
    recorded: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """The panels of one faction or backer."""

    name: str
    full_name: str
    colour: str
    panels: list[Panel] = field(default_factory=list)


def draw_factions(ensemble: Ensemble) -> tuple[list[Card], list[Card]]:
    """Cards of the factions that field soldiers: government side and first attackers, then the rest."""
    case, table = ensemble.case, ensemble.result.factions
    bands = Bands(table, "faction_id", case.faction_ids, ensemble.days)
    fielded = np.nanmax(np.nan_to_num(bands.values("soldiers")), axis=(0, 1)) > 0
    panels = [(spec, _quantiles(bands, spec)) for spec in _FACTION_PANELS if bands.has(spec[0])]
    leading = set(case.government_side) | set(case.opening_offensive)
    main: list[Card] = []
    rest: list[Card] = []
    names = case.factions["name"].tolist()
    defenders_first = sorted(
        np.flatnonzero(fielded).tolist(), key=lambda f: case.faction_ids[f] not in case.government_side
    )
    for f in defenders_first:
        faction, name = case.faction_ids[f], names[f]
        card = Card(short_name(str(name)), str(name), ensemble.colours[faction])
        card.panels.extend(
            draw_panel(spec, q[0][..., f], _pick(q[1], f), ensemble.dates) for spec, q in panels
        )
        (main if faction in leading else rest).append(card)
    return main, rest


def draw_backers(ensemble: Ensemble) -> list[Card]:
    """A card per backer, in the colour of the faction it backs."""
    case, table = ensemble.case, ensemble.result.backers
    if not len(table):
        return []
    bands = Bands(table, "backer_id", case.backer_ids, ensemble.days)
    panels = [(spec, _quantiles(bands, spec)) for spec in _BACKER_PANELS if bands.has(spec[0])]
    factions = dict(zip(case.factions["id"], case.factions["name"], strict=True))
    cards = []
    for b, (name, client) in enumerate(zip(case.backers["name"], case.backers["faction_id"], strict=True)):
        title = f"{short_name(str(name))} → {short_name(str(factions.get(client, client)))}"
        card = Card(title, str(name), ensemble.colours.get(client, "#7C7C7C"))
        for spec, q in panels:
            if spec[3] is None and not np.nan_to_num(q[0][..., b]).any():
                continue  # a backer without aircraft needs no empty chart
            card.panels.append(draw_panel(spec, q[0][..., b], _pick(q[1], b), ensemble.dates))
        cards.append(card)
    return cards


def _quantiles(bands: Bands, spec: tuple) -> tuple[np.ndarray, np.ndarray | None]:
    """[quantile, D, ids] of the main measure; [D, ids] median of the second line, if there is one."""
    second = spec[4]
    return bands.quantiles(spec[0]), bands.quantiles(second[0])[_MEDIAN] if second and bands.has(
        second[0]
    ) else None


def _pick(values: np.ndarray | None, i: int) -> np.ndarray | None:
    return None if values is None else values[:, i]


def draw_panel(
    spec: tuple,
    quantiles: np.ndarray,
    second: np.ndarray | None,
    dates: list[date],
    recorded: dict[int, float] | None = None,
) -> Panel:
    """Draw quantiles [5, D], the median of a second line [D] and recorded values by day (1 = first day)."""
    _, title, unit, top, second_line = spec
    drawn = quantiles if second is None else np.vstack([quantiles, second])
    recorded = recorded or {}
    data = float(np.nanmax(np.nan_to_num(drawn), initial=0.0))
    highest = top if top is not None else max(data, *recorded.values(), 0.0)
    ticks = nice_ticks(highest)
    x = _x_positions(len(dates))
    y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - drawn / ticks[-1])
    median = quantiles[_MEDIAN]
    alone = np.isfinite(median) if len(dates) == 1 else np.zeros(len(dates), dtype=bool)
    return Panel(
        title=title,
        unit=unit,
        wide_band=_band(x, y[0], y[4]),
        narrow_band=_band(x, y[1], y[3]),
        median=_line(x, y[_MEDIAN]),
        second="" if second is None else _line(x, y[5]),
        second_name=second_line[1] if second is not None else "",
        dots=[(float(x[d]), float(y[_MEDIAN, d])) for d in np.flatnonzero(alone)],
        x_ticks=_date_ticks(dates, x),
        y_ticks=[(TOP + (HEIGHT - TOP - BOTTOM) * (1 - t / ticks[-1]), short_number(t)) for t in ticks],
        quantiles=[
            [float(f"{v:.4g}") if np.isfinite(v) else None for v in row] for row in quantiles[[0, 2, 4]].T
        ],
        alt=_alt(title, unit, quantiles, dates),
        recorded=[
            (float(x[day - 1]), TOP + (HEIGHT - TOP - BOTTOM) * (1 - people / ticks[-1]))
            for day, people in recorded.items()
        ],
    )


def _x_positions(days: int) -> np.ndarray:
    inner = WIDTH - LEFT - RIGHT
    return LEFT + inner * (np.arange(days) / (days - 1) if days > 1 else np.array([0.5]))


def _date_ticks(dates: list[date], x: np.ndarray) -> list[tuple[float, str]]:
    """(x, label) of at most five days, the first and the last among them."""
    chosen = sorted({round(d) for d in np.linspace(0, len(dates) - 1, min(5, len(dates)))})
    return [(float(x[d]), day_month(dates[d])) for d in chosen]


def _line(x: np.ndarray, y: np.ndarray) -> str:
    """Path data; a gap where a value is missing."""
    path, pen = [], "M"
    for xi, yi in zip(x.tolist(), y.tolist(), strict=True):
        if np.isfinite(yi):
            path.append(f"{pen}{xi:.1f},{yi:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(path)


def _band(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    there = np.isfinite(low) & np.isfinite(high)
    if there.sum() < 2:
        return ""
    x, low, high = x[there], low[there], high[there]
    return _line(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])) + "Z"


def _alt(title: str, unit: str, quantiles: np.ndarray, dates: list[date]) -> str:
    there = np.flatnonzero(np.isfinite(quantiles[_MEDIAN]))
    if not len(there):
        return f"{title}: no value"
    number = count if unit == "people" else reading
    first, last = int(there[0]), int(there[-1])
    low, middle, high = (number(float(v)) for v in quantiles[[0, 2, 4], last])
    return (
        f"{title} ({unit}): median {number(float(quantiles[_MEDIAN, first]))} on {day_month(dates[first])}, "
        f"{middle} on {day_month(dates[last])}; 90 % of runs end between {low} and {high}"
    )
