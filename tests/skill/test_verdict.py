"""The whole score card: on falls laid down by hand, and on cases with something lacking."""

import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from toy_case import write_toy_case

import sim
from sim.results import Result
from sim.scenario import load_scenario
from sim.skill import Skill, score, score_result
from sim.skill.evidence import gather
from sim.skill.measures import brier, taker_accuracy
from sim.skill.verdict import scored_history
from sim.skill.worst import worst_places

DAYS, RUNS = 5, 4
KEYS = {
    "brier",
    "brier_skill_no_change",
    "brier_skill_front",
    "brier_skill_front_hindsight",
    "brier_skill_no_loyalty",
    "mae_days",
    "kendall_tau",
    "crps_days",
    "false_falls",
    "coverage_90",
    "coverage_90_exact",
    "displacement_ard",
    "runs",
}


def laid_down(scenario, falls, cause="assault", taker="rebels"):
    """A result in which ``falls[place]`` are the days on which it is taken in each run; 0 = never."""
    case = scenario.load_case()
    rows = []
    for run in range(RUNS):
        for place, holder in zip(case.places["id"], case.places["initial_controller"], strict=True):
            day_taken = falls.get(place, [0] * RUNS)[run]
            for day in range(1, scenario.days + 1):
                taken = 0 < day_taken <= day
                fought = day_taken == day + 1  # on the day before it falls
                rows.append((run, day, place, taker if taken else holder, cause if taken else "", fought))
    control = pd.DataFrame(rows, columns=["run_id", "day", "place_id", "controller", "cause", "contested"])
    control = control.astype(dict.fromkeys(["place_id", "controller", "cause"], "category"))
    tables = {
        "control": control,
        "runs": pd.DataFrame({"run_id": np.arange(RUNS), "seed": np.arange(RUNS, dtype=np.uint32)}),
        "places": pd.DataFrame({"day": [], "place_id": []}),
    }
    return Result({"runs": RUNS, "seed": 0, "engine": "numpy"}, scenario, tables)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "toy"
    write_toy_case(folder, places=4, days=DAYS, fallen={"town-1": 2, "town-2": 4})
    return load_scenario(folder)


@pytest.fixture(scope="module")
def card(scenario):
    falls = {"town-1": [2, 2, 3, 0], "town-2": [3, 4, 5, 0], "capital": [5, 5, 5, 0]}
    return score_result(laid_down(scenario, falls))


def test_brier_by_hand(card):
    # Squared errors by day. town-1: fallen on days 2-5, shares 1/2, 3/4, 3/4, 3/4. town-2: day 3 share 1/4
    # against 0, days 4-5 shares 1/2, 3/4 against 1. Capital: day 5 share 3/4 against 0. Base: none.
    errors = [1 / 4, 1 / 16, 1 / 16, 1 / 16, 1 / 16, 1 / 4, 1 / 16, 9 / 16]
    assert card.brier == pytest.approx(sum(errors) / (4 * DAYS))
    # Where nothing changes, each of the 4 + 2 fallen place-days is an error of 1.
    assert card.brier_skill_no_change == pytest.approx(1 - sum(errors) / 6)


def test_days_by_hand(card):
    # Medians 2 and 4 are the recorded days; the interval is from the first run's day to never.
    assert (card.mae_days, card.kendall_tau, card.coverage_90) == (0, 1, 1)
    # town-1, never on day 6: mean |X - 2| is (0+0+1+4)/4; half the mean |X - X'|: pairs 0,1,4,1,4,3 -> 13/16.
    # town-2: mean |X - 4| = (1+0+1+2)/4; pairs 1,2,3,1,2,1 -> 10/16.
    assert card.crps_days == pytest.approx(((5 / 4 - 13 / 16) + (1 - 10 / 16)) / 2)


def test_false_falls_are_of_the_places_that_held(card):
    assert card.false_falls == 0.5  # the capital, not the base
    assert (card.places, card.falls, card.days, card.runs) == (4, 2, DAYS, RUNS)
    assert card.taker_accuracy == 1
    assert card.displacement_ard is None


