"""Running a sweep: what is not done yet goes out to workers, and comes back to be written by this process."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.experiment.cluster import connected
from sim.experiment.dispatch import PATIENCE_S, Dispatch
from sim.experiment.store import Store, folder_problems, locked
from sim.experiment.sweep import Sweep
from sim.experiment.work import Work
from sim.experiment.worlds import PointWorlds
from sim.sweep_results import SweepResult, open_sweep


class Progress(NamedTuple):
    """How far a sweep is."""

    done: int
    total: int
    failed: int
    found: int
    """Runs that were done before this command began."""


def work_of(sweep: Sweep) -> Work:
    """What a worker must know."""
    return Work(
        worlds=PointWorlds(sweep.scenario, sweep.design.factors),
        case=sweep.scenario.load_case(),
        days=sweep.scenario.days,
        seed=sweep.seed,
        replicates=sweep.replicates,
        tables=sweep.file.tables,
        engine=sweep.file.engine,
    )


def run_sweep(
    sweep: Sweep,
    folder: Path | str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    patience_s: float = PATIENCE_S,
) -> SweepResult:
    """Run what of a sweep is not done yet.

    Args:
        sweep: what to run.
        folder: where it is kept; the same call again goes on where it stopped.
        workers: processes on this machine; by default one per core.
        scheduler: address of a Dask scheduler whose workers are used instead.
        progress: called after every chunk.
        patience_s: seconds after which a chunk without an answer goes to another worker.

    Raises:
        InputError: the folder holds something else, or is in use; the scheduler does not answer.
        OSError: the folder cannot be written, or the disk is full; what has been written is whole.
        LostCluster: the scheduler went away, or no worker came.
    """
    folder = Path(folder)
    if problems := folder_problems(sweep, folder):
        raise InputError(problems)
    with locked(folder):
        store = Store(sweep, folder)
        done = store.prepare()
        todo = [chunk for chunk in range(sweep.chunks) if chunk not in done]
        found = sweep.runs - sum(len(sweep.run_ids(chunk)) for chunk in todo)
        tell = progress or (lambda _: None)
        tell(Progress(found, sweep.runs, 0, found))
        if todo:
            work = work_of(sweep)
            finished = failed = 0
            with connected(workers, scheduler) as client:
                dispatch = Dispatch(client, sweep, work, patience_s)
                with contextlib.closing(dispatch.packets(todo)) as packets:
                    for chunk, packet in packets:
                        store.write(chunk, packet)
                        finished, failed = finished + len(packet.run_ids), failed + packet.failed
                        tell(Progress(found + finished, sweep.runs, failed, found))
    return open_sweep(folder)
