"""Running sweeps: workers that die or hang, runs that fail, kills and Ctrl-C; the same files in the end."""

import os
import signal
import subprocess
import time
from concurrent.futures import CancelledError
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from toy_sweep import write_sweep

import sim
from benchmarks import faults
from benchmarks.small_sweep import Toy, content, holdfast
from sim.engine import run_points
from sim.errors import InputError
from sim.experiment.dispatch import ATTEMPTS, Dispatch, LostCluster
from sim.experiment.dispatch import _Task as Task
from sim.experiment.runner import run_sweep, work_of
from sim.experiment.sweep import load_sweep
from sim.experiment.work import simulate_chunk

KILLS = int(os.environ.get("HOLDFAST_KILLS", "2"))
"""Kills at random moments; set it to 50 for the trial that docs/sweeps.md reports."""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A sweep of 24 chunks of one run, and what its folder holds when nothing happens to it."""
    folder = tmp_path_factory.mktemp("toy")
    vary = ("morale_pay = { levels = 6 }", "conditions.army.pay_usd_month = [40, 60]")
    path = write_sweep(folder, runs_per_chunk="1", daily='["control"]', vary=vary)
    began = time.monotonic()
    run_sweep(load_sweep(path), folder / "done", workers=1)
    return Toy(path, content(folder / "done"), time.monotonic() - began)


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
    path, expected, _ = toy

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
    assert [now.done for now in told[1:]] == list(range(11, 25))
    assert content(folder) == expected


@pytest.mark.slow
def test_kill_at_random_moments(toy, tmp_path):
    """Of the whole command, spread over the time that it writes; then the same command again."""
    faults.killed_at_random_moments(toy, tmp_path, KILLS)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_whole_files_and_says_how_to_go_on(toy, tmp_path, workers):
    faults.ctrl_c(toy, tmp_path, workers)


@pytest.mark.slow
@pytest.mark.parametrize("trial", [faults.full_disk, faults.read_only], ids=lambda trial: trial.__name__)
def test_a_real_disk_that_cannot_be_written(toy, tmp_path, trial):
    try:
        trial(toy, tmp_path)
    except (subprocess.CalledProcessError, FileNotFoundError, PermissionError) as error:
        pytest.skip(f"mounts are not permitted here: {error}")


@pytest.mark.slow
def test_the_second_of_two_commands_for_one_folder_is_refused(toy, tmp_path):
    faults.two_at_once(toy, tmp_path)


# Workers --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(
    ("blow", "after_s"),
    [("SIGKILL", 0.0), ("SIGSTOP", 0.0), ("SIGSTOP", 1.0)],
    ids=["dies", "never answers", "never hands over"],
)
def test_a_worker_is_lost_and_nothing_else(toy, tmp_path, blow, after_s):
    """A scheduler and two workers in processes of their own; one is killed, or stopped, in the middle."""
    faults.harmed_worker(toy, tmp_path, signal.Signals[blow], after_s)


class Future(NamedTuple):
    """A task, as far as it is looked at."""

    key: int


class SilentClient:
    """Task 0 is in work on one worker, which holds task 1 as well; task 2 is on another."""

    def who_has(self, futures):
        return {1: ["tcp://silent"]}

    def processing(self):
        return {"tcp://silent": [0], "tcp://other": [2]}

    def cancel(self, futures, force):
        pass

    def restart_workers(self, workers, timeout, raise_for_error):
        raise ValueError("no nanny")

    def register_plugin(self, plugin):
        pass

    def wait_for_workers(self, count, timeout):
        pass

    def sync(self, *_, **__):
        raise OSError

    scheduler = SimpleNamespace(unregister_worker_plugin=None)


def test_a_chunk_without_an_answer_fails_at_the_third_attempt(toy):
    """What else its worker had is given out again and has lost no attempt."""
    sweep = load_sweep(toy.path)
    silent, beside, elsewhere = map(Future, range(3))
    for attempt in range(1, ATTEMPTS + 1):
        dispatch = Dispatch(SilentClient(), sweep, work_of(sweep))
        dispatch.out = {silent: Task(7, attempt, 0.0), beside: Task(8, 1, 0.0), elsewhere: Task(9, 1, 0.0)}
        failed = list(dispatch._give_up([silent], "no answer"))
        assert list(dispatch.out) == [elsewhere]
        assert dispatch.silent == {"tcp://silent"}
        again = [(7, attempt + 1)] if attempt < ATTEMPTS else []
        assert sorted(dispatch.queue) == [*again, (8, 1)]
    ((chunk, packet),) = failed
    assert (chunk, packet.failed) == (7, 1)


@pytest.mark.parametrize("error", [OSError("connection lost"), CancelledError("all is off")], ids=type)
def test_a_lost_scheduler_is_told(toy, error):
    class LostClient(SilentClient):
        def nthreads(self):
            raise error

    sweep = load_sweep(toy.path)
    with pytest.raises(LostCluster, match=f"the scheduler or its workers do not answer .{error}."):
        list(Dispatch(LostClient(), sweep, work_of(sweep)).packets([0]))


@pytest.mark.slow
def test_two_local_workers_write_what_one_writes(toy, tmp_path):
    process = holdfast("sweep", toy.path, "--out", tmp_path / "sweep", "--workers", 2)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert "24 runs done" in out
    assert content(tmp_path / "sweep") == toy.expected


def test_a_scheduler_that_is_not_there(toy, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.cluster.CONNECT_S", 0.2)
    with pytest.raises(InputError, match="'tcp://127.0.0.1:9' does not answer"):
        run_sweep(load_sweep(toy.path), tmp_path / "sweep", scheduler="tcp://127.0.0.1:9")


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
    assert estimate(sweep).size_bytes == pytest.approx(written, rel=0.15)
