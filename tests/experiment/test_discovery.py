"""PRIM finds a box that is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment.design import Factor
from sim.experiment.discovery import Box, Discovery, find_boxes
from sim.experiment.samples import latin_hypercube


def sample(size=1000, seed=1):
    factors = (Factor("pay", 0, 100), Factor("events.decree.day", 0, 10), Factor("idle", -1, 1))
    design = latin_hypercube(factors, size, seed)
    return pd.DataFrame(design.points(0, size), columns=design.names)


def test_a_known_box_is_found():
    x = sample()
    inside = (x["pay"] > 40) & (x["events.decree.day"] < 6)
    (box,) = find_boxes(x, inside.to_numpy(), density=0.95)
    limits = box.limits.set_index("factor")
    assert sorted(limits.index) == ["events.decree.day", "pay"]
    assert limits.loc["pay", "low"] == pytest.approx(40, abs=4)
    assert limits.loc["events.decree.day", "high"] == pytest.approx(6, abs=0.4)
    assert np.isnan(limits.loc["pay", "high"])
    assert np.isnan(limits.loc["events.decree.day", "low"])
    assert (limits["p"] < 1e-6).all()
    assert box.coverage > 0.9
    assert box.density >= 0.95


@settings(max_examples=10)
@given(low=st.floats(10, 40), high=st.floats(55, 90))
def test_figures_of_a_box_are_those_of_its_points(low, high):
    x = sample(400)
    interesting = x["pay"].between(low, high).to_numpy()
    (box,) = find_boxes(x, interesting, density=0.8)
    inside = np.ones(len(x), dtype=bool)
    for row in box.limits.itertuples():
        inside &= ~(x[row.factor] < row.low).to_numpy() & ~(x[row.factor] > row.high).to_numpy()
    assert box.mass == pytest.approx(inside.mean())
    assert box.density == pytest.approx(interesting[inside].mean())
    assert box.coverage == pytest.approx(interesting[inside].sum() / interesting.sum())


def test_a_second_box_covers_what_the_first_left():
    x = sample(2000)
    first, second = (x["pay"] > 70).to_numpy(), ((x["pay"] < 30) & (x["idle"] > 0.5)).to_numpy()
    boxes = find_boxes(x, first | second, density=0.9, boxes=2)
    assert len(boxes) == 2
    limits = [box.limits.set_index("factor") for box in boxes]
    assert limits[0].index[0] == "pay"
    assert limits[0].loc["pay", "low"] == pytest.approx(70, abs=5)
    assert limits[1].loc["pay", "high"] == pytest.approx(30, abs=5)
    assert limits[1].loc["idle", "low"] == pytest.approx(0.5, abs=0.1)
    assert boxes[0].coverage + boxes[1].coverage > 0.85
    table = Discovery(boxes, "known", len(x), 0.4).table
    assert table["box"].tolist() == [1] * len(limits[0]) + [2] * len(limits[1])


def test_a_denser_box_covers_less():
    x = sample()
    chance = np.random.default_rng(3).random(len(x))
    interesting = chance < (x["pay"] / 100).to_numpy() ** 2
    (loose,) = find_boxes(x, interesting, density=0.5)
    (dense,) = find_boxes(x, interesting, density=0.8)
    assert loose.density < dense.density
    assert loose.coverage > dense.coverage


def test_no_box_gives_an_empty_table():
    assert Discovery([], "nothing", 10, 0.1).table.empty
    assert Box(pd.DataFrame(), 1.0, 0.1, 1.0).density == 0.1
