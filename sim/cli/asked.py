"""What several commands are asked for, read and checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import Scenario


def read_settings(
    settings: Sequence[str], option: str = "--set", allowed: str = "key=value"
) -> tuple[dict[str, str], list[str]]:
    """``key=value`` pairs by key, and the problems with those that are none."""
    pairs: dict[str, str] = {}
    problems = []
    for setting in settings:
        key, equals, value = setting.partition("=")
        key = key.strip()
        if not equals or not key:
            problems.append(f"{option}: {setting!r} has no value; allowed: {allowed}")
        elif key in pairs:
            problems.append(f"{option}: {key}: is given twice; allowed: once")
        else:
            pairs[key] = value.strip()
    return pairs, problems


def read_scenario(
    name: str, settings: Sequence[str], posterior: str | None
) -> "tuple[Scenario | None, list[str]]":
    """A scenario with what ``--set`` and ``--posterior`` say, and the problems with all three.

    What is wrong is left out; None if there is no such scenario at all.
    """
    from sim.scenario import load_scenario

    pairs, problems = read_settings(settings)
    if posterior is not None and "posterior" in pairs:
        problems.append("--posterior: is given with --set posterior=; allowed: one of the two")
    try:
        scenario = load_scenario(name)
    except InputError as error:
        return None, [*problems, *error.problems]
    option = {} if posterior is None else {"posterior": posterior}
    # A problem begins with the key, so that of the posterior reads `--posterior: ...`.
    for before, changes in (("--set: ", pairs), ("--", option)):
        try:
            scenario = scenario.with_set(changes)
        except InputError as error:
            problems += [f"{before}{problem}" for problem in error.problems]
    return scenario, problems


def option_problems(runs: int, seed: int, engine: str, workers: int | None) -> list[str]:
    """A line for each option that is out of range."""
    from sim.arguments import number_problems
    from sim.engine import ENGINES

    problems = number_problems(runs, seed, "--")
    if engine not in ENGINES:
        problems.append(f"--engine: {engine!r} is unknown; allowed: {', '.join(ENGINES)}")
    return problems + worker_problems(workers)


def worker_problems(workers: int | None) -> list[str]:
    """A line if there is not even one worker."""
    if workers is None or workers >= 1:
        return []
    return [f"--workers: {workers} is out of range; allowed: a whole number, 1 or more"]
