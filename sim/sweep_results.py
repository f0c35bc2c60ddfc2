"""A sweep's folder: which file is what, and reading it.

    manifest.json                       scenario, design, versions, hashes
    points.parquet                      one row per point: its number, then a column per factor
    outcomes/chunk-NNNNNN.HASH.parquet  one row per run: run_id, point, replicate, seed, outcomes, error
    TABLE/chunk-NNNNNN.HASH.parquet     on request, the daily tables of a result

HASH is the beginning of the SHA-256 of the file's content, so that every file says by itself whether it is
whole. A chunk is done when its file in ``outcomes``, which is written last, is there.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.dataset
import pyarrow.parquet

from sim.errors import InputError, nearest
from sim.scenario import Scenario
from sim.whole import MANIFEST

KIND = "sweep"
POINTS, OUTCOMES = "points.parquet", "outcomes"
KEYS = ("run_id", "point", "replicate", "seed")
ERROR = "error"
_CHUNK = re.compile(r"chunk-(\d{6,})\.([0-9a-f]{16})\.parquet")


def chunk_name(chunk: int, content: bytes) -> str:
    """The name of a chunk's file with that content."""
    return f"chunk-{chunk:06d}.{short_hash(content)}.parquet"


def short_hash(content: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def chunk_files(folder: Path, table: str) -> dict[int, list[Path]]:
    """The files of a table by chunk, in order; more than one where a damaged one has been replaced."""
    files: dict[int, list[Path]] = {}
    for path in sorted((folder / table).glob("chunk-*.parquet")):
        if match := _CHUNK.fullmatch(path.name):
            files.setdefault(int(match[1]), []).append(path)
    return files


def is_whole(path: Path) -> bool:
    """Whether the content of a chunk's file is what its name says."""
    match = _CHUNK.fullmatch(path.name)
    return match is not None and short_hash(path.read_bytes()) == match[2]


@dataclass(frozen=True)
class SweepResult:
    """A sweep as it lies on disk, perhaps not yet complete. The tables are read when they are asked for."""

    folder: Path
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        m = self.manifest
        return f"SweepResult({m['name']}: {m['points']} points x {m['sweep']['replicates']} replicates)"

    @property
    def factors(self) -> list[str]:
        """Names of what was varied."""
        return [factor["name"] for factor in self.manifest["sweep"]["factors"]]

    @cached_property
    def scenario(self) -> Scenario:
        """What is the same at every point."""
        return Scenario(**self.manifest["scenario"])

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per point: ``point``, then the factors."""
        return pd.read_parquet(self.folder / POINTS)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row per run that has been done: run_id, point, replicate, seed, outcomes, error."""
        return self.read(OUTCOMES)

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that failed, with their errors."""
        frame = self.read(OUTCOMES, [*KEYS, ERROR])
        return frame[frame[ERROR].notna()].reset_index(drop=True)

    @property
    def is_complete(self) -> bool:
        """Whether every chunk is there."""
        return len(chunk_files(self.folder, OUTCOMES)) == self.manifest["chunks"]

    def read(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table, all of it or some columns; rows in the order of ``run_id``.

        Raises:
            InputError: the sweep has no such table or column, or one of its files is damaged.
        """
        found = chunk_files(self.folder, table)
        if not found:
            known = (OUTCOMES, *self.manifest["sweep"]["daily"])
            near = nearest(table, known)
            line = f"{self.folder}: {table}: has no chunks{near}; allowed: {', '.join(known)}, once simulated"
            raise InputError([line])
        files = [path for _, paths in sorted(found.items()) for path in paths]
        damaged = [path for path in files if not is_whole(path)]
        if damaged:
            remedy = "allowed: the file as written; holdfast sweep writes it again"
            raise InputError([f"{path}: its content has changed; {remedy}" for path in damaged])
        dataset = pyarrow.dataset.dataset([str(path) for path in files], format="parquet")
        unknown = [name for name in columns or () if name not in dataset.schema.names]
        if unknown:
            lines = (f"{table}: {name!r} is unknown{nearest(name, dataset.schema.names)}" for name in unknown)
            raise InputError([f"{line}; allowed: {', '.join(dataset.schema.names)}" for line in lines])
        read = dataset.to_table(columns=None if columns is None else list(columns))
        return (_with_nan(read) if table == OUTCOMES else read).to_pandas()

    def with_factors(self, columns: Sequence[str]) -> pd.DataFrame:
        """Some outcomes of every run beside the factors' values at its point."""
        frame = self.read(OUTCOMES, ["run_id", "point", "replicate", *columns])
        values = self.points[self.factors].to_numpy()[frame["point"].to_numpy()]
        factors = pd.DataFrame(values, columns=self.factors, index=frame.index)
        return pd.concat([frame[["run_id", "point", "replicate"]], factors, frame[list(columns)]], axis=1)


def _with_nan(outcomes: pyarrow.Table) -> pyarrow.Table:
    """Days and counts as float64: nan is never, or a run that failed, whether or not there is one."""
    wide = [
        field.with_type(pyarrow.float64()) if field.type == pyarrow.int16() else field
        for field in outcomes.schema
    ]
    return outcomes.cast(pyarrow.schema(wide))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    allowed = "allowed: a folder written by holdfast"
    if not folder.is_dir():
        raise InputError([f"{folder}: there is no such folder; {allowed}"])
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError([f"{folder}: {MANIFEST}: cannot be read ({error}); {allowed}"]) from error
    if not isinstance(manifest, dict):
        raise InputError([f"{folder}: {MANIFEST}: is no table; {allowed}"])
    return manifest


def open_sweep(folder: Path | str) -> SweepResult:
    """A sweep's folder, complete or not.

    Raises:
        InputError: it holds no sweep, or its list of points is damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest.get("kind") != KIND:
        raise InputError([f"{folder}: holds no sweep; allowed: a folder written by holdfast sweep"])
    path = folder / POINTS
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != manifest["files"][POINTS]:
        raise InputError([f"{path}: is missing or has changed; holdfast sweep writes it again"])
    return SweepResult(folder, manifest)


def points_frame(names: Sequence[str], points: np.ndarray, first: int) -> pd.DataFrame:
    """Points of a design as rows of ``points.parquet``; ``first`` is the number of the first."""
    number = np.arange(first, first + len(points), dtype=np.int32)
    return pd.DataFrame({"point": number, **{name: points[:, k] for k, name in enumerate(names)}})
