"""Campaigns that were lately asked for, kept for all sessions: a class begins with one and the same."""

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import NamedTuple

from sim.app.campaign import Campaign, simulate
from sim.app.columns import Message
from sim.app.messages import campaign_message
from sim.app.pool import SOON, Pool
from sim.app.request import Request


class Told(NamedTuple):
    """A campaign and how the browser is told of it."""

    campaign: Campaign
    message: Message


class Store:
    """Simulates what is not there yet, once, however many ask for it at the same time.

    Args:
        pool: where to simulate.
        most: campaigns that are kept; those longest unused go first.
    """

    def __init__(self, pool: Pool, most: int = 16) -> None:
        self.pool = pool
        self._most = most
        self._kept: OrderedDict[str, Future] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, request: Request, past: Campaign | None = None) -> Future:
        """The future campaign, as ``Told``; ``past`` is the one without the act, if it is at hand."""
        with self._lock:
            future = self._kept.get(request.key)
            if future is not None and not (future.done() and future.exception()):
                self._kept.move_to_end(request.key)
                return future
            future = self._kept[request.key] = self.pool.submit(lambda: _tell(request, past), SOON)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return future


def _tell(request: Request, past: Campaign | None) -> Told:
    campaign = simulate(request, past)
    return Told(campaign, campaign_message(campaign))
