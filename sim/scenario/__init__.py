"""Scenarios: what is simulated, read from TOML, checked and frozen."""

from sim.scenario.events import EVENT_KINDS, AnyEvent, Event
from sim.scenario.load import load_scenario, scenario_file, shipped_scenarios
from sim.scenario.model import Scenario

__all__ = [
    "EVENT_KINDS",
    "AnyEvent",
    "Event",
    "Scenario",
    "load_scenario",
    "scenario_file",
    "shipped_scenarios",
]
