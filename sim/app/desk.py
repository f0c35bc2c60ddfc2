"""One session's desk: questions of a browser come in, answers go out, the newest question first.

Nothing here knows Solara or a websocket: a desk is given a function that sends. It has one thread of its
own, which waits for the pool and for the network, so that a slow reader holds up nobody else. A simulation
that has been overtaken by a newer one is not answered, and every new one stops the ensemble.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sim.app.downloads import download
from sim.app.ensemble import Ensemble, ensemble_message
from sim.app.options import ENSEMBLE_RUNS
from sim.app.places import Standpoint, place_message
from sim.app.request import Request, read_request, whole_problems
from sim.app.store import Store, Told
from sim.errors import InputError
from sim.scenario.checks import unknown

KINDS = ("cancel", "simulate", "place", "download", "ensemble")
"""What may be asked, the most urgent first; an ensemble that waits was asked for after what cancels one."""
BURST, PER_SECOND = 40.0, 10.0
"""Questions that one session may ask at once, and in the long run."""

type Send = Callable[[dict[str, Any], list[bytes]], None]

_log = logging.getLogger("holdfast.app")


class Desk:
    """Answers the questions of one browser.

    Args:
        store: simulates, and is shared by all sessions.
        send: takes content and buffers of a message; may be slow, may raise once the browser has gone.
        turn_to: called with a request for another scenario than the last, before its campaign is sent.
    """

    def __init__(self, store: Store, send: Send, turn_to: Callable[[Request], None]) -> None:
        self._store, self._send, self._turn_to = store, send, turn_to
        self._asked: dict[str, tuple[Any, Any]] = {}
        self._changed = threading.Condition()
        self._open = True
        self._thread: threading.Thread | None = None
        self._allowance, self._counted = BURST, time.monotonic()
        self._told: Told | None = None
        self._name, self._baseline = "", ""
        self._standpoint: Standpoint | None = None
        self._ensemble: tuple[Any, Ensemble] | None = None

    def ask(self, content: Any) -> None:
        """Take in a question; returns at once."""
        table = content if isinstance(content, Mapping) else {}
        kind, number = table.get("kind"), table.get("id")
        number = number if isinstance(number, int | float | str) else None
        with self._changed:
            if not self._open:
                return
            if not isinstance(kind, str) or kind not in KINDS:
                kind, content = "wrong", [unknown("kind", kind, KINDS, "questions")]
            elif not self._may_ask():
                kind, content = "wrong", ["Too many questions at once; wait a moment and go on."]
            self._asked[kind] = (number, content)
            if kind in ("simulate", "cancel"):
                self._asked.pop("ensemble", None)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Stop; what is under way is no longer answered."""
        with self._changed:
            self._open = False
            self._asked.clear()
            self._changed.notify()

    def _may_ask(self) -> bool:
        """A bucket of allowance that fills with time."""
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._counted) * PER_SECOND)
        self._counted = now
        if self._allowance < 1.0:
            return False
        self._allowance -= 1.0
        return True

    def _next(self) -> tuple[str, Any, Any] | None:
        """The most urgent question; an ensemble goes on while there is none. None: closed."""
        with self._changed:
            while self._open:
                for kind in (*KINDS, "wrong"):
                    if kind in self._asked:
                        return kind, *self._asked.pop(kind)
                if self._ensemble:
                    return "go_on", self._ensemble[0], None
                self._changed.wait()
        return None

    def _work(self) -> None:
        answers = {
            "simulate": self._simulate,
            "place": self._place,
            "download": self._download,
            "ensemble": self._begin_ensemble,
            "cancel": self._cancel,
            "go_on": self._go_on,
            "wrong": self._say,
        }
        while question := self._next():
            kind, number, content = question
            try:
                answers[kind](number, content)
            except InputError as error:
                self._say(number, list(error.problems))
            except Exception:
                _log.exception("a question of kind %s could not be answered", kind)
                self._ensemble = None
                self._say(number, ["This could not be done; the server's log says why."])
        self._told = self._standpoint = self._ensemble = None

    def _say(self, number: Any, lines: list[str]) -> None:
        self._answer(number, {"kind": "problem", "lines": lines}, [])

    def _answer(self, number: Any, content: dict[str, Any], buffers: list[bytes]) -> None:
        if not self._open:
            return
        try:
            self._send(content | {"id": number}, buffers)
        except Exception:  # the browser has gone, in whatever way
            _log.info("an answer found nobody", exc_info=True)
            self.close()

    def _simulate(self, number: Any, content: Any) -> None:
        began = time.perf_counter()
        self._ensemble = None
        request = read_request(content.get("request"))
        if request.name != self._name:
            self._turn_to(request)
            self._name = request.name
        untouched = read_request({"scenario": request.name, "seed": request.seed})
        alike = untouched.key == request.key
        if alike or untouched.key != self._baseline:
            told = self._store.ask(untouched).result()
            self._baseline = untouched.key
            content_sent = _campaign(told, content, began, baseline=True) | {"alone": alike}
            self._answer(number, content_sent, told.message[1])
            if alike:
                self._told = told
        if alike:
            return
        told = self._ask(request)
        self._told = told
        with self._changed:
            overtaken = "simulate" in self._asked
        if not overtaken:
            self._answer(number, _campaign(told, content, began, baseline=False), told.message[1])

    def _ask(self, request: Request) -> Told:
        """A campaign, by way of its past if it acts."""
        if self._told and self._told.campaign.request.key == request.key:
            return self._told
        past = self._store.ask(request.past).result().campaign if request.acts else None
        told: Told = self._store.ask(request, past).result()
        return told

    def _place(self, number: Any, content: Any) -> None:
        campaign = self._ask(read_request(content.get("request"))).campaign
        places = len(campaign.world.place_kind)
        place, day = content.get("place"), content.get("day")
        problems = whole_problems("place", place, 0, places - 1)
        problems += whole_problems("day", day, 0, campaign.scenario.days)
        if problems:
            raise InputError(problems)
        self._standpoint = self._standpoint or Standpoint(campaign)
        self._answer(number, *place_message(self._standpoint.of(campaign), place, day))

    def _download(self, number: Any, content: Any) -> None:
        told = self._ask(read_request(content.get("request")))
        name, mime, data = self._store.pool.submit(
            lambda: download(told.campaign, content.get("what"))
        ).result()
        self._answer(number, {"kind": "file", "name": name, "mime": mime}, [data])

    def _begin_ensemble(self, number: Any, content: Any) -> None:
        runs = content.get("runs", ENSEMBLE_RUNS)
        if problems := whole_problems("runs", runs, 1, ENSEMBLE_RUNS):
            raise InputError(problems)
        self._ensemble = (number, Ensemble(read_request(content.get("request")), runs))

    def _go_on(self, number: Any, _: Any) -> None:
        assert self._ensemble is not None  # _next says so
        ensemble = self._ensemble[1]
        ensemble.go_on(self._store.pool)
        progress = {"kind": "progress", "done": ensemble.done, "total": ensemble.runs}
        self._answer(number, progress, [])
        if ensemble.done == ensemble.runs:
            self._ensemble = None
            self._answer(number, *ensemble_message(ensemble))

    def _cancel(self, number: Any, content: Any) -> None:
        self._ensemble = None


def _campaign(told: Told, content: Any, began: float, *, baseline: bool) -> dict[str, Any]:
    milliseconds = round(1000 * (time.perf_counter() - began), 1)
    return told.message[0] | {"request": content["request"], "baseline": baseline, "ms": milliseconds}
