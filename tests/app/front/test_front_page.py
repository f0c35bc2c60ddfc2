"""What a person does on the page, in a real browser."""

import base64
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from served import steady_box

pytestmark = pytest.mark.slow

PAY = "conditions.syrian_government.pay_usd_month"


def sent(page, kind):
    return page.evaluate("(kind) => window.sent.filter((m) => m.kind === kind)", kind)


def request_of(page):
    """The newest request; while another is under way it has not been sent yet."""
    page.locator(".hf:not(.working)").wait_for()
    return sent(page, "simulate")[-1]["request"]


def scrub(page, day):
    page.get_by_test_id("scrub").evaluate(
        "(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')) }", day
    )


def day_shown(page):
    return page.get_by_test_id("day").inner_text()


def push(page, key, presses, lever=PAY):
    page.get_by_test_id(f"lever-{lever}").focus()
    for _ in range(presses):
        page.keyboard.press(key)


def test_playing_stepping_and_scrubbing_never_ask_the_server(open_page):
    page = open_page()
    asked = page.evaluate("window.sent.length")
    assert "Eve" in day_shown(page)
    page.get_by_test_id("step-forward").click()
    assert "Day 1" in day_shown(page) and "27 November 2024" in day_shown(page)
    page.get_by_test_id("step-back").click()
    assert "Eve" in day_shown(page)
    page.get_by_test_id("speed").select_option("8")
    page.get_by_test_id("play").click()
    page.wait_for_function("document.querySelector('[data-testid=day]').textContent.includes('Day 13')")
    page.wait_for_function("document.querySelector('[data-testid=play]').textContent === 'Play'")
    scrub(page, 4)
    assert "Day 4" in day_shown(page)
    assert "Day 4" in page.get_by_test_id("status").text_content()
    page.get_by_test_id("scrub").focus()
    page.keyboard.press("ArrowLeft")
    assert "Day 3" in day_shown(page)
    page.keyboard.press("ArrowRight")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert "Day 5" in day_shown(page)
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    assert "Eve" in day_shown(page)
    assert page.evaluate("window.sent.length") == asked


def test_frames_while_playing(open_page, capsys):
    page = open_page()
    page.get_by_test_id("play").click()
    frames = page.evaluate("probes.framesPerSecond(1.5)")
    with capsys.disabled():
        print(f"\nplaying: {frames:.0f} frames a second")
    assert frames > 0


def test_a_lever_is_released_marked_set_back_and_undone(open_page):
    page = open_page()
    before = len(sent(page, "simulate"))
    slider = page.get_by_test_id(f"lever-{PAY}")
    box = steady_box(slider)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=4)
    assert len(sent(page, "simulate")) == before  # nothing is asked before the release
    page.mouse.up()
    assert request_of(page)["settings"][PAY] == pytest.approx(200, abs=12)
    assert page.get_by_text("1 lever changed").is_visible()
    assert page.get_by_test_id("undo").is_enabled()
    held = page.locator(".held").get_attribute("aria-label")
    scrub(page, 12)
    assert page.locator(".held").get_attribute("aria-label") != held
    page.get_by_test_id(f"reset-{PAY}").click()
    assert request_of(page)["settings"] == {}
    page.get_by_test_id("undo").click()
    assert PAY in request_of(page)["settings"]
    page.get_by_test_id(f"value-{PAY}").fill("9999")
    page.keyboard.press("Enter")
    assert request_of(page)["settings"][PAY] == 400  # the end of its range
    assert page.get_by_text("9999 is out of range: 0 to 400.").is_visible()
    page.get_by_test_id("seed").fill("-3")
    page.keyboard.press("Enter")
    assert "from 0 to 4,294,967,295" in page.get_by_test_id("problem").inner_text()
    assert page.get_by_test_id("seed").input_value() != "-3"


def test_one_question_at_a_time_and_the_newest_next(open_page):
    page = open_page(query="delay=1000")
    push(page, "ArrowRight", 6)
    newest = request_of(page)
    assert len(sent(page, "simulate")) <= 4
    assert newest["settings"][PAY] == float(page.get_by_test_id(f"value-{PAY}").input_value())


