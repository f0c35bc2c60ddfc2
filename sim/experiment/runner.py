"""Running a sweep: chunks go out to workers, come back as packets, and are written by this process alone.

Each chunk is one task. A worker that dies gives its chunk back to the scheduler; one that does not answer in
time is restarted, and its chunk goes to another. After three attempts a chunk's runs are recorded as failed.
"""

import contextlib
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from distributed import Client, Future, wait

from sim.errors import InputError
from sim.experiment.cluster import JOIN_S, carried, connected, run_chunk
from sim.experiment.store import Store, folder_problems, locked
from sim.experiment.sweep import Sweep
from sim.experiment.work import Packet, Work, failed_chunk
from sim.experiment.worlds import PointWorlds
from sim.sweep_results import SweepResult, open_sweep

ATTEMPTS = 3
AHEAD = 2
"""Chunks out for each thread: one in work, one waiting, so that no worker waits for this process."""
PATIENCE_S = 900.0
SLOWEST_TIMES = 10.0
"""A chunk is overdue after PATIENCE_S seconds or, if that is more, so many times the slowest so far."""
RESTART_S = 60.0
"""How long a worker may take to start anew."""
FETCH_S = 60.0
"""How long a worker may take to hand over a chunk that it has finished."""
_POLL_S = 0.5


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
                dispatch = _Dispatch(client, sweep, work, patience_s)
                with contextlib.closing(dispatch.packets(todo)) as packets:
                    for chunk, packet in packets:
                        store.write(chunk, packet)
                        finished, failed = finished + len(packet.run_ids), failed + packet.failed
                        tell(Progress(found + finished, sweep.runs, failed, found))
    return open_sweep(folder)


class LostCluster(RuntimeError):
    """The scheduler went away, or no worker came; what has been written is whole."""


class _Task(NamedTuple):
    chunk: int
    attempt: int
    sent: float


@dataclass
class _Dispatch:
    """Chunks on their way to workers and back."""

    client: Client
    sweep: Sweep
    work: Work
    patience_s: float
    out: dict[Future, _Task] = field(default_factory=dict)
    slowest_s: float = 0.0
    silent: set[str] = field(default_factory=set)
    """Addresses of workers that did not answer in time; they are given nothing more."""

    def packets(self, todo: list[int]) -> Generator[tuple[int, Packet]]:
        """Every chunk with its packet, in the order in which they come back.

        Raises:
            LostCluster: the scheduler does not answer any more, or has no workers.
        """
        try:
            yield from self._packets(todo)
        except OSError as error:  # the parent of Dask's errors of communication, and of TimeoutError
            reason = " ".join(str(error).split()) or type(error).__name__
            raise LostCluster(f"the scheduler or its workers do not answer ({reason})") from error

    def _packets(self, todo: list[int]) -> Generator[tuple[int, Packet]]:
        with carried(self.client, self.work) as name:
            queue = [(chunk, 1) for chunk in reversed(todo)]
            try:
                while queue or self.out:
                    self._send(name, queue)
                    for future in self._returned():
                        task = self.out.pop(future)
                        packet, problem = _packet_of(future)
                        if packet is None and task.attempt < ATTEMPTS:
                            queue.append((task.chunk, task.attempt + 1))
                            continue
                        packet = packet or failed_chunk(self.work, self.sweep.run_ids(task.chunk), problem)
                        self.slowest_s = max(self.slowest_s, packet.seconds)
                        yield task.chunk, packet
                    queue += self._overdue()
            finally:
                self.client.cancel(list(self.out), force=True)

    def _answering(self) -> dict[str, int]:
        """Threads of every worker that answers, by address; waits for one if there is none.

        Raises:
            TimeoutError: none joins within JOIN_S.
        """
        deadline = time.monotonic() + JOIN_S
        while True:
            threads = self.client.nthreads()
            if found := {address: n for address, n in threads.items() if address not in self.silent}:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"no worker for {JOIN_S:g} s")
            time.sleep(_POLL_S)

    def _send(self, name: str, queue: list[tuple[int, int]]) -> None:
        answering = self._answering()
        room = AHEAD * sum(answering.values()) - len(self.out)
        for _ in range(min(room, len(queue))):
            chunk, attempt = queue.pop()
            run_ids = self.sweep.run_ids(chunk)
            points = self.sweep.points_of(run_ids)
            future = self.client.submit(
                run_chunk,
                name,
                run_ids,
                points,
                key=f"{name}-{chunk}-{attempt}",
                pure=False,
                workers=list(answering) if self.silent else None,
            )
            self.out[future] = _Task(chunk, attempt, time.monotonic())

    def _returned(self) -> list[Future]:
        """Futures that have come to an end, waiting for one for a while."""
        try:
            return list(wait(list(self.out), timeout=_POLL_S, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            return []

    def _overdue(self) -> list[tuple[int, int]]:
        """Take back the chunks that are overdue, and restart the workers that have them."""
        limit = max(self.patience_s, SLOWEST_TIMES * self.slowest_s)
        now = time.monotonic()
        late = [future for future, task in self.out.items() if now - task.sent > limit]
        if not late:
            return []
        keys = {future.key for future in late}
        silent = [address for address, held in self.client.processing().items() if keys & set(held)]
        self.silent |= set(silent)
        tasks = [self.out.pop(future) for future in late]
        self.client.cancel(late, force=True)
        # Without a nanny a worker cannot be restarted; the chunk is then given out again all the same.
        with contextlib.suppress(ValueError):
            self.client.restart_workers(silent, timeout=RESTART_S, raise_for_error=False)
        return [(task.chunk, task.attempt + 1) for task in tasks]


def _packet_of(future: Future) -> tuple[Packet | None, str]:
    """What a task came to: its packet, or why there is none."""
    try:
        return future.result(timeout=FETCH_S), ""
    except Exception as error:  # whatever it was, the chunk is given out again
        return None, f"{type(error).__name__}: {' '.join(str(error).split())}"
