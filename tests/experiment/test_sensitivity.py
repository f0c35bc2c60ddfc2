"""Indices against functions whose indices are known, and the refusal of samples they cannot be had from."""

import itertools
import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from toy_sweep import write_sweep
from typer.testing import CliRunner

import sim
import sim.cli
from sim.errors import InputError
from sim.experiment.design import Factor
from sim.experiment.discovery import discover
from sim.experiment.outcomes import count_every_run, outcome_columns, sweep_outcomes
from sim.experiment.runner import run_sweep, work_of
from sim.experiment.samples import morris, saltelli
from sim.experiment.sensitivity import (
    analyse,
    chance_floor,
    check_design,
    morris_effects,
    point_means,
    sobol_indices,
)
from sim.experiment.store import Store
from sim.experiment.sweep import load_sweep
from sim.experiment.work import simulate_chunk

PI = np.pi


def ishigami(x, a=7.0, b=0.1):
    """Ishigami & Homma 1990; indices in closed form, for instance in Saltelli et al. 2008, section 4.6."""
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


ISHIGAMI_FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0, "dummy": 0.0}
ISHIGAMI_TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437, "dummy": 0.0}


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_ishigami(second_order):
    factors = (*(Factor(f"x{k}", -PI, PI) for k in (1, 2, 3)), Factor("dummy", 0, 1))
    design = saltelli(factors, 2048, seed=3, second_order=second_order)
    y = ishigami(design.points(0, len(design)))
    table, pairs = sobol_indices(design.names, y, second_order=second_order)
    assert table["factor"].tolist() == ["x1", "x2", "x3", "dummy"]  # the strongest first
    by_factor = table.set_index("factor")
    for name in design.names:
        assert by_factor.loc[name, "first"] == pytest.approx(ISHIGAMI_FIRST[name], abs=0.03)
        assert by_factor.loc[name, "total"] == pytest.approx(ISHIGAMI_TOTAL[name], abs=0.03)
        assert by_factor.loc[name, "total_low"] <= ISHIGAMI_TOTAL[name] <= by_factor.loc[name, "total_high"]
    assert by_factor.loc["dummy", "total"] == 0
    assert len(pairs) == (6 if second_order else 0)
    if second_order:
        second = pairs.set_index(["factor", "other"])["second"]
        assert second["x1", "x3"] == pytest.approx(0.2437, abs=0.05)
        assert second["x1", "x2"] == pytest.approx(0, abs=0.05)


def test_a_sweep_that_is_not_finished_is_not_analysed(tmp_path):
    sweep = load_sweep(
        write_sweep(tmp_path, kind='"morris"', trajectories="2", vary=["morale_pay = [0.5, 1]"])
    )
    run_sweep(sweep, tmp_path / "sweep", workers=1)
    *_, last = sorted((tmp_path / "sweep" / "outcomes").iterdir())
    last.unlink()
    unfinished = sim.open(tmp_path / "sweep")
    for look in (analyse, partial(discover, above=0)):
        with pytest.raises(InputError, match="is a sweep that is not finished"):
            look(unfinished, "places_fallen")


def test_morris_effects_of_a_linear_function():
    factors = (Factor("a", 0, 10), Factor("b", -1, 1), Factor("c", 1, 100, log=True), Factor("dummy", 0, 1))
    design = morris(factors, trajectories=20, levels=4, seed=5)
    x = design.points(0, len(design))
    y = 3 * x[:, 0] - 2 * x[:, 1] + 4 * np.log10(x[:, 2])
    table = morris_effects(design.names, x, y, levels=4).set_index("factor")
    # Over its whole range a factor moves a linear function by slope x range; there is no spread.
    assert table["mu"].to_dict() == pytest.approx({"a": 30, "b": -4, "c": 8, "dummy": 0})
    assert table["mu_star"].to_dict() == pytest.approx({"a": 30, "b": 4, "c": 8, "dummy": 0})
    assert table["sigma"].to_numpy() == pytest.approx(0, abs=1e-9)
    assert list(table.index) == ["a", "c", "b", "dummy"]


