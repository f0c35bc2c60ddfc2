"""Posteriors: run k is made with draw k, in every world; what a scenario sets goes before."""

import numpy as np
import pandas as pd
import pytest
from toy_case import write_toy_case

import sim
from sim.errors import InputError
from sim.experiment.design import Factor
from sim.experiment.worlds import PointWorlds
from sim.posterior import DEFAULT, drawn, load_posterior, shipped_posteriors
from sim.simulate import worlds_of

NEWS, LOSS = [0.05, 0.2, 0.4], [0.01, 0.02, 0.03]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "draws.parquet"
    frame = pd.DataFrame({"draw": [0, 1, 2], "loss": 0.1, "morale_news": NEWS, "combat_loss_per_day": LOSS})
    frame.to_parquet(path)
    return str(path)


@pytest.fixture
def toy(tmp_path):
    return sim.load_scenario(write_toy_case(tmp_path / "toy"))


def test_run_k_has_draw_k_and_begins_anew_after_the_last(file):
    found = drawn(file, {}, np.arange(5))
    assert found["morale_news"] == pytest.approx([*NEWS, *NEWS[:2]])
    assert found["combat_loss_per_day"] == pytest.approx([*LOSS, *LOSS[:2]])
    assert set(found) == {"morale_news", "combat_loss_per_day"}  # notes are no parameters
    assert drawn(file, {}, np.arange(2), seed=2**64 - 2)["morale_news"] == pytest.approx([NEWS[2], NEWS[0]])
    assert drawn("prior", {}, np.arange(5)) == {}


def test_what_a_scenario_sets_goes_before_the_draw(file, toy):
    set_ = toy.with_set({"posterior": file, "morale_news": 0.3})
    params = worlds_of(set_, np.arange(3), 0)[1]
    assert params.morale_news == pytest.approx([0.3] * 3)
    assert params.combat_loss_per_day == pytest.approx(LOSS)


def test_a_result_opens_from_any_folder(file, toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = sim.run(toy, runs=1, posterior="draws.parquet", engine="numpy")
    result.save(tmp_path / "out")
    monkeypatch.chdir(tmp_path / "toy")
    assert sim.open(tmp_path / "out").scenario == result.scenario


def test_worlds_are_paired(file, toy):
    changed = toy.with_set({"posterior": file, "conditions.army.pay_usd_month": 90})
    a = worlds_of(toy.with_set({"posterior": file}), np.arange(4), 0)[1]
    b = worlds_of(changed, np.arange(4), 0)[1]
    assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_an_ensemble_is_made_with_the_draws(file, toy):
    result = sim.run(toy, runs=4, posterior=file, engine="numpy")
    one = toy.with_set({"morale_news": NEWS[1], "combat_loss_per_day": LOSS[1]})
    alone = sim.run(one, 4, posterior="prior", engine="numpy")
    for column in ("soldiers", "morale"):
        of = [r.factions.loc[r.factions["run_id"] == 1, column].to_numpy() for r in (result, alone)]
        assert np.array_equal(*of)
    told = result.manifest["posterior"]
    assert (told["name"], told["draws"]) == (file, 3)
    assert len(told["sha256"]) == 64
    again = sim.Scenario(**result.manifest["scenario"])
    assert again.posterior == file


def test_a_model_takes_the_draw_that_it_is_told(file, toy):
    model = sim.ConflictModel(toy, settings={"posterior": file}, seed=1, draw=2)
    assert float(model.params.morale_news) == pytest.approx(NEWS[2])


def test_a_sweep_s_replicate_has_its_own_draw(file, toy):
    worlds = PointWorlds(toy.with_set({"posterior": file}), [Factor("morale_news", 0, 0.6)])
    _, params = worlds.at(np.array([[0.1], [0.1], [0.5]]), np.array([0, 1, 1]))
    assert params.morale_news == pytest.approx([0.1, 0.1, 0.5])
    assert params.combat_loss_per_day == pytest.approx([LOSS[0], LOSS[1], LOSS[1]])


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"morale_newz": [0.1]}, "morale_newz: unknown parameter (did you mean 'morale_news'?)"),
        ({"morale_news": [0.1, 9.0]}, "morale_news: 9 is out of range"),
        ({"morale_news": [np.nan]}, "morale_news: nan is out of range"),
        ({"morale_news": ["x"]}, "morale_news: None is not a number"),
        ({"loss": [0.1]}, "has no draws"),
        ({"morale_news": []}, "has no draws"),
    ],
)
def test_bad_draws_are_one_line(tmp_path, frame, said):
    path = tmp_path / "bad.parquet"
    pd.DataFrame(frame).to_parquet(path)
    with pytest.raises(InputError) as error:
        load_posterior(str(path))
    assert len(error.value.problems) == 1
    assert said in error.value.problems[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"cases = ", "not valid TOML"), (b"\xff", "not valid TOML"), (b"cases = 3", "cases: 3 is not valid")],
)
def test_a_bad_table_beside_the_draws_is_one_line(file, tmp_path, text, said):
    beside = tmp_path / "posterior.toml"
    beside.write_bytes(text)
    with pytest.raises(InputError) as error:
        load_posterior(file)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(f"{beside}: {said}")


def test_unknown_names_are_refused_with_what_is_allowed(toy, tmp_path):
    (tmp_path / "no.parquet").write_text("no table")
    for name, said in (("priro", "did you mean 'prior'"), (str(tmp_path / "no.parquet"), "cannot be read")):
        with pytest.raises(InputError, match=said):
            sim.run(toy, runs=1, posterior=name)


def test_shipped_posteriors_load():
    assert DEFAULT in ("prior", *shipped_posteriors())
    for name in shipped_posteriors():
        posterior = load_posterior(name)
        assert len(posterior) >= 1000
        assert posterior.provenance["draws_sha256"] == posterior.sha256
