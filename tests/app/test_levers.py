"""Levers cover the registry and every condition, and a scenario takes what they offer."""

import pytest

from sim.app.levers import FIRST, FIRST_PARAMETERS, levers
from sim.app.options import options
from sim.parameters import REGISTRY
from sim.scenario import EVENT_KINDS, load_scenario, shipped_scenarios
from sim.world import CONDITIONS


@pytest.mark.parametrize("name", shipped_scenarios())
def test_levers_cover_the_registry_and_all_conditions(name: str) -> None:
    scenario = load_scenario(name)
    keys = [lever["key"] for lever in levers(scenario)]
    wanted = set(REGISTRY) | {
        f"conditions.{faction}.{key}" for faction in scenario.load_case().faction_ids for key in CONDITIONS
    }
    assert set(keys) == wanted and len(keys) == len(wanted)


@pytest.mark.parametrize("end", ["low", "high", "default"])
def test_a_scenario_takes_what_every_lever_offers(end: str) -> None:
    scenario = load_scenario("syria-2024")
    scenario.with_set({lever["key"]: lever[end] for lever in levers(scenario)})


def test_levers_explain_themselves_and_the_first_come_first() -> None:
    listed = levers(load_scenario("syria-2024"))
    assert all(lever["meaning"] and lever["unit"] and lever["source"] for lever in listed)
    assert all(lever["low"] <= lever["default"] <= lever["high"] for lever in listed)
    assert all(0 < lever["step"] <= lever["high"] - lever["low"] for lever in listed)
    first = [lever["key"].rpartition(".")[2] for lever in listed if lever["first"]]
    assert sorted(first) == sorted((*FIRST, *FIRST_PARAMETERS))
    assert [lever["first"] for lever in listed[: len(first)]] == [True] * len(first)


def test_options_describe_every_kind_of_decision() -> None:
    kinds = options()["event_kinds"]
    assert set(kinds) == set(EVENT_KINDS)
    assert {field["field"] for field in kinds["reinforcement"]} == {"faction", "place", "soldiers"}
    assert kinds["order_hold"][1]["type"] == "place_or_all"
    assert [scenario["name"] for scenario in options()["scenarios"]] == shipped_scenarios()
