"""The cases that come with the program, by id."""

from pathlib import Path

from sim.errors import InputError, nearest
from sim.paths import configs_dir


def shipped_cases() -> list[str]:
    """Ids of the shipped cases, sorted."""
    return sorted(file.parent.name for file in configs_dir().glob("cases/*/case.toml"))


def case_folder(name: str) -> Path:
    """The folder of a shipped case ("syria-2024"), or the folder that the name is a path to.

    Raises:
        InputError: neither.
    """
    known = shipped_cases()
    if name in known:
        return configs_dir() / "cases" / name
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return folder
    raise InputError(
        [
            f"case: '{name}' is neither a shipped case nor a folder{nearest(name, known)}; "
            f"allowed: {', '.join(known)} or the path of a case folder"
        ]
    )
