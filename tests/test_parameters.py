"""The registry: every magnitude named once, within its range, with a source to look up, and used."""

import ast
import csv
import math
from pathlib import Path

import numpy as np
import pytest

import sim.rules
from sim.errors import InputError
from sim.parameters import REGISTRY, Params, check_parameter, make_params
from sim.paths import configs_dir


def references() -> dict[str, dict[str, str]]:
    with (configs_dir() / "references.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_key = {row["key"]: row for row in rows}
    assert len(by_key) == len(rows), "a key stands twice"
    return by_key


@pytest.mark.parametrize("name", REGISTRY)
def test_entry_is_complete_and_its_default_plausible(name):
    p = REGISTRY[name]
    assert p.name == name
    assert p.low < p.high
    assert p.low <= p.default <= p.high
    assert (
        check_parameter(name, p.default)
        == check_parameter(name, p.low)
        == check_parameter(name, p.high)
        == []
    )
    assert p.unit and p.meaning and p.mechanism
    assert p.evidence in set("VMFA")
    assert p.source != "guess" or p.evidence == "A", "a guess has no evidence"


def test_sources_can_be_looked_up_and_no_reference_is_idle():
    cited = {p.source for p in REGISTRY.values()} - {"guess"}
    assert cited == set(references())
    for key, row in references().items():
        assert row["citation"] and row["note"], key
        assert not row["doi"] or row["doi"].startswith("10."), key
        assert any(mark in row["note"] for mark in ("[V]", "[M]")), key


def test_every_parameter_is_read_by_a_rule():
    """A number that no rule reads would be swept and calibrated in vain."""
    read = set()
    for folder in sim.rules.__path__:
        for file in sorted(Path(folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    if node.value.id == "params":
                        read.add(node.attr)
    assert set(REGISTRY) - read == set()


def test_defaults_and_overrides_become_float32():
    params = make_params({"morale_days": 9})
    assert isinstance(params, Params)
    assert all(isinstance(value, np.float32) for value in params)
    assert params.morale_days == 9
    assert make_params().morale_days == np.float32(REGISTRY["morale_days"].default)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("morale_dayz", 7, ["unknown parameter", "did you mean 'morale_days'?"]),
        ("command_cost", 1, ["unknown parameter", "holdfast params"]),
        ("morale_days", 31, ["31 is out of range", "3 to 30 (days)"]),
        ("morale_days", math.nan, ["out of range", "3 to 30"]),
        ("morale_days", math.inf, ["out of range", "3 to 30"]),
        ("morale_days", "7", ["'7' is not a number", "3 to 30"]),
        ("morale_days", True, ["True is not a number"]),
    ],
)
def test_a_mistake_is_named_in_one_line(name, value, said):
    with pytest.raises(InputError) as error:
        make_params({name: value, "morale_pay": 0.7})
    (line,) = error.value.problems
    assert name in line
    for words in said:
        assert words in line


def test_all_mistakes_are_told_at_once():
    with pytest.raises(InputError) as error:
        make_params({"morale_days": -1, "nonsense": 2, "morale_pay": 0.5, "news_km": 1e9})
    assert len(error.value.problems) == 3
