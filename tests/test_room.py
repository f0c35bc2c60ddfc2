"""Room in a world changes its shapes and nothing that happens in it."""

import numpy as np
import pytest
from toy_case import write_toy_case

from sim.build import build_world
from sim.engine import for_runs, program, run_ensemble, run_seeds
from sim.parameters import make_params
from sim.room import EVENTS, UNITS, days_with_room, with_room, without_room
from sim.rules import SCHEDULE
from sim.scenario import Scenario
from sim.state import ticks_per_day
from sim.world import World

ARMY = {"faction": "army"}
HELP = ARMY | {"id": "help", "kind": "reinforcement", "place": "town-1", "soldiers": 900, "day": 2}
PAY = ARMY | {"id": "pay", "kind": "pay_rise", "share": 1.0, "paid_after_days": 0.0, "day": 1}


@pytest.fixture(scope="module")
def world_with(tmp_path_factory):
    """The world of a toy war with some events."""
    case = str(write_toy_case(tmp_path_factory.mktemp("toy") / "war", days=6))
    return lambda *events: build_world(Scenario(name="toy", case=case, events=events))


def test_scenarios_of_one_case_have_one_shape(world_with):
    shapes = [[np.shape(a) for a in with_room(world_with(*events))] for events in ((), (PAY,), (PAY, HELP))]
    assert shapes[0] == shapes[1] == shapes[2]


def test_sizes_are_rounded_up_and_what_is_there_stays(world_with):
    world = world_with(PAY, HELP)
    roomy = with_room(world, spare_units=UNITS)
    assert len(roomy.event_kind) == EVENTS
    assert len(roomy.unit_rank) % UNITS == 0
    assert len(roomy.unit_rank) >= len(world.unit_rank) + UNITS
    back = without_room(roomy, len(world.event_kind), len(world.unit_rank))
    for name, a, b in zip(World._fields, back, world, strict=True):
        assert np.array_equal(a, b), name


def test_of_many_runs_each_gets_the_room(world_with):
    world = world_with(PAY)
    many, _ = for_runs(world, make_params(), 3)
    roomy, one = with_room(many), with_room(world)
    assert roomy.event_day.shape == (3, EVENTS)
    assert np.array_equal(roomy.event_day, np.tile(one.event_day, (3, 1)))


def test_nothing_happens_in_it(world_with):
    """The same war to the bit, but for rounding where sums have become longer."""
    world = world_with(PAY, HELP)
    plain, roomy = (
        run_ensemble(w, make_params(), run_seeds(3, 8), 6, engine="numpy").record
        for w in (world, with_room(world))
    )
    assert (plain.controller != world.initial_controller).any()
    roomy = roomy._replace(event_fired_day=roomy.event_fired_day[..., : len(world.event_kind)])
    for name, a, b in zip(plain._fields, plain, roomy, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.slow
def test_a_compiled_record_has_the_events_of_the_scenario_and_its_days(world_with):
    """Whatever the days, it is one program, and the first days are the same to the bit."""
    world, records, compiled = world_with(PAY, HELP), [], []
    for days in (2, 5):
        records.append(run_ensemble(world, make_params(), run_seeds(3, 2), days).record)
        function = program(days_with_room(days), ticks_per_day(world), SCHEDULE, None)
        compiled.append((function, function._cache_size()))
    short, long = records
    assert compiled[0] == compiled[1]
    assert short.event_fired_day[:, -1].tolist() == [[0.0, 1.0]] * 2
    for name, a, b in zip(short._fields, short, long, strict=True):
        assert a.shape[:2] == (2, 2) and b.shape[:2] == (2, 5), name
        assert np.array_equal(a, b[:, :2]), name