def test_a_perfect_ensemble(scenario):
    card = score_result(laid_down(scenario, {"town-1": [2] * RUNS, "town-2": [4] * RUNS}))
    assert (card.brier, card.mae_days, card.crps_days, card.false_falls) == (0, 0, 0, 0)
    assert (card.kendall_tau, card.coverage_90) == (1, 1)
    assert card.brier_skill_no_change == card.brier_skill_front == 1


def test_fronts_and_the_world_without_loyalty_are_scored_alike(scenario):
    from sim.skill.front import best_speed, front_brier, front_of, fronts_elsewhere
    from sim.skill.no_loyalty import fallen_without_loyalty

    result = laid_down(scenario, {"town-1": [2, 2, 3, 0]})
    history, card = scored_history(result), score_result(result)
    front = front_of(result.case, history)
    assert card.front_km_per_day == best_speed(fronts_elsewhere("toy"))
    assert card.front_hindsight_km_per_day == best_speed([front])
    for skill, speed in (
        (card.brier_skill_front, card.front_km_per_day),
        (card.brier_skill_front_hindsight, card.front_hindsight_km_per_day),
    ):
        assert skill == pytest.approx(1 - card.brier / front_brier(front, speed))
    share = fallen_without_loyalty(result).mean(axis=0).T
    without = brier(share, history.fallen, history.weight)
    assert card.brier_skill_no_loyalty == pytest.approx(1 - card.brier / without)


def test_takers_are_judged_in_the_runs_in_which_a_place_fell():
    syria = load_scenario("syria-2024")
    falls = {"kuweires": [2, 0, 0, 0], "hama": [9, 3, 0, 0], "izraa": [0] * RUNS}
    result = laid_down(syria, falls, taker="hts")
    # The record gives Hama to hts and Kuweires to sna; Izraa falls in no run and says nothing of takers.
    history = scored_history(result)
    found = gather(result, history, result.fallen_by_day, np.empty((RUNS, 0)))
    weight = history.weight * np.isfinite(history.day)
    assert taker_accuracy(np.isfinite(found.fall_day), found.right, weight) == 0.5


def test_days_beyond_the_record_are_not_scored(scenario):
    longer = scenario.with_set({"days": DAYS + 3})
    falls = {"town-1": [2] * RUNS, "town-2": [4] * RUNS, "capital": [DAYS + 1] * RUNS}
    card = score_result(laid_down(longer, falls))
    assert (card.days, card.brier, card.false_falls) == (DAYS, 0, 0)


def test_shorter_runs_are_scored_on_their_own_days(scenario):
    card = score_result(laid_down(scenario.with_set({"days": 3}), {"town-1": [2] * RUNS}))
    assert (card.days, card.falls, card.brier) == (3, 1, 0)
    assert card.kendall_tau is None  # one fall has no order


def alter(folder, name, change):
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    change(frame).to_csv(folder / f"{name}.csv", index=False)


ODD = {
    "nothing fell": (
        {},
        None,
        {
            "mae_days",
            "kendall_tau",
            "crps_days",
            "coverage_90",
            "coverage_90_exact",
            "brier_skill_no_change",
        },
    ),
    "one fall": ({"town-1": 2}, None, {"kendall_tau"}),
    "no held.csv rows": (
        {"town-1": 2, "town-2": 4},
        lambda folder: alter(folder, "held", lambda t: t.iloc[:0]),
        {"false_falls"},
    ),
    "nothing is told": (
        {},
        lambda folder: alter(folder, "held", lambda t: t.iloc[:0]),
        {"brier", "false_falls"},
    ),
    "all of low confidence": (
        {"town-1": 2, "town-2": 4},
        lambda folder: alter(folder, "control_timeline", lambda t: t.assign(confidence="low")),
        set(),
    ),
    "no displacement": (
        {"town-1": 2},
        lambda folder: alter(folder, "displacement", lambda t: t.iloc[:0]),
        {"displacement_ard"},
    ),
    "no attackers": (
        {"town-1": 2},
        lambda folder: (folder / "case.toml").write_text(
            (folder / "case.toml").read_text("utf-8").replace('["rebels"]', "[]"), "utf-8"
        ),
        {"brier_skill_front", "brier_skill_front_hindsight"},
    ),
    "no capital": (
        {"town-1": 2},
        lambda folder: alter(folder, "places", lambda t: t.replace({"kind": {"capital": "town"}})),
        {"kendall_tau"},
    ),
}


