"""The benchmark measures what it says it measures; how fast anything is, is no test."""

import contextlib
import io
import json

import pytest

from sim.bench import HEADLINES, run_bench
from sim.bench.process import measure, repeated
from sim.bench.settings import FULL, QUICK


@pytest.fixture(scope="module")
def quick() -> tuple[int, dict]:
    """Exit code and report of the tiny configuration."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = run_bench(json=True, quick=True)
    return code, json.loads(printed.getvalue())


@pytest.mark.slow
def test_every_headline_is_a_positive_number(quick):
    code, report = quick
    assert report["problems"] == []
    assert code == 0
    singles = set(HEADLINES) - {"ns_by_rule", "scaling"}
    assert all(report[key] > 0 for key in singles)
    assert set(report["ns_by_rule"]) == set(QUICK.rules)
    assert all(cost >= 0 for cost in report["ns_by_rule"].values())
    assert [point["ns_per_unit_tick"] > 0 for point in report["scaling"]] == [True]


@pytest.mark.slow
def test_medians_and_bests_and_the_machine_are_told(quick):
    _, report = quick
    for name, entry in (("speed", "ns_per_unit_tick"), ("compile", "seconds"), ("help", "seconds")):
        found = report["details"][name][entry]
        assert 0 < found["best"] <= found["median"]
    assert report["machine"]["cores"] >= 1
    assert {"processor", "load_average", "python", "jax", "numpy", "mesa"} <= set(report["machine"])


def answers(monkeypatch, **by_name):
    """Let measurements answer at once."""
    answer = {"seconds": repeated([2.0, 1.0, 4.0]), "rows": 9, "units": 8.0, "peak_mb": None}
    answer |= {"ns_per_unit_tick": 5.0, "best_ns_per_unit_tick": 4.0}
    by_name = {"speed": {}, "rules": {}} | by_name
    monkeypatch.setattr("sim.bench.help_seconds", lambda _: by_name.get("help", answer))
    monkeypatch.setattr("sim.bench.fresh_process", lambda _: by_name.get("cold", answer))
    monkeypatch.setattr("sim.bench.measure", lambda names, _: {n: by_name.get(n, answer) for n in names})


def test_the_median_is_the_headline_and_the_best_stands_beside_it(monkeypatch, capsys):
    answers(monkeypatch)
    assert run_bench(json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["help_s"] == report["compile_s"] == 2.0
    assert report["details"]["help"]["seconds"]["best"] == 1.0
    assert run_bench() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:3] for line in lines if line.startswith("help_s")] == [["2", "1"]]
    for name in ("cold", "speed", "size-1000000"):
        assert any(line.startswith(f"{name}: done") for line in lines)


def test_a_measurement_that_fails_leaves_a_gap_and_exit_code_1(monkeypatch, capsys):
    answers(monkeypatch, ratio={"problem": "out of luck"}, **{"size-1000": {"problem": "not done in 9 s"}})
    assert run_bench(json=True) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["ratio_vs_mesa_objects"] is None
    assert report["problems"] == ["ratio: out of luck", "scaling: not done in 9 s"]
    assert len(report["scaling"]) == len(FULL.units) - 1
    assert run_bench() == 1
    assert "not measured: ratio: out of luck" in capsys.readouterr().out


@pytest.mark.slow
def test_the_time_limit_of_a_process_holds():
    found = measure(["speed", "rules"], QUICK._replace(seconds=0.05))
    assert found == {name: {"problem": "not done in 0.05 s"} for name in ("speed", "rules")}


@pytest.mark.slow
def test_an_error_in_a_process_is_told_in_one_line():
    found = measure(["speed"], QUICK._replace(scenario="no-such-war"))
    assert found["speed"]["problem"].startswith("InputError: ")
    assert "no-such-war" in found["speed"]["problem"]
