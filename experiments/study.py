"""What the studies share: run the sweep beside a script, shares with intervals, numbers into the README."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from sim.experiment.outcomes import CAPITAL_FALLS, NEVER, sweep_outcome
from sim.experiment.paired import paired_difference
from sim.experiment.runner import run_sweep
from sim.experiment.sweep import load_sweep
from sim.report.comparison import difference_text

START, END = "<!-- numbers: written by figure.py -->", "<!-- end -->"


def run_study(sweep_file):
    """Run a sweep anew.

    Returns:
        The factors, a row per point; and whether the capital falls (0 or 1), [points, replicates].
    """
    with tempfile.TemporaryDirectory() as folder:
        result = run_sweep(load_sweep(sweep_file), Path(folder, "sweep"))
        falls = sweep_outcome(result, CAPITAL_FALLS).pivot(
            index="point", columns="replicate", values=CAPITAL_FALLS
        )
        return result.points[result.factors], falls.to_numpy()


def shares(falls):
    """Share of the runs of each point, with ``low`` and ``high``."""
    return pd.DataFrame([wilson(row.sum(), len(row)) for row in falls])


def changes(falls, reference):
    """Percentage points by which each point differs from a reference point, run for run, with 95 % interval.

    Replicate k meets the same chances at every point, so that small differences are seen as well.
    """
    pairs = [paired_difference(falls[reference], row, share=True) for row in falls]
    found = 100 * pd.DataFrame(pairs)[["difference", "low", "high"]]
    found.loc[reference] = 0.0  # a point is no chance away from itself
    return found


def wilson(falls, runs):
    """A share with its 95 % interval."""
    low, high = binomtest(int(falls), runs).proportion_ci(0.95, "wilson")
    return {"share": falls / runs, "low": low, "high": high}


def crossing(x, y, level):
    """Where a falling curve through points first passes ``level``; NaN if it does not."""
    for k in range(len(x) - 1):
        if y[k] >= level > y[k + 1]:
            return x[k] + (x[k + 1] - x[k]) * (y[k] - level) / (y[k] - y[k + 1])
    return np.nan


def markdown(head, rows):
    """A table of text; numbers to the right of the first column."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def change_text(row):
    """'−12.0 [−19.1, −4.6]' of a row of ``changes``."""
    return difference_text(row.difference / 100, row.low / 100, row.high / 100, "share")


def paired(runs):
    """What numbers of pairs of runs rest on."""
    return f"{runs} pairs of runs, seed 0; probabilities in percentage points. {NEVER}"


def write_study(folder, figure, numbers, about):
    """Write ``figure.svg``; put the numbers, and what they rest on, between the marks in ``README.md``."""
    (folder / "figure.svg").write_text(figure, "utf-8")
    readme = folder / "README.md"
    numbers = f"{numbers}\n\n{about}"
    marked = f"{START}\n\n{numbers}\n\n{END}"
    pattern = f"{re.escape(START)}.*{re.escape(END)}"
    readme.write_text(re.sub(pattern, lambda _: marked, readme.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    print(f"{numbers}\n\nFigure  {folder / 'figure.svg'}")
