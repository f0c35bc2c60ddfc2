"""Estimates with intervals: a row each, rows of one unit on one axis. Laid out here, drawn as an SVG file."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sim.report.axis import Axis, axis_between
from sim.report.svg import SERIES_COLOURS, render_svg

WIDTH, NUMBERS = 880.0, 210.0
LETTER, SHORTEST_LABEL, LONGEST_LABEL = 6.8, 120.0, 360.0
LEGEND, MARK, SPACE, HEAD, FOOT, GAP = 18.0, 15.0, 6.0, 30.0, 24.0, 12.0


@dataclass(frozen=True)
class Estimate:
    """One mark; ``low`` and ``high`` are NaN where there is no interval.

    Attributes:
        row: what is estimated.
        series: which of the lines of that row; the legend explains those that have a name.
        unit: rows of one unit stand together on one axis.
        value, low, high: in that unit.
        text: the number as it stands at the right.
    """

    row: str
    series: str
    unit: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class _Mark:
    y: float
    x: float
    x_low: float
    x_high: float
    colour: str
    text: str


@dataclass(frozen=True)
class _Panel:
    unit: str
    top: float
    bottom: float
    axis: Axis
    labels: list[tuple[float, str]] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=list)


def draw_intervals(
    estimates: Iterable[Estimate],
    *,
    title: str,
    notes: Sequence[str] = (),
    limit: dict[str, float] | None = None,
) -> str:
    """The figure as SVG text.

    Args:
        estimates: in the order in which they shall stand; those of one unit must follow each other.
        title: over the figure.
        notes: lines under it.
        limit: by unit, a value drawn as a dashed line, such as a noise floor.
    """
    estimates = list(estimates)
    series = list(dict.fromkeys(e.series for e in estimates))
    colours = {name: SERIES_COLOURS[i % len(SERIES_COLOURS)] for i, name in enumerate(series)}
    legend = [(name, colour) for name, colour in colours.items() if name]
    longest = max((len(e.row) for e in estimates), default=0)
    left = min(max(LETTER * longest + 28.0, SHORTEST_LABEL), LONGEST_LABEL)
    y, panels = 40.0 + LEGEND * len(legend), []
    for unit, of_unit in groupby(estimates, key=lambda e: e.unit):
        panel = _panel(unit, list(of_unit), y, left, colours, (limit or {}).get(unit, 0.0))
        panels.append(panel)
        y = panel.bottom + FOOT + GAP
    return render_svg(
        "intervals.svg.j2",
        title=title,
        notes=notes,
        series=legend,
        panels=panels,
        limit=limit or {},
        width=WIDTH,
        height=y + 16.0 * len(notes) + 6.0,
        label=left,
        right=WIDTH - NUMBERS,
        head=HEAD,
    )


def _panel(
    unit: str, estimates: list[Estimate], top: float, left: float, colours: dict[str, str], limit: float
) -> _Panel:
    ends = [v for e in estimates for v in (e.value, e.low, e.high, limit) if math.isfinite(v)]
    axis = axis_between(min([*ends, 0.0]), max([*ends, 0.0]), left, WIDTH - NUMBERS)
    labels, marks, y = [], [], top + HEAD
    for row, of_row in groupby(estimates, key=lambda e: e.row):
        start = y
        for e in of_row:
            y += MARK
            low, high = (v if math.isfinite(v) else e.value for v in (e.low, e.high))
            marks.append(
                _Mark(y - 5, axis.at(e.value), axis.at(low), axis.at(high), colours[e.series], e.text)
            )
        labels.append(((start + y) / 2 + 6.5, row))
        y += SPACE
    return _Panel(unit, top, y, axis, labels, marks)