@pytest.mark.parametrize("what", ODD)
def test_what_cannot_be_computed_is_null(tmp_path, what):
    fallen, change, lacking = ODD[what]
    folder = write_toy_case(tmp_path / "toy", places=4, days=DAYS, fallen=fallen)
    if change:
        change(folder)
    card = score(folder, 2, engine="numpy")
    values = json.loads(json.dumps(asdict(card), allow_nan=False))
    assert KEYS <= set(values)
    assert {key for key in lacking if values[key] is not None} == set()
    if what != "nothing is told":
        assert values["brier"] is not None


def test_it_is_public_and_takes_a_case_folder(scenario):
    done = []
    card = sim.score(
        str(scenario.load_case().folder), 2, seed=3, engine="numpy", progress=lambda *n: done.append(n)
    )
    assert isinstance(card, Skill) and isinstance(card, sim.Skill)
    assert (card.case, card.runs, card.seed) == ("toy", 2, 3)
    assert done == sorted(done) and done[-1] == (4, 4)
    assert card == sim.score(scenario, 2, seed=3, engine="numpy")


def test_the_worst_places_add_most(scenario):
    falls = {"town-1": [2, 2, 3, 0], "town-2": [3, 4, 5, 0], "capital": [5, 5, 5, 0]}
    result = laid_down(scenario, falls, cause="surrender")
    worst = worst_places(result, scored_history(result))
    # The sums of squared errors by place are 7/16, 6/16 and 9/16.
    assert [miss.place for miss in worst] == ["capital", "town-1", "town-2"]
    assert [miss.brier_share for miss in worst] == pytest.approx([9 / 22, 7 / 22, 6 / 22])
    capital, town, _ = worst
    assert (capital.recorded_day, capital.recorded_taker, capital.fallen_share) == (None, "", 0.75)
    assert (capital.contested_share, town.contested_share) == (0.75, 0.75)
    assert (capital.median_day, capital.low_day, capital.high_day) == (5, 5, None)
    assert (capital.cause, capital.taker, capital.typical_share) == ("surrender", "rebels", 1)
    assert (town.recorded_day, town.recorded_taker, town.confidence) == (2, "rebels", "high")
    assert len(worst_places(result, scored_history(result), most=1)) == 1


def test_a_miss_that_never_falls_has_no_typical_fall(scenario):
    result = laid_down(scenario, {"town-2": [4] * RUNS})
    (miss,) = worst_places(result, scored_history(result))
    assert (miss.place, miss.cause, miss.taker, miss.typical_share) == ("town-1", "", "", 0)
    assert (miss.brier_share, miss.median_day, miss.fallen_share) == (1, None, 0)


def test_places_of_low_confidence_count_half(tmp_path):
    folder = write_toy_case(tmp_path / "toy", places=4, days=DAYS, fallen={"town-1": 2, "town-2": 4})
    alter(folder, "control_timeline", lambda t: t.assign(confidence=["low", "high"]))
    result = laid_down(load_scenario(folder), {"town-1": [4] * RUNS, "town-2": [5] * RUNS})
    # town-1 is wrong on two days and town-2 on one; of the weights 1 + 0.5 + 1 + 1.
    assert score_result(result).brier == pytest.approx((0.5 * 2 + 1) / DAYS / 3.5)
    assert score_result(result).mae_days == pytest.approx((0.5 * 2 + 1) / 1.5)
    worst = worst_places(result, scored_history(result))
    assert {miss.place: miss.brier_share for miss in worst} == {"town-1": 0.5, "town-2": 0.5}
