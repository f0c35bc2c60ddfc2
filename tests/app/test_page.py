"""The page in a real browser: it loads from this machine alone, plays, and answers what is done to it."""

import base64
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served import chromium, serving, steady_box

pytestmark = pytest.mark.slow
PAY = "conditions.syrian_government.pay_usd_month"
MORALE = "conditions.syrian_government.morale_shift"
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    chromium()
    with serving() as where:
        yield where


class Watched:
    """A context of a browser whose every complaint is kept."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address, self.complaints = address, []
        self.asked: list[object] = []  # requests, and messages over websockets
        self.context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 720})
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._check_request)
        self.context.on("response", self._check_response)

    def open(self, hash_: str = "") -> Page:
        """The page, once its campaign is drawn."""
        page = self.context.new_page()
        page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", lambda ws: ws.on("framesent", lambda frame: self.asked.append(frame)))
        page.goto(f"{self.address}/{hash_}")
        settle(page)
        return page

    def _check_request(self, request: object) -> None:
        url = request.url
        # Not a picture that the page has made itself, nor the icon, which the browser fetches at leisure.
        if not url.startswith("blob:") and "/favicon." not in url:
            self.asked.append(url)
        if not url.startswith((f"{self.address}/", "blob:", "data:", f"blob:{self.address}")):
            self.complaints.append(f"a request leaves the machine: {url}")

    def _check_response(self, response: object) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    watched = Watched(browser, address)
    yield watched
    watched.context.close()
    assert watched.complaints == []


def by(page: Page, name: str):
    return page.get_by_test_id(name)


def settle(page: Page) -> None:
    """Wait until the newest campaign is on the screen."""
    by(page, "status").wait_for(state="attached", timeout=PATIENCE_MS)
    page.wait_for_function(
        "document.querySelector('[data-testid=status]').textContent && !document.querySelector('.hf.working')"
    )


def go_to(page: Page, day: int) -> str:
    """Scrub to a day; what the page says of it."""
    by(page, "scrub").fill(str(day))
    expect(by(page, "status")).to_contain_text("eve" if day == 0 else f"Day {day},")
    return by(page, "status").inner_text()


def saved(page: Page) -> dict:
    """What the address holds."""
    page.wait_for_timeout(400)
    text = page.evaluate("location.hash").removeprefix("#s=")
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def set_lever(page: Page, key: str, value: float) -> None:
    field = by(page, f"value-{key}")
    field.fill(str(value))
    field.press("Enter")
    settle(page)


def test_it_loads_and_plays_and_steps_and_scrubs(watched: Watched) -> None:
    page = watched.open()
    assert "eve" in by(page, "status").inner_text().lower()
    by(page, "step-forward").click()
    expect(by(page, "status")).to_contain_text("Day 1,")
    by(page, "step-back").click()
    expect(by(page, "status")).to_contain_text("eve", ignore_case=True)
    by(page, "play").click()
    page.wait_for_function("Number(document.querySelector('[data-testid=scrub]').value) >= 2")
    by(page, "play").click()
    stopped = by(page, "scrub").input_value()
    page.wait_for_timeout(700)
    assert by(page, "scrub").input_value() == stopped
    assert "Places held" in go_to(page, 13)


def test_it_plays_without_the_server(watched: Watched) -> None:
    page = watched.open()
    asked = -1
    while asked != len(watched.asked):  # what comes behind the first campaign, on a busy machine later
        asked = len(watched.asked)
        page.wait_for_timeout(1000)
    by(page, "play").click()
    page.wait_for_timeout(1500)
    go_to(page, 7)
    assert watched.asked[asked:] == []


def test_a_lever_changes_the_outcome_and_undo_brings_it_back(watched: Watched) -> None:
    page = watched.open()
    before = go_to(page, 13)
    set_lever(page, PAY, 300)
    after = by(page, "status").inner_text()
    assert after != before
    page.keyboard.press("Escape")
    by(page, "undo").click()
    settle(page)
    expect(by(page, "status")).to_have_text(before)


def test_a_decision_is_dragged_to_another_day(watched: Watched) -> None:
    page = watched.open()
    marker = steady_box(by(page, "decision-pay-decree"))
    x, y = marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=6)
    page.mouse.up()
    settle(page)
    (decree,) = saved(page)["request"]["events"]
    assert decree["id"] == "pay-decree" and 1 <= decree["day"] < 8


def test_the_past_stays_when_one_acts_now(watched: Watched) -> None:
    page = watched.open()
    day_4, day_12 = go_to(page, 4), go_to(page, 12)
    go_to(page, 5)
    by(page, "act").click()
    set_lever(page, MORALE, 3)
    assert go_to(page, 4) == day_4
    assert saved(page)["request"]["act"]["day"] == 5
    assert go_to(page, 12) != day_12


def test_a_link_restores_all_of_it(watched: Watched) -> None:
    page = watched.open()
    set_lever(page, PAY, 222)
    by(page, "seed").fill("77")
    by(page, "seed").press("Enter")
    settle(page)
    said = go_to(page, 9)
    page.wait_for_timeout(400)
    link = page.evaluate("location.hash")
    other = watched.open(link)
    assert by(other, "status").inner_text() == said
    assert by(other, f"value-{PAY}").input_value() == "222" and by(other, "seed").input_value() == "77"


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {PAY: -50}},
        {"act": {"day": 99, "settings": {}, "events": None}},
        {"settings": {"no_such_lever": 1}},
    ],
)
def test_of_a_link_that_does_not_fit_scenario_and_seed_are_kept(watched: Watched, change: dict) -> None:
    asked = {"request": {"scenario": "syria-2024", "seed": 77} | change, "view": {"place": 9999}}
    page = watched.open("#s=" + base64.urlsafe_b64encode(json.dumps(asked).encode()).decode())
    expect(by(page, "problem")).to_contain_text("Here is the untouched campaign.")
    assert by(page, "problem").locator("li").count() == 1
    assert by(page, "seed").input_value() == "77"
    assert saved(page)["request"]["settings"] == {}


def test_a_lever_rests_at_what_the_campaign_drew(watched: Watched) -> None:
    page = watched.open()
    drawn = float(by(page, f"value-{PAY}").input_value())
    assert 15 <= drawn <= 40 and drawn != 27.5
    set_lever(page, PAY, 27.5)  # the middle of the range is a change like any other
    assert saved(page)["request"]["settings"] == {PAY: 27.5}
    by(page, f"reset-{PAY}").click()
    settle(page)
    assert float(by(page, f"value-{PAY}").input_value()) == drawn


@pytest.mark.parametrize(
    "link",
    [
        "#s=nonsense",
        "#s=e30",
        "#s=" + base64.b64encode(b'{"request":{"scenario":"atlantis","seed":1}}').decode(),
    ],
)
def test_a_bad_link_gives_a_message_and_the_page_goes_on(watched: Watched, link: str) -> None:
    page = watched.context.new_page()
    page.goto(f"{watched.address}/{link}")
    expect(by(page, "problem")).to_be_visible(timeout=PATIENCE_MS)
    assert len(by(page, "problem").inner_text()) > 20


def test_a_download_is_what_the_page_shows(watched: Watched, tmp_path: Path) -> None:
    page = watched.open()
    set_lever(page, PAY, 222)
    by(page, "share").click()
    with page.expect_download() as waiting:
        by(page, "download-scenario").click()
    waiting.value.save_as(tmp_path / "mine.toml")
    text = (tmp_path / "mine.toml").read_text("utf-8")
    assert tomllib.loads(text)["conditions"]["syrian_government"]["pay_usd_month"] == 222
    assert re.search(r"holdfast run FILE --runs 1 --seed \d+", text)


def test_a_click_on_the_map_tells_of_a_place(watched: Watched) -> None:
    page = watched.open()
    go_to(page, 3)
    box = steady_box(by(page, "map"))
    for step in range(40):  # a place is somewhere along the diagonal of the country
        page.mouse.click(
            box["x"] + box["width"] * (0.2 + 0.015 * step), box["y"] + box["height"] * (0.95 - 0.019 * step)
        )
        if by(page, "place-panel").is_visible():
            break
    expect(by(page, "place-panel")).to_contain_text("orale")


def test_chances_come_and_a_change_stops_them(watched: Watched) -> None:
    page = watched.open()
    by(page, "tab-ensemble").click()
    by(page, "ensemble").click()
    expect(by(page, "ensemble-progress")).to_be_visible()
    set_lever(page, PAY, 90)
    expect(by(page, "ensemble-progress")).to_be_hidden()


def test_two_browsers_do_not_see_each_other(browser: Browser, address: str, watched: Watched) -> None:
    other = Watched(browser, address)
    one, two = watched.open(), other.open()
    before = go_to(two, 13)
    go_to(one, 13)
    set_lever(one, PAY, 350)
    two.wait_for_timeout(500)
    assert by(two, "status").inner_text() == before != by(one, "status").inner_text()
    other.context.close()
    assert other.complaints == []
