"""The world of a point is the one that the same settings build, entry by entry."""

import numpy as np
import pytest
from toy_case import write_toy_case

from sim.build import build_world
from sim.engine import run_numpy, run_points, run_seeds
from sim.errors import InputError
from sim.experiment.design import Factor
from sim.experiment.samples import latin_hypercube
from sim.experiment.vary import at_point
from sim.experiment.worlds import PointWorlds
from sim.parameters import REGISTRY, make_params
from sim.scenario import Scenario, load_scenario
from sim.scenario.checks import SCALES
from sim.world import VARYING, World

SYRIA = "syria-2024"
ARMY = "conditions.syrian_government"
DECREE = "events.pay-decree"
TALKS, TRUCE, FOOD = "events.talks", "events.truce", "events.food"
EVENTS = (
    {"id": "talks", "kind": "mediation", "faction": "hts", "effort": 0.5, "day": 2},
    {"id": "truce", "kind": "ceasefire", "faction": "hts", "other": "syrian_government", "day": 3},
    {"id": "food", "kind": "aid_corridor", "place": "aleppo", "day": 4}
    | {"rations_per_day": 5000, "duration_days": 7},
)


@pytest.fixture(scope="module")
def syria():
    tables = load_scenario(SYRIA).as_dict()
    tables["events"] += EVENTS
    return Scenario(**tables).with_set({"soldiers_per_unit": 1000, "posterior": "prior"})


def condition_factors():
    for key, scale in SCALES.items():
        low = max(scale.low, 0.1)
        yield Factor(f"{ARMY}.{key}", low, min(scale.high, low + 0.5))


FACTORS = (
    *condition_factors(),
    Factor(f"{DECREE}.day", 1, 13, whole=True),
    Factor(f"{DECREE}.share", -0.5, 2),
    Factor(f"{DECREE}.paid_after_days", 0, np.inf, levels=(0, 2.5, np.inf)),
    Factor(f"{TALKS}.effort", 0, 1),
    Factor(f"{TRUCE}.duration_days", 1, np.inf, levels=(1, 5, np.inf)),
    Factor(f"{FOOD}.rations_per_day", 1000, 90_000),
    Factor(f"{FOOD}.duration_days", 1, 9),
    Factor("dummy", 0, 1),
    *(Factor(name, p.low, p.high) for name, p in REGISTRY.items()),
)


def test_every_entry_is_the_one_that_the_settings_build(syria):
    design = latin_hypercube(FACTORS, 5, seed=2)
    points = design.points(0, 5)
    world, params = PointWorlds(syria, FACTORS).at(points)
    for k, point in enumerate(points):
        scenario = at_point(syria, design.names, point)
        expected = build_world(scenario)
        for field in World._fields:
            found = getattr(world, field)[k] if field in VARYING else getattr(world, field)
            if not field.startswith("unit_"):
                assert np.array_equal(found, getattr(expected, field)), (field, k)
        assert tuple(p[k] for p in params) == tuple(make_params(scenario.parameters))


def test_pay_that_follows_the_wage_goes_on_following_it(tmp_path):
    """Where a case tells no pay, it is taken to equal the reservation wage."""
    file = write_toy_case(tmp_path) / "conditions.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("army,pay_usd_month")), "utf-8")
    scenario = load_scenario(tmp_path)
    factors = (Factor("conditions.army.reservation_wage_usd_month", 50, 250),)
    world, _ = PointWorlds(scenario, factors).at(np.array([[120.0]]))
    expected = build_world(at_point(scenario, [factors[0].name], [120.0]))
    assert (expected.condition_low[0] == np.float32(120)).sum() == 2
    assert np.array_equal(world.condition_low[0], expected.condition_low)
    assert np.array_equal(world.condition_high[0], expected.condition_high)


def test_armies_of_another_strength_keep_their_units(syria):
    factors = (Factor(f"{ARMY}.present_share", 0.2, 0.9),)
    own = build_world(syria)
    world, _ = PointWorlds(syria, factors).at(np.array([[0.9]]))
    assert np.array_equal(world.unit_rank, own.unit_rank)
    assert len(build_world(at_point(syria, [factors[0].name], [0.9])).unit_rank) > len(own.unit_rank)


def test_what_all_runs_share_cannot_be_varied(syria, monkeypatch):
    monkeypatch.setattr("sim.experiment.worlds.VARYING", ("event_day",))
    with pytest.raises(InputError, match="vary.events.pay-decree.share: changes event_size, which all runs"):
        PointWorlds(syria, (Factor(f"{DECREE}.share", 0, 1),))


def test_runs_of_different_worlds_are_the_runs_alone(syria):
    factors = (Factor("morale_pay", 0.3, 2), Factor(f"{ARMY}.pay_usd_month", 15, 300))
    points = np.array([[0.3, 15.0], [2.0, 300.0], [0.3, 300.0]])
    seeds = run_seeds(4, 3)
    together = run_points(*PointWorlds(syria, factors).at(points), seeds, 2, engine="numpy", workers=2)
    for k, point in enumerate(points):
        scenario = at_point(syria, [f.name for f in factors], point)
        *_, last = run_numpy(build_world(scenario), make_params(scenario.parameters), seeds[k], 2)
        assert np.array_equal(together.record.controller[k, -1], last.controller)
        assert np.array_equal(together.condition[k], last.condition)