def test_any_lever_is_found_and_explained(open_page):
    page = open_page()
    page.get_by_test_id("search").fill("morale news")
    name = page.locator(".lever .name", has_text="morale news").or_(
        page.locator(".lever .name", has_text="Morale news")
    )
    name.first.focus()
    card = page.get_by_role("tooltip")
    assert re.search(r"Unit.*logit.*Range.*Source.*Evidence", card.inner_text(), re.DOTALL)
    page.keyboard.press("Escape")
    assert not card.is_visible()
    page.get_by_test_id("search").fill("salary")
    assert page.get_by_test_id(f"lever-{PAY}").is_visible()
    page.get_by_test_id("search").fill("no such lever")
    assert page.get_by_text("No lever with these words.").is_visible()


def test_a_decision_is_added_dragged_pushed_edited_and_removed(open_page):
    page = open_page()
    scrub(page, 3)
    page.get_by_test_id("decision-add").click()
    page.get_by_test_id("add-order_hold").click()
    decree, hold = request_of(page)["events"]
    assert decree["id"] == "pay-decree" and "fired_day" not in decree
    assert (hold["kind"], hold["day"], hold["place"]) == ("order_hold", 3, "damascus")
    page.get_by_label("Where").select_option("homs")
    assert request_of(page)["events"][1]["place"] == "homs"
    page.keyboard.press("Escape")
    pin = page.get_by_test_id("decision-order-hold-1")
    assert pin.inner_text() == "Hold Homs"
    box, lane = steady_box(pin), steady_box(page.locator(".lane"))
    page.mouse.move(box["x"] + 8, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + 2 * (lane["width"] - 36) / 13, box["y"] + 10, steps=5)
    page.mouse.up()
    assert request_of(page)["events"][1]["day"] == 5
    pin.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert request_of(page)["events"][1]["day"] == 7
    page.keyboard.press("Delete")
    assert request_of(page)["events"] is None  # those of the scenario again


def test_every_decision_of_a_crowded_day_can_be_clicked(open_page):
    page = open_page()
    scrub(page, 8)
    for kind in ("order_hold", "order_withdraw", "mobilisation", "refuse_talks", "mediation", "ceasefire"):
        page.get_by_test_id("decision-add").click()
        page.get_by_test_id(f"add-{kind}").click()
        page.keyboard.press("Escape")
    pins = page.locator(".decision")
    assert pins.count() == 7
    for i in range(7):
        pins.nth(i).click(position={"x": 6, "y": 10}, timeout=3000)
        page.locator(".popover.form").wait_for()
        page.keyboard.press("Escape")


def test_acting_now_leaves_the_past_alone(open_page):
    page = open_page()
    scrub(page, 6)
    page.get_by_test_id("act").click()
    assert request_of(page)["act"] == {"day": 6, "settings": {}, "events": None}
    assert "Past fixed to day 6" in page.get_by_test_id("act-state").inner_text()
    push(page, "ArrowRight", 1)
    request = request_of(page)
    assert PAY in request["act"]["settings"] and request["settings"] == {}
    scrub(page, 2)
    page.get_by_test_id("decision-add").click()
    page.get_by_test_id("add-ceasefire").click()
    assert request_of(page)["act"]["events"][-1]["day"] == 7  # the first free day
    page.keyboard.press("Escape")
    page.get_by_test_id("decision-ceasefire-1").focus()
    page.keyboard.press("ArrowLeft")
    assert request_of(page)["act"]["events"][-1]["day"] == 7
    page.get_by_test_id("share").click()
    assert page.get_by_test_id("download-scenario").is_disabled()
    assert "Not with levers moved on day 6" in page.get_by_test_id("download-scenario").inner_text()
    page.keyboard.press("Escape")
    page.get_by_test_id("act-leave").click()
    assert request_of(page)["act"] is None


def test_a_place_is_chosen_on_the_map_by_click_and_by_key(open_page):
    page = open_page()
    page.get_by_test_id("tab-place").click()
    page.locator(".places button", has_text="Homs").click()
    panel = page.get_by_test_id("place-panel")
    assert "Homs" in panel.inner_text() and "775,404 people" in panel.inner_text()
    page.wait_for_function("window.sent.some((m) => m.kind === 'place')")
    asked = sent(page, "place")[-1]
    page.keyboard.press("Escape")
    page.get_by_test_id("map").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(n) => window.sent.filter((m) => m.kind === 'place').at(-1).place !== n", arg=asked["place"]
    )
    chosen = panel.locator("h2").inner_text()
    box = steady_box(page.get_by_test_id("map"))
    for x in range(
        int(box["x"]) + 100, int(box["x"] + box["width"]) - 250, 14
    ):  # a line across the map meets a town
        page.mouse.click(x, box["y"] + box["height"] * 0.42)
        if panel.locator("h2").count() and panel.locator("h2").inner_text() != chosen:
            return
    pytest.fail("no place was met by clicking")


