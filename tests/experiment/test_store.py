"""The folder of a sweep: whole files or none, whatever happens when, and nobody else's folder."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from toy_sweep import write_sweep

import sim
from benchmarks.small_sweep import content
from sim.errors import InputError
from sim.experiment.manifest import _IDLE_CODE, deciding_files, differences
from sim.experiment.runner import run_sweep, work_of
from sim.experiment.store import Store, folder_problems, locked
from sim.experiment.sweep import load_sweep
from sim.experiment.work import simulate_chunk
from sim.sweep_results import OUTCOMES, chunk_files, is_whole, open_sweep
from sim.whole import write_whole


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A sweep and the folder where it has been run to its end."""
    folder = tmp_path_factory.mktemp("toy")
    sweep = load_sweep(write_sweep(folder, daily='["control", "factions"]'))
    run_sweep(sweep, folder / "done", workers=1)
    return sweep, folder / "done"


@pytest.fixture(scope="module")
def fill(toy):
    """Write chunks of the sweep to a folder, as the runner does; they have been simulated once."""
    sweep = toy[0]
    work = work_of(sweep)
    packets = [
        simulate_chunk(work, run_ids, sweep.points_of(run_ids))
        for run_ids in map(sweep.run_ids, range(sweep.chunks))
    ]

    def write_missing(sweep, folder, chunks=range(sweep.chunks)):
        with locked(folder):
            store = Store(sweep, folder)
            done = store.prepare()
            for chunk in sorted(set(chunks) - done):
                store.write(chunk, packets[chunk])
        return done

    return write_missing


# Reading --------------------------------------------------------------------------------------------------


