"""Threads that simulate for all sessions: one per core, and what a person waits for goes first."""

import heapq
import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

SOON, LATER = 0, 1
"""A campaign that somebody waits for, and a batch of an ensemble."""


class Pool:
    """Runs tasks in the order of their priority, then of their coming."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or os.cpu_count() or 1
        self._waiting: list[tuple[int, int, Future, Callable[[], Any]]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._started = False

    def submit(self, task: Callable[[], Any], priority: int = SOON) -> Future:
        """The future result of a task."""
        future: Future = Future()
        with self._changed:
            if not self._started:
                self._start()
            heapq.heappush(self._waiting, (priority, next(self._number), future, task))
            self._changed.notify()
        return future

    def _start(self) -> None:
        self._started = True
        for number in range(self.threads):
            threading.Thread(target=self._work, name=f"simulate-{number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                _, _, future, task = heapq.heappop(self._waiting)
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(task())
            except BaseException as error:  # it belongs to whoever waits for the result
                future.set_exception(error)
            del future, task
