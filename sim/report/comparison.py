"""The figure of a comparison: one row per outcome, the paired difference with its interval."""

import math
from typing import TYPE_CHECKING, Any

from sim.experiment.outcomes import NEVER
from sim.report.intervals import Estimate, draw_intervals
from sim.report.text import plural

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison

_UNITS = {
    "share": "Probability, percentage points",
    "day": "Day of fall, days later (+) or earlier (−)",
    "places": "Places",
    "soldiers": "Soldiers of the government side",
    "people": "People",
}


SMALL = 0.15
"""Part of the longest interval of its unit below which an outcome has an axis of its own."""


def draw_comparison(comparison: "Comparison") -> str:
    """The figure as SVG text; outcomes of one unit share an axis, if they can be seen on it."""
    table = comparison.table.copy()
    order = list(dict.fromkeys([*_UNITS, *table["unit"]]))
    table["rank"] = table["unit"].map(order.index)
    table["place"] = table["outcome"].map({o: i for i, o in enumerate(table["outcome"].unique())})
    reach = table[["low", "high"]].abs().max(axis=1)
    longest = reach.groupby(table["unit"]).transform("max")
    table["small"] = reach.groupby(table["outcome"]).transform("max") < SMALL * longest
    rows = table.sort_values(["rank", "small", "place"], kind="stable").itertuples()
    manifest = comparison.manifest
    return draw_intervals(
        [_estimate(row) for row in rows],
        title=f"{manifest['case']['title']}: difference from the world as it is",
        notes=[
            f"Mean over {plural(manifest['runs'], 'pair')} of runs that meet the same chances "
            f"(seed {manifest['seed']}), with 95 % interval.",
            NEVER,
        ],
    )


def difference_text(difference: float, low: float, high: float, unit: str) -> str:
    """'−56.2 [−60.4, −51.6]': percentage points for a share."""
    return "{} [{}, {}]".format(*(signed(number, unit) for number in (difference, low, high)))


def signed(number: float, unit: str) -> str:
    """A difference with its sign, as exact as its unit asks for; a true minus sign."""
    if not math.isfinite(number):
        return "–"
    if unit == "share":
        text = f"{abs(100 * number):.1f}"
    elif abs(number) >= 100:
        text = f"{abs(number):,.0f}"
    else:
        text = f"{abs(number):.2f}"
    return f"{'−' if number < 0 else '+'}{text}" if text.strip("0.") else text


def level_text(mean: float, unit: str) -> str:
    """The mean of an outcome in one world: '79.4 %', '12.02', '65,608'."""
    if unit == "share":
        return f"{100 * mean:.1f} %"
    return f"{mean:,.0f}" if abs(mean) >= 100 else f"{mean:.2f}"


def _estimate(row: Any) -> Estimate:
    scale = 100.0 if row.unit == "share" else 1.0
    return Estimate(
        row=row.label,
        series=row.world,
        unit=_UNITS.get(row.unit, row.unit or row.label) + (", larger scale" if row.small else ""),
        value=scale * row.difference,
        low=scale * row.low,
        high=scale * row.high,
        text=difference_text(row.difference, row.low, row.high, row.unit),
    )
