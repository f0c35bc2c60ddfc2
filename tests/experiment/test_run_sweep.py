"""Running sweeps: workers that die or hang, runs that fail, kills and Ctrl-C; the same files in the end."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from toy_sweep import content, write_sweep

import sim
from sim.engine import run_points
from sim.errors import InputError
from sim.experiment.runner import run_sweep, work_of
from sim.experiment.sweep import load_sweep
from sim.experiment.work import simulate_chunk

KILLS = int(os.environ.get("HOLDFAST_KILLS", "3"))
"""Kills at random moments; set it to 50 for the trial that docs/sweeps.md reports."""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A sweep of 60 chunks of one run, and what its folder holds when nothing happens to it."""
    folder = tmp_path_factory.mktemp("toy")
    vary = ("morale_pay = { levels = 15 }", "conditions.army.pay_usd_month = [40, 60]")
    path = write_sweep(folder, runs_per_chunk="1", daily='["control"]', vary=vary)
    run_sweep(load_sweep(path), folder / "done", workers=1)
    return path, content(folder / "done")


# Failing runs ---------------------------------------------------------------------------------------------


def test_a_failing_run_is_recorded_and_stops_no_other(tmp_path, monkeypatch):
    sweep = load_sweep(write_sweep(tmp_path, runs_per_chunk="4", daily='["control"]'))
    expected = run_sweep(sweep, tmp_path / "whole", workers=1).outcomes

    def fails_at_50_dollars(world, params, seeds, *args, **kwargs):
        if (world.condition_low == 50).any() and seeds[-1] == expected["seed"][3]:
            raise FloatingPointError("no such\nnumber")
        return run_points(world, params, seeds, *args, **kwargs)

    monkeypatch.setattr("sim.experiment.work.run_points", fails_at_50_dollars)
    told = []
    result = run_sweep(sweep, tmp_path / "sweep", workers=1, progress=told.append)
    assert result.is_complete
    assert told[-1].failed == 2
    assert result.failures[["point", "replicate"]].to_numpy().tolist() == [[1, 1], [4, 1]]
    assert set(result.failures["error"]) == {"FloatingPointError: no such number"}
    failed = result.outcomes["error"].notna()
    outcomes = expected.columns.drop(["run_id", "point", "replicate", "seed", "error"])
    assert result.outcomes.loc[failed, outcomes].isna().all(axis=None)
    assert result.outcomes.loc[~failed, outcomes].equals(expected.loc[~failed, outcomes])
    assert set(result.read("control")["run_id"]) == set(range(12)) - {3, 9}


def test_all_runs_of_a_chunk_may_fail(tmp_path, monkeypatch):
    sweep = load_sweep(write_sweep(tmp_path, daily='["control"]'))

    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr("sim.experiment.work.run_points", fails)
    result = run_sweep(sweep, tmp_path / "sweep", workers=1)
    assert len(result.failures) == 12
    assert result.read("control").empty
    assert "capital_fallen_day" in result.outcomes.columns


def test_numbers_that_are_none_are_failures(tmp_path):
    sweep = load_sweep(write_sweep(tmp_path))
    work, run_ids = work_of(sweep), np.arange(4)
    points = sweep.points_of(run_ids)
    points[2] = np.nan
    packet = simulate_chunk(work, run_ids, points)
    assert packet.failed == 1


# Going on -------------------------------------------------------------------------------------------------


def test_the_same_command_again_does_what_is_left(toy, tmp_path):
    path, expected = toy

    def stop_at_ten(now):
        if now.done >= 10:
            raise KeyboardInterrupt

    folder = tmp_path / "sweep"
    with pytest.raises(KeyboardInterrupt):
        run_sweep(load_sweep(path), folder, workers=1, progress=stop_at_ten)
    assert not sim.open(folder).is_complete
    assert len(sim.open(folder).outcomes) == 10
    told = []
    run_sweep(load_sweep(path), folder, workers=1, progress=told.append)
    assert told[0].found == told[0].done == 10
    assert [now.done for now in told[1:]] == list(range(11, 61))
    assert content(folder) == expected


def holdfast(*arguments, **kwargs):
    command = [sys.executable, "-c", "from sim.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **kwargs
    )


def chunks_in(folder):
    return len(list(folder.glob("outcomes/chunk-*.parquet")))


