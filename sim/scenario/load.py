"""Scenarios by name or path: a shipped one, a TOML file of your own, or a bare case."""

from pathlib import Path

from sim.case import case_folder, load_case, shipped_cases
from sim.errors import InputError, in_file, nearest
from sim.paths import configs_dir
from sim.scenario.model import Scenario
from sim.toml import read_named_toml


def shipped_scenarios() -> list[str]:
    """Names of the scenarios that come with Holdfast."""
    return sorted(path.stem for path in _scenarios_dir().glob("*.toml"))


def scenario_file(name: str) -> Path:
    """The TOML file of a shipped scenario, with its comments.

    Raises:
        InputError: no shipped scenario has that name.
    """
    if name not in shipped_scenarios():
        raise InputError([_unknown(name, shipped_scenarios(), "")])
    return _scenarios_dir() / f"{name}.toml"


def load_scenario(path_or_name: str | Path, beside: Path | None = None) -> Scenario:
    """Read and check a scenario.

    Args:
        path_or_name: a shipped scenario (``syria-2024``), a TOML file, or the id or folder of a case, which
            is then simulated as it stands, without events. A shipped name goes before a file of that name.
        beside: a folder from which a path is seen, if it leads to something there.

    Raises:
        InputError: nothing has that name, or the file or its case has problems; all are listed.
    """
    text, path = str(path_or_name), Path(path_or_name)
    if text in shipped_scenarios():
        return _read(scenario_file(text))
    if text not in shipped_cases() and beside is not None and (beside / path).exists():
        path = beside / path
        text = str(path)
    if text in shipped_cases() or path.is_dir():
        if path.is_dir() and not (path / "case.toml").exists():
            raise InputError([f"{path}: is not a case (it has no case.toml); allowed: a case folder"])
        case = load_case(case_folder(text))
        return Scenario(name=case.id, title=case.title, case=text)
    if path.exists() or path.suffix == ".toml":
        return _read(path)
    known = [*shipped_scenarios(), *shipped_cases()]
    raise InputError([_unknown(text, known, ", a TOML file or a case folder")])


def _scenarios_dir() -> Path:
    return configs_dir() / "scenarios"


def _unknown(name: str, known: list[str], others: str) -> str:
    names = ", ".join(dict.fromkeys(known))
    return f"scenario: {name!r} is unknown{nearest(name, known)}; allowed: {names}{others}"


def _read(path: Path) -> Scenario:
    tables = read_named_toml(path)
    case = tables.get("case")
    if isinstance(case, str) and case not in shipped_cases() and (path.parent / case).is_dir():
        tables["case"] = str((path.parent / case).resolve())
    with in_file(path):
        return Scenario(**tables)