def test_the_log_leads_to_its_day(open_page):
    page = open_page()
    page.get_by_test_id("tab-log").click()
    page.get_by_role("button", name="Go to day 5").click()
    assert "Day 5" in day_shown(page)
    assert "Day 5" in page.locator(".log .today").inner_text()


def test_what_if_sets_the_changed_world_beside_the_untouched(open_page):
    page = open_page()
    page.get_by_test_id("tab-whatif").click()
    panel = page.get_by_test_id("whatif")
    assert "This is the untouched world." in panel.inner_text()
    push(page, "PageUp", 3)
    panel.get_by_text("Damascus falls, day").wait_for()
    page.get_by_test_id("two-maps").click()
    assert page.get_by_test_id("map-baseline").is_visible()
    left, right = (steady_box(page.get_by_test_id(name)) for name in ("map-baseline", "map"))
    assert left["width"] == pytest.approx(right["width"], abs=2)
    page.get_by_test_id("versus").select_option("record")
    assert re.search(r"\d+ of 70 places are held as recorded on the eve", panel.inner_text())


def test_an_ensemble_shows_progress_and_chances_and_falls_with_the_next_change(open_page):
    page = open_page()
    page.get_by_test_id("tab-ensemble").click()
    page.get_by_test_id("ensemble").click()
    page.get_by_test_id("ensemble-progress").wait_for()
    page.locator(".headline").wait_for()
    assert "of 200 runs" in page.locator(".headline").inner_text()
    assert page.get_by_test_id("mode-chance").get_attribute("aria-pressed") == "true"
    assert page.locator(".histogram svg").count() > 20
    push(page, "ArrowRight", 1)
    assert not page.locator(".headline").is_visible()
    assert page.get_by_test_id("mode-control").get_attribute("aria-pressed") == "true"
    page.get_by_test_id("ensemble").click()
    page.get_by_test_id("ensemble-progress").wait_for()
    push(page, "ArrowRight", 1)  # while it runs
    page.wait_for_timeout(800)
    assert not page.locator(".headline").is_visible()


def test_a_link_restores_and_a_bad_one_says_so(open_page):
    page = open_page()
    push(page, "PageUp", 1)
    scrub(page, 7)
    page.get_by_test_id("tab-log").click()
    page.wait_for_timeout(300)
    address = page.evaluate("location.hash")
    request = request_of(page)
    again = open_page(hash=address)
    assert request_of(again) == request
    assert "Day 7" in day_shown(again)
    assert again.get_by_test_id("tab-log").get_attribute("aria-selected") == "true"
    bad = open_page(
        hash="#s=" + base64.urlsafe_b64encode(json.dumps({"request": {}}).encode()).decode().rstrip("=")
    )
    assert "does not fit" in bad.get_by_test_id("problem").inner_text()
    assert bad.get_by_test_id("chart-soldiers").is_visible()
    elsewhere = {"request": {"scenario": "atlantis", "seed": 1}}
    lost = open_page(
        hash="#s=" + base64.urlsafe_b64encode(json.dumps(elsewhere).encode()).decode().rstrip("=")
    )
    assert "no scenario atlantis" in lost.get_by_test_id("problem").inner_text()


def link(request, **more):
    saved = json.dumps({"request": {"scenario": "syria-2024", "seed": 0} | request} | more)
    return "#s=" + base64.urlsafe_b64encode(saved.encode()).decode().rstrip("=")


