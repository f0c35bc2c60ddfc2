"""Displaced people in the report: what is drawn is what the tables say."""

from datetime import date

import numpy as np
import pytest
from fake_result import fake_result, toy_case

from sim.report import render_report
from sim.report.ensemble import make_ensemble
from sim.report.people import displaced_at_records, draw_people
from sim.skill.displacement import recorded_since_the_eve


@pytest.fixture(scope="module")
def result():
    return fake_result(toy_case(places=4))


def test_areas_of_half_discs_are_in_proportion_to_people(result):
    people = draw_people(make_ensemble(result))
    last = result.places[result.places["day"] == 6].groupby("place_id", observed=True)
    hosted = last["displaced_hosted"].mean().to_numpy()
    away = (last["fled"].mean() - last["returned"].mean()).to_numpy()
    marks = {mark.name: mark for mark in people.marks}
    most = max(hosted.max(), away.max())
    for i, name in enumerate(make_ensemble(result).names):
        assert marks[name].hosted_radius == pytest.approx(30 * np.sqrt(hosted[i] / most), abs=0.06)
        assert marks[name].away_radius == pytest.approx(30 * np.sqrt(away[i] / most), abs=0.06)
    assert people.origins[0][0] == make_ensemble(result).short_names[int(away.argmax())]


def test_recorded_counts_are_national_cumulative_and_since_the_eve():
    case = toy_case()
    assert recorded_since_the_eve(case, case.first_day, 6) == {3: 8000.0}
    assert recorded_since_the_eve(case, date(2024, 1, 20), 60)[8] == 1000.0  # nothing earlier to take off


def test_a_diamond_stands_where_the_count_is(result):
    people = draw_people(make_ensemble(result))
    (away, need, back) = people.panels
    assert len(away.recorded) == 1
    assert need.recorded == back.recorded == []
    html = render_report(result)
    assert html.count('class="recorded"') == 1
    assert 'id="people"' in html


def test_the_last_count_is_set_beside_the_model(result):
    (line,) = displaced_at_records(make_ensemble(result))
    assert "1 February 2024" in line
    assert "recorded since the eve: 8,000" in line
    assert line in render_report(result).replace("&#39;", "'")


def test_a_war_that_displaces_nobody_has_no_map():
    result = fake_result(toy_case())
    for table in (result.displacement, result.places):
        for column in set(table.columns) & {"displaced", "fled", "returned", "displaced_hosted"}:
            table[column] = 0.0
    assert draw_people(make_ensemble(result)) is None
    assert "Nobody is displaced" in render_report(result)
