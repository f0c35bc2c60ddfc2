"""Chunks on their way to workers and back, whatever becomes of the workers.

Each chunk is one task. A worker that dies gives its chunk back to the scheduler; one that does not answer in
time is restarted, and what it had goes to others. After three attempts a chunk's runs are recorded as failed.
"""

import contextlib
import itertools
import time
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import NamedTuple

from distributed import Client, Future, wait

from sim.experiment.cluster import JOIN_S, carried, run_chunk
from sim.experiment.sweep import Sweep
from sim.experiment.work import Packet, Work, failed_chunk

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


class LostCluster(RuntimeError):
    """The scheduler went away, or no worker came; what has been written is whole."""


class _Task(NamedTuple):
    chunk: int
    attempt: int
    sent: float


type _Packets = Generator[tuple[int, Packet]]


@dataclass
class Dispatch:
    """Gives out the chunks of a sweep."""

    client: Client
    sweep: Sweep
    work: Work
    patience_s: float = PATIENCE_S
    queue: list[tuple[int, int]] = field(default_factory=list)
    """Chunks to be given out, with the number of the attempt; the last one first."""
    out: dict[Future, _Task] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=itertools.count)
    slowest_s: float = 0.0
    silent: set[str] = field(default_factory=set)
    """Addresses of workers that did not answer in time; they are given nothing more."""

    def packets(self, todo: list[int]) -> _Packets:
        """Every chunk with its packet, in the order in which they come back.

        Raises:
            LostCluster: the scheduler does not answer any more, or has no workers.
        """
        try:
            yield from self._packets(todo)
        except (OSError, CancelledError) as error:  # Dask's errors of communication, TimeoutError; all is off
            reason = " ".join(str(error).split()) or type(error).__name__
            raise LostCluster(f"the scheduler or its workers do not answer ({reason})") from error

    def _packets(self, todo: list[int]) -> _Packets:
        self.queue = [(chunk, 1) for chunk in reversed(todo)]
        with carried(self.client, self.work) as name:
            try:
                while self.queue or self.out:
                    self._send(name)
                    for future in self._returned():
                        if future in self.out:  # not taken back meanwhile
                            yield from self._receive(future)
                    limit = max(self.patience_s, SLOWEST_TIMES * self.slowest_s)
                    if late := self._late(limit):
                        yield from self._give_up(late, f"no answer within {limit:,.0f} s")
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

    def _send(self, name: str) -> None:
        answering = self._answering()
        room = AHEAD * sum(answering.values()) - len(self.out)
        for _ in range(min(room, len(self.queue))):
            chunk, attempt = self.queue.pop()
            run_ids = self.sweep.run_ids(chunk)
            points = self.sweep.points_of(run_ids)
            future = self.client.submit(
                run_chunk,
                name,
                run_ids,
                points,
                key=f"{name}-{next(self.number)}",
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

    def _late(self, limit: float) -> list[Future]:
        """Futures without an answer for so many seconds; this process may have been busy since one came."""
        before = time.monotonic() - limit
        return [future for future, task in self.out.items() if task.sent < before and not future.done()]

    def _receive(self, future: Future) -> _Packets:
        """The packet of a task that has ended; or its chunk is given out again."""
        finished = future.status == "finished"
        limit = min(FETCH_S, self.patience_s)
        try:
            packet = future.result(timeout=limit)
        except Exception as error:
            if finished and isinstance(error, TimeoutError):  # its worker does not hand it over
                yield from self._give_up([future], f"not handed over within {limit:,.0f} s")
            else:  # whatever it was
                yield from self._again(future, f"{type(error).__name__}: {' '.join(str(error).split())}")
            return
        self.slowest_s = max(self.slowest_s, packet.seconds)
        yield self.out.pop(future).chunk, packet

    def _again(self, future: Future, problem: str) -> _Packets:
        """Put a chunk back into the queue; after the last attempt its runs have failed."""
        chunk, attempt, _ = self.out.pop(future)
        if attempt < ATTEMPTS:
            self.queue.append((chunk, attempt + 1))
        else:
            yield chunk, failed_chunk(self.work, self.sweep.run_ids(chunk), problem)

    def _give_up(self, late: list[Future], problem: str) -> _Packets:
        """Take back what has no answer, and what else its workers have; restart these workers."""
        places = self._places()
        silent = set[str]().union(*(places.get(future.key, ()) for future in late))
        others = [f for f in self.out if f not in late and silent.intersection(places.get(f.key, ()))]
        self.silent |= silent
        self.queue += [self.out.pop(future)[:2] for future in others]
        self.client.cancel([*late, *others], force=True)
        if silent:
            # Without a nanny a worker cannot be restarted; what it had is given out again all the same.
            with contextlib.suppress(ValueError):
                self.client.restart_workers(list(silent), timeout=RESTART_S, raise_for_error=False)
        for future in late:
            yield from self._again(future, problem)

    def _places(self) -> dict[object, set[str]]:
        """Addresses of the workers that have each task, in work or done."""
        places: dict[object, set[str]] = {
            key: set(held) for key, held in self.client.who_has(list(self.out)).items()
        }
        for address, keys in self.client.processing().items():
            for key in keys:
                places.setdefault(key, set()).add(address)
        return places