def held(page):
    """What the address holds."""
    page.wait_for_timeout(300)
    text = page.evaluate("location.hash").removeprefix("#s=")
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_back_and_a_link_in_an_open_tab_restore_what_they_say(open_page):
    page = open_page()
    push(page, "PageUp", 1)
    request_of(page)
    changed = held(page)["request"]
    scrub(page, 5)
    assert held(page)["day"] == 5
    page.go_back()
    page.wait_for_function("document.querySelector('[data-testid=day]').textContent.includes('Eve')")
    assert request_of(page)["settings"] == {}
    page.go_forward()
    page.wait_for_function("document.querySelector('[data-testid=day]').textContent.includes('Day 5')")
    assert request_of(page) == changed
    pasted = link({"settings": {PAY: 90}}, day=3, view={"tab": "log", "place": 4})
    page.evaluate("(hash) => { location.hash = hash }", pasted)
    page.wait_for_function("document.querySelector('[data-testid=day]').textContent.includes('Day 3')")
    assert request_of(page)["settings"] == {PAY: 90}
    assert page.get_by_test_id("tab-log").get_attribute("aria-selected") == "true"
    assert held(page)["view"]["place"] == 4
    page.evaluate("location.hash = '#s=nonsense'")
    page.get_by_test_id("problem").get_by_text("The page stays as it was.").wait_for()
    assert held(page)["request"]["settings"] == {PAY: 90}
    page.get_by_test_id("undo").click()
    assert request_of(page) == changed


def test_the_link_is_that_of_the_state_also_while_it_plays(open_page):
    page = open_page()
    page.get_by_test_id("speed").select_option("0.25")
    page.get_by_test_id("play").click()
    push(page, "PageUp", 1)
    request = request_of(page)
    assert held(page)["request"] == request
    page.get_by_test_id("share").click()
    shared = page.get_by_test_id("link").input_value()
    assert json.loads(base64.urlsafe_b64decode(shared.split("#s=")[1] + "=="))["request"] == request


@pytest.mark.parametrize("place", [9999, -1])
def test_a_link_to_what_is_not_there_opens(open_page, place):
    events = [{"id": "x", "kind": "reinforcement", "day": 2}]
    view = {"place": place, "tab": "place", "zoom": {"k": 1e9, "cx": 0.5, "cy": 0.5}}
    page = open_page(hash=link({"seed": 5, "events": events}, day=1e300, view=view))
    assert "Day 13" in day_shown(page)
    assert page.locator(".places button").count() == 70
    assert page.get_by_test_id("seed").input_value() == "5"


def test_the_page_is_named_and_told_and_reached_by_key(open_page):
    page = open_page()
    assert page.title().startswith("Holdfast – Syria")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.testid") == "play"
    push(page, "PageUp", 1)
    page.get_by_text(re.compile(r"Simulated anew: Damascus (falls on day \d+|does not fall)")).wait_for()
    page.get_by_test_id("share").click()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.popover'))")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.testid") == "share"


def test_untouched_chances_stand_beside_those_of_a_change(open_page):
    page = open_page()
    page.get_by_test_id("tab-ensemble").click()
    page.get_by_test_id("ensemble").click()
    page.locator(".headline").wait_for()
    assert page.get_by_test_id("untouched-chance").count() == 0
    push(page, "PageUp", 1)
    page.get_by_test_id("ensemble").click()
    page.locator(".headline").wait_for()
    assert re.fullmatch(r"untouched \d+ %", page.get_by_test_id("untouched-chance").inner_text())


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (853, 480)])
def test_the_row_of_playback_keeps_its_height(open_page, size):
    page = open_page(size)
    row = page.locator(".playback")
    before = steady_box(row)["height"]
    scrub(page, 8)
    page.get_by_test_id("act").click()
    scrub(page, 11)
    box = steady_box(row)
    assert box["height"] == before
    for button in row.get_by_role("button").all():
        inside = steady_box(button)
        assert box["x"] <= inside["x"] and inside["x"] + inside["width"] <= box["x"] + box["width"]


def test_a_refused_change_is_taken_back(open_page):
    page = open_page()
    push(page, "PageUp", 1)
    request = request_of(page)
    page.evaluate("(hash) => { location.hash = hash }", link({"settings": {"problem": 1}}))
    page.get_by_test_id("problem").get_by_text("This change was not made").wait_for()
    assert held(page)["request"] == request
    assert page.get_by_text("1 lever changed").is_visible()


