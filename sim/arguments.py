"""What a Mesa user may hand to a model, read and checked: scenario, seed, rules."""

import operator
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.rules import Rule, Rules
from sim.scenario import Scenario, load_scenario

_SEEDS = 2**32


def read_scenario(scenario: Scenario | str | Path, settings: Mapping[str, Any]) -> Scenario:
    """The scenario with the settings in it."""
    if not isinstance(scenario, (Scenario, str, Path)):
        raise InputError([f"scenario: {scenario!r}; allowed: a scenario, its name or its file"])
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if not settings:
        return loaded
    try:
        return loaded.with_set(settings)
    except InputError as error:
        raise InputError([f"ConflictModel: {problem}" for problem in error.problems]) from None


def read_seed(seed: Any, rng: Any) -> int:
    """The seed of the run, from either of Mesa's names for it."""
    if seed is not None and rng is not None:
        raise InputError([f"seed: {seed}, rng: {rng}; allowed: one of the two"])
    given = rng if seed is None else seed
    if given is None:
        return secrets.randbelow(_SEEDS)
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1)[0])
    if isinstance(given, str) and given.isdecimal():
        given = int(given)  # the text field of Mesa's page
    number = operator.index(given) if hasattr(given, "__index__") else -1
    if not 0 <= number < _SEEDS:
        raise InputError([f"seed: {given!r}; allowed: a whole number from 0 to {_SEEDS - 1}"])
    return number


def read_rules(rules: Any) -> Rules:
    """A schedule, hashable."""
    listed = tuple(rules) if isinstance(rules, (list, tuple)) else ()
    if not listed or not all(isinstance(rule, Rule) for rule in listed):
        raise InputError([f"rules: {rules!r}; allowed: sim.rules.SCHEDULE or what sim.rules.replace returns"])
    return listed
