"""Names beside points, without overlaps: the important first, each on the first free side."""

from dataclasses import dataclass

import numpy as np

_BOLD_WIDER = 1.15
_CHARACTER_WIDTH = 0.62  # of the font size, mean over the letters of a wide typeface


@dataclass(frozen=True)
class Label:
    """A name at (x, y), its baseline; anchor is SVG's text-anchor."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    bold: bool


def place_labels(
    names: list[str],
    points: np.ndarray,
    radii: np.ndarray,
    sizes: np.ndarray,
    bold: np.ndarray,
    order: list[int],
    forced: int,
    width: float,
    height: float,
) -> list[Label]:
    """Greedy placement on one of eight sides of each point; the first few stand even in a crowd.

    Args:
        names: of the n points.
        points: [n, 2] SVG coordinates.
        radii: [n] of the circles, which labels must not cover (their own included).
        sizes: [n] font sizes, SVG units.
        bold: [n] whether the name is set in bold.
        order: the points that may get a label, the most important first.
        forced: how many of the first get one even where it must cover something, then as little as can be.
        width: of the drawing; labels stay inside.
        height: of the drawing.
    """
    marks = np.concatenate([points - radii[:, None], points + radii[:, None]], axis=1)
    taken = [tuple(box) for box in marks]
    labels = []
    for rank, i in enumerate(order):
        others = [box for j, box in enumerate(taken) if j != i]
        fitting = [
            (sum(_overlap(box, other) for other in others), label, box)
            for label, box in _candidates(
                names[i], points[i], float(radii[i]), float(sizes[i]), bool(bold[i])
            )
            if box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
        ]
        covered, label, box = min(fitting, key=lambda one: one[0], default=(1.0, None, None))
        if label and box and (covered == 0 or rank < forced):
            labels.append(label)
            taken.append(box)
    return labels


def _candidates(
    name: str, point: np.ndarray, radius: float, size: float, bold: bool
) -> list[tuple[Label, tuple[float, float, float, float]]]:
    x, y = float(point[0]), float(point[1])
    wide, gap = _CHARACTER_WIDTH * size * len(name) * (_BOLD_WIDER if bold else 1), radius + 4
    near, level, above, below = 0.75 * gap, y + 0.35 * size, y - gap, y + gap + 0.75 * size
    spots = [
        ("start", x + gap, level, x + gap, x + gap + wide),
        ("end", x - gap, level, x - gap - wide, x - gap),
        ("middle", x, above, x - wide / 2, x + wide / 2),
        ("middle", x, below, x - wide / 2, x + wide / 2),
        ("start", x + near, above + 3, x + near, x + near + wide),
        ("start", x + near, below - 3, x + near, x + near + wide),
        ("end", x - near, above + 3, x - near - wide, x - near),
        ("end", x - near, below - 3, x - near - wide, x - near),
    ]
    return [
        (Label(name, lx, ly, anchor, size, bold), (left, ly - 0.8 * size, right, ly + 0.25 * size))
        for anchor, lx, ly, left, right in spots
    ]


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Area that two boxes (left, top, right, bottom) share."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0.0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)
