"""A small sweep to do harm to, and the command, file system and cluster to do it with."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from distributed import Client

from sim.case import case_folder
from sim.experiment.runner import Progress, run_sweep
from sim.experiment.sweep import load_sweep

UNTOLD = {"manifest.json", ".lock"}
"""The manifest tells the time, the lock nothing."""
TOY = """
scenario = {case}
kind = "grid"
replicates = 1
runs_per_chunk = 1
engine = "numpy"
daily = ["control"]
[vary]
morale_pay = {{ levels = 14 }}
morale_news = {{ levels = 3 }}
[set]
days = 2
soldiers_per_unit = 5000
"""


class Toy(NamedTuple):
    """A sweep, what its folder holds in the end, and how long its writing takes from the first chunk on."""

    path: Path
    expected: dict[str, bytes]
    seconds: float


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a sweep by name, but those that are not the same twice."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in UNTOLD)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def toy_runs(toy: Toy) -> list[str]:
    """Names of the outcome files, one a run, in the order of runs."""
    return sorted(name for name in toy.expected if name.startswith("outcomes"))


def chunks_in(folder: Path) -> int:
    """How many chunks are done."""
    return len(list(folder.glob("outcomes/chunk-*.parquet")))


def holdfast(*arguments: object) -> subprocess.Popen[str]:
    """The command, as a process with a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from sim.cli import main; main()", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so, while a process runs."""
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "nothing happened for two minutes"
        time.sleep(0.01)


def goes_on(toy: Toy, folder: Path) -> int:
    """Run what is left, and hold the folder against the expected one; how many runs were found done."""
    told: list[Progress] = []
    before = chunks_in(folder)
    result = run_sweep(load_sweep(toy.path), folder, workers=1, progress=told.append)
    assert result.is_complete
    assert content(folder) == toy.expected
    assert told[0].found <= before
    return told[0].found


def refused(process: subprocess.Popen[str], said: str) -> str:
    """A command ends with one plain line and exit code 2; the line."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, (process.returncode, out, err)
    assert "Traceback" not in err, err
    line = err.splitlines()[-1]
    assert said in line.lower(), line
    return line


def reason(line: str) -> str:
    """What stands in brackets."""
    return line.partition("(")[2].partition(")")[0]


def make_toy(room: Path) -> Toy:
    """The sweep, run to its end by the command itself."""
    path = room / "toy.toml"
    path.write_text(TOY.format(case=json.dumps(str(case_folder("afghanistan-2021")))), "utf-8")
    folder = room / "whole"
    process = holdfast("sweep", path, "--out", folder, "--workers", 1)
    wait_for(lambda: chunks_in(folder) > 0, process)
    began = time.monotonic()
    process.communicate()
    assert process.returncode == 0
    return Toy(path, content(folder), time.monotonic() - began)


def wait_until_gone(group: int) -> None:
    """Workers whose sweep was killed end by themselves."""
    deadline = time.monotonic() + 60
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.killpg(group, 0)
            assert time.monotonic() < deadline, "workers outlive their sweep"
            time.sleep(0.05)


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system in memory at a folder.

    Raises:
        CalledProcessError, FileNotFoundError: this machine does not permit it.
    """
    folder.mkdir()
    mount(*options, "tmpfs", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(*arguments: object) -> None:
    """``mount -t tmpfs``."""
    subprocess.run(["mount", "-t", "tmpfs", *map(str, arguments)], check=True, capture_output=True)


class Cluster(NamedTuple):
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]


@contextlib.contextmanager
def cluster(count: int, folder: Path) -> Iterator[Cluster]:
    """``dask scheduler`` and ``dask worker`` in processes of their own; their files go to ``folder``."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with contextlib.ExitStack() as stack:

        def start(*arguments: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=folder,
                env=environment,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            stack.callback(process.communicate, timeout=60)
            stack.callback(_end_group, process)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
        lines: Any = scheduler.stderr
        address = next(found[0] for line in lines if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
        workers = [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(count)]
        with Client(address) as client:
            client.wait_for_workers(count, timeout=60)
        yield Cluster(address, scheduler, workers)


def _end_group(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
