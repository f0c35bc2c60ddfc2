"""Two worlds run for run: intervals against kept libraries and by coverage, and what must not differ."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from toy_case import write_toy_case
from typer.testing import CliRunner

import sim.cli
from sim.cli.compare import times_text
from sim.errors import InputError
from sim.experiment.compare import BASE, compare, compare_results
from sim.experiment.outcomes import OUTCOMES, main_places, outcome_columns, run_outcomes
from sim.experiment.paired import (
    mean_interval,
    paired_difference,
    proportion_interval,
    variance_ratio,
)
from sim.report.comparison import difference_text, draw_comparison
from sim.scenario import load_scenario
from sim.simulate import simulate

RUNS, DAYS = 6, 6
LOW_MORALE = {"conditions.army.morale_shift": -1.5}


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = write_toy_case(tmp_path_factory.mktemp("case") / "toy", places=4, days=DAYS)
    return load_scenario(folder).with_set({"posterior": "prior"})


@pytest.fixture(scope="module")
def comparison(toy):
    worlds = {"worse": LOW_MORALE, "same": {"morale_pay": 0.7, "days": DAYS}}
    return compare(toy, worlds, runs=RUNS, seed=2, places=["town-1"], engine="numpy")


# Statistics -----------------------------------------------------------------------------------------------


def correlated_normals(runs, sd, correlation, seed=1):
    covariance = [[sd[0] ** 2, correlation * sd[0] * sd[1]], [correlation * sd[0] * sd[1], sd[1] ** 2]]
    return np.random.default_rng(seed).multivariate_normal([0, 0.5], covariance, runs).T


def test_interval_of_means_is_that_of_scipy():
    base, other = correlated_normals(40, (1, 2), 0.7)
    expected = scipy.stats.ttest_rel(other, base).confidence_interval(0.95)
    assert mean_interval(other - base) == pytest.approx((expected.low, expected.high))
    pair = paired_difference(base, other)
    assert (pair.low, pair.high) == pytest.approx((expected.low, expected.high))
    assert pair.difference == pytest.approx(pair.mean - pair.base_mean)


def test_interval_of_shares_by_hand():
    # 20 runs, 8 gained, 1 lost, half a run more in each cell: (8.5 - 1.5) / 22 and so on.
    change = np.array([1] * 8 + [-1] + [0] * 11)
    half = 1.959964 * (8.5 + 1.5 - 7**2 / 22) ** 0.5 / 22
    assert proportion_interval(change) == pytest.approx((7 / 22 - half, 7 / 22 + half), abs=1e-6)


def test_interval_of_shares_is_mirrored_and_stays_in_range():
    change = np.array([1] * 10)
    low, high = proportion_interval(change)
    assert 0.5 < low < 1
    assert high == 1
    assert proportion_interval(-change) == (-high, -low)


@pytest.mark.parametrize(("gained", "lost"), [(0.05, 0.01), (0.3, 0.1), (0.02, 0.02)])
def test_coverage_of_shares(gained, lost):
    rng = np.random.default_rng(7)
    changes = rng.choice([1, -1, 0], p=[gained, lost, 1 - gained - lost], size=(2000, 100))
    ends = np.array([proportion_interval(change) for change in changes])
    covered = np.mean((ends[:, 0] <= gained - lost) & (gained - lost <= ends[:, 1]))
    # 2000 samples: the standard error of the coverage is 0.005.
    assert 0.93 < covered < 0.99


def test_coverage_of_means_of_skewed_differences():
    rng = np.random.default_rng(8)
    changes = rng.exponential(1.0, size=(2000, 200))
    ends = np.array([mean_interval(change) for change in changes])
    assert np.mean((ends[:, 0] <= 1) & (ends[:, 1] >= 1)) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.9])
def test_variance_ratio_of_correlated_normals(correlation):
    base, other = correlated_normals(100_000, (1, 2), correlation)
    expected = (1 + 4) / (1 + 4 - 2 * correlation * 1 * 2)
    assert variance_ratio(base, other) == pytest.approx(expected, rel=0.02)


def test_variance_ratio_without_variance():
    rising, flat = np.arange(5.0), np.ones(5)
    assert variance_ratio(rising, rising + 2) == np.inf  # every pair changes by the same
    assert np.isnan(variance_ratio(flat, flat + 2))  # nothing varies: pairing is worth nothing
    assert variance_ratio(rising, flat) == 1  # all variance is that of the difference
    assert np.isnan(variance_ratio(rising[:1], rising[:1]))


def test_a_single_run_has_no_interval():
    pair = paired_difference(np.array([2.0]), np.array([5.0]))
    assert pair.difference == 3
    assert np.isnan([pair.low, pair.high]).all()


# Worlds ---------------------------------------------------------------------------------------------------


def test_the_same_world_differs_in_nothing(comparison):
    same = comparison.table[comparison.table["world"] == "same"]
    assert len(same) > 5
    assert (same[["difference", "runs_differing"]] == 0).all(axis=None)
    of_means = same[same["unit"] != "share"]
    assert (of_means[["low", "high"]] == 0).all(axis=None)


def test_a_worse_army_falls_sooner(comparison):
    worse = comparison.table[comparison.table["world"] == "worse"].set_index("outcome")
    assert worse.loc["places_fallen", "difference"] > 0
    assert worse.loc["deserted", "low"] > 0
    assert worse.loc["deserted", "difference"] == pytest.approx(
        worse.loc["deserted", "mean"] - worse.loc["deserted", "base_mean"]
    )


def test_differences_are_run_for_run(comparison):
    runs = comparison.runs.set_index(["world", "run_id"])
    worse = comparison.differences.query("world == 'worse'").set_index("run_id")
    for run in range(RUNS):
        assert runs.loc[(BASE, run), "seed"] == runs.loc[("worse", run), "seed"]
        expected = runs.loc[("worse", run), "deserted"] - runs.loc[(BASE, run), "deserted"]
        assert worse.loc[run, "deserted"] == expected


def test_an_event_that_does_nothing_moves_nothing(toy):
    event = {
        "id": "idle",
        "kind": "pay_rise",
        "faction": "army",
        "day": 2,
        "share": 0.0,
        "paid_after_days": 0,
    }
    with_event = type(toy)(**toy.as_dict() | {"events": [event]})
    base, other = (simulate(s, runs=3, seed=4, engine="numpy") for s in (toy, with_event))
    table = compare_results(base, {"idle": other}).table
    assert (table["difference"] == 0).all()


def test_outcomes_count_every_run(toy):
    result = simulate(toy.with_set({"conditions.army.morale_shift": 4}), runs=2, seed=2, engine="numpy")
    frame = run_outcomes(result, ["capital"])
    never = result.runs["capital_fallen_day"].isna()
    assert never.any()
    assert (frame.loc[never, "capital_fallen_day"] == DAYS + 1).all()
    assert (frame["capital_falls"] == 1 - never).all()
    assert frame["fallen_day.capital"].tolist() == frame["capital_fallen_day"].tolist()
    assert not frame.isna().any(axis=None)
    assert not [name for name in outcome_columns(frame) if name.startswith("condition.")]


def test_main_places_are_large_seats_of_the_government():
    case = load_scenario("syria-2024").load_case()
    places = case.places.set_index("id").loc[main_places(case)]
    assert len(places) == 5
    assert (places["kind"] == "regional_capital").all()
    assert places["population"].is_monotonic_decreasing
    assert places["initial_controller"].isin(case.government_side).all()


def test_worlds_that_cannot_be_compared(toy):
    with pytest.raises(InputError, match=r"^long: days: 9 is not that of the base; allowed: 6$"):
        compare(toy, {"long": {"days": 9}}, runs=1)
    with pytest.raises(InputError, match=r"^odd: morale_pya: unknown key"):
        compare(toy, {"odd": {"morale_pya": 1}}, runs=1)
    with pytest.raises(InputError, match="'base' cannot be the name"):
        compare(toy, {BASE: {"morale_pay": 1}}, runs=1)
    with pytest.raises(InputError, match="none to compare with"):
        compare(toy, {}, runs=1)
    with pytest.raises(InputError, match="places: 'nowhere' is unknown"):
        compare(toy, {"a": {"morale_pay": 1}}, runs=1, places=["nowhere"])
    base, other = (simulate(toy, runs=1, seed=seed, engine="numpy") for seed in (1, 2))
    with pytest.raises(InputError, match="other: seeds: are not those of the base"):
        compare_results(base, {"other": other})


def test_folder_holds_everything(comparison, tmp_path):
    comparison.save(tmp_path / "out", {"comparison.svg": draw_comparison(comparison)})
    table = pd.read_csv(tmp_path / "out" / "comparison.csv")
    assert table["difference"].tolist() == pytest.approx(comparison.table["difference"].tolist())
    assert pd.read_parquet(tmp_path / "out" / "runs.parquet").equals(comparison.runs)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["worlds"]["worse"] == LOW_MORALE
    assert sorted(manifest["files"]) == ["comparison.csv", "comparison.svg", "runs.parquet"]
    with pytest.raises(
        InputError, match=r"is that of comparison \(comparison\.csv, runs\.parquet, .*allowed: "
    ):
        sim.open(tmp_path / "out")


def test_outcomes_have_their_units(comparison):
    units = comparison.table.set_index("outcome").loc["displaced_peak", "unit"]
    assert set(units) == {"people"}
    assert set(OUTCOMES) <= set(comparison.table["outcome"])


# Figure and command ---------------------------------------------------------------------------------------


def test_what_is_too_small_for_an_axis_has_its_own(comparison):
    table = comparison.table.copy()
    table.loc[table["outcome"] == "deserted", ["low", "high"]] = [-8000.0, 6000.0]
    table.loc[table["outcome"].isin(["killed", "surrendered"]), ["low", "high"]] = [-90.0, 100.0]
    figure = draw_comparison(replace(comparison, table=table))
    titles = [figure.index(f"Soldiers of the government side{more}<") for more in ("", ", larger scale")]
    assert titles[0] < figure.index("Deserted<") < titles[1] < figure.index("Killed<")


def test_figure_has_a_row_for_each_outcome_and_a_mark_for_each_world(comparison):
    figure = draw_comparison(comparison)
    outcomes = len(outcome_columns(comparison.runs))
    assert figure.count('class="interval"') == 2 * outcomes
    assert figure.count('class="end"') == outcomes
    assert "nan" not in figure


def test_numbers_as_text():
    assert difference_text(-0.5625, -0.604, -0.516, "share") == "−56.2 [−60.4, −51.6]"
    assert difference_text(-30634.6, -32755.3, 28513.9, "soldiers") == "−30,635 [−32,755, +28,514]"
    assert difference_text(0.0, -0.001, np.nan, "day") == "0.00 [0.00, –]"


def test_a_gain_beyond_reason_is_cut_off():
    assert [times_text(ratio) for ratio in (3.42, 1000, 1.1e10, np.inf, np.nan)] == [
        "x 3.42",
        "x 1e+03",
        "> 1,000",
        "> 1,000",
        "–",
    ]


def invoke(*arguments):
    return CliRunner().invoke(sim.cli.app, ["compare", *map(str, arguments)])


REFUSED = {
    "no world": ([], "Missing option '--with'. See --help."),
    "key": (["--with", "morale_pya=1"], "--with: morale_pya=1: morale_pya: unknown key"),
    "value": (["--with", "morale_pay"], "--with: 'morale_pay' has no value; allowed: key=value"),
    "nothing": (["--with", "a:"], "--with: 'a:' changes nothing; allowed: "),
    "twice": (
        ["--with", "morale_pay=1", "--with", "morale_pay=1"],
        "--with: 'morale_pay=1' is the name of two",
    ),
    "base": (["--with", "base: morale_pay=1"], "--with: 'base' cannot be the name of a changed world"),
    "days": (["--with", "days=12"], "--with: days=12: days: 12 is not that of the base; allowed: 13"),
    "runs": (["--with", "morale_pay=1", "--runs", 0], "--runs: 0 is out of range; allowed: "),
    "place": (
        ["--with", "morale_pay=1", "--place", "alepo"],
        "--place: 'alepo' is unknown (did you mean 'aleppo'",
    ),
    "set": (["--with", "morale_pay=1", "--set", "x=1"], "--set: x: unknown key"),
}


@pytest.mark.parametrize(("arguments", "expected"), REFUSED.values(), ids=REFUSED)
def test_bad_input(arguments, expected, monkeypatch):
    monkeypatch.setattr("sim.experiment.compare.simulate", None)
    result = invoke("syria-2024", *arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(expected), line


def test_command(toy, tmp_path):
    (tmp_path / "toy.toml").write_text(toy.to_toml())
    out = tmp_path / "out"
    common = [tmp_path / "toy.toml", "--runs", 3, "--engine", "numpy", "--out", out]
    worse = "worse: conditions.army.morale_shift=-1.5; morale_pay=0.5"
    result = invoke(*common, "--with", worse, "--with", "morale_pay=0.8", "--json")
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert list(content["worlds"]) == ["worse", "morale_pay=0.8"]
    assert content["worlds"]["worse"] == {"conditions.army.morale_shift": "-1.5", "morale_pay": "0.5"}
    assert (out / "comparison.svg").read_text().startswith("<svg")
    again = invoke(*common, "--with", worse)  # an earlier comparison is replaced
    assert again.exit_code == 0, again.output
    assert "Mean over" in again.stdout
    assert list(json.loads((out / "manifest.json").read_text())["worlds"]) == ["worse"]
