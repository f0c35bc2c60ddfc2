"""A study: which parameters are learned from which wars, and how hard one tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.calibration.loss import PARTS, recorded_parts, target_of
from sim.calibration.prior import Prior
from sim.calibration.study_file import StudyFile
from sim.errors import InputError, in_file, nearest
from sim.parameters import REGISTRY
from sim.posterior import PRIOR
from sim.scenario import Scenario, load_scenario
from sim.scenario.checks import structure_problems
from sim.toml import read_named_toml

UNLEARNED = ("place value", "control", "refuge", "returns", "aid")
"""Mechanisms that the record of a war says next to nothing about; left at their defaults unless named."""


@dataclass(frozen=True)
class Study:
    """A study file, its scenarios and its prior."""

    file: StudyFile
    scenarios: tuple[Scenario, ...]
    prior: Prior

    @property
    def name(self) -> str:
        """Of the study, and of its posterior."""
        return self.file.name

    @property
    def case_weights(self) -> np.ndarray:
        """What each scenario counts; they add up to 1."""
        weights = np.array(list(self.file.cases.values()), dtype=float)
        return weights / weights.sum()

    @property
    def part_weights(self) -> np.ndarray:
        """What each part of a loss counts, as ``sim.calibration.loss.PARTS``."""
        return np.array([self.file.weights[part] for part in PARTS])

    def described(self) -> dict[str, Any]:
        """The study in plain values: two with the same description give the same posterior."""
        weights = dict(zip((s.name for s in self.scenarios), self.case_weights.tolist(), strict=True))
        return self.file.described() | {"cases": weights, "free": list(self.prior.names)}


def load_study(path: str | Path) -> Study:
    """Read and check a study file.

    Raises:
        InputError: every problem of the file and its scenarios, one line each.
    """
    path = Path(path)
    with in_file(path):
        return _read(path)


def _read(path: Path) -> Study:
    data = read_named_toml(path)
    try:
        file = StudyFile(**data)
    except ValidationError as error:
        lines = structure_problems(error, StudyFile, data)
        by_key = {line.partition(": ")[0]: line for line in reversed(lines)}  # a list and its items: one line
        raise InputError(list(reversed(by_key.values()))) from None
    problems = [
        f"loss.{part}: is unknown{nearest(part, PARTS)}; allowed: {', '.join(PARTS)}"
        for part in file.loss
        if part not in PARTS
    ]
    if not any(file.cases.values()) or not any(file.weights.values()):
        problems.append("cases, loss: nothing counts; allowed: at least one weight above 0 in each")
    names, found = _free(file.free)
    scenarios, wrong = _scenarios(file.cases, path.parent)
    problems += found + wrong + _fixed(names, scenarios) + _silent(scenarios, file.weights)
    if problems:
        raise InputError(problems)
    return Study(file, tuple(scenarios), Prior(names, file.prior))


def _free(listed: tuple[str, ...] | None) -> tuple[tuple[str, ...], list[str]]:
    """The free parameters in the order of the registry, and the words that name none."""
    mechanisms = list(dict.fromkeys(p.mechanism for p in REGISTRY.values()))
    if listed is None:
        listed = tuple(name for name in mechanisms if name not in UNLEARNED)
    known = [*mechanisms, *REGISTRY]
    problems = [
        f"free: {word!r} is unknown{nearest(word, known)}; allowed: parameters (see `holdfast params`) and "
        f"mechanisms: {', '.join(mechanisms)}"
        for word in listed
        if word not in known
    ]
    names = tuple(name for name, p in REGISTRY.items() if name in listed or p.mechanism in listed)
    return names, problems if names or problems else ["free: is empty; allowed: at least one parameter"]


def _scenarios(cases: Mapping[str, float], folder: Path) -> tuple[list[Scenario], list[str]]:
    """The scenarios, made with the defaults where nothing is learned; a path is seen from the study file."""
    scenarios, problems = [], []
    for name in cases:
        try:
            scenario = load_scenario(name, beside=folder)
            scenarios.append(scenario.with_set({"posterior": PRIOR}))
        except InputError as error:
            problems += [f"cases.{name}: {line}" for line in error.problems]
    names = [scenario.name for scenario in scenarios]
    twice = {name for name in names if names.count(name) > 1}
    return scenarios, problems + [f"cases: {name!r} is named twice; allowed: once" for name in sorted(twice)]


def _silent(scenarios: list[Scenario], weights: Mapping[str, float]) -> list[str]:
    """Wars of whose record nothing enters the loss."""
    counts = np.array([weights[part] > 0 for part in PARTS])
    return [
        f"cases.{scenario.name}: its record has nothing that the loss counts; allowed: a war with a record"
        for scenario in scenarios
        if not (recorded_parts(target_of(scenario)) & counts).any()
    ]


def _fixed(names: tuple[str, ...], scenarios: list[Scenario]) -> list[str]:
    return [
        f"free: {name}: {scenario.name} sets it; allowed: a parameter that no scenario sets"
        for scenario in scenarios
        for name in scenario.parameters
        if name in names
    ]