def test_morris_tells_interaction_by_spread():
    factors = tuple(Factor(name, 0, 1) for name in "abc")
    design = morris(factors, trajectories=200, levels=4, seed=5)
    x = design.points(0, len(design))
    table = morris_effects(design.names, x, x[:, 0] * x[:, 1] + x[:, 2], levels=4).set_index("factor")
    # The effect of a is b, evenly spread over 0, 1/3, 2/3, 1: mean 1/2, variance 5/36.
    for name in "ab":
        assert table.loc[name, "mu_star"] == pytest.approx(0.5, abs=0.08)
        assert table.loc[name, "sigma"] == pytest.approx((5 / 36) ** 0.5, abs=0.05)
        assert table.loc[name, "low"] < 0.5 < table.loc[name, "high"]
    assert table.loc["c", "sigma"] == pytest.approx(0, abs=1e-9)


def test_morris_takes_levels_without_end():
    factors = (Factor("paid_after_days", 0, np.inf, levels=(0.0, 3.0, 6.0, np.inf)), Factor("b", 0, 1))
    design = morris(factors, trajectories=30, levels=4, seed=5)
    x = design.points(0, len(design))
    y = np.isinf(x[:, 0]).astype(float) + x[:, 1]
    table = morris_effects(design.names, x, y, levels=4).set_index("factor")
    assert table.loc["b", "mu"] == pytest.approx(1)
    assert 0 < table.loc["paid_after_days", "mu"] < 1.5


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_chance_floor_is_what_a_factor_of_pure_chance_shows(kind):
    # Every point has the same expectation but for one strong factor; the other draws all chances anew.
    rng = np.random.default_rng(9)
    factors = (Factor("strong", 0, 1), Factor("chance", 0, 1))
    design = morris(factors, 2000, 4, seed=1) if kind == "morris" else saltelli(factors, 2048, seed=1)
    x = design.points(0, len(design))
    replicates = x[:, :1] + rng.normal(0, 0.3, size=(len(x), 6))
    mean, variance = replicates.mean(axis=1), replicates.var(axis=1, ddof=1) / 6
    floor = chance_floor({"kind": kind, "morris_levels": 4}, mean, variance)
    if kind == "morris":
        found = morris_effects(design.names, x, mean, 4).set_index("factor").loc["chance", "mu_star"]
    else:
        table, _ = sobol_indices(design.names, mean)
        found = table.set_index("factor").loc["chance", "total"]
    # The scaled error of a mean is a t, not a normal variable: with six replicates some percent wider.
    assert found == pytest.approx(floor, rel=0.1)


def test_means_of_points():
    runs = pd.DataFrame({"point": [0, 0, 1, 1, 1], "killed": [1.0, 3.0, 5.0, 5.0, 8.0]})
    mean, variance = point_means(runs, "killed", 2, "sweep")
    assert mean.tolist() == [2, 6]
    assert variance.tolist() == [1, 1]
    with pytest.raises(InputError, match="^sweep: 1 of 3 points have no run that succeeded; allowed: "):
        point_means(runs, "killed", 3, "sweep")


@pytest.mark.parametrize("kind", ["grid", "latin_hypercube", "sobol", "list"])
def test_samples_of_another_design_are_refused(kind):
    with pytest.raises(InputError) as refusal:
        check_design(kind, "results/mine")
    (line,) = refusal.value.problems
    assert line.startswith("results/mine: sensitivity indices need a sample of their own")
    assert f'"{kind}"' in line


def test_our_sample_is_in_the_order_salib_reads():
    # An additive function of powers of ten tells each column of the sample apart.
    factors = tuple(Factor(f"x{k}", 0, 1) for k in range(4))
    design = saltelli(factors, 512, seed=1)
    table, _ = sobol_indices(design.names, design.points(0, len(design)) @ 10.0 ** np.arange(4))
    order = [f"x{k}" for k in (3, 2, 1, 0)]
    assert table["factor"].tolist() == order
    variance = 100.0 ** np.arange(4)
    assert table["first"].tolist() == pytest.approx((variance / variance.sum())[::-1].tolist(), abs=0.03)
    assert all(a >= b for a, b in itertools.pairwise(table["total"]))


# The command ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Folders of finished toy sweeps, by kind."""
    folder = tmp_path_factory.mktemp("sweeps")
    vary = ("conditions.army.morale_shift = [-3, 3]", "combat_loss_per_day = {}")
    kinds = {
        "morris": {"trajectories": "4"},
        "saltelli": {"points": "4", "second_order": "true"},
        "latin_hypercube": {"points": "30", "replicates": "1"},
    }
    for kind, keys in kinds.items():
        path = write_sweep(
            folder,
            vary=vary,
            settings=("days = 4", "soldiers_per_unit = 1000"),
            name=kind,
            kind=f'"{kind}"',
            **keys,
        )
        run_here(load_sweep(path), folder / kind)
    return folder


