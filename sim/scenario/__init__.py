"""Scenarios: what is simulated, read from TOML, checked and frozen."""

from sim.scenario.difference import differing, settings_between
from sim.scenario.events import EVENT_KINDS, AnyEvent, Event
from sim.scenario.load import load_scenario, scenario_file, shipped_scenarios
from sim.scenario.model import Scenario

__all__ = [
    "EVENT_KINDS",
    "AnyEvent",
    "Event",
    "Scenario",
    "differing",
    "load_scenario",
    "scenario_file",
    "settings_between",
    "shipped_scenarios",
]
