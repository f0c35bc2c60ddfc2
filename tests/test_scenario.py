"""Scenarios: what is shipped, what is refused and in which words, and the way to TOML and back."""

import datetime
import pickle
import re
import shutil
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.paths import configs_dir
from sim.scenario import EVENT_KINDS, Scenario, load_scenario, scenario_file, shipped_scenarios
from sim.toml import read_value, write_toml

SYRIA = "syria-2024"
DECREE = {
    "id": "pay-decree",
    "kind": "pay_rise",
    "faction": "syrian_government",
    "date": datetime.date(2024, 12, 4),
    "share": 0.5,
}


@pytest.fixture(scope="module")
def syria():
    return load_scenario(SYRIA)


@pytest.fixture
def write(tmp_path):
    """Write a scenario file and return its path."""

    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(call, *args, **kwargs):
    """The lines of the InputError that the call raises; each must be a single line."""
    with pytest.raises(InputError) as caught:
        call(*args, **kwargs)
    assert all(line and "\n" not in line for line in caught.value.problems)
    return list(caught.value.problems)


def event(**changes):
    """The decree with some fields changed; None takes one away."""
    return {key: value for key, value in (DECREE | changes).items() if value is not None}


# What is shipped ------------------------------------------------------------------------------------------


def test_the_decree_is_the_only_event_that_a_shipped_scenario_dictates(syria):
    assert shipped_scenarios() == ["afghanistan-2021", "idlib-2020", SYRIA]
    assert [scenario.events for scenario in map(load_scenario, ("afghanistan-2021", "idlib-2020"))] == [
        (),
        (),
    ]
    (decree,) = syria.events
    assert decree.model_dump(exclude_none=True) == DECREE
    assert decree.paid_after_days is None


def test_period_is_that_of_the_case(syria):
    assert (syria.first_day, syria.days) == (datetime.date(2024, 11, 27), 13)
    assert syria.last_day == syria.load_case().last_day == datetime.date(2024, 12, 9)
    assert (syria.ticks_per_day, syria.soldiers_per_unit) == (4, 100)


def test_what_a_shipped_file_shows_in_comments_works(syria):
    """Uncommented, the examples of a scenario file are a valid scenario."""
    text = scenario_file(SYRIA).read_text(encoding="utf-8")
    shown = [line for line in text.splitlines() if re.match(r"# [a-z_]+ = ", line)]
    assert {"days", "paid_after_days", "morale_news", "pay_usd_month"} <= {
        line[2:].split(" = ")[0] for line in shown
    }
    for kind in EVENT_KINDS:
        assert kind in text
    uncommented = text.replace("# [", "[")
    for line in shown:
        uncommented = uncommented.replace(line, line[2:])
    scenario = Scenario(name="x", **tomllib.loads(uncommented))
    assert scenario.events[0].paid_after_days == 3
    assert scenario.parameters == {"morale_news": 0.0}
    assert scenario.conditions == {"syrian_government": {"pay_usd_month": (60, 80)}}


@pytest.mark.parametrize("name", ["idlib-2020", "afghanistan-2021"])
def test_events_offered_in_comments_work(name, write):
    text = scenario_file(name).read_text(encoding="utf-8")
    events = text[text.index("# [[events]]") :].replace("\n#\n", "\n\n")
    events = "\n".join(line.removeprefix("# ") for line in events.splitlines() if "`" not in line)
    assert load_scenario(write(f'case = "{name}"\n{events}')).events


# Where scenarios come from --------------------------------------------------------------------------------


def test_a_case_alone_is_a_scenario_without_events(tmp_path):
    folder = tmp_path / "my-war"
    shutil.copytree(configs_dir() / "cases" / SYRIA, folder)
    by_folder = load_scenario(folder)
    assert (by_folder.name, by_folder.events, by_folder.days) == (SYRIA, (), 13)
    assert by_folder.case == str(folder.resolve())
    assert by_folder.load_case().folder == folder


def test_case_path_is_read_from_the_place_of_the_file(tmp_path, monkeypatch, write):
    shutil.copytree(configs_dir() / "cases" / SYRIA, tmp_path / "war")
    path = write('case = "war"\n', "my plan.toml")
    monkeypatch.chdir("/")
    scenario = load_scenario(path)
    assert (scenario.case, scenario.name) == (str(tmp_path / "war"), "my-plan")


