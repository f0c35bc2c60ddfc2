"""Writing a sweep's folder: every file whole or not at all, by one process at a time.

Whatever is interrupted when, each file that is there is whole, or its name, which holds its hash, gives it
away.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
from filelock import FileLock, Timeout

from sim.errors import InputError
from sim.experiment.design import blocks
from sim.experiment.manifest import identity, make_manifest, mismatches
from sim.experiment.sweep import Sweep
from sim.experiment.work import Packet
from sim.sweep_results import (
    KIND,
    OUTCOMES,
    POINTS,
    chunk_files,
    chunk_name,
    is_whole,
    points_frame,
    read_manifest,
)
from sim.whole import MANIFEST, PART, whole_file, write_whole

LOCK = ".lock"


class Store:
    """The folder of a sweep, while it is being written."""

    def __init__(self, sweep: Sweep, folder: Path) -> None:
        self.sweep = sweep
        self.folder = folder
        self.tables = (*sweep.file.tables, OUTCOMES)

    def prepare(self) -> set[int]:
        """Make the folder ready, or look at what is there.

        Returns:
            The numbers of the chunks that are done. Files that are damaged or of chunks that are not done
            are deleted.

        Raises:
            InputError: the folder holds something else, or a sweep with other settings.
            OSError: the folder cannot be written.
        """
        problems = folder_problems(self.sweep, self.folder)
        if problems:
            raise InputError(problems)
        for name in self.tables:
            (self.folder / name).mkdir(exist_ok=True)
        if not (self.folder / MANIFEST).exists():
            points = {POINTS: self._write_points()}
            manifest = json.dumps(make_manifest(self.sweep, points), indent=2)
            write_whole(self.folder / MANIFEST, manifest.encode())
        elif _file_hash(self.folder / POINTS) != read_manifest(self.folder)["files"][POINTS]:
            self._write_points()
        return self._done()

    def _write_points(self) -> str:
        """Write the points of the design, a block at a time; the SHA-256 of the file."""
        names = self.sweep.design.names
        schema = pyarrow.Table.from_pandas(points_frame(names, np.empty((0, len(names))), 0)).schema
        first = 0
        with (
            whole_file(self.folder / POINTS) as part,
            pyarrow.parquet.ParquetWriter(part, schema.remove_metadata(), compression="zstd") as writer,
        ):
            for points in blocks(self.sweep.design):
                frame = points_frame(names, points, first)
                writer.write_table(pyarrow.Table.from_pandas(frame, schema=writer.schema))
                first += len(points)
        return _file_hash(self.folder / POINTS)

    def _done(self) -> set[int]:
        whole: list[set[int]] = []
        for name in self.tables:
            for part in (self.folder / name).glob(f"*{PART}"):
                part.unlink()
            found = chunk_files(self.folder, name)
            damaged = [path for paths in found.values() for path in paths if not is_whole(path)]
            for path in damaged:
                path.unlink()
            whole.append({chunk for chunk, paths in found.items() if set(paths) - set(damaged)})
        done = set.intersection(*whole)
        for name in self.tables:
            for chunk, paths in chunk_files(self.folder, name).items():
                for path in paths if chunk not in done else ():
                    path.unlink()
        return done

    def write(self, chunk: int, packet: Packet) -> None:
        """Keep a chunk; the outcomes, which say that it is done, come last.

        Raises:
            OSError: the disk is full, or the folder cannot be written any more.
        """
        for name in self.tables:
            content = packet.files[name]
            write_whole(self.folder / name / chunk_name(chunk, content), content)


def folder_problems(sweep: Sweep, folder: Path) -> list[str]:
    """Why a sweep may not be written to ``folder``; nothing is created or changed."""
    ours = {LOCK, f"{POINTS}{PART}", POINTS, f"{MANIFEST}{PART}", *sweep.file.tables, OUTCOMES}
    return mismatches(folder, KIND, ours, lambda: identity(sweep))


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a folder, made if it is not there, for this process; the lock ends with it, however it ends.

    Raises:
        InputError: another process is writing there.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        allowed = "allowed: wait for it, or another folder"
        raise InputError([f"--out: {folder} is being written by another sweep; {allowed}"]) from None
    try:
        yield
    finally:
        lock.release()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
