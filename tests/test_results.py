"""A result: tidy tables, whole files or none, and the share of runs in which a place has fallen."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from toy_case import write_toy_case

from sim.errors import InputError
from sim.results import TABLES, Result, open_result
from sim.scenario import load_scenario
from sim.simulate import simulate
from sim.world import CAUSES

RUNS, DAYS, PLACES = 3, 6, 4


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    case = write_toy_case(tmp_path_factory.mktemp("case") / "toy", places=PLACES, days=DAYS)
    scenario = load_scenario(case).with_set({"conditions.army.morale_shift": -1.5})
    return simulate(scenario, runs=RUNS, seed=2, engine="numpy")


def test_tables_are_long_and_typed(result):
    assert set(result.tables) == set(TABLES)
    assert list(result.control) == ["run_id", "day", "place_id", "controller", "contested", "cause"]
    assert len(result.control) == RUNS * DAYS * PLACES
    assert len(result.factions) == RUNS * DAYS * 2
    assert len(result.backers) == RUNS * DAYS
    assert len(result.places) == RUNS * DAYS * PLACES
    assert result.runs["run_id"].tolist() == [0, 1, 2]
    for name in ("control", "factions", "backers", "places"):
        table = result.tables[name]
        assert table["run_id"].dtype == np.int32
        assert table["day"].dtype == np.int16
        assert (table["day"].min(), table["day"].max()) == (1, DAYS)
        assert isinstance(table.iloc[:, 2].dtype, pd.CategoricalDtype)
        assert not table.duplicated(["run_id", "day", table.columns[2]]).any()
        assert not table.isna().any().any()
    assert list(result.control["place_id"].cat.categories) == result.case.place_ids
    assert set(result.control["cause"]) <= set(CAUSES)


def test_tables_agree_with_each_other(result):
    last = result.control[result.control["day"] == DAYS]
    fallen = result.fallen[last.index].groupby(last["run_id"]).sum()
    assert result.runs["places_fallen"].tolist() == fallen.tolist()
    totals = result.factions[(result.factions["day"] == DAYS) & (result.factions["faction_id"] == "army")]
    for outcome, column in (("killed", "killed"), ("deserted", "deserted"), ("defected", "defected_out")):
        assert result.runs[outcome].tolist() == totals[column].tolist()
    for run, day in zip(result.runs["run_id"], result.runs["capital_fallen_day"], strict=True):
        capital = result.control[
            (result.control["run_id"] == run) & (result.control["place_id"] == "capital")
        ]
        taken = capital.loc[capital["controller"] == "rebels", "day"]
        assert day == taken.min() if len(taken) else np.isnan(day)


def test_every_change_of_control_is_told_once(result):
    causes = set(CAUSES) - {""}
    told = result.events[result.events["kind"].isin(causes)]
    initial = dict(zip(result.case.places["id"], result.case.places["initial_controller"], strict=True))
    changes = 0
    for (_, place), rows in result.control.groupby(["run_id", "place_id"], observed=True):
        holders = [initial[place], *rows.sort_values("day")["controller"].astype(str)]
        changes += sum(a != b for a, b in zip(holders, holders[1:], strict=False))
    assert len(told) == changes > 0
    text = told["text"].astype(str)
    assert text.str.endswith(".").all() and not text.str.contains("(", regex=False).any()
    assert (
        result.control.loc[result.control["cause"] == "", "controller"].astype(str).isin(initial.values())
    ).all()


def test_conditions_drawn_stand_once_a_run(result):
    drawn = result.runs["condition.army.cohesion"]
    assert drawn.between(0.3, 0.5).all()
    assert drawn.nunique() == RUNS
    assert (result.runs["condition.army.morale_shift"] == -1.5).all()
    assert not [c for c in result.control.columns if c.startswith("condition")]


def test_manifest_says_how_to_get_it_again(result):
    manifest = result.manifest
    assert (manifest["seed"], manifest["runs"], manifest["days"], manifest["engine"]) == (
        2,
        RUNS,
        DAYS,
        "numpy",
    )
    assert manifest["case"]["hashes"] == result.case.hashes
    scenario = type(result.scenario)(**manifest["scenario"])
    assert scenario == result.scenario
    again = simulate(scenario, runs=RUNS, seed=2, engine="numpy")
    for name in TABLES:
        pd.testing.assert_frame_equal(again.tables[name], result.tables[name])


def test_another_seed_is_another_result(result):
    other = simulate(result.scenario, runs=RUNS, seed=3, engine="numpy")
    assert not set(other.runs["seed"]) & set(result.runs["seed"])
    assert not other.factions.equals(result.factions)


def test_saved_and_opened_it_is_the_same(result, tmp_path):
    result.save(tmp_path / "deep" / "run")
    opened = open_result(tmp_path / "deep" / "run")
    for name in TABLES:
        pd.testing.assert_frame_equal(opened.tables[name], result.tables[name])
    assert opened.scenario == result.scenario
    assert opened.manifest == json.loads(json.dumps(result.manifest, default=str))
    assert opened.fallen_probability().equals(result.fallen_probability())
    assert repr(opened) == repr(result)
    names = {path.name for path in (tmp_path / "deep" / "run").iterdir()}
    assert names == {"manifest.json", *(f"{name}.parquet" for name in TABLES)}


def test_a_new_result_replaces_an_old_one(result, tmp_path):
    folder = tmp_path / "run"
    simulate(result.scenario, runs=1, seed=9, engine="numpy").save(folder)
    result.save(folder)
    assert open_result(folder).manifest["seed"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("name", ["control.parquet", "runs.parquet"])
def test_an_altered_or_missing_file_is_found(result, tmp_path, name):
    folder = tmp_path / "run"
    result.save(folder)
    file = folder / name
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(InputError, match=f"{name}: its hash"):
        open_result(folder)
    file.unlink()
    with pytest.raises(InputError, match=f"{name}: missing"):
        open_result(folder)


@pytest.mark.parametrize("text", [None, "{", "{}", "[]", "3"])
def test_a_folder_without_a_result_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError) as error:
        open_result(tmp_path)
    (line,) = error.value.problems
    assert str(tmp_path) in line
    assert "manifest.json" in line


def failing_at(monkeypatch, table: int) -> None:
    """The disk is full at the given table."""
    real, calls = pd.DataFrame.to_parquet, iter(range(99))

    def to_parquet(self, path, *args, **options):
        if next(calls) == table:
            path.write_bytes(b"half a fi")
            raise OSError("No space left on device")
        return real(self, path, *args, **options)

    monkeypatch.setattr(pd.DataFrame, "to_parquet", to_parquet)


@pytest.mark.parametrize("table", [0, 3, len(TABLES) - 1])
def test_an_interrupted_save_leaves_nothing_half_written(result, tmp_path, monkeypatch, table):
    failing_at(monkeypatch, table)
    with pytest.raises(OSError, match="No space left"):
        result.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_save_leaves_the_old_result(result, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    simulate(result.scenario, runs=1, seed=9, engine="numpy").save(folder)
    failing_at(monkeypatch, 2)
    with pytest.raises(OSError, match="No space left"):
        result.save(folder)
    assert open_result(folder).manifest["seed"] == 9
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_disk_that_fails_at_the_last_move_leaves_the_old_result(result, tmp_path, monkeypatch):
    folder, moves = tmp_path / "run", iter(range(99))
    simulate(result.scenario, runs=1, seed=9, engine="numpy").save(folder)
    real = os.rename

    def rename(here, there):
        if next(moves) == 1:
            raise OSError("No space left on device")
        real(here, there)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(OSError, match="No space left"):
        result.save(folder)
    assert open_result(folder).manifest["seed"] == 9
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_is_not_ours_is_not_replaced(result, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("a year")
    for there, why in ((tmp_path / "thesis", r"holds other files \(chapter.txt\)"), (tmp_path, "thesis")):
        with pytest.raises(InputError, match=why):
            result.save(there)
    with pytest.raises(InputError, match="is a file"):
        result.save(tmp_path / "thesis" / "chapter.txt")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "a year"


def test_fallen_probability_of_a_hand_made_example(result):
    """Two runs of three days. The base is the rebels' from the start; town-1 falls twice, is retaken once."""
    holders = {
        ("base", 0): "rrr", ("base", 1): "raa",
        ("town-1", 0): "rrr", ("town-1", 1): "ara",
        ("town-2", 0): "aar", ("town-2", 1): "aaa",
        ("capital", 0): "aaa", ("capital", 1): "aaa",
    }  # fmt: skip
    name = {"a": "army", "r": "rebels"}
    rows = [
        (run, day, place, name[holder])
        for (place, run), days in holders.items()
        for day, holder in enumerate(days, start=1)
    ]
    control = pd.DataFrame(rows, columns=["run_id", "day", "place_id", "controller"]).sample(
        frac=1, random_state=1
    )
    control = control.astype({"place_id": "category", "controller": "category"}).reset_index(drop=True)
    made = Result(result.manifest, result.scenario, dict(result.tables) | {"control": control})
    probability = made.fallen_probability()
    assert probability.index.tolist() == ["base", "town-1", "town-2", "capital"]
    assert probability.columns.tolist() == [1, 2, 3]
    assert probability.to_numpy().tolist() == [[0, 0.5, 0.5], [0.5, 1, 0.5], [0, 0, 0.5], [0, 0, 0]]
