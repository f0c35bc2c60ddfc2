"""The page as a whole: what it holds, that it stands alone, and that its numbers are those of the tables."""

import json
import re
import shlex
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from fake_result import fake_result, toy_case

from sim.case import load_case
from sim.parameters import REGISTRY
from sim.paths import configs_dir
from sim.report import render_report, report_contents, write_report
from sim.report.parameters import Command, command, scenario_text
from sim.rules import SCHEDULE
from sim.scenario import Scenario, load_scenario

SECTIONS = ["outcome", "map", "heat", "days", "curves", "log", "parameters"]
VOID = {"meta", "input", "br", "link", "img", "col"}


class Page(HTMLParser):
    """Ids, attribute values that load something, the text, and tags that were opened and never closed."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.loads, self.words, self.open, self.wrong, self.tags = [], [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        self.loads += [
            value for name, value in attrs if name in ("src", "href", "xlink:href", "srcset", "data")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def syria():
    return fake_result(load_case(configs_dir() / "cases" / "syria-2024"), runs=40)


@pytest.fixture(scope="module")
def syria_page(syria):
    return render_report(syria)


def test_all_sections_are_there_and_tags_close(syria_page):
    page = Page(syria_page)
    assert [one for one in page.ids if one in SECTIONS] == SECTIONS
    assert len(page.ids) == len(set(page.ids))
    assert page.wrong == [] and page.open == []
    assert "Made with Natural Earth" in page.text and "no statement on status" in page.text.replace("  ", " ")


def test_nothing_is_fetched(syria_page):
    page = Page(syria_page)
    assert all(value.startswith("#") for value in page.loads)
    assert {value[1:] for value in page.loads} <= set(page.ids)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|<link|<iframe", syria_page)


def test_figures_have_words_for_those_who_cannot_see_them(syria_page):
    images = [attrs for _, attrs in Page(syria_page).tags if attrs.get("role") == "img"]
    assert len(images) > 30
    assert all(len(attrs.get("aria-label", "")) > 15 for attrs in images)


def test_numbers_on_map_and_heat_map_are_the_shares_of_runs(syria, syria_page):
    expected = np.round(100 * syria.fallen_probability().to_numpy()).astype(int)
    data = json.loads(re.search(r'id="data">(.*?)</script>', syria_page, re.S)[1])
    assert data["percent"] == expected.tolist()

    heat = re.search(r'<section id="heat".*?</section>', syria_page, re.S)[0]
    rows = re.findall(r'<th scope="row" title="(.*?)">.*?</th>(.*?)</tr>', heat, re.S)
    names = syria.case.places["name"].tolist()
    assert len(rows) == len(names)
    for name, cells in rows:
        shown = [int(p) for p in re.findall(r'class="p(\d+)', cells)]
        assert shown == expected[names.index(name.replace("&#39;", "'"))].tolist(), name


def test_headline_names_share_and_median_of_the_capitals_fall(syria, syria_page):
    days = np.sort(syria.runs["capital_fallen_day"].fillna(np.inf))
    share = np.isfinite(days).mean()
    text = Page(syria_page).text
    assert f"{100 * share:.0f} % of runs see the capital, Damascus, fall" in text
    assert f"Median day {int(days[19])}, " in text
    assert "(recorded: day 12, 8 Dec)" in text
    assert f"{np.median(syria.runs['places_fallen']):.0f} of {len(syria.case.places)} places" in text


def test_recorded_days_are_framed_and_low_confidence_is_marked(syria_page):
    heat = re.search(r'<section id="heat".*?</section>', syria_page, re.S)[0]
    aleppo = re.search(r'title="Aleppo">.*?</tr>', heat, re.S)[0]
    cells = re.findall(r"<td class=\"(p\d+[^\"]*)\"", aleppo)
    assert [i + 1 for i, css in enumerate(cells) if "rec" in css] == [4]
    assert "30 Nov<" in aleppo and "6 Dec ?" in re.search(r'title="Ithriya junction">.*?</tr>', heat, re.S)[0]


def test_every_parameter_is_listed_and_changed_ones_come_first():
    name = "pay_trust"
    value = REGISTRY[name].high
    page = render_report(fake_result(toy_case(), parameters={name: value}))
    listed = re.findall(r'<th scope="row"><code>(\w+)</code>( <em>changed</em>)?', page)
    assert listed[0] == (name, " <em>changed</em>")
    assert [mark for _, mark in listed[1 : len(REGISTRY)]] == [""] * (len(REGISTRY) - 1)
    assert {one for one, _ in listed} >= set(REGISTRY)
    assert "Save the scenario printed below as toy.toml" in Page(page).text


def manifest_of(scenario):
    tables = scenario.model_dump(mode="json", exclude_none=True)
    return {"scenario_name": scenario.name, "scenario": tables, "runs": 3, "seed": 7}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"conditions.syrian_government.pay_usd_month": "120", "morale_pay": "0.45"},
        {"conditions.hts.cohesion": "[0.5, 0.625]", "days": "9", "soldiers_per_unit": "50"},
        {"events.pay-decree.share": "0.75", "events.pay-decree.when_fallen": "aleppo"},
        {"events.pay-decree.paid_after_days": "0", "events.pay-decree.day": "2"},
        {"events.pay-decree": "none", "ticks_per_day": "2"},
    ],
)
def test_the_command_makes_the_same_runs_again(settings):
    made = command(manifest_of(load_scenario("syria-2024").with_set(settings)))
    assert not made.save_as
    words = shlex.split(made.line)
    assert words[:7] == ["holdfast", "run", "syria-2024", "--runs", "3", "--seed", "7"]
    assert words[7::2] == ["--set"] * len(settings)
    assert sorted(words[8::2]) == sorted(f"{key}={value}" for key, value in settings.items())


def test_a_command_does_not_pass_for_rules_of_ones_own():
    manifest = manifest_of(load_scenario("syria-2024"))
    names = [rule.name for rule in SCHEDULE]
    assert not command(manifest | {"rules": names}).own_rules
    assert command(manifest | {"rules": names[1:]}).own_rules


def test_a_scenario_of_ones_own_is_saved_and_run(tmp_path):
    shipped = load_scenario("syria-2024")
    event = {"id": "stay", "kind": "order_hold", "faction": "hts", "place": "all", "day": 2}
    for name, tables in {
        "mine": {},
        "syria-2024": {"events": [event]},  # a file of that name with an event that --set cannot bring
    }.items():
        mine = Scenario(**shipped.as_dict() | {"name": name} | tables)
        made = command(manifest_of(mine))
        assert made == Command(f"holdfast run {name}.toml --runs 3 --seed 7", f"{name}.toml", own_rules=False)
        (tmp_path / made.save_as).write_text(scenario_text(manifest_of(mine)), "utf-8")
        assert load_scenario(tmp_path / made.save_as) == mine


@pytest.mark.parametrize(
    ("fitted", "told"),
    [
        (["toy", "other"], "fitted to this very case and to other"),
        (["toy"], "fitted to this very case; this"),
        (["a", "b"], "fitted to a and b and not to this case"),
        ([], "draw of the parameters from mine; this"),
    ],
)
def test_a_posterior_is_told_and_its_draws_stand_in_the_table(fitted, told):
    drawn, own = "pay_trust", "morale_pay"
    result = fake_result(toy_case(), parameters={own: REGISTRY[own].default})
    draws = {drawn: [0.00012, 0.123456, 0.4], own: [1.0, 2.0, 3.0]}
    result.manifest["posterior"] = {"name": "mine", "draws": 9, "fitted": fitted, "parameters": draws}
    page = render_report(result)
    assert told in Page(page).text
    assert "--seed 0 --posterior mine" in Page(page).text
    row = re.search(rf"<code>{drawn}</code>.*?</tr>", page, re.S)[0]
    assert '<td class="num">0.123<small>0.00012 to 0.4</small></td>' in row
    # What the scenario sets is set in every run, even to its default.
    row = re.search(rf"<code>{own}</code>.*?</tr>", page, re.S)[0]
    assert "changed" in row and "3" not in re.search(r'class="num">(.*?)</td>', row)[1]


def test_events_and_conditions_of_the_scenario_are_told_at_the_top():
    result = fake_result(toy_case())
    event = {
        "id": "rise",
        "kind": "pay_rise",
        "day": 2,
        "faction": "gov",
        "share": 0.5,
        "paid_after_days": None,
    }
    result.manifest["scenario"]["events"] = [event]
    result.manifest["scenario"]["conditions"] = {"gov": {"cohesion": [0.8, 0.9]}}
    text = Page(render_report(result)).text
    assert "pay rise: day = 2, faction = gov, share = 0.5" in text
    assert "gov: cohesion = [0.8, 0.9]" in text


def test_text_of_case_files_is_escaped():
    nasty = "<script>alert('x')</script>\"&"
    texts = dict(title=nasty, place_name=nasty, faction_name=nasty, event=nasty)
    result = fake_result(toy_case(**texts))
    result.events["text"] = nasty
    page = render_report(result)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert Page(page).wrong == []
    assert json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])["names"] == [nasty] * 3


@pytest.mark.parametrize("runs", [1, 2])
@pytest.mark.parametrize("days", [1, 9])
@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize("capital", [True, False])
@pytest.mark.parametrize("recorded", [True, False])
def test_small_worlds(runs, days, places, capital, recorded):
    page = Page(render_report(fake_result(toy_case(places, capital, recorded), runs=runs, days=days)))
    assert [one for one in page.ids if one in SECTIONS] == SECTIONS
    assert page.wrong == [] and page.open == []
    assert ("see the capital" in page.text) == capital
    assert ("recorded as fallen" in page.text.lower()) == (recorded and days > 1)
    assert "nan" not in page.text.lower().split() and "inf" not in page.text.lower().split()


def test_empty_tables_of_events_and_backers():
    result = fake_result(toy_case(), fall_day=np.full((3, 3), np.inf), runs=3)
    result.tables["backers"] = result.backers.iloc[:0]
    text = Page(render_report(result)).text
    assert "No event was recorded in this run" in text
    assert "Foreign backers" not in text
    assert "0 of 3 places have fallen" in text


def test_long_horizons_drop_the_numbers_in_cells():
    assert report_contents(fake_result(toy_case(), runs=2, days=31))["heatmap"].numbers
    long = report_contents(fake_result(toy_case(), runs=2, days=200))["heatmap"]
    assert not long.numbers
    assert sum(span for _, span in long.heads) == 200


def test_rows_stand_in_the_order_of_recorded_falls(syria):
    groups = report_contents(syria)["heatmap"].groups
    fell, held = (rows for _, rows in groups)
    assert [(row.recorded_day, row.name) for row in fell] == sorted(
        (row.recorded_day, row.name) for row in fell
    )
    assert fell[0].name == "Base 46" and fell[-1].name == "Manbij"
    assert len(held) == 15 and all(row.recorded == "held" for row in held)


def test_the_main_places_sum_to_all_runs(syria):
    main = report_contents(syria)["fall_days"]
    assert main[0].name == "Damascus" and main[0].capital
    assert "Raqqa" not in {
        one.name for one in main
    }  # held by a faction that nobody attacks from the first day
    for one in main:
        assert sum(share for _, share in one.bars) + one.never == pytest.approx(1.0)
        assert len(one.bars) == syria.manifest["days"]
    assert main[0].recorded_bar == 12 and main[0].bars[11][0] == "8 Dec"
    assert main[0].never == pytest.approx(syria.runs["capital_fallen_day"].isna().mean())


def test_bars_of_long_runs_share_days():
    falls = np.array([[1, np.inf, 5], [5, np.inf, 5]])
    (p0, *_, p1) = report_contents(fake_result(toy_case(), runs=2, days=79, fall_day=falls))["fall_days"]
    assert p0.bars[:3] == [("30 Jan – 2 Feb", 0.5), ("3 Feb – 6 Feb", 0.5), ("7 Feb – 10 Feb", 0.0)]
    assert len(p0.bars) == 20 and p0.bars[-1][0] == "15 Apr – 17 Apr"
    assert p1.never == 1.0 and p1.recorded_bar == 0


def test_size_time_and_folder(tmp_path):
    result = fake_result(load_case(configs_dir() / "cases" / "syria-2024"), runs=500)
    started = time.perf_counter()
    path = write_report(result, tmp_path / "new" / "report.html")
    assert time.perf_counter() - started < 4.0
    assert 100_000 < path.stat().st_size < 6_000_000