def test_a_problem_of_the_server_is_told_and_dismissed(open_page):
    saved = {"request": {"scenario": "syria-2024", "seed": 1, "settings": {"problem": 1}}}
    page = open_page()
    page.goto(
        page.url.split("#")[0]
        + "&again#s="
        + base64.urlsafe_b64encode(json.dumps(saved).encode()).decode().rstrip("=")
    )
    problem = page.get_by_test_id("problem")
    problem.get_by_text("unknown parameter").wait_for()
    page.locator(".held span").first.wait_for()  # the page goes on without it
    assert request_of(page)["settings"] == {}
    problem.get_by_label("Dismiss").click()
    assert not problem.is_visible()


def test_files_and_pictures_are_saved(open_page):
    page = open_page()
    page.get_by_test_id("share").click()
    assert "#s=" in page.get_by_test_id("link").input_value()
    saved = {}
    for what in ("scenario", "map-svg", "charts-svg", "map-png", "charts-png"):
        with page.expect_download() as waiting:
            page.get_by_test_id(f"download-{what}").click()
        saved[what] = (waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes())
    assert saved["scenario"] == ("scenario.txt", b"scenario")
    for what in ("map-svg", "charts-svg"):
        name, content = saved[what]
        drawn = ET.fromstring(content)
        texts = "".join(drawn.itertext())
        assert name.startswith("syria-2024-day0") and "Syria" in texts
        assert len(list(drawn.iter("{http://www.w3.org/2000/svg}text"))) > 20
    assert "Damascus" in saved["map-svg"][1].decode()
    for what in ("map-png", "charts-png"):
        assert saved[what][1].startswith(b"\x89PNG") and len(saved[what][1]) > 20_000


@pytest.mark.parametrize(
    ("size", "map_px"),
    [
        ((1280, 720), (600, 400)),
        ((1920, 1080), (600, 400)),
        ((820, 1180), (600, 400)),
        ((1024, 768), (500, 460)),
    ],
)
def test_map_and_controls_fit_the_screen(open_page, size, map_px):
    page = open_page(size)
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    box = steady_box(page.get_by_test_id("map"))
    assert box["width"] >= map_px[0] and box["height"] >= map_px[1]
    for name in ("play", "scrub", "decision-add", f"lever-{PAY}", "share"):
        inside = steady_box(page.get_by_test_id(name))
        assert 0 <= inside["x"] and inside["x"] + inside["width"] <= size[0], name
        assert 0 <= inside["y"] and inside["y"] + inside["height"] <= size[1], name


def test_a_phone_shows_the_page_as_a_column_that_scrolls(open_page):
    page = open_page((390, 844))
    # The element around the widget, as Solara and Jupyter have it: what leaves its box is cut off.
    page.add_style_tag(content="#page { position: relative; overflow: hidden; height: 0 }")
    seen = """element => {
        element.scrollIntoView({ block: "center" });
        const { left, right, top, height } = element.getBoundingClientRect();
        const met = document.elementFromPoint((left + right) / 2, top + height / 2);
        return left >= 0 && right <= innerWidth && element.contains(met);
    }"""
    scrub(page, 8)
    for name in ("scenario", "share", "play", "speed", "act", "decision-add", "tab-ensemble", f"value-{PAY}"):
        assert page.get_by_test_id(name).evaluate(seen), name
    assert page.locator(".lever-list").evaluate("list => list.scrollHeight <= list.clientHeight")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_is_legible_and_all_controls_have_names(open_page, theme):
    page = open_page(theme=theme)
    scrub(page, 9)
    push(page, "PageUp", 1)
    for tab in ("charts", "log", "whatif", "ensemble", "place"):
        page.get_by_test_id(f"tab-{tab}").click()
        assert page.evaluate("probes.poorContrasts()") == []
    page.locator(".places button").first.click()
    page.locator(".terms").first.wait_for()
    page.get_by_test_id("decision-add").click()
    assert page.evaluate("probes.poorContrasts()") == []
    assert page.evaluate("probes.unnamedControls()") == []


def test_the_theme_is_chosen_and_kept(open_page):
    page = open_page(theme="light")
    assert page.locator(".hf").get_attribute("data-theme") == "light"
    page.get_by_test_id("theme").click()
    assert page.locator(".hf").get_attribute("data-theme") == "dark"
    page.reload()
    page.locator(".held span").first.wait_for()
    assert page.locator(".hf").get_attribute("data-theme") == "dark"


def test_the_page_goes_without_a_trace(open_page):
    page = open_page()
    page.evaluate("window.cleanUp()")
    assert page.locator(".hf").count() == 0
    page.keyboard.press("Space")
