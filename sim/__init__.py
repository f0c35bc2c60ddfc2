"""Holdfast: how armies hold or break.

The names below are the public ones; they load what they need when they are first used.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "run": ("sim.simulate", "simulate"),
    "compare": ("sim.experiment.compare", "compare"),
    "compare_results": ("sim.experiment.compare", "compare_results"),
    "Comparison": ("sim.experiment.compare", "Comparison"),
    "score": ("sim.skill", "score"),
    "Skill": ("sim.skill", "Skill"),
    "open": ("sim.results", "open"),
    "load_sweep": ("sim.experiment.sweep", "load_sweep"),
    "run_sweep": ("sim.experiment.runner", "run_sweep"),
    "load_scenario": ("sim.scenario", "load_scenario"),
    "Scenario": ("sim.scenario", "Scenario"),
    "load_case": ("sim.case", "load_case"),
    "open_result": ("sim.results", "open_result"),
    "Result": ("sim.results", "Result"),
    "ConflictModel": ("sim.model", "ConflictModel"),
    "REGISTRY": ("sim.parameters", "REGISTRY"),
    "InputError": ("sim.errors", "InputError"),
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        module, attribute = _PUBLIC[name]
        return getattr(import_module(module), attribute)
    if name == "results":  # `sim.results.open` after `import sim` alone
        return import_module("sim.results")
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
