"""Figures of a calibration: what was learned beside what was believed, pairs, and runs beside the record."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.case.names import short_name
from sim.report.intervals import Estimate, draw_intervals
from sim.report.svg import render_svg
from sim.report.text import plural, short_number

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.prior import Prior
    from sim.results import Result

CELL, ROW, ACROSS = 210.0, 92.0, 4
BARS, CURVE = 30, 60
PAIRED, PAIR, SHOWN = 6, 118.0, 250
MOST_PLACES = 40


@dataclass(frozen=True)
class _Marginal:
    name: str
    x: float
    y: float
    bars: str
    curve: str
    low: str
    high: str
    default: float


def draw_marginals(prior: "Prior", draws: "pd.DataFrame", order: list[str], title: str) -> str:
    """Each parameter over its whole range: bars of the draws, the prior's density as a line, the default.

    Args:
        prior: what was believed.
        draws: a column for each parameter.
        order: the parameters, in the order in which they are drawn.
        title: over the figure.
    """
    from sim.parameters import REGISTRY

    shares = prior.shares(draws[list(prior.names)].to_numpy())
    defaults = prior.shares(np.array([REGISTRY[name].default for name in prior.names]))
    columns = [prior.names.index(name) for name in order]
    cells = [
        _marginal(prior, shares[:, k], float(defaults[k]), name, number)
        for number, (k, name) in enumerate(zip(columns, order, strict=True))
    ]
    return render_svg(
        "marginals.svg.j2",
        title=title,
        cells=cells,
        notes=[
            "Bars: draws. Line: prior. Dashed: default. Each over its whole range, in logarithms if it is "
            "positive and spans a factor of 4."
        ],
        wide=CELL - 24.0,
        high=ROW - 40.0,
        width=ACROSS * CELL + 16.0,
        height=64.0 + ROW * -(-len(cells) // ACROSS) + 24.0,
    )


def _marginal(prior: "Prior", share: np.ndarray, default: float, name: str, number: int) -> _Marginal:
    """The cell of one parameter: its draws [R] and its default as shares of its range."""
    from sim.parameters import REGISTRY

    p = REGISTRY[name]
    wide, tall = CELL - 24.0, ROW - 40.0
    bars = np.histogram(share, bins=BARS, range=(0.0, 1.0))[0] * BARS / len(share)
    u = (np.arange(CURVE) + 0.5) / CURVE
    curve = prior.share_density(name, u)
    top = max(float(bars.max()), float(curve.max()))
    boxes = (
        f"M{wide * k / BARS:.1f},{tall:.1f}v{-tall * b / top:.1f}h{wide / BARS:.1f}v{tall * b / top:.1f}z"
        for k, b in enumerate(bars)
        if b > 0
    )
    line = "L".join(f"{wide * a:.1f},{tall * (1.0 - b / top):.1f}" for a, b in zip(u, curve, strict=True))
    return _Marginal(
        name,
        16.0 + CELL * (number % ACROSS),
        56.0 + ROW * (number // ACROSS),
        "".join(boxes),
        f"M{line}",
        short_number(p.low).replace("-", "−"),
        short_number(p.high).replace("-", "−"),
        wide * default,
    )


@dataclass(frozen=True)
class _Pair:
    x: float
    y: float
    dots: list[tuple[float, float]]
    correlation: str


def draw_pairs(prior: "Prior", draws: "pd.DataFrame", order: list[str], title: str) -> str:
    """The first parameters of ``order`` against each other, in scores (the prior is standard normal)."""
    names = order[:PAIRED]
    columns = [prior.names.index(name) for name in names]
    z = prior.scores(draws[list(prior.names)].to_numpy())[:, columns]
    inside = PAIR - 14.0
    at = np.clip(0.5 + z / 7.0, 0.0, 1.0) * inside
    correlation = np.atleast_2d(np.corrcoef(z.T))
    pairs = [
        _Pair(
            190.0 + PAIR * column,
            46.0 + PAIR * (row - 1),
            [(float(x), float(inside - y)) for x, y in zip(at[:SHOWN, column], at[:SHOWN, row], strict=True)],
            f"{correlation[row, column]:+.2f}".replace("-", "−"),
        )
        for row in range(1, len(names))
        for column in range(row)
    ]
    return render_svg(
        "pairs.svg.j2",
        title=title,
        notes=[f"{min(SHOWN, len(z))} draws, as scores from −3.5 to 3.5; number: correlation."],
        pairs=pairs,
        rows=[(46.0 + PAIR * k + inside / 2, name) for k, name in enumerate(names[1:])],
        columns=[(190.0 + PAIR * k + inside / 2, name) for k, name in enumerate(names[:-1])],
        inside=inside,
        below=46.0 + PAIR * (len(names) - 1) + 6.0,
        width=206.0 + PAIR * max(len(names) - 1, 2),
        height=46.0 + PAIR * (len(names) - 1) + 62.0,
    )


def draw_predictive(result: "Result") -> str:
    """Days of fall in the runs beside the recorded ones, of the places that fell in either, in that order."""
    from sim.skill.measures import central_interval, median_day
    from sim.skill.verdict import scored_history

    history = scored_history(result)
    days, names = history.days, result.case.places["name"].tolist()
    middle = median_day(result.fall_day, days)
    low, high = central_interval(result.fall_day, days)
    recorded = np.minimum(history.day, days + 1.0)
    shown = np.flatnonzero((history.weight > 0) & (np.minimum(middle, recorded) <= days))
    order = sorted(shown, key=lambda p: (recorded[p], middle[p]))[:MOST_PLACES]
    unit = "Day of fall"
    estimates = []
    for p in order:
        spread = f"{_day(middle[p], days)} [{_day(low[p], days)}, {_day(high[p], days)}]"
        name = short_name(str(names[p]))
        runs = "Runs: median and 90 %"
        estimates.append(Estimate(name, runs, unit, middle[p], low[p], high[p], spread))
        days_text = f"recorded {_day(recorded[p], days)}"
        estimates.append(Estimate(name, "Recorded", unit, recorded[p], np.nan, np.nan, days_text))
    notes = [f"{plural(len(result.runs), 'run')}. A fall that never comes stands on day {days + 1}."]
    if len(shown) > MOST_PLACES:
        notes.append(f"{len(shown) - MOST_PLACES} later places are not drawn.")
    return draw_intervals(estimates, title=f"{result.case.title}: runs and record", notes=notes)


def _day(day: float, days: int) -> str:
    return f"{day:.0f}" if day <= days else "never"
