"""The model without loyalty: nothing that moves soldiers' minds matters, and the war goes on."""

import numpy as np
import pytest
from toy_case import write_toy_case

from sim.build import build_world
from sim.engine import run_ensemble, run_numpy, run_seeds
from sim.parameters import make_params
from sim.rules import SCHEDULE, Rule
from sim.scenario import load_scenario
from sim.simulate import simulate
from sim.skill.no_loyalty import LEFT_OUT, even_morale, fallen_without_loyalty, without_loyalty
from sim.tables import fallen

RUNS = 4


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    # Rebels three times as strong, so that lines break.
    folder = write_toy_case(tmp_path_factory.mktemp("case") / "toy", days=8, rebel_soldiers=12_000)
    return load_scenario(folder).with_set({"posterior": "prior"})


def course(scenario, **parameters):
    world = build_world(scenario)
    return run_ensemble(
        world,
        make_params(parameters),
        run_seeds(0, RUNS),
        scenario.days,
        engine="numpy",
        rules=without_loyalty(),
    ).record


def test_the_rules_of_loyalty_are_left_out_and_the_others_stay_in_order():
    names = [rule.name for rule in SCHEDULE]
    assert {"morale", "pay", "desertion"} <= set(LEFT_OUT) <= set(names)
    kept = [rule.name for rule in without_loyalty()]
    assert [name for name in kept if name != "even morale"] == [n for n in names if n not in LEFT_OUT]
    assert kept.index("even morale") == min(names.index(name) for name in LEFT_OUT)
    assert Rule("even morale", "day", even_morale) in without_loyalty()


def test_a_rule_of_ones_own_stays_in():
    own = (Rule("mine", "day", SCHEDULE[0].function), *SCHEDULE)
    assert without_loyalty(own)[0].name == "mine"


def last_states(scenario, rules):
    """The state at the end of each day of one run."""
    return list(run_numpy(build_world(scenario), make_params({}), 7, scenario.days, rules))[1:]


def test_everybody_is_at_even_morale_and_nobody_changes_sides(scenario):
    states = last_states(scenario, without_loyalty())
    assert all(np.all(state.morale == np.float32(0.5)) for state in states)
    assert set(states[-1].defected_out) == {0}


def test_nobody_goes_home_where_nobody_fights(tmp_path):
    quiet = load_scenario(write_toy_case(tmp_path / "toy", days=8, army_soldiers=60_000, rebel_soldiers=100))
    army = 0
    assert last_states(quiet, SCHEDULE)[-1].deserted[army] > 0
    assert last_states(quiet, without_loyalty())[-1].deserted[army] == 0


def test_units_still_fight_and_break(scenario):
    record = course(scenario)
    army = 0
    killed, fell = record.factions[:, -1, army, 7], fallen(record.controller, build_world(scenario))
    assert (killed > 0).all()
    assert fell.any()


def test_what_moves_minds_has_no_effect(scenario):
    base = course(scenario)
    other = course(
        scenario,
        morale_pay=2.0,
        morale_base=0.0,
        morale_news=0.6,
        desertion_per_day=0.001,
        switch_share=0.2,
        prospect_per_share=20.0,
    )
    assert np.array_equal(base.controller, other.controller)
    low = scenario.with_set({"conditions.army.morale_shift": -3, "conditions.army.pay_usd_month": 1})
    assert np.array_equal(base.controller, course(low).controller)


def test_arms_still_have_an_effect(scenario):
    heavy = scenario.with_set({"conditions.rebels.heavy_weapons": -1, "conditions.army.heavy_weapons": 1})
    world = build_world(scenario)
    lost = [fallen(course(one).controller, world).sum() for one in (scenario, heavy)]
    assert lost[1] != lost[0]


def test_it_is_simulated_from_the_seeds_and_settings_of_the_result(scenario):
    result = simulate(scenario, RUNS, 0, engine="numpy")
    done = []
    found = fallen_without_loyalty(result, progress=lambda done_, runs: done.append((done_, runs)))
    assert np.array_equal(found, fallen(course(scenario).controller, build_world(scenario)))
    assert done[-1] == (RUNS, RUNS)
