"""What a sweep will cost, from a few of its runs: time and room on the disk."""

import time
from typing import NamedTuple

import numpy as np

from sim.engine import BATCH
from sim.experiment.runner import work_of
from sim.experiment.sweep import Sweep
from sim.experiment.work import simulate_chunk

RUNS = 4 * BATCH


class Estimate(NamedTuple):
    """The cost of a sweep."""

    runs: int
    chunks: int
    pilot_runs: int
    seconds_per_run: float
    """On one core, compiling and starting workers not counted."""
    start_s: float
    """Compiling, or reading the compiled program; once for each worker."""
    size_bytes: float

    def seconds(self, workers: int) -> float:
        """Wall time with so many workers, each with a core of its own."""
        return self.start_s + self.runs * self.seconds_per_run / workers


def estimate(sweep: Sweep) -> Estimate:
    """Simulate a few runs, spread over the design, and reckon from them; nothing is written."""
    work = work_of(sweep)
    run_ids = np.linspace(0, sweep.runs - 1, min(RUNS, sweep.runs)).astype(np.int64)
    points = np.concatenate([sweep.points_of(run_ids[k : k + 1]) for k in range(len(run_ids))])
    began = time.perf_counter()
    work.simulate(run_ids[:BATCH], points[:BATCH])
    first = time.perf_counter() - began
    few = simulate_chunk(work, run_ids[: len(run_ids) // 2 or 1], points[: len(run_ids) // 2 or 1])
    many = simulate_chunk(work, run_ids, points)
    each = many.seconds / len(run_ids)
    return Estimate(
        runs=sweep.runs,
        chunks=sweep.chunks,
        pilot_runs=len(run_ids),
        seconds_per_run=each,
        start_s=max(first - each * min(BATCH, len(run_ids)), 0.0),
        size_bytes=_size(sweep, few.files, len(few.run_ids), many.files, len(run_ids)),
    )


def _size(
    sweep: Sweep, few: dict[str, bytes], few_runs: int, many: dict[str, bytes], many_runs: int
) -> float:
    """A fixed part for each file and a part for each run, as a straight line through two sizes of file."""
    total = 8.0 * len(sweep.design) * (len(sweep.design.names) + 1)
    for name, content in many.items():
        each = (len(content) - len(few[name])) / max(many_runs - few_runs, 1)
        fixed = len(content) - each * many_runs
        total += sweep.runs * each + sweep.chunks * max(fixed, 0.0)
    return total
