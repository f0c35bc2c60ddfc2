"""The folder a result goes to: only ours, empty or new, and writable, or nothing is touched."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.whole import ALLOWED, manifest_of, occupied

if TYPE_CHECKING:
    from sim.scenario import Scenario


def folder_problems(folder: Path) -> list[str]:
    """Why a result may not be written to ``folder``, in one line; nothing is created or changed.

    An earlier result is replaced as a whole, so a folder that holds anything else beside it is refused.
    """
    try:
        if why := occupied(folder):
            return [f"--out: {folder} {why}; {ALLOWED}"]
        # A result is written beside its place and then moved there, so the parent counts as well.
        for place in (folder, folder.absolute().parent):
            with tempfile.TemporaryDirectory(dir=_nearest_existing(place)):
                pass
    except OSError as error:
        return [
            f"--out: {folder} cannot be written ({_reason(error)}); allowed: a folder that can be written"
        ]
    return []


def other_scenario(folder: Path, scenario: "Scenario") -> list[str]:
    """Why a result of the scenario may not replace, unasked, the one in ``folder``: it is of another."""
    from sim.scenario import differing

    there = manifest_of(folder).get("scenario")
    keys = differing(there, scenario.model_dump(mode="json", exclude_none=True)) if there else []
    if not keys:
        return []
    what = f"holds another scenario (differs in: {', '.join(keys)})"
    return [f"--out: {folder} {what}; allowed: --out FOLDER"]


def _nearest_existing(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path))


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Tell a disk that is full, or a folder that cannot be written after all, in one line.

    Raises:
        InputError: in place of the OSError.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            [f"--out: {folder} cannot be written ({_reason(error)}); allowed: a folder with room"]
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
