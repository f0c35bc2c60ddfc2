"""What faults do to a sweep, tried for real: ``python -m benchmarks.faults [--kills N]``.

A small sweep is run to its end once. Each trial then harms another one, runs it again, and holds the folder
against the first: the same files with the same bytes, nothing lost, nothing twice. A trial that finds it
otherwise raises; one that this machine does not permit (mounts need root) says so.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.small_sweep import (
    Toy,
    chunks_in,
    cluster,
    content,
    goes_on,
    holdfast,
    make_toy,
    mount,
    mounted,
    reason,
    refused,
    toy_runs,
    wait_for,
    wait_until_gone,
)
from sim.errors import InputError
from sim.experiment.runner import Progress, run_sweep
from sim.experiment.sweep import load_sweep
from sim.sweep_results import open_sweep

KILLS = 50
PATIENCE_S = 5.0
"""How long a worker may be silent."""

# The command is stopped -----------------------------------------------------------------------------------


def killed_at_random_moments(toy: Toy, room: Path, kills: int = KILLS) -> str:
    """Kill while it writes, by turns with one worker in its process and with two in their own."""
    moments = np.random.Generator(np.random.PCG64(1)).random(kills) * toy.seconds
    found = []
    for number, moment in enumerate(moments):
        folder = room / f"killed-{number}"
        process = holdfast("sweep", toy.path, "--out", folder, "--workers", 1 + number % 2)
        wait_for(lambda folder=folder: chunks_in(folder) > 0, process)
        time.sleep(float(moment))
        process.kill()
        process.communicate()
        wait_until_gone(process.pid)
        found.append(goes_on(toy, folder))
    some = sum(0 < n < len(toy_runs(toy)) for n in found)
    return f"{kills} kills, {some} of them between the first and the last chunk; all gone on with"


def ctrl_c(toy: Toy, room: Path, workers: int = 2) -> str:
    """SIGINT to everything that the terminal would send it to."""
    folder = room / f"ctrl-c-{workers}"
    process = holdfast("sweep", toy.path, "--out", folder, "--workers", workers)
    wait_for(lambda: chunks_in(folder) >= 3, process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "Traceback" not in err, err
    assert out == ""
    last = err.splitlines()[-1]
    assert last.endswith(f"To go on: holdfast sweep {toy.path} --out {folder}"), last
    assert not list(folder.rglob("*.part"))
    assert 3 <= chunks_in(folder) < len(toy_runs(toy))
    return f"exit code 130, {goes_on(toy, folder)} runs kept"


# The disk -------------------------------------------------------------------------------------------------


def full_disk(toy: Toy, room: Path) -> str:
    """A disk with room for half of the sweep; then it is given more."""
    pages = sum(4096 * -(-len(file) // 4096) for file in toy.expected.values())
    disk = room / "full"
    with mounted(disk, "-o", f"size={pages // 2}"):
        line = refused(holdfast("sweep", toy.path, "--out", disk / "sweep", "--workers", 1), "no space left")
        assert not list(disk.rglob("*.part"))
        before = chunks_in(disk / "sweep")
        assert open_sweep(disk / "sweep").outcomes["run_id"].is_unique  # reads hashes as well
        mount("-o", f"remount,size={4 * pages}", "tmpfs", disk)
        assert goes_on(toy, disk / "sweep") == before
    return f"{reason(line)!r}; {before} runs kept, gone on with when there was room"


def read_only(toy: Toy, room: Path) -> str:
    """A disk that becomes read-only in the middle, and a folder that is from the start."""
    disk = room / "read-only"
    with mounted(disk):
        folder = disk / "sweep"
        process = holdfast("sweep", toy.path, "--out", folder, "--workers", 1)
        wait_for(lambda: chunks_in(folder) >= 3, process)
        process.kill()
        process.communicate()
        mount("-o", "remount,ro", "tmpfs", disk)
        there = content(disk)
        for where in (folder, disk / "new"):
            line = refused(holdfast("sweep", toy.path, "--out", where, "--workers", 1), "read-only")
            assert content(disk) == there
        mount("-o", "remount,rw", "tmpfs", disk)
        goes_on(toy, folder)
    return f"{reason(line)!r}, nothing changed; gone on with when it could be written"


def corrupt_chunk(toy: Toy, room: Path) -> str:
    """One bit of one chunk turned, and another cut short."""
    folder = room / "corrupt"
    run_sweep(load_sweep(toy.path), folder, workers=1)
    names = toy_runs(toy)
    turned = bytearray(toy.expected[names[7]])
    turned[len(turned) // 2] ^= 1
    (folder / names[7]).write_bytes(bytes(turned))
    (folder / names[30]).write_bytes(toy.expected[names[30]][:-1])
    try:
        open_sweep(folder).read("outcomes", ["run_id"])
    except InputError as error:
        assert all(names[k] in line for k, line in zip((7, 30), sorted(error.problems), strict=True))
    else:
        raise AssertionError("damaged chunks were read")
    found = goes_on(toy, folder)
    assert found == len(names) - 2
    return f"both named when read; 2 runs simulated again, {found} kept"


def two_at_once(toy: Toy, room: Path) -> str:
    """A second command for the same folder while the first one writes."""
    folder = room / "twice"
    first = holdfast("sweep", toy.path, "--out", folder, "--workers", 1)
    wait_for(lambda: chunks_in(folder) >= 1, first)
    first.send_signal(signal.SIGSTOP)  # it keeps its lock, and is not done before the second begins
    line = refused(holdfast("sweep", toy.path, "--out", folder, "--workers", 1), "another sweep")
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=300)
    assert first.returncode == 0
    assert content(folder) == toy.expected
    return f"{line.split('; ')[0].rpartition(str(folder))[2].strip()!r}; the first ends as if alone"


# Workers --------------------------------------------------------------------------------------------------


def harmed_worker(toy: Toy, room: Path, blow: signal.Signals, after_s: float = 0.0) -> str:
    """One of two workers gets a signal when a third of the runs is done: it dies, or never answers again.

    After a while it has finished what it was given, but not handed it over.
    """
    folder = room / f"worker-{blow.name}-{after_s}"
    places = room / f"dask-{blow.name}-{after_s}"
    places.mkdir()
    at: list[int] = []
    with cluster(2, places) as (address, _, workers):

        def harm(now: Progress) -> None:
            if now.done >= now.total // 3 and not at:
                time.sleep(after_s)
                workers[0].send_signal(blow)
                at.append(now.done)

        result = run_sweep(
            load_sweep(toy.path), folder, scheduler=address, progress=harm, patience_s=PATIENCE_S
        )
        assert at
        assert workers[1].poll() is None
    assert result.failures.empty
    assert result.outcomes["run_id"].tolist() == list(range(len(toy_runs(toy))))
    assert content(folder) == toy.expected
    return f"{blow.name} after {at[0]} runs; the other worker did the rest"


def lost_scheduler(toy: Toy, room: Path) -> str:
    """The scheduler is killed in the middle."""
    folder, places = room / "scheduler", room / "dask-scheduler"
    places.mkdir()
    with cluster(1, places) as (address, scheduler, _):
        process = holdfast("sweep", toy.path, "--out", folder, "--scheduler", address)
        wait_for(lambda: chunks_in(folder) >= 3, process)
        scheduler.kill()
        _, err = process.communicate(timeout=180)
    assert process.returncode == 1, err
    assert "Traceback" not in err, err
    assert "To go on: holdfast sweep" in err, err
    return f"exit code 1 and how to go on; {goes_on(toy, folder)} runs kept"


# All of them ----------------------------------------------------------------------------------------------


def main() -> None:
    """Every trial, a line each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how many kills (default {KILLS})")
    kills = parser.parse_args().kills
    trials: dict[str, Callable[[Toy, Path], str]] = {
        "kill -9": lambda toy, room: killed_at_random_moments(toy, room, kills),
        "Ctrl-C": ctrl_c,
        "full disk": full_disk,
        "read-only": read_only,
        "corrupt chunk": corrupt_chunk,
        "two at once": two_at_once,
        "killed worker": lambda toy, room: harmed_worker(toy, room, signal.SIGKILL),
        "silent worker": lambda toy, room: harmed_worker(toy, room, signal.SIGSTOP),
        "silent, done": lambda toy, room: harmed_worker(toy, room, signal.SIGSTOP, after_s=1.0),
        "lost scheduler": lost_scheduler,
    }
    with tempfile.TemporaryDirectory() as name:
        toy = make_toy(Path(name))
        print(f"{len(toy_runs(toy))} runs, written within {toy.seconds:.1f} s")
        for what, trial in trials.items():
            began = time.monotonic()
            try:
                said = trial(toy, Path(name))
            except (subprocess.CalledProcessError, FileNotFoundError, PermissionError) as error:
                said = f"not permitted here ({error})"
            print(f"{what:<15} {said} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
