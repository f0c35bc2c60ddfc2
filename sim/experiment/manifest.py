"""What a sweep is, in plain values: written beside its results, and compared before it is gone on with.

A calibration is compared with its folder in the same way (``mismatches``).
"""

import datetime
import hashlib
import json
import platform
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.experiment.sweep import Sweep
from sim.parameters import make_params
from sim.paths import CLUTTER
from sim.posterior import load_posterior
from sim.sweep_results import KIND, read_manifest
from sim.whole import MANIFEST

FORMAT_VERSION = 1
LONGEST = 10
DECIDING_PACKAGES = ("holdfast", "jax", "jaxlib", "numpy")
"""Another version of these may give other numbers."""
_IDLE_CODE = (
    "agents",
    "app",
    "arguments.py",
    "bench",
    "calibration",
    "cli",
    "experiment/compare.py",
    "experiment/discovery.py",
    "experiment/paired.py",
    "experiment/sensitivity.py",
    "model.py",
    "report",
    "skill",
    "story.py",
)
"""What decides no number in a sweep. All else counts, so that what is new is never forgotten."""


def identity(sweep: Sweep) -> dict[str, Any]:
    """All on which a number in the results hangs; sweeps that agree in it give the same results."""
    scenario = sweep.scenario
    return {
        "sweep": sweep.described(),
        "scenario": scenario.model_dump(mode="json", exclude_none=True),
        "parameters": {k: float(v) for k, v in make_params(scenario.parameters)._asdict().items()},
        "posterior": load_posterior(scenario.posterior).described(),
        "case": scenario.load_case().hashes,
        "versions": {name: version(name) for name in DECIDING_PACKAGES},
        "code": code_hash(),
    }


def code_hash(*also: str) -> str:
    """SHA-256 of the modules that decide a number in a sweep, and of ``also``, which decide none there."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in deciding_files(*also))).hexdigest()


def deciding_files(*also: str) -> list[Path]:
    """The modules that ``code_hash`` reads, sorted."""
    package = Path(__file__).parents[1]
    idle = {package / name for name in _IDLE_CODE if name not in also}
    return [file for file in sorted(package.rglob("*.py")) if not idle & {file, *file.parents}]


def make_manifest(sweep: Sweep, files: Mapping[str, str]) -> dict[str, Any]:
    """The manifest of a sweep's folder; ``files`` are hashes by name."""
    return {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "name": sweep.name,
        "title": sweep.file.title,
        "points": len(sweep.design),
        "runs": sweep.runs,
        "chunks": sweep.chunks,
        **identity(sweep),
        "python": platform.python_version(),
        "files": dict(files),
    }


def mismatches(folder: Path, kind: str, ours: set[str], asked: Callable[[], Mapping]) -> list[str]:
    """Why what is asked for may not be written, or gone on with, in a folder; nothing is created or changed.

    Args:
        folder: which need not exist.
        kind: what its manifest must call it.
        ours: names of files that may lie there before there is a manifest.
        asked: gives what the manifest must say of all on which a number hangs.
    """
    allowed = f"allowed: a new or empty folder, or one with the same {kind}"
    if not folder.exists():
        return []
    if not folder.is_dir():
        return [f"--out: {folder} is a file; {allowed}"]
    if not (folder / MANIFEST).exists():
        others = sorted({path.name for path in folder.iterdir()} - ours - CLUTTER)
        return [f"--out: {folder} holds other files ({', '.join(others[:3])}); {allowed}"] if others else []
    manifest = read_manifest(folder)
    if manifest.get("kind") != kind:
        return [f"--out: {folder} holds a result that is no {kind}; {allowed}"]
    here = json.loads(json.dumps(asked()))
    there = {key: manifest.get(key) for key in here}
    remedy = "allowed: the same settings, or another folder"
    return [f"--out: {folder}: {line}; {remedy}" for line in differences(there, here)]


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """One line for each entry in which two sweeps differ: what the folder holds, and what was asked for."""
    old, new = dict(_leaves(there)), dict(_leaves(here))
    lines = [
        "the code of sim/ has changed since"
        if key == "code"
        else f"{key} {_both(old.get(key, 'not set'), new.get(key, 'not set'))}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]
    return lines[:LONGEST] + ([f"{len(lines) - LONGEST} more differences"] if len(lines) > LONGEST else [])


def _both(there: Any, here: Any) -> str:
    """What an entry is there and here; of long lists, what only one of them has."""
    if isinstance(there, list) and isinstance(here, list) and max(len(there), len(here)) > LONGEST:
        gone, come = ([x for x in one if x not in other] for one, other in ((there, here), (here, there)))
        if gone or come:
            return f"has {gone} only there and {come} only here"
    there, here = (f"{value:.7g}" if isinstance(value, float) else repr(value) for value in (there, here))
    return f"is {there} there and {here} here"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        items = {_label(k, item): item for k, item in enumerate(value)}.items()
    else:
        yield path, list(value) if isinstance(value, tuple) else value
        return
    for key, inner in items:
        yield from _leaves(inner, f"{path}.{key}" if path else str(key))


def _label(number: int, item: Any) -> str:
    """Events by id, factors by name."""
    named = item if isinstance(item, Mapping) else {}
    return str(named.get("id") or named.get("name") or number)
