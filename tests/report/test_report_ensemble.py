"""What is counted over runs, on examples worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from fake_result import fake_result, toy_case

from sim.case.history import recorded_history
from sim.report.attacked import attacked_factions
from sim.report.ensemble import Bands, codes, make_ensemble, median_day, typical_row
from sim.report.headlines import honesty
from sim.report.run_log import tell_typical_run

NEVER = np.inf


def test_the_typical_run_is_the_nearest_to_the_medians():
    # Medians: place 0 day 3, place 1 never (counted as day 7 of 6). Distances: 4, 1, 2, 2 + 3 = 5.
    falls = np.array([[3, 3], [4, NEVER], [3, 5], [1, 4.0]])
    assert median_day(falls, 6).tolist() == [3, 4]
    assert typical_row(np.array([[3, 3], [4, NEVER], [3, 5], [1, NEVER], [3, NEVER]]), 6) == 4
    # Medians 3 and 4: distances 1, 1 + 3, 1, 2.
    assert typical_row(falls, 6) == 0


def test_the_log_is_that_of_the_typical_run():
    falls = np.array([[1, 1, 1], [2, 3, 4], [NEVER, NEVER, NEVER]])
    result = fake_result(toy_case(), runs=3, fall_day=falls)
    ensemble = make_ensemble(result)
    assert ensemble.typical_run == 1
    log = tell_typical_run(ensemble)
    assert [(day.number, [entry.text.split(" falls")[0] for entry in day.shown]) for day in log] == [
        (2, ["Town 0"]),
        (3, ["Town 1"]),
        (4, ["Town 2"]),
    ]
    assert log[0].date == "31 January 2024"


def test_a_busy_day_is_folded():
    result = fake_result(toy_case(), runs=1, fall_day=[[1, NEVER, NEVER]])
    result.tables["events"] = pd.concat([result.events] * 30, ignore_index=True)
    (day,) = tell_typical_run(make_ensemble(result))
    assert (len(day.shown), len(day.folded)) == (12, 18)


def test_run_ids_need_not_start_at_zero():
    result = fake_result(toy_case(), runs=3, fall_day=[[1, 1, 1], [2, 3, 4], [6, 6, 6]])
    for name in ("control", "runs", "events", "factions", "backers"):
        result.tables[name] = result.tables[name].assign(run_id=result.tables[name]["run_id"] + 7)
    assert make_ensemble(result).typical_run == 8


def test_a_median_that_never_comes():
    falls = np.array([[NEVER], [NEVER], [1.0]])
    assert median_day(falls, 5).tolist() == [NEVER]
    assert median_day(np.array([[2.0], [NEVER]]), 5).tolist() == [2.0]


def test_fallen_is_a_state_and_counts_alliances():
    case = toy_case()
    case.tables["factions"].loc[2] = ("ally", "Ally", "government")
    case.tables["relations"].loc[1] = ("ally", "gov", "allied")
    result = fake_result(case, runs=1, days=3, fall_day=[[NEVER] * 3])
    course = {"p0": ["gov", "ally", "gov"], "p1": ["reb", "gov", "ally"], "p2": ["gov", "reb", "reb"]}
    holders = [
        course[place][day - 1]
        for place, day in zip(result.control["place_id"], result.control["day"], strict=True)
    ]
    result.control["controller"] = pd.Categorical(holders, ["gov", "reb", "ally"])
    ensemble = make_ensemble(result)
    assert ensemble.probability.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 1]]
    assert ensemble.fall_day.tolist() == [[NEVER, 1, 2]]
    assert np.array_equal(ensemble.probability, result.fallen_probability().to_numpy())


def test_record_follows_places_that_change_back():
    case = toy_case()
    rows = [
        ("p0", date(2024, 1, 31), "reb", "assault", "high"),
        ("p0", date(2024, 2, 2), "gov", "assault", "high"),
        ("p1", date(2024, 1, 29), "reb", "assault", "high"),  # before the first day: context
        ("p2", date(2024, 3, 1), "reb", "assault", "high"),  # after the last day
    ]
    case.tables["control_timeline"] = pd.DataFrame(rows, columns=case.control_timeline.columns)
    record = recorded_history(case, date(2024, 1, 30), 5)
    assert record.known
    assert record.fallen.astype(int).tolist() == [[0, 1, 1, 0, 0], [0] * 5, [0] * 5]
    assert record.day.tolist() == [2, NEVER, NEVER]
    assert record.confidence == ("high", "", "")


def test_at_stake_is_what_first_attackers_are_hostile_to():
    case = toy_case()
    assert attacked_factions(case) == {"gov"}
    case.opening_offensive = ("gov",)
    assert attacked_factions(case) == {"reb"}
    case.opening_offensive = ()
    assert attacked_factions(case) == {"gov"}


def test_the_largest_miss_and_false_falls_are_confessed():
    # Only p2 is recorded to fall (day 2); p0 falls in both runs though it held; p2 comes 3 days late.
    result = fake_result(toy_case(held=["p0"]), runs=2, fall_day=[[1, NEVER, 5], [1, 6, 5]])
    text = " ".join(honesty(make_ensemble(result), []))
    assert "by 3.0 days on average, most at Town 2 (model: day 5, 3 Feb; recorded: day 2, 31 Jan)" in text
    assert "though the record says held: Town 0." in text
    for silent in (toy_case(), toy_case(held=["p0"])):  # not recorded to hold, or falls after the record
        later = fake_result(silent, runs=2, days=9, fall_day=[[7 if len(silent.held) else 1, NEVER, 2]] * 2)
        assert "record says held" not in " ".join(honesty(make_ensemble(later), []))
    unchecked = fake_result(toy_case(recorded=False), runs=2)
    assert "nothing here is checked by history" in " ".join(honesty(make_ensemble(unchecked), []))


def test_bands_are_quantiles_over_the_runs_that_have_a_value():
    values = np.array([[1.0, np.nan], [2, 5], [3, 7], [4, np.nan], [10, np.nan]])
    table = pd.DataFrame(
        {
            "run_id": np.repeat(np.arange(5), 2),
            "day": np.tile([1, 2], 5),
            "faction_id": "a",
            "soldiers": values.ravel(),
        }
    )
    bands = Bands(table.sample(frac=1, random_state=1), "faction_id", ["b", "a"], 2)
    got = bands.quantiles("soldiers")
    assert got.shape == (5, 2, 2)
    assert got[:, 0, 1] == pytest.approx(np.quantile(values[:, 0], (0.05, 0.25, 0.5, 0.75, 0.95)))
    assert got[:, 1, 1] == pytest.approx(np.quantile([5, 7], (0.05, 0.25, 0.5, 0.75, 0.95)))
    assert np.isnan(got[:, :, 0]).all()


def test_codes_of_words_and_categories_agree():
    words = pd.Series(["b", "a", "x", "b"])
    for column in (words, words.astype("category")):
        assert codes(column, ["a", "b", "c"]).tolist() == [1, 0, -1, 1]
