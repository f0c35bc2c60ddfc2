"""Axes and the two kinds of chart that stand alone."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.axis import axis_between
from sim.report.intervals import Estimate, draw_intervals
from sim.report.lines import Line, draw_lines

NAN = float("nan")


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_an_axis_holds_its_data_in_few_steps(low, span):
    high = low + span
    axis = axis_between(low, high, 100.0, 500.0)
    slack = 1e-6 * max(abs(low), span)
    assert axis.low <= low + slack
    assert axis.high >= high - slack
    assert 2 <= len(axis.ticks) <= 9
    assert axis.at(axis.low) == pytest.approx(100)
    assert axis.at(axis.high) == pytest.approx(500)


def test_an_axis_of_one_value_has_a_length():
    axis = axis_between(3.0, 3.0, 0.0, 10.0)
    assert axis.low <= 3 <= axis.high
    assert axis.low < axis.high


def test_rows_of_one_unit_share_an_axis_and_one_without_interval_is_drawn():
    estimates = [
        Estimate("first & <best>", "a", "days", 1.0, 0.5, 1.5, "one"),
        Estimate("second", "a", "days", 3.0, NAN, NAN, "three"),
        Estimate("third", "a", "people", -5.0, -9.0, -1.0, "minus five"),
    ]
    figure = draw_intervals(estimates, title="T", notes=["note"], limit={"days": 2.0})
    ET.fromstring(figure)  # well-formed, names escaped
    assert figure.count('class="unit"') == 2
    assert figure.count('class="interval"') == 3
    assert figure.count('class="limit"') == 1
    assert "nan" not in figure


def test_lines_are_drawn_point_by_point():
    x = np.array([0.0, 1.0, 2.0])
    lines = [Line(name, x, x, x - 1, x + 1) for name in ("one", "two")]
    figure = draw_lines(lines, title="T", x_label="x", y_label="y")
    ET.fromstring(figure)
    assert figure.count('class="line"') == figure.count('class="band"') == 2
    assert figure.count('r="3"') == 6
