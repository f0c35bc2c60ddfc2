"""Sweep files: read as they are meant, and every mistake told in a line that says what is allowed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_sweep import SET, VARY, write_sweep

from sim.errors import InputError
from sim.experiment.sweep import load_sweep, shipped_sweeps
from sim.experiment.sweep_file import DAILY
from sim.parameters import REGISTRY
from sim.tables import DAILY_TABLES
from sim.toml import write_toml


def test_a_grid_and_its_runs(tmp_path):
    sweep = load_sweep(write_sweep(tmp_path))
    low, high = REGISTRY["morale_pay"].low, REGISTRY["morale_pay"].high
    expected = [[pay, usd] for pay in (low, high) for usd in (40, 50, 60)]
    assert sweep.design.points(0, 6).tolist() == expected
    assert (sweep.name, sweep.runs, sweep.chunks) == ("toy", 12, 6)
    assert sweep.scenario.days == 2
    assert sweep.points_of(sweep.run_ids(3)).tolist() == [expected[3], expected[3]]


@settings(max_examples=25)
@given(runs=st.integers(1, 5_000_000))
def test_chunks_hold_every_run_once(tmp_path_factory, runs):
    folder = tmp_path_factory.getbasetemp() / "chunks"
    folder.mkdir(exist_ok=True)
    sweep = load_sweep(
        write_sweep(folder, replicates=str(runs), runs_per_chunk=None, vary=["morale_pay = [1.0]"])
    )
    assert (sweep.chunks - 1) * sweep.chunk_runs < sweep.runs <= sweep.chunks * sweep.chunk_runs
    assert sweep.chunk_runs <= 1024
    assert sweep.chunk_runs % 8 == 0
    assert sweep.run_ids(0)[0] == 0
    assert sweep.run_ids(sweep.chunks - 1)[-1] == runs - 1


def test_shipped_sweeps_load():
    assert "syria-morale-pay" in shipped_sweeps()
    for name in shipped_sweeps():
        assert load_sweep(name).runs > 0


def test_a_shipped_name_goes_before_a_folder_of_that_name(tmp_path):
    (tmp_path / "syria-2024").mkdir()  # as ``holdfast run --out syria-2024`` leaves it
    file = write_sweep(tmp_path, scenario='"syria-2024"', vary=["morale_pay = { levels = 2 }"], settings=())
    assert load_sweep(file).scenario.name == "syria-2024"


def test_screening_designs_get_a_dummy(tmp_path):
    keys = {"runs_per_chunk": None, "vary": ["morale_pay = {}"]}
    morris = load_sweep(write_sweep(tmp_path, kind='"morris"', trajectories="3", **keys))
    saltelli = load_sweep(write_sweep(tmp_path, kind='"saltelli"', points="8", **keys))
    assert morris.design.names == saltelli.design.names == ("morale_pay", "dummy")
    assert (len(morris.design), len(saltelli.design)) == (3 * 3, 8 * 4)


def test_a_list_of_points(tmp_path):
    (tmp_path / "points.csv").write_text("morale_pay,conditions.army.pay_usd_month\n1,40\n0.5,60\n", "utf-8")
    sweep = load_sweep(write_sweep(tmp_path, kind='"list"', file='"points.csv"', vary=()))
    assert sweep.design.names == ("morale_pay", "conditions.army.pay_usd_month")
    assert sweep.design.points(0, 9).tolist() == [[1, 40], [0.5, 60]]


DECREE = """
case = "case"
first_day = 2030-03-01
days = 5
[[events]]
id = "decree"
kind = "pay_rise"
faction = "army"
day = 1
share = 0.5
"""


def with_decree(folder, **keys):
    """A sweep file over the toy case with a pay rise."""
    (folder / "war.toml").write_text(DECREE, "utf-8")
    return write_sweep(folder, **{"scenario": '"war.toml"', "settings": ("days = 5",)} | keys)


@pytest.mark.parametrize("kind", ["grid", "latin_hypercube"])
def test_the_size_and_date_of_an_event_are_varied(tmp_path, kind):
    vary = ['events.decree.date = [2030-03-02, "2030-03-05"]', "events.decree.share = [0.5, 2]"]
    keys = {} if kind == "grid" else {"points": "16"}
    design = load_sweep(with_decree(tmp_path, kind=f'"{kind}"', vary=vary, **keys)).design
    assert design.names == ("events.decree.day", "events.decree.share")
    days = set(design.points(0, len(design))[:, 0])
    assert days == ({2, 5} if kind == "grid" else {2, 3, 4, 5})


def test_dates_stand_in_a_list_as_well(tmp_path):
    (tmp_path / "p.csv").write_text("events.decree.date, morale_pay\n2030-03-04,1\n2030-03-01,0.5\n", "utf-8")
    design = load_sweep(with_decree(tmp_path, kind='"list"', file='"p.csv"', vary=())).design
    assert design.names == ("events.decree.day", "morale_pay")
    assert design.points(0, 9).tolist() == [[4, 1], [1, 0.5]]


@pytest.mark.parametrize(
    ("vary", "expected"),
    [
        (
            ["events.decree.date = [2030-03-02, 2030-04-02]"],
            "vary.events.decree.day: 33 is after the last day",
        ),
        (["events.decree.date = [2030-02-27, 2030-03-02]"], "vary.events.decree.day: -1 is "),
        (
            ['events.decree.date = ["2030-03-32", 1]'],
            "vary.events.decree.day: ['2030-03-32', 1] is not ",
        ),
        (
            ["events.decree.date = [2030-03-02]", "events.decree.day = [1]"],
            "vary.events.decree.day: is varied twice; allowed: once",
        ),
    ],
)
def test_a_wrong_date_is_told(tmp_path, vary, expected):
    assert any(line.startswith(expected) for line in problems(with_decree(tmp_path, vary=vary)))


def problems(path):
    with pytest.raises(InputError) as caught:
        load_sweep(path)
    return [line.removeprefix(f"{path}: ") for line in caught.value.problems]


WRONG = {
    "key": ({"replicas": "3"}, "replicas: unknown key (did you mean 'replicates'?); allowed: name, "),
    "kind": ({"kind": '"gird"'}, "kind: 'gird' is not valid; allowed: grid, latin_hypercube, "),
    "replicates": ({"replicates": "0"}, "replicates: 0 is not valid; allowed: a whole number"),
    "missing": ({"replicates": None}, "replicates: is missing; allowed: a whole number"),
    "scenario": ({"scenario": '"caes"'}, "scenario: 'caes' is unknown; allowed: "),
    "points in a grid": ({"points": "8"}, 'points: is not used by kind = "grid"; allowed: with kind = '),
    "no points": ({"kind": '"sobol"'}, "points: is missing; allowed: a whole number, 1 or more"),
    "power": ({"kind": '"sobol"', "points": "100"}, "points: 100 is no power of 2, "),
    "odd": (
        {"kind": '"morris"', "trajectories": "4", "morris_levels": "3"},
        "morris_levels: 3 is not valid; allowed: an even number, 2 to 64",
    ),
    "daily": ({"daily": '["contrl"]'}, "daily: 'contrl' is not valid; allowed: true, false, or a list of "),
    "no file": ({"kind": '"list"', "vary": ()}, "file: is missing; allowed: a CSV file "),
    "vary": ({"vary": ()}, "vary: is missing; allowed: a table [vary] "),
    "set": ({"settings": ("dayz = 3",)}, "set.dayz: unknown key (did you mean 'days'?); allowed: "),
}

WRONG_VARY = {
    "unknown": (
        "moral_pay = [0, 1]",
        "vary.moral_pay: unknown key (did you mean 'morale_pay'?); allowed: a p",
    ),
    "condition alone": (
        "pay_usd_month = [1, 2]",
        "vary.pay_usd_month: unknown key (did you mean 'conditions.FACTION.pay_usd_month'?); allowed: a p",
    ),
    "no range": ("conditions.army.pay_usd_month = {}", "vary.conditions.army.pay_usd_month: has no range "),
    "range": (
        "morale_pay = [0.5, 9]",
        "vary.morale_pay: 9 is out of range; allowed: a number from 0.3 to 2 ",
    ),
    "text": ('morale_pay = ["a", 1]', "vary.morale_pay: ['a', 1] is not valid; allowed: "),
    "twice": ("morale_pay = [1, 1.0]", "vary.morale_pay: has a level twice; allowed: every level once"),
    "key": ("morale_pay = { lo = 1, high = 2 }", "vary.morale_pay.lo: unknown key (did you mean 'low'?); "),
    "log": ("morale_news = { log = true, levels = 3 }", "vary.morale_news.log: True is not valid; allowed: "),
    "days": ("days = [2, 3]", "vary.days: is the same in a whole sweep; allowed: in [set]"),
    "levels": ("morale_pay = { levels = 1 }", "vary.morale_pay.levels: 1 is not valid; allowed: "),
    "no levels": ("morale_pay = {}", "vary.morale_pay: has no levels, which a grid needs; allowed: "),
    "condition": (
        "conditions.army.pay_usd = [1, 2]",
        "vary.conditions.army.pay_usd: unknown condition (did you mean 'pay_usd_month'?); allowed: ",
    ),
    "event": ("events.decree.day = [1, 2]", "vary.events.decree.day: 'decree' is unknown; allowed: "),
    "event field": (
        "events.decree.kind = [1, 2]",
        "vary.events.decree.kind: cannot be varied; allowed: day, ",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_key_is_told(tmp_path, case):
    keys, expected = WRONG[case]
    found = problems(write_sweep(tmp_path, **keys))
    assert any(line.startswith(expected) for line in found), found
    assert all("; allowed: " in line for line in found)


@pytest.mark.parametrize("case", WRONG_VARY)
def test_a_wrong_factor_is_told(tmp_path, case):
    entry, expected = WRONG_VARY[case]
    found = problems(write_sweep(tmp_path, vary=[entry]))
    assert [line for line in found if line.startswith(expected)], found
    assert not [line for line in found if "unknown key" in line and "days" in line]


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems(write_sweep(tmp_path, vary=["morale_pay = [0.5, 9]", "days = [1]", "morale_news = [7]"]))
    assert [line.split(":")[0] for line in found] == ["vary.days", "vary.morale_news", "vary.morale_pay"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("morale_pay\n1\nx\n", "line 3: morale_pay: 'x' is no number; allowed: a number (inf: never)"),
        ("morale_pay\n", "has no rows; allowed: one row per point"),
        ("morale_pay\n1\n9\n", "morale_pay: 9 is out of range; allowed: a number from 0.3 to 2 "),
        ("morale_pay,morale_news\n1,0.5,9\n", "rows longer than the header"),
        ("days\n1\n", "days: is the same in a whole sweep; allowed: in [set]"),
    ],
)
def test_a_wrong_list_is_told(tmp_path, text, expected):
    (tmp_path / "points.csv").write_text(text, "utf-8")
    (line,) = problems(write_sweep(tmp_path, kind='"list"', file='"points.csv"', vary=()))
    assert expected in line


def test_all_that_a_result_keeps_by_day_can_be_kept():
    assert DAILY == tuple(DAILY_TABLES)


def test_every_size_of_an_event_can_be_varied(tmp_path):
    food = {"id": "food", "kind": "aid_corridor", "place": "town-1", "day": 1}
    food |= {"rations_per_day": 9, "duration_days": 2}
    (tmp_path / "food.toml").write_text(write_toml({"case": "case", "events": [food]}), "utf-8")
    vary = ["events.food.rations_per_day = [5, 9]", "events.food.duration_days = [1, 2]"]
    sweep = load_sweep(write_sweep(tmp_path, scenario='"food.toml"', vary=vary))
    assert sweep.design.names == ("events.food.rations_per_day", "events.food.duration_days")


def test_unknown_sweep_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'syria-morale-pay'"):
        load_sweep("syria-moral-pay")


def test_one_list_and_the_same_points_in_a_grid_agree(tmp_path):
    grid = load_sweep(write_sweep(tmp_path, vary=VARY, settings=SET)).design
    rows = "\n".join(",".join(map(str, row)) for row in grid.points(0, 6))
    (tmp_path / "p.csv").write_text(",".join(grid.names) + "\n" + rows, "utf-8")
    listed = load_sweep(write_sweep(tmp_path, name="listed", kind='"list"', file='"p.csv"', vary=())).design
    assert listed.points(0, 6).tolist() == grid.points(0, 6).tolist()
