"""Which recorded counts can be compared, and the averaged relative difference, worked by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from toy_case import FIRST_DAY, write_toy_case

from sim.case import case_folder, load_case
from sim.results import Result
from sim.skill.displacement import (
    averaged_relative_difference,
    counted_people,
    recorded_counts,
    recorded_since_the_eve,
    simulated_people,
)

DAYS = 10
BEFORE = "Toyland (since 1 February 2030)"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return load_case(write_toy_case(tmp_path_factory.mktemp("case") / "toy", places=4, days=DAYS))


def counts(case, *rows):
    """The usable counts of rows (day, scope, label, people, cumulative)."""
    table = pd.DataFrame(
        [
            (FIRST_DAY + timedelta(days=day - 1), scope, label, float(people), float(flag), "made_up")
            for day, scope, label, people, flag in rows
        ],
        columns=case.displacement.columns,
    )
    found = recorded_counts(replace(case, displacement=table), FIRST_DAY, DAYS)
    return [(c.day, c.since, c.scope, c.measure, int(c.places.sum()), c.people) for c in found]


def ard(counts, fled, hosted):
    """The averaged relative difference of people [D + 1, P]."""
    return averaged_relative_difference(counts, counted_people(counts, {"fled": fled, "hosted": hosted}))


def test_national_counts_speak_of_all_places_from_the_eve_on(toy):
    rows = [(5, "national", "Toyland", 300, 1), (3, "national", "Toyland", 100, 1)]
    assert counts(toy, *rows) == [(3, 0, "national", "fled", 4, 100), (5, 0, "national", "fled", 4, 300)]


def test_a_place_counts_those_who_came(toy):
    assert counts(toy, (2, "place", "capital", 50, 1)) == [(2, 0, "place", "hosted", 1, 50)]


def test_regions_need_a_direction_and_a_name_of_places(toy):
    rows = [
        (2, "region", "Toyland (origin)", 10, 1),
        (3, "region", "Toyland (arrivals)", 20, 1),
        (4, "region", "Toyland", 30, 1),
        (5, "region", "Northern Toyland (arrivals)", 40, 1),
    ]
    assert counts(toy, *rows) == [(2, 0, "region", "fled", 4, 10), (3, 0, "region", "hosted", 4, 20)]


def test_rows_of_unknown_beginning_and_beyond_the_days_are_left_out(toy):
    rows = [
        (2, "national", "Toyland", 10, 0),
        (DAYS + 1, "national", "Toyland", 20, 1),
        (3, "national", "Toyland", np.nan, 1),
    ]
    assert counts(toy, *rows) == []


def test_a_series_that_began_before_is_counted_from_its_last_row_before(toy):
    rows = [
        (-20, "national", "Toyland", 100, 1),
        (-2, "national", "Toyland", 400, 1),
        (4, "national", "Toyland", 1000, 1),
    ]
    assert counts(toy, *rows) == [(4, 0, "national", "fled", 4, 600)]


def test_or_from_its_first_row_if_its_label_says_so(toy):
    rows = [(2, "national", BEFORE, 500, 1), (4, "national", BEFORE, 900, 1)]
    assert counts(toy, *rows) == [(4, 2, "national", "fled", 4, 400)]
    since_then = BEFORE.replace("February", "March")  # the first day itself
    assert counts(toy, (2, "national", since_then, 500, 1)) == [(2, 0, "national", "fled", 4, 500)]
    no_date = BEFORE.replace("1 February", "31 February")
    assert counts(toy, (2, "national", no_date, 500, 1)) == [(2, 0, "national", "fled", 4, 500)]


def test_a_count_that_falls_is_left_out(toy):
    rows = [(day, "national", "Toyland", people, 1) for day, people in ((2, 100), (3, 80), (4, 90), (5, 120))]
    assert [row[0] for row in counts(toy, *rows)] == [2, 5]


def test_the_difference_by_hand(toy):
    case = replace(
        toy,
        displacement=pd.DataFrame(
            [
                (date(2030, 3, 2), "national", "Toyland", 100.0, 1.0, "x"),
                (date(2030, 3, 4), "place", "town-1", 30.0, 1.0, "x"),
                (date(2030, 3, 4), "place", "capital", 10.0, 1.0, "x"),
            ],
            columns=toy.displacement.columns,
        ),
    )
    fled, hosted = np.zeros((DAYS + 1, 4)), np.zeros((DAYS + 1, 4))
    fled[2:] = [0, 60, 0, 20]
    hosted[4:] = [0, 20, 99, 15]
    found = recorded_counts(case, FIRST_DAY, DAYS)
    # Day 2, nation: |80 - 100| / 100. Day 4, places: (|20 - 30| + |15 - 10|) / (30 + 10).
    assert ard(found, fled, hosted) == pytest.approx((0.2 + 0.375) / 2)
    # Nobody flees: every entry is off by all of it.
    assert ard(found, 0 * fled, 0 * hosted) == 1
    assert np.isnan(averaged_relative_difference([], np.zeros(0)))


def test_scopes_of_one_day_are_entries_of_their_own(toy):
    rows = [("national", "Toyland", 1000.0), ("place", "capital", 10.0)]
    frame = pd.DataFrame(
        [(date(2030, 3, 2), scope, label, people, 1.0, "x") for scope, label, people in rows],
        columns=toy.displacement.columns,
    )
    found = recorded_counts(replace(toy, displacement=frame), FIRST_DAY, DAYS)
    fled = np.full((DAYS + 1, 4), 250.0)
    fled[0] = 0
    # The nation is right, and nobody came to the capital: (0 / 1000 + 10 / 10) / 2.
    assert ard(found, fled, 0 * fled) == 0.5


def test_people_who_fled_before_a_series_begins_do_not_count(toy):
    table = [(2, 500.0), (4, 900.0)]
    frame = pd.DataFrame(
        [(date(2030, 3, day), "national", BEFORE, people, 1.0, "x") for day, people in table],
        columns=toy.displacement.columns,
    )
    found = recorded_counts(replace(toy, displacement=frame), FIRST_DAY, DAYS)
    fled = np.zeros((DAYS + 1, 4))
    fled[2:, 0], fled[4:, 0] = 1000, 1200
    assert ard(found, fled, fled) == pytest.approx(0.5)


def test_people_of_a_result_run_by_run(toy):
    rows = [
        (run, day, place, 100 * day * (run + 1), 10 * day)
        for run in (0, 1)
        for day in (1, 2)
        for place in ("capital", "base")
    ]
    places = pd.DataFrame(rows, columns=["run_id", "day", "place_id", "fled", "displaced_hosted"]).astype(
        {"place_id": "category"}
    )

    class Scenario:
        def load_case(self):
            return toy

    people = simulated_people(Result({}, Scenario(), {"places": places}))
    assert people["fled"][:, :, 3].tolist() == [
        [0, 100, 200],
        [0, 200, 400],
    ]  # the last place
    assert people["hosted"][1, :, 0].tolist() == [0, 10, 20]
    without = places.drop(columns="fled")
    assert simulated_people(Result({}, Scenario(), {"places": without})) is None


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("syria-2024", {("national", 4)}),
        ("afghanistan-2021", {("national", 2), ("place", 3)}),
        ("idlib-2020", {("national", 10), ("place", 1)}),
    ],
)
def test_rows_of_the_shipped_cases(name, used):
    case = load_case(case_folder(name))
    found = recorded_counts(case, case.first_day, (case.last_day - case.first_day).days + 1)
    scopes = [count.scope for count in found]
    assert {(scope, scopes.count(scope)) for scope in scopes} == used
    assert all(count.people > 0 for count in found)


def test_what_is_shown_as_recorded_is_what_is_scored():
    """Afghanistan's third national count is below the second: those who had gone home were taken off."""
    case = load_case(case_folder("afghanistan-2021"))
    assert recorded_since_the_eve(case, case.first_day, 10) == {3: 30_643, 4: 191_778}
