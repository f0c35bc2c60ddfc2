"""What is handed to a run or a model from Python, read and checked: scenario, runs, seed."""

import math
import operator
import secrets
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.scenario import Scenario, load_scenario

LARGEST_SEED = 2**64 - 1
"""Of an ensemble; that of a single run has 32 bits."""
_SEEDS = 2**32


def number_problems(runs: Any, seed: Any, before: str = "") -> list[str]:
    """A line for each of the two that is no whole number in its range; ``before`` stands before its name."""
    problems = []
    for name, value, least, most, allowed in (
        ("runs", runs, 1, math.inf, "1 or more"),
        ("seed", seed, 0, LARGEST_SEED, f"0 to {LARGEST_SEED}"),
    ):
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not (whole and least <= value <= most):
            problems.append(f"{before}{name}: {value!r} is out of range; allowed: a whole number, {allowed}")
    return problems


def read_scenario(scenario: Scenario | str | Path, settings: Mapping[str, Any], where: str = "") -> Scenario:
    """The scenario with the settings in it; ``where`` stands before what is wrong with these."""
    if not isinstance(scenario, (Scenario, str, Path)):
        raise InputError([f"scenario: {scenario!r}; allowed: a scenario, its name or its file"])
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if not settings:
        return loaded
    try:
        return loaded.with_set(settings)
    except InputError as error:
        raise InputError([f"{where}{problem}" for problem in error.problems]) from None


def read_seed(seed: Any, rng: Any) -> int:
    """The seed of the run, from either of Mesa's names for it."""
    if seed is not None and rng is not None:
        raise InputError([f"seed: {seed}, rng: {rng}; allowed: one of the two"])
    given = rng if seed is None else seed
    if given is None:
        return secrets.randbelow(_SEEDS)
    if isinstance(given, np.random.SeedSequence):
        return int(given.generate_state(1)[0])
    text = isinstance(given, str) and given.isdecimal()  # the text field of Mesa's page
    if text or (isinstance(given, float) and given.is_integer()):  # a row of a table of numbers
        given = int(given)
    number = operator.index(given) if hasattr(given, "__index__") else -1
    if not 0 <= number < _SEEDS:
        raise InputError([f"seed: {given!r}; allowed: a whole number from 0 to {_SEEDS - 1}"])
    return number
