"""The studies: each line runs, at its smallest size and elsewhere; helpers do what they say."""

import re
import shutil
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import sim
from experiments import study
from experiments.study import END, START, change_text, changes, crossing, markdown, shares, write_study
from sim.experiment.sweep import load_sweep
from sim.scenario import load_scenario

STUDIES = Path(__file__).parents[2] / "experiments"


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*/sweep.toml")), ids=lambda path: path.parent.name)
def test_sweeps_load_and_are_small(path):
    assert 1000 <= load_sweep(path).runs <= 2500


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*/scenario.toml")), ids=lambda path: path.parent.name)
def test_scenarios_load(path):
    assert load_scenario(path).events


@pytest.mark.parametrize("path", sorted(STUDIES.glob("*/figure.py")), ids=lambda path: path.parent.name)
def test_every_study_says_how_to_run_it(path):
    line = f"python -m experiments.{path.parent.name}.figure"
    readme = (path.parent / "README.md").read_text("utf-8")
    assert line in readme
    assert START in readme
    assert END in readme
    assert line in (STUDIES / "README.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.parent.name for path in STUDIES.glob("*/figure.py")))
def test_every_line_runs(name, tmp_path, monkeypatch):
    """Two runs at each point, in NumPy; what the study writes goes into a copy of its folder."""
    here = shutil.copytree(STUDIES / name, tmp_path / name)
    (here / "figure.svg").unlink()
    readme = (here / "README.md").read_text("utf-8")
    for sweep in [file for file in here.glob("*.toml") if "replicates" in file.read_text("utf-8")]:
        text = re.sub(r"replicates = \d+", 'replicates = 2\nengine = "numpy"', sweep.read_text("utf-8"))
        head, _, tail = re.sub(r"levels = \d+", "levels = 5", text).partition("[set]")
        sweep.write_text(f"{head}\n[set]\nsoldiers_per_unit = 2000\n{tail}", "utf-8")
    module = import_module(f"experiments.{name}.figure")
    monkeypatch.setattr(module, "HERE", here)
    monkeypatch.setattr(module, "RUNS", 2, raising=False)
    monkeypatch.setattr(study, "run_sweep", partial(study.run_sweep, workers=1))
    for call in ("run", "compare"):
        monkeypatch.setattr(sim, call, partial(getattr(sim, call), engine="numpy"), raising=False)
    module.main()
    assert (here / "figure.svg").read_text("utf-8").lstrip().startswith("<svg")
    numbers = (here / "README.md").read_text("utf-8")
    assert numbers.partition(START)[0] == readme.partition(START)[0]
    assert numbers.count("|") == readme.count("|")  # a table of the same shape


def test_crossing_is_linear_between_points():
    assert crossing([0, 1, 2], [1.0, 0.8, 0.0], 0.4) == pytest.approx(1.5)
    assert np.isnan(crossing([0, 1], [1.0, 0.8], 0.4))


def test_changes_are_from_the_reference():
    falls = np.array([[1.0, 1, 1, 1], [0, 0, 1, 1], [1, 1, 1, 1]])
    found = changes(falls, 0)
    assert found["difference"].tolist() == [0, -50, 0]
    assert found.loc[0].tolist() == [0, 0, 0]  # the same point
    assert found.loc[2, "high"] > 0  # another point with the same outcome
    assert shares(falls)["share"].tolist() == [1, 0.5, 1]
    assert change_text(found.loc[1]).startswith("−50.0 [−")


def test_numbers_go_between_the_marks(tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{START}\nold\n{END}\nafter\n", "utf-8")
    for _ in range(2):
        write_study(tmp_path, "<svg/>", markdown(["a", "b"], [["x", "1"]]), "2 runs.")
    text = readme.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert text.count("| x | 1 |") == 1
    assert (tmp_path / "figure.svg").read_text("utf-8") == "<svg/>"
    assert "| x | 1 |" in capsys.readouterr().out