def test_a_changed_case_is_read_again(tmp_path):
    folder = tmp_path / "war"
    shutil.copytree(configs_dir() / "cases" / SYRIA, folder)
    settings = folder / "case.toml"
    scenario = load_scenario(folder)
    assert scenario.load_case() is scenario.load_case()
    settings.write_text(settings.read_text().replace("Syria, 27", "Changed, 27"))
    assert scenario.load_case().title.startswith("Changed")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "syra-2024",
            "scenario: 'syra-2024' is unknown (did you mean 'syria-2024'?); allowed: afghanistan-2021",
        ),
        ("missing.toml", "missing.toml: cannot be read"),
    ],
)
def test_unknown_scenario(name, expected):
    (line,) = problems(load_scenario, name)
    assert line.startswith(expected)


def test_folder_that_is_no_case(tmp_path):
    (line,) = problems(load_scenario, tmp_path)
    assert line.startswith(f"{tmp_path}: is not a case (it has no case.toml); allowed: ")


@pytest.mark.parametrize("content", [b"days = \n", b"\xff\xfe\x00", b'case = "a"\ncase = "b"\n'])
def test_file_that_is_no_toml(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    (line,) = problems(load_scenario, path)
    assert line.startswith(f"{path}: not valid TOML: ")


# What is refused, and in which words ----------------------------------------------------------------------

REFUSED = {
    "unknown key": ({"dayz": 3}, "dayz: unknown key (did you mean 'days'?); allowed: name, title, case, "),
    "days 0": ({"days": 0}, "days: 0 is not valid; allowed: a whole number of days, 1 to 3660"),
    "days text": ({"days": "13"}, "days: '13' is not valid; allowed: a whole number"),
    "days truth": ({"days": True}, "days: True is not valid; allowed: a whole number"),
    "ticks": ({"ticks_per_day": 25}, "ticks_per_day: 25 is not valid; allowed: a whole number, 1 to 24"),
    "unit": ({"soldiers_per_unit": 0.5}, "soldiers_per_unit: 0.5 is not valid; allowed: a whole number"),
    "name": ({"name": "a/b"}, "name: 'a/b' is not valid; allowed: a short name without spaces"),
    "first day": (
        {"first_day": 20241127},
        "first_day: 20241127 is not valid; allowed: a date like 2024-11-27",
    ),
    "another first day": (
        {"first_day": datetime.date(2024, 12, 5), "events": [DECREE]},
        "first_day: 2024-12-05 is not the first day of the case; allowed: 2024-11-27, for the case ",
    ),
    "case": ({"case": "syra-2024"}, "case: 'syra-2024' is neither"),
    "no case": ({"case": None}, "case: is missing; allowed: the id of a shipped case"),
    "parameter": (
        {"parameters": {"morale_pya": 1}},
        "parameters: morale_pya: unknown parameter (did you mean ",
    ),
    "range": (
        {"parameters": {"morale_pay": 99}},
        "parameters: morale_pay: 99 is out of range; allowed: a number",
    ),
    "nan": ({"parameters": {"morale_pay": float("nan")}}, "parameters: morale_pay: nan is out of range; "),
    "no number": ({"parameters": {"morale_pay": "high"}}, "parameters: morale_pay: 'high' is not a number; "),
    "table": ({"parameters": 3}, "parameters: 3 is not valid; allowed: a table of parameters"),
    "faction": (
        {"conditions": {"hst": {}}},
        "conditions.hst: 'hst' is unknown (did you mean 'hts'?); allowed: ",
    ),
    "condition": (
        {"conditions": {"hts": {"cohesio": 0.5}}},
        "conditions.hts.cohesio: unknown condition (did you mean 'cohesion'?); allowed: present_share, ",
    ),
    "condition range": (
        {"conditions": {"hts": {"cohesion": [0.5, 2]}}},
        "conditions.hts.cohesion: [0.5, 2] is out of range; allowed: a number from 0 to 1 (index_0_1), or ",
    ),
    "condition order": (
        {"conditions": {"hts": {"cohesion": [0.9, 0.1]}}},
        "conditions.hts.cohesion: [0.9, 0.1] has low above high; allowed: ",
    ),
    "condition three": (
        {"conditions": {"hts": {"cohesion": [0, 0, 1]}}},
        "conditions.hts.cohesion: [0, 0, 1] is not",
    ),
    "condition inf": (
        {"conditions": {"hts": {"pay_usd_month": float("inf")}}},
        "conditions.hts.pay_usd_month: inf is out of range; allowed: a number from 0 to 10000 (usd_",
    ),
    "condition unit": (
        {"conditions": {"hts": {"arrears_months": 5000}}},
        "conditions.hts.arrears_months: 5000 is out of range; allowed: a number from 0 to 60 (months), or ",
    ),
    "condition text": (
        {"conditions": {"hts": {"cohesion": "good"}}},
        "conditions.hts.cohesion: 'good' is not valid; ",
    ),
    "condition table": ({"conditions": {"hts": 1}}, "conditions.hts: 1 is not valid; allowed: a table"),
    "event list": ({"events": 5}, "events: 5 is not valid; allowed: tables that begin with [[events]]"),
    "event table": ({"events": [5]}, "event number 1: 5 is not valid; allowed: a table"),
}

REFUSED_EVENTS = {
    "kind": (
        {"kind": "payrise"},
        "kind: 'payrise' is unknown (did you mean 'pay_rise'?); allowed: pay_rise, ",
    ),
    "no kind": ({"kind": None}, "kind: is missing; allowed: pay_rise, order_withdraw"),
    "key": ({"shares": 1.0}, "shares: unknown key (did you mean 'share'?); allowed: id, kind, day, "),
    "faction": (
        {"faction": "hst"},
        "faction: 'hst' is unknown (did you mean 'hts'?); allowed: syrian_government, ",
    ),
    "share": ({"share": -1}, "share: -1 is not valid; allowed: the rise as a share of pay, more than -1"),
    "percent": (
        {"share": 50},
        "share: 50 is not valid; allowed: the rise as a share of pay, more than -1, up to 20",
    ),
    "hours": (
        {"paid_after_days": 8760},
        "paid_after_days: 8760 is not valid; allowed: a number of days, 0 or ",
    ),
    "no share": ({"share": None}, "share: is missing; allowed: the rise as a share of pay"),
    "early": (
        {"date": datetime.date(2024, 11, 26)},
        "date: 2024-11-26 is before the first day; allowed: 2024-11-27 to ",
    ),
    "late": (
        {"date": datetime.date(2024, 12, 10)},
        "date: 2024-12-10 is after the last day; allowed: 2024-11-27 to ",
    ),
    "late day": ({"date": None, "day": 14}, "day: 14 is after the last day; allowed: 1 to 13"),
    "day 0": (
        {"date": None, "day": 0},
        "day: 0 is not valid; allowed: a whole number of days, 1 = first day",
    ),
    "no date": ({"date": "soon"}, "date: 'soon' is not valid; allowed: a date like 2024-12-04"),
    "delay": ({"delay_days": 2.0}, "delay_days: is given without when_fallen; allowed: only together"),
    "late delay": (
        {"date": None, "when_fallen": "aleppo", "delay_days": 12.5},
        "delay_days: 12.5 is after the last day; allowed: 0 to 12",
    ),
    "fallen": (
        {"date": None, "when_fallen": "alepo"},
        "when_fallen: 'alepo' is unknown (did you mean 'aleppo'?); ",
    ),
}


@pytest.mark.parametrize(("changes", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(changes, expected):
    (line,) = problems(Scenario, **({"name": "x", "case": SYRIA} | changes))
    assert line.startswith(expected), line
    assert "; allowed: " in line


@pytest.mark.parametrize(("changes", "expected"), REFUSED_EVENTS.values(), ids=REFUSED_EVENTS)
def test_refused_event(changes, expected):
    (line,) = problems(Scenario, name="x", case=SYRIA, events=[event(**changes)])
    assert line.startswith(f"events.pay-decree.{expected}"), line
    assert "; allowed: " in line


@pytest.mark.parametrize("changes", [{"date": None}, {"day": 3}, {"when_fallen": "aleppo"}])
def test_an_event_has_exactly_one_time(changes):
    (line,) = problems(Scenario, name="x", case=SYRIA, events=[event(**changes)])
    assert line.startswith("events.pay-decree: has ")
    assert line.endswith("; allowed: exactly one of day, date, when_fallen")


@pytest.mark.parametrize(
    ("kind", "fields", "bad"),
    [
        ("order_hold", {"faction": "hts", "place": "all"}, {"place": "alep"}),
        ("order_withdraw", {"faction": "hts", "place": "aleppo"}, {"place": "everywhere"}),
        ("reinforcement", {"faction": "hts", "place": "idlib", "soldiers": 500}, {"place": "all"}),
        ("reinforcement", {"faction": "hts", "place": "idlib", "soldiers": 500}, {"soldiers": 0}),
        ("mobilisation", {"faction": "hts", "soldiers": 500}, {"place": "all"}),
        ("backer_withdrawal", {"backer": "russia"}, {"backer": "rusia"}),
        ("backer_attention", {"backer": "russia", "attention": 0.5}, {"attention": 1.5}),
        ("offensive_start", {"faction": "sna"}, {"faction": "russia"}),
        ("ceasefire", {"faction": "hts", "other": "syrian_government"}, {"other": "syrian_goverment"}),
        ("mediation", {"faction": "hts", "other": "sna", "effort": 0.5}, {"other": "all"}),
        ("refuse_talks", {"faction": "hts"}, {"other": "russia"}),
        ("reinforcement", {"faction": "hts", "place": "idlib", "soldiers": 1}, {"soldiers": 0.3}),
        ("ceasefire", {"faction": "hts", "other": "syrian_government"}, {"other": "hts"}),
        ("mediation", {"faction": "hts", "effort": 0.5}, {"other": "hts"}),
        (
            "aid_corridor",
            {"place": "aleppo", "rations_per_day": 5000, "duration_days": 7},
            {"rations_per_day": 0},
        ),
    ],
)
def test_every_kind_of_event(kind, fields, bad):
    good = {"id": "e", "kind": kind, "day": 2, **fields}
    (made,) = Scenario(name="x", case=SYRIA, events=[good]).events
    assert type(made) is EVENT_KINDS[kind]
    (line,) = problems(Scenario, name="x", case=SYRIA, events=[good | bad])
    assert line.startswith(f"events.e.{next(iter(bad))}: ")


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("order_hold", 'one of the 70 places of syria-2024, or "all"'),
        ("handover", "one of the 70 places of syria-2024"),
    ],
)
def test_a_place_is_one_of_those_that_there_are(kind, allowed):
    wrong = {"id": "e", "kind": kind, "faction": "hts", "place": "alepo", "day": 2}
    (line,) = problems(Scenario, name="x", case=SYRIA, events=[wrong])
    assert line == f"events.e.place: 'alepo' is unknown (did you mean 'aleppo'?); allowed: {allowed}"


def test_a_key_that_was_only_begun_is_offered_whole():
    aid = {"id": "e", "kind": "aid_corridor", "place": "aleppo", "duration_days": 7, "day": 2}
    lines = problems(Scenario, name="x", case=SYRIA, events=[aid | {"rations": 10}])
    assert any("rations: unknown key (did you mean 'rations_per_day'?); allowed:" in line for line in lines)


def test_ids_are_unique():
    (line,) = problems(Scenario, name="x", case=SYRIA, events=[DECREE, DECREE])
    assert line.startswith("events.pay-decree: two events have this id")


def test_all_problems_of_a_file_are_told_at_once(write):
    path = write(
        """
        case = "syria-2024"
        dayz = 3
        ticks_per_day = 0
        [parameters]
        morale_pya = 1
        [conditions.hts]
        cohesion = 7
        [[events]]
        id = "a"
        kind = "order_hold"
        faction = "hst"
        place = "alepo"
        day = 99
        [[events]]
        kind = "offensive_start"
        faction = "sna"
        date = 2024-01-01
        """
    )
    lines = problems(load_scenario, path)
    assert all(line.startswith(f"{path}: ") for line in lines)
    keys = {line.removeprefix(f"{path}: ").split(": ")[0] for line in lines}
    assert keys == {
        "dayz",
        "ticks_per_day",
        "parameters",
        "conditions.hts.cohesion",
        "events.a.faction",
        "events.a.place",
        "events.a.day",
        "event number 2.id",
        "event number 2.date",
    }
    assert len(lines) == len(keys)


def test_problems_of_the_case_are_told_with_the_file(tmp_path, write):
    shutil.copytree(configs_dir() / "cases" / SYRIA, tmp_path / "war")
    (tmp_path / "war" / "places.csv").unlink()
    path = write('case = "war"\n')
    lines = problems(load_scenario, path)
    assert any("places.csv" in line for line in lines)
    assert all(line.startswith(f"{path}: case: ") for line in lines)


# Changing a scenario --------------------------------------------------------------------------------------


def test_with_set_changes_a_copy(syria):
    changed = syria.with_set(
        {
            "morale_pay": "1.0",
            "parameters.morale_news": "0",
            "soldiers_per_unit": "50",
            "events.pay-decree.paid_after_days": "2",
            "events.pay-decree.share": "+.75",
            "conditions.syrian_government.pay_usd_month": "[60, 80]",
            "conditions.hts.morale_shift": "-0.5",
        }
    )
    assert changed.parameters == {"morale_pay": 1.0, "morale_news": 0.0}
    assert changed.soldiers_per_unit == 50
    assert (changed.events[0].share, changed.events[0].paid_after_days) == (0.75, 2.0)
    assert changed.conditions == {
        "syrian_government": {"pay_usd_month": (60.0, 80.0)},
        "hts": {"morale_shift": -0.5},
    }
    assert (syria.parameters, syria.conditions, syria.events[0].share) == ({}, {}, 0.5)


def test_with_set_takes_python_values(syria):
    assert syria.with_set({"morale_pay": 1, "days": 12}) == syria.with_set({"morale_pay": "1", "days": "12"})


@pytest.mark.parametrize(
    ("key", "value", "field", "expected"),
    [
        ("day", "2", "day", 2),
        ("date", "2024-11-28", "date", datetime.date(2024, 11, 28)),
        ("when_fallen", "aleppo", "when_fallen", "aleppo"),
    ],
)
def test_a_new_time_replaces_the_old(syria, key, value, field, expected):
    (decree,) = syria.with_set({f"events.pay-decree.{key}": value}).events
    times = {name: getattr(decree, name) for name in ("day", "date", "when_fallen")}
    assert times == dict.fromkeys(times) | {field: expected}


def test_delay_goes_with_the_fall(syria):
    keys = {"events.pay-decree.when_fallen": "aleppo", "events.pay-decree.delay_days": "2"}
    delayed = syria.with_set(keys)
    assert delayed.events[0].delay_days == 2.0
    assert delayed.with_set({"events.pay-decree.day": 3}).events[0].delay_days is None


def test_none_takes_away(syria):
    assert syria.with_set({"events.pay-decree": "none"}).events == ()
    paid = syria.with_set({"events.pay-decree.paid_after_days": "0", "morale_pay": "1"})
    assert paid.with_set({"events.pay-decree.paid_after_days": "none", "morale_pay": "none"}) == syria


REFUSED_SETTINGS = {
    "parameter": (
        "morale_pya",
        "1",
        "morale_pya: unknown key (did you mean 'morale_pay'?); allowed: a parameter",
    ),
    "field": ("dayz", "1", "dayz: unknown key (did you mean 'days'?); allowed: a parameter"),
    "first day": ("first_day", "2024-12-04", "first_day: 2024-12-04 is not the first day of the case"),
    "condition without its table": (
        "syrian_government.pay_usd_month",
        "120",
        "syrian_government.pay_usd_month: unknown key (did you mean 'conditions.syrian_government.",
    ),
    "condition alone": (
        "pay_usd_month",
        "120",
        "pay_usd_month: unknown key (did you mean 'conditions.FACTION.pay_usd_month'?); allowed: a parameter",
    ),
    "event off": ("events.pay-decree", "off", "events.pay-decree: 'off' is not valid; allowed: none (drops "),
    "not to be set": ("case", "idlib-2020", "case: unknown key"),
    "out of range": (
        "morale_pay",
        "99",
        "parameters: morale_pay: 99 is out of range; allowed: a number from",
    ),
    "word": (
        "morale_pay",
        "high",
        "parameters: morale_pay: 'high' is not a number; allowed: a number from",
    ),
    "truth": (
        "morale_pay",
        "true",
        "parameters: morale_pay: True is not a number; allowed: a number from",
    ),
    "two lines": (
        "days",
        "1\ncase = 'x'",
        "days: \"1\\ncase = 'x'\" is not valid; allowed: a whole number",
    ),
    "zero": ("days", "0", "days: 0 is not valid; allowed: a whole number of days, 1 to 3660"),
    "event": (
        "events.pay-decre.share",
        "1",
        "events.pay-decre.share: 'pay-decre' is unknown (did you mean",
    ),
    "event alone": ("events.other", "1", "events.other: 'other' is unknown; allowed: pay-decree"),
    "event field": (
        "events.pay-decree.shares",
        "1",
        "events.pay-decree.shares: unknown key (did you mean",
    ),
    "event date": (
        "events.pay-decree.date",
        "2023-01-01",
        "events.pay-decree.date: 2023-01-01 is before",
    ),
    "shortened": ("days", "5", "events.pay-decree.date: 2024-12-04 is after the last day; allowed: "),
    "condition": (
        "conditions.hts.cohesio",
        "1",
        "conditions.hts.cohesio: unknown condition (did you mean",
    ),
    "conditions alone": ("conditions.hts", "1", "conditions.hts: unknown key"),
}


@pytest.mark.parametrize(("key", "value", "expected"), REFUSED_SETTINGS.values(), ids=REFUSED_SETTINGS)
def test_refused_setting(syria, key, value, expected):
    (line,) = problems(syria.with_set, {key: value})
    assert line.startswith(expected), line
    assert "; allowed: " in line


def test_all_refused_settings_are_told_at_once(syria):
    settings = {"dayz": "1", "morale_pay": "99", "events.no.share": "1", "ticks_per_day": "0"}
    assert len(problems(syria.with_set, settings)) == 4


# There and back -------------------------------------------------------------------------------------------


def within(parameter):
    return st.floats(parameter.low, parameter.high)


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "days": st.integers(8, 40),
        "soldiers_per_unit": st.integers(1, 10_000),
        "events.pay-decree.share": st.floats(-0.99, 10),
        "events.pay-decree.paid_after_days": st.floats(0, 3660),
        "conditions.hts.cohesion": st.floats(0, 1) | st.tuples(st.floats(0, 0.5), st.floats(0.5, 1)),
        **{name: within(parameter) for name, parameter in list(REGISTRY.items())[:8]},
    },
)


