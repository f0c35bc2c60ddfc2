"""A desk answers the newest question, stops what is overtaken, and keeps sessions apart."""

import threading
import time
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from sim.app import desk as desk_module
from sim.app.desk import BURST, Desk
from sim.app.pool import LATER, SOON, Pool
from sim.app.store import Told

ASKED = {"scenario": "syria-2024", "seed": 0}


class FakeStore:
    """Tells of a campaign at once, or when it is let go on; counts what it was asked for."""

    def __init__(self) -> None:
        self.pool, self.keys = Pool(1), []
        self.go_on = threading.Event()
        self.go_on.set()

    def ask(self, request: Any, past: Any = None) -> Future:
        self.keys.append(request.key)
        future: Future = Future()
        campaign = SimpleNamespace(request=request, scenario=request.after)
        told = Told(campaign, ({"kind": "campaign", "about": request.after.parameters}, [b"x"]))  # type: ignore[arg-type]
        threading.Thread(target=lambda: self.go_on.wait(5) and future.set_result(told)).start()
        return future


class Browser:
    """Keeps what it is sent."""

    def __init__(self, store: Any = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self.turned: list[str] = []
        self.store = store or FakeStore()
        self.desk = Desk(self.store, lambda content, _: self.sent.append(content), self._turn)

    def _turn(self, request: Any) -> None:
        self.turned.append(request.name)

    def wait(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            found = [content for content in self.sent if content["kind"] == kind]
            if len(found) >= count:
                return found
            time.sleep(0.005)
        raise AssertionError(f"no {kind}: {self.sent}")


def change(pay: float) -> dict[str, Any]:
    return ASKED | {"settings": {"morale_pay": pay}}


def test_the_untouched_world_comes_first_and_once() -> None:
    browser = Browser()
    browser.desk.ask({"kind": "simulate", "id": 1, "request": change(1.0)})
    browser.wait("campaign", 2)
    browser.desk.ask({"kind": "simulate", "id": 2, "request": change(1.1)})
    sent = browser.wait("campaign", 3)
    assert [(one["id"], one["baseline"]) for one in sent] == [(1, True), (1, False), (2, False)]
    assert sent[2]["about"] == {"morale_pay": 1.1} and sent[2]["request"] == change(1.1)
    browser.desk.ask({"kind": "simulate", "id": 3, "request": ASKED | {"seed": 1}})
    assert browser.wait("campaign", 4)[3]["baseline"]
    assert [one.get("alone") for one in sent[:2]] == [False, None] and browser.sent[3]["alone"]
    assert browser.turned == ["syria-2024"]


def test_only_the_newest_of_waiting_simulations_is_answered() -> None:
    browser = Browser()
    browser.desk.ask({"kind": "simulate", "id": 0, "request": ASKED})
    browser.wait("campaign")
    browser.store.go_on.clear()
    browser.desk.ask({"kind": "simulate", "id": 1, "request": change(0.5)})
    while len(browser.store.keys) < 2:
        time.sleep(0.005)
    for number in range(2, 10):
        browser.desk.ask({"kind": "simulate", "id": number, "request": change(number / 10)})
    browser.store.go_on.set()
    sent = browser.wait("campaign", 2)
    time.sleep(0.1)
    assert [one["id"] for one in sent] == [0, 9] and len(browser.store.keys) == 3


def test_a_new_simulation_stops_the_ensemble(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []

    class Slow:
        def __init__(self, request: Any, runs: int) -> None:
            self.request, self.runs, self.done = request, runs, 0

        def go_on(self, pool: Pool) -> None:
            time.sleep(0.02)
            self.done += 1
            steps.append(self.done)

    monkeypatch.setattr(desk_module, "Ensemble", Slow)
    monkeypatch.setattr(desk_module, "ensemble_message", lambda e: ({"kind": "ensemble", "runs": e.runs}, []))
    browser = Browser()
    browser.desk.ask({"kind": "ensemble", "id": 1, "request": ASKED, "runs": 100})
    browser.wait("progress", 3)
    browser.desk.ask({"kind": "simulate", "id": 2, "request": ASKED})
    browser.wait("campaign")
    stopped = len(steps)
    time.sleep(0.1)
    assert len(steps) <= stopped + 1 and stopped < 100
    browser.desk.ask({"kind": "ensemble", "id": 3, "request": ASKED, "runs": 2})
    assert browser.wait("ensemble")[0] == {"kind": "ensemble", "runs": 2, "id": 3}
    browser.desk.ask({"kind": "ensemble", "id": 4, "request": ASKED, "runs": 100})
    browser.wait("progress", 6)
    browser.desk.ask({"kind": "cancel", "id": 4})
    time.sleep(0.1)
    count = len(steps)
    time.sleep(0.1)
    assert len(steps) == count


def test_stop_and_again_within_one_batch_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, free = threading.Event(), threading.Event()

    class Held:
        def __init__(self, request: Any, runs: int) -> None:
            self.request, self.runs, self.done = request, runs, 0

        def go_on(self, pool: Pool) -> None:
            begun.set()
            free.wait(5)
            self.done += 1

    monkeypatch.setattr(desk_module, "Ensemble", Held)
    monkeypatch.setattr(desk_module, "ensemble_message", lambda e: ({"kind": "ensemble", "runs": e.runs}, []))
    browser = Browser()
    browser.desk.ask({"kind": "ensemble", "id": 1, "request": ASKED, "runs": 100})
    assert begun.wait(5)
    browser.desk.ask({"kind": "cancel", "id": 2})
    browser.desk.ask({"kind": "ensemble", "id": 3, "request": ASKED, "runs": 2})
    free.set()
    assert browser.wait("ensemble") == [{"kind": "ensemble", "runs": 2, "id": 3}]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"kind": "execute", "id": 1}, "'execute' is unknown"),
        ({"kind": ["simulate"], "id": 1}, "is unknown"),
        ("simulate", "is unknown"),
        ({"kind": "simulate", "id": 1}, "request"),
        ({"kind": "ensemble", "id": 1, "request": ASKED, "runs": 100_000}, "runs: 100000"),
        ({"kind": "ensemble", "id": 1, "request": ASKED, "runs": 0}, "runs: 0"),
        ({"kind": "download", "id": 1, "request": ASKED, "what": "/etc/passwd"}, "what: "),
    ],
)
def test_a_bad_question_gives_a_problem_and_the_desk_goes_on(question: Any, said: str) -> None:
    browser = Browser()
    browser.desk.ask(question)
    assert said in browser.wait("problem")[0]["lines"][0]
    browser.desk.ask({"kind": "simulate", "id": 2, "request": ASKED})
    assert browser.wait("campaign")[0]["id"] == 2


