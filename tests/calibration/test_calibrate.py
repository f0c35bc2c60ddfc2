"""The whole way on a small war: known parameters found again, stop and go on, bad studies, the command."""

import json

import numpy as np
import pandas as pd
import pytest
from toy_case import write_toy_case

import sim
from sim.calibration import calibrate, load_study
from sim.calibration.learned import contractions
from sim.calibration.loss import total
from sim.calibration.population import losses, war_of
from sim.calibration.rounds import chosen_rate, runs_of
from sim.engine import run_seeds
from sim.errors import InputError
from sim.scenario import load_scenario

FREE = ["speed_primary_km_per_day", "morale_news"]
STUDY = """
name = "small"
seed = 3
generations = {generations}
population = {points}
replicates = 2
draws = {draws}
rates = [{rate}]
prior = "uniform"
free = ["{free[0]}", "{free[1]}"]
[loss]
displacement = 0
[cases]
{cases}
"""


def write_study(folder, cases=("war",), **changes):
    values = {"points": 16, "generations": 2, "draws": 16, "rate": 20, "free": FREE} | changes
    file = folder / "study.toml"
    file.write_text(STUDY.format(cases="\n".join(f'"{case}" = 1' for case in cases), **values), "utf-8")
    return file


@pytest.fixture(scope="module")
def war(tmp_path_factory):
    return write_toy_case(tmp_path_factory.mktemp("toy") / "war", days=6)


@pytest.mark.slow
def test_a_calibration_stopped_anywhere_goes_on_to_the_same_draws(war):
    study = load_study(write_study(war.parent))
    whole, stopped = war.parent / "whole", war.parent / "stopped"
    draws = calibrate(study, whole)
    told = []
    calibrate(study, stopped, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (runs_of(study), runs_of(study))
    for name in ("posterior.parquet", "rates.parquet", "level-1.parquet", "losses-001.toy.parquet"):
        (stopped / name).unlink()
    assert calibrate(study, stopped).equals(draws)
    calibrate(study, stopped, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (runs_of(study), runs_of(study))  # also when nothing was left to simulate
    assert len(draws) == 16
    low, high = study.prior.limits
    values = draws[list(study.prior.names)].to_numpy()
    assert ((low <= values) & (values <= high)).all()
    with pytest.raises(InputError, match="seed is 3 there and 4 here"):
        calibrate(load_study(_with_seed(war.parent, 4)), whole)
    other = war.parent / "other"
    other.mkdir()
    (other / "letter.txt").touch()
    with pytest.raises(InputError, match=r"holds other files \(letter.txt\)"):
        calibrate(study, other)


def _with_seed(folder, seed):
    file = folder / "other.toml"
    text = (folder / "study.toml").read_text("utf-8")
    file.write_text(text.replace("seed = 3", f"seed = {seed}"), "utf-8")
    return file


@pytest.mark.slow
def test_known_parameters_are_found_again(tmp_path):
    """A war whose record is a run of the model with a slow army: the speed is learned, and covered."""
    # From 50 to 60 km a day the record is the same; around 75 it tells slower from faster.
    truth = {"speed_primary_km_per_day": 75.0}
    war = tmp_path / "war"
    size = {"places": 5, "days": 12, "road_km": 120, "army_soldiers": 1500, "rebel_soldiers": 6000}
    write_toy_case(war, **size)
    scenario = load_scenario(war).with_set({**truth, "posterior": "prior"})
    result = sim.run(scenario, runs=32, seed=99)
    days = np.median(result.fall_day, axis=0)
    fallen = {p: int(d) for p, d in zip(result.case.place_ids, days, strict=True) if np.isfinite(d)}
    assert len(fallen) >= 3  # else there is nothing to learn from
    write_toy_case(war, fallen=fallen, **size)
    study = load_study(write_study(tmp_path, points=64, generations=12, draws=64, rate=60))
    draws = calibrate(study, tmp_path / "out")
    low, high = np.quantile(draws["speed_primary_km_per_day"], (0.05, 0.95))
    assert low <= truth["speed_primary_km_per_day"] <= high
    learned = contractions(study, tmp_path / "out").set_index("parameter")
    assert learned.loc["speed_primary_km_per_day", "contraction"] > 0.4
    # In 512 new runs each the loss is about 0.065 against 0.100, standard error of the difference 0.008.
    names, seeds = study.prior.names, run_seeds(5, 64 * 8).reshape(64, 8)
    of_prior = study.prior.parameters(np.random.default_rng(5).normal(size=(64, len(names))))
    prior, posterior = (
        total(losses(war_of(study.scenarios[0]), names, values, seeds), study.part_weights).mean()
        for values in (of_prior, draws[list(names)].to_numpy())
    )
    assert posterior < 0.9 * prior


@pytest.mark.slow
def test_the_command_writes_draws_that_a_run_takes(war, tmp_path, monkeypatch, capsys):
    from sim.cli.calibrate import run_calibration

    monkeypatch.chdir(tmp_path)
    study = write_study(war.parent)
    run_calibration(str(study), None, None, dry_run=True)
    assert not (tmp_path / "results").exists()
    run_calibration(str(study), None, None, dry_run=False)
    folder = tmp_path / "results" / "small"
    names = {path.name for path in folder.iterdir()}
    figures = {"marginals.svg", "pairs.svg", "predictive-toy.svg"}
    assert figures | {"posterior.parquet", "posterior.toml", "learned.csv", "diagnostics.json"} <= names
    told = json.loads((folder / "diagnostics.json").read_text("utf-8"))
    assert [step["rate"] for step in told["generations"]] == [20, 20]
    assert told["learning_rate"] == 20
    assert "The record says nothing of" in capsys.readouterr().out
    from experiments.calibration.ship import ship

    shipped = ship(folder, into=tmp_path / "posteriors")
    result = sim.run(war, runs=2, posterior=str(shipped / "draws.parquet"), engine="numpy")
    assert list(result.manifest["posterior"]["parameters"]) == list(load_study(study).prior.names)
    with pytest.raises(InputError, match="is there already"):
        ship(folder, into=tmp_path / "posteriors")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("generations = 2", "generations = 0", "generations: 0 is not valid; allowed: a whole number of"),
        ("generations = 2", "generation = 1", "generation: unknown key (did you mean 'generations'?)"),
        (
            "population = 16",
            "population = 20",
            "population: 20 is not valid; allowed: points, a multiple of 16",
        ),
        ("replicates = 2", "replicates = 1", "replicates: 1 is not valid"),
        (
            'prior = "uniform"',
            'prior = "flat"',
            "prior: 'flat' is not valid; allowed: logit-normal or uniform",
        ),
        (FREE[1], "morale_newz", "free: 'morale_newz' is unknown (did you mean"),
        (
            "displacement = 0",
            "displacment = 0",
            "loss.displacment: is unknown (did you mean 'displacement'?)",
        ),
        ('"war" = 1', '"wor" = 1', "cases.wor: scenario: 'wor' is unknown"),
        ('"war" = 1', '"war" = 0', "cases, loss: nothing counts"),
        ('"war" = 1', '"war" = -1', "cases.war: -1 is not valid; allowed: a table of scenarios"),
        ("displacement = 0", "displacement = 2000", "loss.displacement: 2000 is not valid; allowed: a"),
        ("rates = [20]", "rates = [-1]", "rates: -1 is not valid"),
        ("rates = [20]", "rates = [20, 20.0]", "rates: [20, 20.0] is not valid; allowed: a list of learning"),
    ],
)
def test_bad_studies_are_one_line(war, tmp_path, old, new, said):
    text = write_study(war.parent).read_text("utf-8")
    assert old in text
    file = war.parent / "bad.toml"
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError) as error:
        load_study(file)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(f"{file}: {said}")


