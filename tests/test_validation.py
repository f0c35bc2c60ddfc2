"""docs/validation.md is what the kept results say, and the wars that are scored there are sound."""

import json

import pytest

from experiments.validation import other_wars, page
from sim.case import check_case
from sim.posterior import DEFAULT


def test_the_page_has_not_drifted():
    text = page.PAGE.read_text("utf-8")
    assert page.refreshed(text) == text, "python -m experiments.validation.page writes it anew"


@pytest.mark.parametrize("folder", other_wars.folders(), ids=lambda folder: folder.name)
def test_a_war_has_sound_files(folder):
    assert check_case(folder) == []


def test_every_war_is_scored_with_the_default_parameters():
    kept = json.loads((page.HERE / "wars.json").read_text("utf-8"))
    assert {row["posterior"] for row in kept["scores"]} == {DEFAULT}
    assert [row["case"] for row in kept["scores"]] == [folder.name for folder in other_wars.folders()]