def test_an_error_of_ours_is_told_without_its_details() -> None:
    browser = Browser()
    browser.store.ask = lambda *_: (_ for _ in ()).throw(RuntimeError("/secret/path"))
    browser.desk.ask({"kind": "simulate", "id": 1, "request": ASKED})
    (problem,) = browser.wait("problem")
    assert "log" in problem["lines"][0] and "secret" not in str(problem)


def test_a_flood_of_questions_is_stemmed() -> None:
    browser = Browser()
    for number in range(int(BURST) + 20):
        browser.desk.ask({"kind": "cancel", "id": number})
    assert "Too many questions" in browser.wait("problem")[0]["lines"][0]


def test_a_closed_desk_and_one_whose_browser_has_gone_are_silent() -> None:
    browser = Browser()
    browser.desk.close()
    browser.desk.ask({"kind": "simulate", "id": 1, "request": ASKED})
    time.sleep(0.05)
    assert browser.sent == []

    def gone(content: Any, buffers: Any) -> None:
        raise ConnectionError

    store = FakeStore()
    desk = Desk(store, gone, lambda _: None)  # type: ignore[arg-type]
    desk.ask({"kind": "simulate", "id": 1, "request": change(1.0)})
    time.sleep(0.2)
    desk.ask({"kind": "simulate", "id": 2, "request": change(1.2)})
    time.sleep(0.1)
    assert len(store.keys) <= 2


def test_sessions_share_campaigns_and_nothing_else() -> None:
    store = FakeStore()
    one, two = Browser(store), Browser(store)
    one.desk.ask({"kind": "simulate", "id": 1, "request": change(1.0)})
    one.wait("campaign", 2)
    assert two.sent == []
    two.desk.ask({"kind": "simulate", "id": 7, "request": ASKED})
    assert two.wait("campaign")[0]["about"] == {} and len(one.sent) == 2


def test_a_pool_takes_what_is_waited_for_first() -> None:
    pool, order, hold = Pool(1), [], threading.Event()
    pool.submit(lambda: hold.wait(5))
    tasks = [pool.submit(lambda name=name: order.append(name), LATER) for name in "abc"]
    tasks.append(pool.submit(lambda: order.append("now"), SOON))
    failing = pool.submit(lambda: 1 / 0, LATER)
    hold.set()
    for task in tasks:
        task.result(5)
    assert order == ["now", "a", "b", "c"]
    assert isinstance(failing.exception(5), ZeroDivisionError)
