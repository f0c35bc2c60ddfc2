"""Lines with bands over a quantity that was varied. Laid out here, drawn as an SVG file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.report.axis import Axis, axis_between
from sim.report.svg import SERIES_COLOURS, render_svg

WIDTH, HEIGHT = 720.0, 340.0
LEFT, RIGHT, TOP, LEGEND, BELOW = 64.0, 24.0, 60.0, 18.0, 46.0


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        name: for the legend; "" for none.
        x, y: [n] its points, in the order in which they are joined.
        low, high: [n] ends of the band around it.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class _Path:
    name: str
    colour: str
    band: str
    line: str
    dots: list[tuple[float, float]]


def draw_lines(
    lines: Sequence[Line], *, title: str, x_label: str, y_label: str, notes: Sequence[str] = ()
) -> str:
    """The figure as SVG text.

    Args:
        lines: at least one, with at least one point.
        title: over the figure.
        x_label: what was varied, with its unit.
        y_label: what came out, with its unit; the axis begins at 0 unless a value is below.
        notes: lines under the figure.
    """
    top = TOP + LEGEND * sum(bool(line.name) for line in lines)
    bottom = top + HEIGHT
    xs = np.concatenate([line.x for line in lines])
    ends = np.concatenate([[0.0], *(np.concatenate([line.low, line.high]) for line in lines)])
    x_axis = axis_between(float(xs.min()), float(xs.max()), LEFT, WIDTH - RIGHT)
    y_axis = axis_between(float(np.nanmin(ends)), float(np.nanmax(ends)), bottom, top)
    return render_svg(
        "lines.svg.j2",
        title=title,
        notes=notes,
        x_axis=x_axis,
        y_axis=y_axis,
        x_label=x_label,
        y_label=y_label,
        paths=[_path(line, i, x_axis, y_axis) for i, line in enumerate(lines)],
        width=WIDTH,
        height=bottom + BELOW + 16.0 * len(notes) + 6.0,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=top,
        bottom=bottom,
    )


def _path(line: Line, number: int, x_axis: Axis, y_axis: Axis) -> _Path:
    x = [x_axis.at(float(value)) for value in line.x]
    y, low, high = ([y_axis.at(float(value)) for value in ends] for ends in (line.y, line.low, line.high))
    dots = list(zip(x, y, strict=True))
    edge = [*zip(x, high, strict=True), *reversed(list(zip(x, low, strict=True)))]
    colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
    return _Path(line.name, colour, f"M{_joined(edge)}Z", f"M{_joined(dots)}", dots)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
