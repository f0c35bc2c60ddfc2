"""Workers: a local cluster by default, or those of a scheduler that already runs."""

import contextlib
import logging
import os
import signal
import uuid
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

from distributed import Client, LocalCluster, Worker, WorkerPlugin, get_worker
from distributed.utils import silence_logging_cmgr

from sim.errors import InputError
from sim.experiment.work import Packet, Work, simulate_chunk

CONNECT_S = 20.0
"""How long a scheduler may take to answer."""
JOIN_S = 120.0
"""How long to wait for the first worker."""
FORGET_S = 5.0
"""How long workers may take to let go of the work at the end."""
_LOCAL = {
    "silence_logs": logging.CRITICAL,  # a worker that dies is told by the progress, not by tracebacks
    "dashboard_address": ":0",  # any free port: another sweep may run on this machine
    "threads_per_worker": 1,
}


class Carrier(WorkerPlugin):
    """Brings the work to every worker once, to those as well that join later or start anew.

    A worker that is a process of its own keeps to one core (XLA counts cores by NPROC): the compiled program
    would be divided among all of them, and workers would be in each other's way.
    """

    idempotent = True

    def __init__(self, work: Work, name: str) -> None:
        self.work = work
        self.name = name

    def setup(self, worker: Worker) -> None:
        """Called on the worker, before its first chunk."""
        if worker.nanny:
            os.environ.setdefault("NPROC", "1")


@contextlib.contextmanager
def carried(client: Client, work: Work) -> Iterator[str]:
    """Have the work on every worker; yields the name under which ``run_chunk`` finds it.

    Raises:
        TimeoutError: there is no worker, and none joins within JOIN_S.
    """
    name = f"holdfast-{uuid.uuid4().hex}"
    client.register_plugin(Carrier(work, name))
    try:
        client.wait_for_workers(1, timeout=JOIN_S)
        yield name
    finally:
        scheduler: Any = client.scheduler
        # Bounded: a worker that hangs would be waited for.
        with contextlib.suppress(OSError):
            forget = scheduler.unregister_worker_plugin
            client.sync(forget, name=name, callback_timeout=FORGET_S)


def run_chunk(name: str, run_ids: Any, points: Any) -> Packet:
    """A chunk of the work that the plugin of that name has brought; runs on a worker."""
    carrier: Any = get_worker().plugins[name]
    return simulate_chunk(carrier.work, run_ids, points)


@contextlib.contextmanager
def connected(workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """A client of a cluster that is closed at the end, or of a scheduler that is left as it was.

    Args:
        workers: processes on this machine, by default one per core; 1 works in this process.
        scheduler: address such as ``tcp://HOST:PORT``; ``workers`` does not count then.

    Raises:
        InputError: nothing answers at the address.
    """
    if scheduler is not None:
        with silence_logging_cmgr(logging.CRITICAL), _client_of(scheduler) as client:
            yield client
        return
    count = workers or os.cpu_count() or 1
    with _interrupts_held():
        cluster = LocalCluster(n_workers=count, processes=count > 1, **_LOCAL)
    with cluster, Client(cluster) as client:
        yield client


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from the processes and threads that are started here: it is for this process to act on.

    They inherit the mask; one that comes meanwhile waits until the end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # it would end the mask if it were started within
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _client_of(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        allowed = "allowed: the address of a running dask scheduler, tcp://HOST:PORT"
        raise InputError([f"--scheduler: {scheduler!r} does not answer ({reason}); {allowed}"]) from None
