"""What a sweep costs beside the engine, and what a million runs take: ``python -m benchmarks.sweeps [WHAT]``.

Three measurements: ``overhead``, of store and scheduling over the bare engine (one worker, same process, in
turn; wanted: 15 % at most); ``scaling``, two workers against one (wanted: 1.7 times at least); ``million``,
size and reading time of a million runs, made of simulated ones drawn at random (wanted: 2 GB, seconds).
The first two mean something only on a machine that does nothing else; the load is printed.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from distributed import LocalCluster

from sim.experiment.runner import run_sweep, work_of
from sim.experiment.store import Store, locked
from sim.experiment.sweep import Sweep, load_sweep
from sim.experiment.work import Packet, Work, outcome_schema, parquet_bytes
from sim.sweep_results import OUTCOMES, open_sweep

RUNS_PER_CHUNK = 128
REPEATS = 5
SCALINGS = 3
MILLION = 1_000_000
SWEEP = """
scenario = "syria-2024"
kind = "latin_hypercube"
points = {points}
replicates = {replicates}
runs_per_chunk = {chunk}
[vary]
conditions.syrian_government.morale_shift = [-1.0, 1.5]
conditions.syrian_government.pay_usd_month = [15, 150]
events.pay-decree.day = [1, 13]
"""


def sweep_of(folder: Path, points: int, replicates: int, chunk: int = RUNS_PER_CHUNK) -> Sweep:
    """A sweep over Syria 2024."""
    path = folder / "sweep.toml"
    path.write_text(SWEEP.format(points=points, replicates=replicates, chunk=chunk), "utf-8")
    return load_sweep(path)


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Wall time and processor time of this process, in seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def bare(sweep: Sweep, work: Work) -> None:
    """The engine alone, in batches of a chunk, nothing kept."""
    for chunk in range(sweep.chunks):
        run_ids = sweep.run_ids(chunk)
        work.simulate(run_ids, sweep.points_of(run_ids))


def overhead(folder: Path) -> None:
    """Store and scheduling over the engine; starting the worker counts."""
    sweep = sweep_of(folder, points=128, replicates=16)
    work = work_of(sweep)
    bare(sweep_of(folder, points=1, replicates=8), work)
    rows = []
    for k in range(REPEATS):
        engine = timed(lambda: bare(sweep, work))
        whole = timed(lambda k=k: run_sweep(sweep, folder / f"overhead-{k}", workers=1))
        rows.append([*engine, *whole])
    wall, cpu, sweep_wall, sweep_cpu = np.median(rows, axis=0)
    print(f"load {os.getloadavg()[0]:.1f}; {sweep.runs} runs; median of {REPEATS}, in turn")
    print(f"engine alone     {wall:6.2f} s wall {cpu:6.2f} s processor, {sweep.runs / wall:.1f} runs/s")
    print(f"sweep, 1 worker  {sweep_wall:6.2f} s wall {sweep_cpu:6.2f} s processor")
    ratios = np.array(rows)
    print(
        f"overhead         {np.median(ratios[:, 2] / ratios[:, 0]) - 1:+.1%} wall "
        f"{np.median(ratios[:, 3] / ratios[:, 1]) - 1:+.1%} processor"
    )


def rate(sweep: Sweep, out: Path, workers: int) -> float:
    """Runs a second with so many workers, each a process of its own.

    From the first round of chunks on, before which processes start and read the program, to the last but one,
    in which a worker may have nothing to do.
    """
    told: list[tuple[float, int]] = []
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster:
        run_sweep(
            sweep,
            out,
            scheduler=cluster.scheduler_address,
            progress=lambda now: told.append((time.perf_counter(), now.done)),
        )
    (began, at), (ended, done) = told[workers], told[-1 - workers]
    return (done - at) / (ended - began)


def scaling(folder: Path) -> None:
    """Two workers against one, in turn."""
    sweep = sweep_of(folder, points=256, replicates=16)
    for repeat in range(SCALINGS):
        rates = {n: rate(sweep, folder / f"scaling-{n}-{repeat}", n) for n in (1, 2)}
        print(
            f"load {os.getloadavg()[0]:.1f}; runs/s "
            + ", ".join(f"{w}: {r:.1f}" for w, r in rates.items())
            + f"; two workers do {rates[2] / rates[1]:.2f} times one"
        )


def million(folder: Path) -> None:
    """Write and read a million runs; their outcomes are drawn from those of a small sweep."""
    pool = run_sweep(sweep_of(folder, points=64, replicates=8), folder / "pool", workers=1).outcomes
    sweep = sweep_of(folder, points=10_000, replicates=100, chunk=1024)
    work, random = work_of(sweep), np.random.Generator(np.random.PCG64(0))
    out = folder / "million"
    with locked(out):
        store = Store(sweep, out)
        store.prepare()
        for chunk in range(sweep.chunks):
            run_ids = sweep.run_ids(chunk)
            frame = pool.iloc[random.integers(0, len(pool), len(run_ids))].reset_index(drop=True)
            frame = frame.assign(
                run_id=run_ids, point=run_ids // 100, replicate=run_ids % 100, seed=work.seeds(run_ids)
            )
            content = parquet_bytes(frame, outcome_schema(frame))
            store.write(chunk, Packet(run_ids, 0, 0.0, {OUTCOMES: content}))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{MILLION:,} runs: {size / 1e6:.0f} MB, {size / MILLION:.0f} bytes a run, {sweep.chunks} files")
    result = open_sweep(out)
    for columns in (["capital_fallen_day"], ["point", "killed", "places_fallen"], None):
        seconds, _ = timed(lambda columns=columns: result.read(OUTCOMES, columns))
        print(f"read {'all columns' if columns is None else ', '.join(columns)}: {seconds:.1f} s")
    again, _ = timed(lambda: Store(sweep, out).prepare())
    print(f"look through it before going on: {again:.1f} s")
    assert len(pd.unique(result.outcomes["run_id"])) == MILLION


def main() -> None:
    """One of them or all, in a folder that is deleted afterwards."""
    measures = {measure.__name__: measure for measure in (overhead, scaling, million)}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=measures, help="all by default")
    asked = parser.parse_args().what
    with tempfile.TemporaryDirectory() as name:
        for measure in [measures[asked]] if asked else measures.values():
            measure(Path(name))


if __name__ == "__main__":
    main()
