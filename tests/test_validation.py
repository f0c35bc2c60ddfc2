"""docs/validation.md is what the kept results say, and the wars that are scored there are sound."""

import pytest

from experiments.validation import other_wars, page
from sim.case import check_case
from sim.posterior import DEFAULT


def test_the_page_has_not_drifted():
    text = page.PAGE.read_text("utf-8")
    assert page.refreshed(text) == text, "python -m experiments.validation.page writes it anew"


@pytest.mark.parametrize("folder", other_wars.folders().values(), ids=other_wars.folders())
def test_a_war_has_sound_files(folder):
    assert check_case(folder) == []


def test_every_war_is_scored_with_the_default_parameters():
    rows = page.read_kept("wars.json")["scores"]
    assert {row["posterior"] for row in rows} == {DEFAULT}
    assert [row["case"] for row in rows] == list(other_wars.folders())
