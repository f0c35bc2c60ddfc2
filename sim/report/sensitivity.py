"""The figure of a sensitivity analysis: one row per factor, the strongest first."""

import math
from typing import TYPE_CHECKING, Any

from sim.report.intervals import Estimate, draw_intervals
from sim.report.text import plural

if TYPE_CHECKING:
    from sim.experiment.sensitivity import Sensitivity

_MOST = 40
_SERIES = {
    "morris": {"Size of the effect over the whole range": ("mu_star", "low", "high")},
    "saltelli": {
        "Total: alone and together with others": ("total", "total_low", "total_high"),
        "First order: alone": ("first", "first_low", "first_high"),
    },
}
_UNITS = {"share": "probability", "day": "days"}


def draw_sensitivity(found: "Sensitivity") -> str:
    """The figure as SVG text; at most forty factors, and a dashed line at what chance alone could feign."""
    label, unit = found.described
    axis = (
        f"Change of {label.lower()}, {_UNITS.get(unit, unit)}"
        if found.method == "morris"
        else "Share of variance"
    )
    rows = list(found.table.head(_MOST).itertuples())
    estimates = [
        _estimate(row, name, columns, axis) for row in rows for name, columns in _SERIES[found.method].items()
    ]
    notes = [
        f"{plural(found.points, 'point')}, the mean of {plural(found.replicates, 'run')} at each; "
        "95 % intervals from a bootstrap."
    ]
    if math.isfinite(found.floor):
        notes.append(f"Dashed: what a factor would show that only drew all chances anew, {found.floor:.3g}.")
    if len(found.table) > _MOST:
        notes.append(f"{len(found.table) - _MOST} weaker factors are not drawn.")
    return draw_intervals(
        estimates,
        title=f"What moves: {label.lower()}",
        notes=notes,
        limit={axis: found.floor} if math.isfinite(found.floor) else {},
    )


def _estimate(row: Any, series: str, columns: tuple[str, str, str], axis: str) -> Estimate:
    value, low, high = (float(getattr(row, column)) for column in columns)
    return Estimate(row.factor, series, axis, value, low, high, f"{value:.3g} [{low:.3g}, {high:.3g}]")
