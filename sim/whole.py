"""Files and folders that are written whole or not at all, and in the place of nothing that is not ours.

A file is written under another name in the same folder, forced to the disk, and then renamed; the folder is
forced to the disk as well. A folder is written beside its place, and then moved there.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.paths import CLUTTER

MANIFEST, REPORT, PART = "manifest.json", "report.html", ".part"
ALLOWED = "allowed: a new or empty folder, or one with an earlier result"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and have it on the disk on return."""
    with whole_file(path) as part:
        part.write_bytes(content)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to instead of ``path``; what is there is moved into place when it is on the disk."""
    part = path.with_name(f"{path.name}{PART}")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_folder(
    folder: Path | str, manifest: dict[str, Any], files: Mapping[str, Callable[[Path], object]]
) -> None:
    """Write files and ``manifest.json`` as a folder, whole or not at all; an older one is replaced.

    Args:
        folder: where to.
        manifest: what to say about them; the files' hashes are put into its entry ``files``.
        files: by name, the function that writes the file to the path it is given.

    Raises:
        InputError: something else is there, which would be lost.
        OSError: the folder cannot be written; nothing half-written is left.
    """
    folder = Path(folder)
    if why := occupied(folder):
        raise InputError([f"{folder} {why}; {ALLOWED}"])
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        hashes = {}
        for name, write in files.items():
            path = draft / name
            write(path)
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest["files"] = hashes
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=2, default=str), "utf-8")
        # mkdtemp keeps its folder private; a result is for sharing.
        draft.chmod(0o777 & ~_umask())
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def occupied(folder: Path) -> str:
    """What stands in the way of a result at ``folder``; empty if nothing, or an earlier result, does."""
    if folder.exists() and not folder.is_dir():
        return "is a file"
    if not folder.is_dir():
        return ""
    manifest, ours = manifest_of(folder), set(CLUTTER)
    if "format_version" in manifest:
        ours |= {MANIFEST, REPORT, f"{REPORT}{PART}", *manifest.get("files", {})}
    others = sorted({path.name for path in folder.iterdir()} - ours)
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return f"holds other files ({', '.join(others[:3])}{more})" if others else ""


def manifest_of(folder: Path) -> dict[str, Any]:
    """What the manifest of a folder says; nothing if there is none."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _put_in_place(draft: Path, folder: Path) -> None:
    """Move ``draft`` to ``folder``, with what stood there moved aside and then deleted."""
    if not folder.exists():
        os.rename(draft, folder)
        return
    aside = draft.with_name(f"{draft.name}-old")
    os.rename(folder, aside)
    try:
        os.rename(draft, folder)
    except BaseException:
        os.rename(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