def run_here(sweep, folder):
    """The sweep in this process: the store's files without a cluster."""
    folder.mkdir()
    store, work = Store(sweep, folder), work_of(sweep)
    store.prepare()
    for chunk in range(sweep.chunks):
        run_ids = sweep.run_ids(chunk)
        store.write(chunk, simulate_chunk(work, run_ids, sweep.points_of(run_ids)))


def invoke(*arguments):
    return CliRunner().invoke(sim.cli.app, list(map(str, arguments)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_command_tells_what_counts(swept, kind, tmp_path):
    out = tmp_path / "out"
    for _ in range(2):  # an earlier analysis is replaced
        options = ("--outcome", "deserted", "--out", out, "--json")
        result = invoke("sensitivity", swept / kind, *options)
        assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    first = content["factors"][0]
    assert first["factor"] == "conditions.army.morale_shift"
    of_dummy = next(row for row in content["factors"] if row["factor"] == "dummy")
    assert of_dummy["mu_star" if kind == "morris" else "total"] == 0
    assert content["chance_floor"] > 0
    assert len(content["pairs"]) == (3 if kind == "saltelli" else 0)
    assert "conditions.army.morale_shift" in (out / "sensitivity.svg").read_text()
    shown = invoke("sensitivity", swept / kind, "--outcome", "deserted")
    assert "dummy" in shown.stdout


@pytest.mark.slow
def test_command_refuses_other_designs_and_outcomes(swept):
    for arguments, expected in (
        ((swept / "latin_hypercube",), "sensitivity indices need a sample of their own"),
        ((swept / "latin_hypercube.toml",), "sensitivity indices need a sample of their own"),
        ((swept / "morris", "--outcome", "deserte"), "'deserte' is unknown (did you mean 'deserted'?)"),
        ((swept,), "manifest.json: cannot be read"),
    ):
        result = invoke("sensitivity", *arguments)
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert expected in line


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("discover", "toy.toml"), "--above, --below: one of the two is needed"),
        (("discover", "toy.toml", "--above", 1, "--outcome", "deserte"), "--outcome: 'deserte' is unknown"),
        (("sensitivity", "toy.toml", "--outcome", "run_id"), "--outcome: 'run_id' is unknown"),
        (("sensitivity", "toy.toml", "--workers", 0), "--workers: 0 is out of range"),
    ],
)
def test_nothing_is_simulated_before_all_is_checked(arguments, expected, tmp_path, monkeypatch):
    write_sweep(tmp_path, kind='"morris"', trajectories="3", vary=["morale_pay = {}"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.experiment.runner.run_sweep", None)
    (line,) = invoke(*arguments).stderr.splitlines()
    assert line.startswith(expected)
    if "--outcome:" in expected:
        allowed = line.partition("; allowed: ")[2].split(", ")
        assert allowed[0] == "capital_falls" and allowed[-1] == "fallen_day.PLACE"
        assert not {"run_id", "point", "replicate", "seed", "error"} & set(allowed)


def test_outcomes_that_are_offered_are_those_of_a_sweep(tmp_path):
    sweep = load_sweep(write_sweep(tmp_path))
    work = work_of(sweep)
    columns = pd.DataFrame(work.outcomes(work.one_day()))
    case = sweep.scenario.load_case()
    assert sweep_outcomes(case) == outcome_columns(count_every_run(columns, sweep.scenario))


@pytest.mark.slow
def test_command_finds_where_towns_fall(swept):
    result = invoke(
        "discover", swept / "latin_hypercube", "--outcome", "places_fallen", "--above", 2.5, "--json"
    )
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)["boxes"]
    assert row["factor"] == "conditions.army.morale_shift"
    assert row["low"] is None
    assert row["high"] is not None
    for wrong in ((), ("--above", 1, "--below", 2.5), ("--below", -1), ("--below", 2.5, "--density", 0)):
        refused = invoke("discover", swept / "latin_hypercube", "--outcome", "places_fallen", *wrong)
        assert refused.exit_code == 2
        assert len(refused.stderr.splitlines()) == 1
