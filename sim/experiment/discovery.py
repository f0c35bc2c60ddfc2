"""Where in the space of factors something happens: boxes found by PRIM, the patient rule induction method.

Friedman & Fisher 1999, doi:10.1023/A:1008894516817; for scenario discovery Bryant & Lempert 2010,
doi:10.1016/j.techfore.2009.08.002. The method itself is that of the package ``prim``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.experiment.outcomes import CAPITAL_FALLS, sweep_outcome
from sim.experiment.sensitivity import point_means
from sim.experiment.vary import DUMMY
from sim.sweep_results import SweepResult

PEEL = 0.05
"""Share of the points that a step peels off: small is patient."""
SMALLEST = 0.05
"""No box holds a smaller share of the points than this."""
IDLE = 0.05
"""A restriction is dropped if a box as dense has a larger chance without it."""


@dataclass(frozen=True)
class Box:
    """A box in the space of factors.

    Attributes:
        limits: a row per restricted factor: ``factor``, ``low``, ``high`` (NaN: open on that side), ``p``
            (chance of as dense a box if this restriction were idle, one-sided binomial), the surest first.
        coverage: share of all points of interest that lie in it.
        density: share of its points that are of interest.
        mass: share of all points that lie in it.
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class Discovery:
    """What PRIM found.

    Attributes:
        boxes: each found in what those before it left over.
        question: which points are of interest.
        points: number of points.
        share: share of the points that are of interest.
    """

    boxes: list[Box]
    question: str
    points: int
    share: float

    @property
    def table(self) -> pd.DataFrame:
        """One row per box and restricted factor: ``box`` (1, 2, ...), its three figures, its limits."""
        frames = [
            box.limits.assign(box=number, coverage=box.coverage, density=box.density, mass=box.mass)
            for number, box in enumerate(self.boxes, 1)
        ]
        columns = ["box", "coverage", "density", "mass", "factor", "low", "high", "p"]
        return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def discover(
    sweep: SweepResult,
    outcome: str = CAPITAL_FALLS,
    *,
    above: float | None = None,
    below: float | None = None,
    density: float = 0.8,
    boxes: int = 1,
) -> Discovery:
    """Find where the mean outcome of a point lies above or below a value.

    Args:
        sweep: as ``sim.open(folder)`` gives it; best a Latin hypercube or Sobol' sequence.
        outcome: a column of its outcomes, or ``capital_falls``.
        above: points whose mean over the replicates is larger are of interest,
        below: or those whose mean is smaller; exactly one of the two.
        density: wanted in a box.
        boxes: at most so many.

    Raises:
        InputError: unknown outcome, both or neither limit, or no point, or every point, of interest.
    """
    check_limits(above, below)
    runs = sweep_outcome(sweep, outcome)
    mean, _ = point_means(runs, outcome, sweep.manifest["points"], str(sweep.folder))
    interesting = mean > above if above is not None else mean < below
    names = [name for name in sweep.factors if name != DUMMY]
    # Where a payment never comes, it comes after the last day: a number that PRIM can order.
    x = sweep.points[names].replace(np.inf, float(sweep.scenario.days + 1))
    limit = f"above {above:g}" if above is not None else f"below {below:g}"
    if interesting.all() or not interesting.any():
        share = "every" if interesting.all() else "no"
        line = f"{share} point has a mean {outcome} {limit}; allowed: a limit that some points pass"
        raise InputError([f"{sweep.folder}: {line}"])
    found_boxes = find_boxes(x, interesting, density=density, boxes=boxes)
    return Discovery(found_boxes, f"mean {outcome} {limit}", len(mean), float(interesting.mean()))


def check_limits(above: float | None, below: float | None) -> None:
    """Refuse both limits, or neither.

    Raises:
        InputError: one line.
    """
    if (above is None) == (below is None):
        raise InputError(["--above, --below: one of the two is needed; allowed: exactly one"])


def find_boxes(
    x: pd.DataFrame, interesting: np.ndarray, *, density: float = 0.8, boxes: int = 1
) -> list[Box]:
    """PRIM on a table of points.

    On the way from all points to the densest box, the first box that reaches ``density`` is taken, which of
    those is the one that covers most; if none does, the densest. Then restrictions that may well be idle are
    dropped, the least sure first.

    Args:
        x: a row per point, a column per factor.
        interesting: [points] bool.
        density: wanted in a box.
        boxes: at most so many, until no point of interest is left over.
    """
    from prim import Prim

    search = Prim(x, interesting, peel_alpha=PEEL, mass_min=SMALLEST)
    found: list[Box] = []
    left = interesting.copy()
    while len(found) < boxes and left.any():
        box = search.find_box()
        if box is None:
            break
        steps = box.peeling_trajectory
        dense = np.flatnonzero(steps["density"] >= density)
        box.select(int(dense[0]) if len(dense) else int(steps["density"].argmax()))
        _drop_idle_restrictions(box)
        if box.limits.empty:  # nothing is gained by any restriction
            break
        left[box.yi] = False
        figures = (float(box.stats[name]) for name in ("coverage", "density", "mass"))
        found.append(Box(_limits(box.limits, x), *figures))
    return found


def _drop_idle_restrictions(box: Any) -> None:
    """Open a box on the sides that chance alone could have closed (quasi-p values, Bryant & Lempert 2010)."""
    limits = box.limits
    while len(limits) and limits["qp values"].max() > IDLE:
        box.drop_restriction(limits["qp values"].idxmax())
        limits = box.limits


def _limits(limits: pd.DataFrame, x: pd.DataFrame) -> pd.DataFrame:
    """Limits of a box, NaN where a side is as open as the sample."""
    rows = []
    for factor, row in limits.iterrows():
        low, high = float(row["min"]), float(row["max"])
        rows.append(
            {
                "factor": factor,
                "low": np.nan if low <= x[factor].min() else low,
                "high": np.nan if high >= x[factor].max() else high,
                "p": float(row["qp values"]),
            }
        )
    return pd.DataFrame(rows, columns=["factor", "low", "high", "p"])