def wait_for_chunks(folder, many, process):
    deadline = time.monotonic() + 120
    while chunks_in(folder) < many:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_kill_at_random_moments(toy, tmp_path):
    """kill -9 of the whole command, spread over the time that it takes; then the same command again."""
    path, expected = toy
    began = time.monotonic()
    process = holdfast("sweep", path, "--out", tmp_path / "first", "--workers", 1)
    assert process.communicate()[1].splitlines()[-1].startswith("60 of 60 runs done")
    length = time.monotonic() - began
    assert content(tmp_path / "first") == expected
    moments = [length * float(u) for u in np.random.Generator(np.random.PCG64(1)).random(KILLS)]
    for number, moment in enumerate(moments):
        folder = tmp_path / str(number)
        process = holdfast("sweep", path, "--out", folder, "--workers", 1)
        time.sleep(moment)
        process.kill()
        process.communicate()
        before = chunks_in(folder)
        told = []
        run_sweep(load_sweep(path), folder, workers=1, progress=told.append)
        assert told[0].found == before
        assert content(folder) == expected, f"killed after {moment:.2f} s"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_whole_files_and_says_how_to_go_on(toy, tmp_path, workers):
    path, expected = toy
    folder = tmp_path / "sweep"
    process = holdfast("sweep", path, "--out", folder, "--workers", workers)
    wait_for_chunks(folder, 3, process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1].endswith(f"To go on: holdfast sweep {path} --out {folder}")
    assert "Traceback" not in err
    assert out == ""
    assert not list(folder.rglob("*.part"))
    assert 3 <= chunks_in(folder) < 60
    run_sweep(load_sweep(path), folder, workers=1)
    assert content(folder) == expected


# Workers --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def cluster(workers, folder, *options):
    """A scheduler and workers in processes of their own; yields the address and the workers' processes."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with contextlib.ExitStack() as stack:

        def start(*arguments):
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=folder,
                env=environment,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            stack.callback(process.stderr.close)
            stack.callback(process.wait, timeout=60)
            stack.callback(_kill_group, process)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
        address = next(
            found[0] for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line))
        )
        yield address, [start("worker", address, "--nthreads", "1", *options) for _ in range(workers)]


def _kill_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_worker_that_is_killed_loses_nothing(toy, tmp_path):
    path, expected = toy
    with cluster(2, tmp_path, "--no-nanny") as (address, workers):
        killed = []

        def kill_one(now):
            if now.done >= 20 and not killed:
                workers[0].kill()
                killed.append(now.done)

        folder = tmp_path / "sweep"
        result = run_sweep(load_sweep(path), folder, scheduler=address, progress=kill_one)
        assert killed
        assert workers[1].poll() is None
    assert result.is_complete
    assert result.outcomes["run_id"].tolist() == list(range(60))
    assert content(folder) == expected


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_worker_that_never_answers_is_given_up(toy, tmp_path):
    """The worker's process is stopped, not ended: its connection stays open and nothing comes back."""
    path, expected = toy
    with cluster(2, tmp_path, "--no-nanny") as (address, workers):
        stopped = []

        def stop_one(now):
            if now.done >= 20 and not stopped:
                workers[0].send_signal(signal.SIGSTOP)
                stopped.append(now.done)

        folder = tmp_path / "sweep"
        result = run_sweep(load_sweep(path), folder, scheduler=address, progress=stop_one, patience_s=3.0)
        assert stopped
    assert result.failures.empty
    assert content(folder) == expected


@pytest.mark.slow
def test_two_local_workers_write_what_one_writes(toy, tmp_path):
    path, expected = toy
    process = holdfast("sweep", path, "--out", tmp_path / "sweep", "--workers", 2)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert "60 runs done" in out
    assert content(tmp_path / "sweep") == expected


def test_a_scheduler_that_is_not_there(toy, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.cluster.CONNECT_S", 0.2)
    with pytest.raises(InputError, match="'tcp://127.0.0.1:9' does not answer"):
        run_sweep(load_sweep(toy[0]), tmp_path / "sweep", scheduler="tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_compiled_sweep_is_the_compiled_scenario(tmp_path):
    """Bit for bit: one program serves both."""
    sweep = load_sweep(write_sweep(tmp_path, engine='"jax"', runs_per_chunk="5", replicates="3"))
    found = run_sweep(sweep, tmp_path / "sweep", workers=1).outcomes
    for point in (0, 5):
        settings = dict(zip(sweep.design.names, sweep.design.points(point, point + 1)[0], strict=True))
        alone = sim.run(sweep.scenario.with_set(settings), runs=3).runs
        mine = found[found["point"] == point].reset_index(drop=True)
        for name in ("seed", "capital_fallen_day", "killed", "deserted", "surrendered", "defected"):
            assert np.array_equal(mine[name], alone[name], equal_nan=True), name


def test_dry_run_counts_and_writes_nothing(tmp_path, monkeypatch, capsys):
    from sim.cli.sweep import Asked, run_or_estimate

    path = write_sweep(tmp_path, replicates="500")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    run_or_estimate(Asked(str(path), None, 1, None, dry_run=True))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["runs", "time", "disk"]
    assert lines[0].split() == ["runs", "3,000"]
    assert sorted(tmp_path.rglob("*")) == before


def test_the_estimate_of_bytes_is_what_is_written(tmp_path):
    from sim.experiment.pilot import estimate

    sweep = load_sweep(write_sweep(tmp_path, replicates="40", runs_per_chunk="60", daily="true"))
    run_sweep(sweep, tmp_path / "sweep", workers=1)
    written = sum(map(len, content(tmp_path / "sweep").values()))
    assert estimate(sweep).size_bytes == pytest.approx(written, rel=0.5)