def test_every_bad_weight_is_told(war):
    text = write_study(war.parent).read_text("utf-8")
    file = war.parent / "bad.toml"
    bad = text.replace("displacement = 0", "displacement = -1\nbrier = 'x'").replace("= 16", "= 3")
    file.write_text(bad, "utf-8")
    with pytest.raises(InputError) as error:
        load_study(file)
    keys = [line.removeprefix(f"{file}: ").partition(": ")[0] for line in error.value.problems]
    assert sorted(keys) == ["draws", "loss.brier", "loss.displacement", "population"]


def test_a_war_without_a_record_is_refused(tmp_path):
    write_toy_case(tmp_path / "silent", days=6, fallen={})
    for name in ("held", "displacement"):
        table = tmp_path / "silent" / f"{name}.csv"
        table.write_text(table.read_text("utf-8").partition("\n")[0] + "\n", "utf-8")
    with pytest.raises(InputError, match=r"cases.toy: its record has nothing that the loss counts"):
        load_study(write_study(tmp_path, cases=["silent"]))


def test_the_shipped_study_loads():
    study = load_study("experiments/calibration/study.toml")
    assert [s.name for s in study.scenarios] == ["syria-2024", "idlib-2020"]
    assert study.file.draws >= 1000
    assert all(scenario.posterior == "prior" for scenario in study.scenarios)


def test_the_lowest_rate_that_is_about_as_good_is_chosen():
    losses = {10: (0.5, 0.7), 20: (0.45, 0.6), 40: (0.4, 0.6), 80: (0.6, 0.6)}
    rows = [
        {"rate": rate, "loss": loss, "weight": 0.5, "scenario": name}
        for rate, of in losses.items()
        for name, loss in zip("ab", of, strict=True)
    ]
    assert chosen_rate(pd.DataFrame(rows)) == 20
