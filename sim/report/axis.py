"""A linear axis with round numbers, from data to the coordinates of a drawing."""

import math
from dataclasses import dataclass

from sim.report.text import short_number


@dataclass(frozen=True)
class Axis:
    """Data from ``low`` to ``high`` on a line from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    ticks: list[tuple[float, str]]
    """(coordinate, label)."""

    def at(self, value: float) -> float:
        """The coordinate of a value."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def axis_between(low: float, high: float, start: float, end: float) -> Axis:
    """The narrowest axis that holds ``low`` and ``high``, begins and ends at a round number, in few steps."""
    step = nice_ticks(max(high - low, 0.0) / 1.5)[1]
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    axis = Axis(first * step, last * step, start, end, [])
    values = [float(f"{step * i:.6g}") for i in range(first, last + 1)]
    axis.ticks.extend((axis.at(value), short_number(value).replace("-", "−")) for value in values)
    return axis


def nice_ticks(highest: float) -> list[float]:
    """Round numbers from 0 to at least ``highest`` in two to five steps."""
    if highest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(highest / 4))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if highest / (power * m) <= 4 + 1e-9)
    return [float(f"{step * i:.6g}") for i in range(math.ceil(highest / step - 1e-9) + 1)]