@given(SETTINGS)
def test_text_settings_and_toml_round_trip(settings):
    """A setting typed as text means its value; the written file and the manifest's tables load back equal."""
    syria = load_scenario(SYRIA)
    changed = syria.with_set(settings)
    assert changed == syria.with_set({key: write_toml({"v": value})[4:-1] for key, value in settings.items()})
    assert Scenario(**tomllib.loads(changed.to_toml())) == changed
    assert Scenario(**changed.model_dump(mode="json")) == changed
    assert pickle.loads(pickle.dumps(changed)) == changed


TEXT = st.text(st.characters(codec="utf-8"))
SCALARS = (
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.dates()
)


@given(
    st.dictionaries(
        TEXT,
        SCALARS
        | st.lists(SCALARS)
        | st.dictionaries(TEXT, SCALARS)
        | st.lists(st.dictionaries(TEXT, SCALARS), min_size=1),
    )
)
def test_written_toml_reads_back_equal(tables):
    assert tomllib.loads(write_toml(tables)) == tables


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("aleppo", "aleppo"),
        ('"3"', "3"),
        ("[1, 2]", [1, 2]),
        ("", ""),
        ("a # b", "a # b"),
    ],
)
def test_values_as_typed(text, value):
    read = read_value(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("field", ["days", "events"])
def test_frozen(syria, field):
    with pytest.raises(ValueError, match="frozen"):
        setattr(syria, field, getattr(syria, field))
