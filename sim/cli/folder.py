"""The folder a result goes to: only ours, empty or new, and writable, or nothing is touched."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.paths import CLUTTER

if TYPE_CHECKING:
    from sim.scenario import Scenario

MANIFEST, REPORT, PART = "manifest.json", "report.html", ".part"
ALLOWED = "allowed: a new or empty folder, or one with an earlier result"


def folder_problems(folder: Path) -> list[str]:
    """Why a result may not be written to ``folder``, in one line; nothing is created or changed.

    An earlier result is replaced as a whole, so a folder that holds anything else beside it is refused.
    """
    try:
        if folder.exists() and not folder.is_dir():
            return [f"--out: {folder} is a file; {ALLOWED}"]
        if folder.is_dir() and (others := _other_files(folder)):
            return [f"--out: {folder} holds other files ({others}); {ALLOWED}"]
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

    there = _manifest(folder / MANIFEST).get("scenario")
    keys = differing(there, scenario.model_dump(mode="json", exclude_none=True)) if there else []
    if not keys:
        return []
    what = f"holds another scenario (differs in: {', '.join(keys)})"
    return [f"--out: {folder} {what}; allowed: --out FOLDER"]


def _other_files(folder: Path) -> str:
    """Names of what is neither clutter nor part of a result, shortened; empty if there is none."""
    names = {path.name for path in folder.iterdir()} - CLUTTER
    others = sorted(names - _result_files(folder / MANIFEST))
    return ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")


def _result_files(manifest: Path) -> set[str]:
    """Files of the result that a manifest describes; none if it describes no result of Holdfast."""
    content = _manifest(manifest)
    if "format_version" not in content:
        return set()
    return {MANIFEST, REPORT, f"{REPORT}{PART}", *content.get("files", {})}


def _manifest(file: Path) -> dict[str, Any]:
    """What a manifest says; nothing if it is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


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
