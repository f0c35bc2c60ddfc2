"""Ablations: a mechanism that is taken out is out, and what it earns is paired."""

import numpy as np
import pytest
from toy_case import write_toy_case

from sim.build import build_world
from sim.parameters import REGISTRY
from sim.rules import SCHEDULE
from sim.scenario import load_scenario
from sim.skill.ablations import ABLATIONS, _jackknife_error, ablate


def test_every_silenced_parameter_exists():
    assert {name for a in ABLATIONS.values() for name in a.parameters} <= set(REGISTRY)
    assert "desertion" not in {rule.name for rule in ABLATIONS["desertion"].rules(SCHEDULE)}


def test_backers_without_means(tmp_path):
    world = ABLATIONS["backers"].world(build_world(load_scenario(write_toy_case(tmp_path / "toy"))))
    assert not world.backer_low.any()
    assert not world.backer_high.any()


def test_jackknife_of_a_mean_is_its_standard_error():
    x = np.random.default_rng(0).standard_normal(50)
    without_each = (x.sum() - x) / 49
    assert _jackknife_error(without_each) == pytest.approx(x.std(ddof=1) / np.sqrt(50))


@pytest.mark.slow
def test_what_a_mechanism_earns_is_the_difference_from_the_whole(tmp_path):
    scenario = load_scenario(write_toy_case(tmp_path / "toy", days=4))
    rows = ablate(scenario, runs=6, engine="numpy")
    whole, *others = rows
    assert [row.without for row in others] == [a.without for a in ABLATIONS.values()]
    assert whole.loss == 0
    assert whole.loss_error == 0
    for row in others:
        assert row.loss == pytest.approx(whole.skill - row.skill)
    assert any(row.loss_error > 0 for row in others)
