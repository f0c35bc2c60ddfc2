"""Which factors an outcome depends on: Morris' elementary effects and Sobol' indices, through SALib.

Both need a sample of their own kind, so a sweep of another design is refused. Runs are averaged over the
replicates of a point first: what is analysed is the expected outcome. Replicate r has the same seed at every
point, so a factor that changes nothing has an effect of exactly zero; how large an effect chance alone could
feign is told by ``chance_floor``.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.experiment.outcomes import CAPITAL_FALLS, Outcome, describe, sweep_outcome
from sim.sweep_results import SweepResult

METHODS = {"morris": "Morris' elementary effects", "saltelli": "Sobol' indices"}
RESAMPLES = 500
"""Of the bootstrap over trajectories, or over pairs of points."""


@dataclass(frozen=True)
class Sensitivity:
    """The result of an analysis.

    Attributes:
        method: "morris" or "saltelli".
        outcome: name of the outcome.
        described: its label and unit.
        table: a row per factor, the strongest first. Morris: ``mu_star`` (mean size of the effect of moving
            the factor over its range, in the unit of the outcome) with ``low`` and ``high``, ``mu`` (with
            sign), ``sigma`` (spread: curvature or interaction). Sobol': ``total`` and ``first`` (shares of
            the variance), each with ``_low`` and ``_high``.
        pairs: with second order: ``factor``, ``other``, ``second``, ``low``, ``high``; else empty.
        floor: size of ``mu_star`` or ``total`` that chance alone could feign; NaN with one replicate.
        points, replicates: size of the sweep.
    """

    method: str
    outcome: str
    described: Outcome
    table: pd.DataFrame
    pairs: pd.DataFrame
    floor: float
    points: int
    replicates: int


def analyse(sweep: SweepResult, outcome: str = CAPITAL_FALLS) -> Sensitivity:
    """Analyse a finished sweep of kind "morris" or "saltelli".

    Args:
        sweep: as ``sim.open(folder)`` gives it.
        outcome: a column of its outcomes, or ``capital_falls``.

    Raises:
        InputError: the design is another, the sweep is not finished, or the outcome is unknown or constant.
    """
    check_design(sweep.manifest["sweep"]["kind"], str(sweep.folder))
    design, names = sweep.manifest["sweep"], sweep.factors
    runs = sweep_outcome(sweep, outcome)
    mean, variance = point_means(runs, outcome, sweep.manifest["points"], str(sweep.folder))
    if np.ptp(mean) == 0:
        raise InputError([f"--outcome: {outcome} is the same at every point; allowed: one that varies"])
    pairs = pd.DataFrame()
    if design["kind"] == "morris":
        x = sweep.points[names].to_numpy(dtype=float)
        table = morris_effects(names, x, mean, design["morris_levels"])
    else:
        table, pairs = sobol_indices(names, mean, second_order=bool(design["second_order"]))
    return Sensitivity(
        method=design["kind"],
        outcome=outcome,
        described=describe(outcome, sweep.scenario.load_case()),
        table=table,
        pairs=pairs,
        floor=chance_floor(design, mean, variance),
        points=len(mean),
        replicates=design["replicates"],
    )


def check_design(kind: str, where: str) -> None:
    """Refuse a sweep of a design that indices cannot be worked out from.

    Raises:
        InputError: one line.
    """
    if kind not in METHODS:
        kinds = " or ".join(f'kind = "{kind}"' for kind in METHODS)
        line = (
            f'{where}: sensitivity indices need a sample of their own, not kind = "{kind}"; allowed: {kinds}'
        )
        raise InputError([line])


def point_means(runs: pd.DataFrame, outcome: str, points: int, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean outcome [points] over the replicates, and the variance [points] of that mean; NaN with one.

    Raises:
        InputError: a point has no run that succeeded.
    """
    values = runs.groupby("point")[outcome].agg(["mean", "var", "count"]).reindex(range(points))
    missing = int(values["mean"].isna().sum())
    if missing:
        what = f"{missing} of {points} points have no run that succeeded"
        raise InputError([f"{where}: {what}; allowed: one at least at each"])
    return values["mean"].to_numpy(), (values["var"] / values["count"]).to_numpy()


def morris_effects(names: Sequence[str], x: np.ndarray, y: np.ndarray, levels: int) -> pd.DataFrame:
    """Elementary effects over the whole range of each factor (Morris 1991, doi:10.2307/1269043).

    ``mu_star`` after Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004.

    Args:
        names: of the factors.
        x: [points, k] the design, trajectory after trajectory.
        y: [points] the outcome.
        levels: of the grid of the design.
    """
    from SALib.analyze import morris

    # SALib reads from x only which way each factor moved; ranks say that for levels without end, too.
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in x.T], axis=1).astype(float)
    found = morris.analyze(_problem(names), ranks, y, num_levels=levels, num_resamples=RESAMPLES, seed=1)
    strength, half = (np.asarray(found[key], dtype=float) for key in ("mu_star", "mu_star_conf"))
    table = pd.DataFrame(
        {
            "factor": list(names),
            "mu_star": strength,
            "low": strength - half,
            "high": strength + half,
            "mu": np.asarray(found["mu"], dtype=float),
            "sigma": np.asarray(found["sigma"], dtype=float),
        }
    )
    return table.sort_values("mu_star", ascending=False, ignore_index=True)


def sobol_indices(
    names: Sequence[str], y: np.ndarray, *, second_order: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares of the variance of the outcome (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018).

    Args:
        names: of the factors.
        y: [points] the outcome, in the order of ``sim.experiment.samples.saltelli``.
        second_order: as in the design.

    Returns:
        First-order and total indices, a row per factor; second-order ones, a row per pair.
    """
    from SALib.analyze import sobol

    with warnings.catch_warnings():
        # A resample of few points may be constant; SALib then takes its index as zero, and says so each time.
        warnings.filterwarnings("ignore", message="Constant values encountered")
        found = sobol.analyze(
            _problem(names), y, calc_second_order=second_order, num_resamples=RESAMPLES, seed=1
        )
    columns: dict[str, Any] = {"factor": list(names)}
    for key, name in (("ST", "total"), ("S1", "first")):
        value, half = found[key], found[f"{key}_conf"]
        columns |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
    table = pd.DataFrame(columns).sort_values("total", ascending=False, ignore_index=True)
    pairs = [
        {"factor": names[j], "other": names[k], "second": s, "low": s - half, "high": s + half}
        for j in range(len(names) if second_order else 0)
        for k in range(j + 1, len(names))
        for s, half in [(found["S2"][j, k], found["S2_conf"][j, k])]
    ]
    return table, pd.DataFrame(pairs)


def chance_floor(design: dict[str, Any], mean: np.ndarray, variance: np.ndarray) -> float:
    """The index that a factor would get, on average, that did nothing but draw all chances anew.

    Between two points that differ in their chances alone, the means differ by a normal error of variance
    2 v, v the variance of a point's mean over its replicates. The mean size of such an error is
    2 sqrt(v / pi), its half mean square v. Common random numbers keep the true error below this.

    Args:
        design: ``kind`` and ``morris_levels`` of the sweep.
        mean: [points] over the replicates.
        variance: [points] of that mean.
    """
    if design["kind"] == "morris":
        step = design["morris_levels"] / 2 / (design["morris_levels"] - 1)
        return float((2 * np.sqrt(variance / np.pi)).mean() / step)
    return float(variance.mean() / mean.var())


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names), "groups": None}
