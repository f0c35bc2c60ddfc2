"""What fell, when and to whom, on records worked by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from toy_case import FIRST_DAY, write_toy_case

from sim.case import case_folder, history, load_case
from sim.case.history import recorded_history, whole_history

NEVER = np.inf


@pytest.fixture
def toy(tmp_path):
    return load_case(write_toy_case(tmp_path / "toy", places=4, days=5, fallen={"town-1": 2, "town-2": 4}))


def with_changes(case, *rows):
    """The case with other changes of control: (place, day, new controller, confidence)."""
    timeline = pd.DataFrame(
        [
            (place, FIRST_DAY + timedelta(days=day - 1), who, "assault", sure, "made_up")
            for place, day, who, sure in rows
        ],
        columns=case.control_timeline.columns,
    )
    return replace(case, control_timeline=timeline)


def test_a_place_falls_on_its_day_and_held_places_count(toy):
    told = whole_history(toy)
    assert told.fallen.astype(int).tolist() == [[0] * 5, [0, 1, 1, 1, 1], [0, 0, 0, 1, 1], [0] * 5]
    assert told.day.tolist() == [NEVER, 2, 4, NEVER]
    assert told.taker == ("", "rebels", "rebels", "")
    assert told.weight.tolist() == [1, 1, 1, 1]
    assert told.known and told.days == 5


def test_a_place_that_is_neither_held_nor_taken_counts_nothing(toy):
    told = whole_history(replace(toy, held=toy.held[toy.held["place_id"] == "capital"]))
    assert told.weight.tolist() == [0, 1, 1, 1]
    silent = whole_history(replace(with_changes(toy), held=toy.held.iloc[:0]))
    assert silent.weight.tolist() == [0, 0, 0, 0]
    assert not silent.known


def test_state_follows_a_place_that_changes_back(toy):
    case = with_changes(
        toy,
        ("town-1", 5, "rebels", "high"),  # rows in any order
        ("town-1", 2, "rebels", "medium"),
        ("town-1", 4, "army", "low"),
    )
    told = whole_history(case)
    assert told.fallen[1].astype(int).tolist() == [0, 1, 1, 0, 1]
    assert (told.day[1], told.confidence[1]) == (2, "medium")
    assert told.weight[1] == 0.5  # one of its dates is of low confidence


def test_a_change_outside_the_days_is_no_fall_in_them(toy):
    case = with_changes(toy, ("town-1", -3, "army", "high"), ("town-2", 6, "rebels", "low"))
    told = whole_history(case)
    assert not told.fallen.any() and not told.known
    # Whoever took it before, or has it until later, is recorded to have held it.
    assert told.weight.tolist() == [1, 1, 0.5, 1]
    assert told.held.tolist() == [True] * 4
    later = recorded_history(toy, date(2030, 3, 2), 2)
    assert later.day.tolist() == [NEVER, 1, NEVER, NEVER]


def test_a_change_within_the_alliance_is_no_fall():
    syria = load_case(case_folder("syria-2024"))
    assert syria.places["initial_controller"].iloc[syria.place_ids.index("aleppo")] == "syrian_government"
    falls_to = history.falls_to(syria)[syria.place_ids.index("aleppo")]
    friends = {f for f, falls in zip(syria.faction_ids, falls_to, strict=True) if not falls}
    assert friends == {"syrian_government", "iran_backed_militias"}
    told = whole_history(syria)
    assert told.day[syria.place_ids.index("damascus")] == 12
    assert told.taker[syria.place_ids.index("manbij")] == "sna"


def test_towns_taken_before_the_first_day_and_never_lost_count_as_held():
    kabul = load_case(case_folder("afghanistan-2021"))
    told = whole_history(kabul)
    counted = dict(zip(kabul.place_ids, zip(told.held, told.weight, strict=True), strict=True))
    assert counted["spin-boldak"] == (True, 1.0)
    assert counted["gereshk"] == (True, 0.5)  # taken on a date of low confidence
    assert counted["bazarak"] == (True, 1.0)  # in held.csv


def test_fallen_is_read_for_any_leading_axes():
    falls_to = np.array([[False, True], [True, False]])
    controller = np.array([[[0, 0], [1, 1]], [[1, 0], [0, 1]]])
    assert history.fallen(controller, falls_to).tolist() == [[[0, 1], [1, 0]], [[1, 1], [0, 0]]]
    down = np.array([[0, 0, 0], [0, 1, 0], [1, 0, 0]], dtype=bool)
    assert history.first_day_fallen(down, axis=1).tolist() == [NEVER, 2, 1]