def test_one_row_per_run_and_parameters_once(toy):
    sweep, folder = toy
    result = sim.open(folder)
    assert result.is_complete
    assert result.outcomes["run_id"].tolist() == list(range(12))
    assert result.outcomes["point"].tolist() == [k // 2 for k in range(12)]
    assert result.outcomes["replicate"].tolist() == [k % 2 for k in range(12)]
    assert not set(result.outcomes.columns) & set(sweep.design.names)
    assert result.points["point"].tolist() == list(range(6))
    assert result.points[list(sweep.design.names)].to_numpy().tolist() == sweep.design.points(0, 6).tolist()
    assert result.failures.empty


def test_results_are_opened_after_import_sim_alone(toy):
    code = f"import sim; print(len(sim.results.open({str(toy[1])!r}).outcomes))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "12\n"


def test_a_replicate_has_one_seed_at_every_point(toy):
    seeds = sim.open(toy[1]).outcomes.groupby("replicate")["seed"].unique()
    assert [len(of) for of in seeds] == [1, 1]
    assert seeds[0][0] != seeds[1][0]


@pytest.mark.parametrize("table", [OUTCOMES, "control", "factions"])
def test_a_run_of_a_sweep_is_the_run_of_the_scenario(toy, table):
    sweep, folder = toy
    point = dict(zip(sweep.design.names, sweep.design.points(4, 5)[0], strict=True))
    alone = sim.run(sweep.scenario.with_set(point), runs=2, engine="numpy")
    found = sim.open(folder).read(table)
    if table == OUTCOMES:
        found = found[found["point"] == 4]
        for name in ("seed", "capital_fallen_day", "places_fallen", "killed", "deserted", "surrendered"):
            assert np.array_equal(found[name], alone.runs[name], equal_nan=True), name
        down = alone.control[alone.fallen & (alone.control["place_id"] == "town-1")]
        first = down.groupby("run_id")["day"].min().reindex([0, 1]).to_numpy(float)
        assert np.array_equal(found["fallen_day.town-1"], first, equal_nan=True)
    else:
        found = found[found["run_id"].isin([8, 9])].reset_index(drop=True)
        expected = alone.tables[table].assign(run_id=lambda frame: (frame["run_id"] + 8).astype("int32"))
        pd.testing.assert_frame_equal(found, expected, check_categorical=False)


def test_columns_are_typed_and_read_alone(toy):
    result = sim.open(toy[1])
    files = [str(paths[0]) for paths in chunk_files(toy[1], OUTCOMES).values()]
    schema = polars.read_parquet_schema(files[0])
    assert schema["run_id"] == polars.Int32
    assert schema["seed"] == polars.UInt32
    assert schema["fallen_day.town-1"] == schema["capital_fallen_day"] == polars.Int16
    assert schema["killed"] == polars.Float32
    assert schema["error"] == polars.String
    assert list(result.read(OUTCOMES, ["killed"]).columns) == ["killed"]
    with pytest.raises(InputError, match=r"'kiled' is unknown \(did you mean 'killed'\?\); allowed: run_id"):
        result.read(OUTCOMES, ["kiled"])
    with pytest.raises(InputError, match=r"outcome: has no chunks \(did you mean 'outcomes'\?\); allowed: "):
        result.read("outcome")


def test_duckdb_and_polars_open_the_same_files(toy):
    frame = sim.open(toy[1]).outcomes
    files = f"{toy[1]}/{OUTCOMES}/*.parquet"
    points = f"{toy[1]}/points.parquet"
    total, rows = duckdb.sql(
        f"select sum(killed), count(*) from '{files}' join '{points}' using (point)"
    ).fetchall()[0]
    assert (total, rows) == (frame["killed"].sum(), 12)
    read = polars.read_parquet(files)
    assert read["killed"].sum() == frame["killed"].sum()
    assert read.columns == list(frame.columns)


def test_outcomes_beside_the_factors(toy):
    sweep, folder = toy
    frame = sim.open(folder).with_factors(["killed"])
    assert list(frame.columns) == ["run_id", "point", "replicate", *sweep.design.names, "killed"]
    assert frame["conditions.army.pay_usd_month"].tolist() == [40, 40, 50, 50, 60, 60] * 2


# Faults ---------------------------------------------------------------------------------------------------


class Crash(BaseException):
    """The process ends here, as far as the files are concerned."""


def test_a_crash_between_any_two_steps_leaves_what_can_be_gone_on_with(toy, fill, tmp_path, monkeypatch):
    """Every write, every fsync and every rename is in turn the last thing that happens."""
    sweep, done = toy
    expected = content(done)
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        with monkeypatch.context() as patched:
            crashes = _crash_at(patched, steps)
            try:
                fill(sweep, folder, chunks=[0, 1])
            except Crash:
                pass
            else:
                assert crashes == [steps]  # ran to its end: there are no more steps
                break
        for path in folder.rglob("chunk-*.parquet"):
            assert is_whole(path)
        fill(sweep, folder)
        assert content(folder) == expected
        steps += 1
    assert steps > 20


def _crash_at(patched, step):
    """Count writes, fsyncs and renames, and crash before number ``step``."""
    counted = [0]

    def counting(call):
        def crash_or_call(*args, **kwargs):
            if counted[0] == step:
                raise Crash
            counted[0] += 1
            return call(*args, **kwargs)

        return crash_or_call

    patched.setattr(os, "fsync", counting(os.fsync))
    patched.setattr(Path, "replace", counting(Path.replace))
    patched.setattr(Path, "write_bytes", counting(Path.write_bytes))
    return counted


def test_a_damaged_chunk_is_found_and_run_again(toy, fill, tmp_path):
    sweep, done = toy
    folder = tmp_path / "sweep"
    fill(sweep, folder)
    for table, chunk in ((OUTCOMES, 2), ("control", 4)):
        path = chunk_files(folder, table)[chunk][0]
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        path.write_bytes(bytes(damaged))
        with pytest.raises(InputError, match="its content has changed"):
            open_sweep(folder).read(table)
    chunk_files(folder, "factions")[5][0].unlink()
    assert fill(sweep, folder) == {0, 1, 3}
    assert content(folder) == content(done)


def test_damaged_points_are_refused_and_written_again(toy, fill, tmp_path):
    sweep, done = toy
    folder = tmp_path / "sweep"
    fill(sweep, folder, chunks=[])
    (folder / "points.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"points\.parquet: is missing or has changed"):
        sim.open(folder)
    fill(sweep, folder)
    assert content(folder) == content(done)


def test_a_full_disk_leaves_whole_files_only(toy, tmp_path, monkeypatch):
    sweep, done = toy
    folder = tmp_path / "sweep"
    write = Path.write_bytes
    room = [9]

    def write_some(path, data):
        room[0] -= 1
        if room[0] < 0:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", write_some)
        with pytest.raises(OSError, match="No space left"):
            run_sweep(sweep, folder, workers=1)
    assert not list(folder.rglob("*.part"))
    assert all(is_whole(path) for path in folder.rglob("chunk-*.parquet"))
    run_sweep(sweep, folder, workers=1)
    assert content(folder) == content(done)


def test_write_whole_keeps_the_old_file_when_it_cannot_write(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"old")

    def replace(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="Read-only"):
        write_whole(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_two_sweeps_in_one_folder_are_refused(toy, tmp_path):
    """The other is a process of its own, which holds the lock until it is told to end."""
    code = "import sys, pathlib\nfrom sim.experiment.store import locked\n"
    code += "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(InputError, match="is being written by another sweep; allowed: wait for it"):
            run_sweep(toy[0], tmp_path, workers=1)
        other.communicate(b"")
    with locked(tmp_path):
        pass


def test_a_lock_ends_with_its_process(tmp_path):
    code = "import os, sys, pathlib\nfrom sim.experiment.store import locked\n"
    code += "with locked(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
    with locked(tmp_path):
        pass


# Whose folder ---------------------------------------------------------------------------------------------


def test_other_settings_are_refused_with_the_difference(toy, tmp_path):
    sweep, done = toy
    before = content(done)
    changed = load_sweep(
        write_sweep(done.parent, name="changed", daily='["control", "factions"]', replicates="3", seed="7")
    )
    allowed = "allowed: the same settings, or another folder"
    assert folder_problems(changed, done) == [
        f"--out: {done}: sweep.replicates is 2 there and 3 here; {allowed}",
        f"--out: {done}: sweep.seed is 0 there and 7 here; {allowed}",
    ]
    with pytest.raises(InputError, match="sweep.replicates is 2 there and 3 here"):
        run_sweep(changed, done, workers=1)
    assert content(done) == before


def test_a_difference_is_told_in_few_words():
    names = [f"p{k}" for k in range(12)]
    assert differences({"free": names}, {"free": [*names[1:], "new"]}) == [
        "free has ['p0'] only there and ['new'] only here"
    ]
    (line,) = differences({"free": names}, {"free": names[::-1]})
    assert line == f"free is {names} there and {names[::-1]} here"
    single = float(np.float32(5.1))
    assert differences({"odds": single}, {"odds": 5.0}) == ["odds is 5.1 there and 5 here"]
    assert differences({}, {"odds": single}) == ["odds is 'not set' there and 5.1 here"]


def test_other_code_is_refused(toy, monkeypatch):
    sweep, done = toy
    monkeypatch.setattr("sim.experiment.manifest.code_hash", lambda: "0" * 64)
    (line,) = folder_problems(sweep, done)
    assert ": the code of sim/ has changed since;" in line


def test_all_code_counts_but_what_decides_no_number():
    package = Path(sim.__file__).parent
    files = {str(file.relative_to(package)) for file in deciding_files()}
    assert {"room.py", "posterior.py", "parameters.py", "scenario/model.py", "rules/pay.py"} <= files
    assert {"case/history.py", "experiment/worlds.py", "tables.py"} <= files
    assert not {path for path in files if path.split("/")[0] in ("app", "cli", "report", "skill", "model.py")}
    assert not {name for name in _IDLE_CODE if not (package / name).exists()}
    fitted = set(deciding_files("calibration", "skill")) - set(deciding_files())
    assert {path.relative_to(package).parts[0] for path in fitted} == {"calibration", "skill"}


def test_a_changed_case_is_refused(fill, tmp_path):
    folder = tmp_path / "sweep"
    path = write_sweep(tmp_path)
    fill(load_sweep(path), folder, chunks=[])
    with (tmp_path / "case" / "case.md").open("a", encoding="utf-8") as file:
        file.write("More.\n")
    (line,) = folder_problems(load_sweep(path), folder)
    assert "case.case.md is " in line


def test_another_folder_is_left_alone(toy, tmp_path):
    sweep, _ = toy
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    assert "holds other files (thesis.txt)" in folder_problems(sweep, tmp_path)[0]
    with pytest.raises(InputError, match="holds other files"):
        run_sweep(sweep, tmp_path, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert "is a file" in folder_problems(sweep, tmp_path / "thesis.txt")[0]


def test_the_result_of_a_run_is_left_alone(toy, tmp_path):
    sweep, _ = toy
    sim.run(sweep.scenario, runs=1, engine="numpy").save(tmp_path / "run")
    assert "holds a result that is no sweep" in folder_problems(sweep, tmp_path / "run")[0]
    assert repr(sim.open(tmp_path / "run")).startswith("Result(")


def test_the_manifest_says_what_was_run(toy):
    sweep, done = toy
    manifest = json.loads((done / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "sweep"
    assert (manifest["points"], manifest["runs"], manifest["chunks"]) == (6, 12, 6)
    assert sim.Scenario(**manifest["scenario"]) == sweep.scenario
    assert manifest["case"] == sweep.scenario.load_case().hashes
    assert {"holdfast", "jax", "numpy"} <= set(manifest["versions"])
    assert [factor["name"] for factor in manifest["sweep"]["factors"]] == list(sweep.design.names)
