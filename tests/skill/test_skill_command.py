"""``holdfast skill``: what it prints, as text and as JSON, and what it refuses."""

import json

import pytest
from toy_case import write_toy_case
from typer.testing import CliRunner

from sim.cli import app
from sim.cli.skill import BASELINES, MEANINGS, figure, history_text, runs_text, verdict
from sim.skill import Skill
from sim.skill.worst import Miss

SCORES = {name: 0.5 for name in MEANINGS} | {f"brier_skill_{name}": 0.25 for name in BASELINES}
CARD = Skill(
    case="toy",
    scenario="toy",
    seed=0,
    runs=2,
    days=5,
    places=4,
    falls=2,
    front_km_per_day=5.0,
    front_hindsight_km_per_day=35.0,
    standard_error=dict.fromkeys(SCORES, 0.01),
    **SCORES,
)
MISS = Miss(
    place="hama",
    name="Hama",
    error=0.2,
    brier_share=0.1,
    recorded_day=9,
    recorded_taker="hts",
    confidence="low",
    fallen_share=0.75,
    contested_share=0.4,
    median_day=6,
    low_day=5,
    high_day=None,
    cause="withdrawal",
    taker="sna",
    typical_share=0.6,
)


def changed(thing, **values):
    from dataclasses import replace

    return replace(thing, **values)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("case") / "toy"
    return str(write_toy_case(path, places=4, days=5, fallen={"town-1": 2, "town-2": 4}))


def invoke(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_json_is_the_card_and_nothing_else(folder):
    done = invoke("skill", folder, "--runs", 2, "--seed", 4, "--engine", "numpy", "--json")
    assert done.exit_code == 0, done.output
    card = json.loads(done.stdout)
    assert set(card) == set(Skill.__dataclass_fields__)
    assert (card["case"], card["runs"], card["seed"]) == ("toy", 2, 4)
    assert card["displacement_ard"] > 0
    assert 0 <= card["brier"] <= 1
    assert set(card["standard_error"]) == set(SCORES)
    assert card["standard_error"]["brier"] >= 0


def test_text_has_every_score_and_baseline(folder):
    done = invoke("skill", folder, "--runs", 2, "--engine", "numpy", "--explain")
    assert done.exit_code == 0, done.output
    for word in (*MEANINGS, *BASELINES, "4 places, of which 2 fell", "Worst places", "History:", "Runs:"):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_worst_places_go_into_the_json_as_well(folder):
    done = invoke("skill", folder, "--runs", 2, "--engine", "numpy", "--explain", "--json")
    worst = json.loads(done.stdout)["worst_places"]
    assert worst and set(worst[0]) == set(Miss.__dataclass_fields__)


def test_bad_input_is_told_at_once_and_nothing_is_simulated():
    done = invoke("skill", "siria-2024", "--runs", 0, "--engine", "cuda", "--set", "x")
    assert done.exit_code == 2
    for word in ("siria-2024", "--runs", "--engine", "--set"):
        assert word in done.stderr
    assert "Simulating" not in done.stderr


def test_every_score_of_the_card_has_a_meaning():
    told = {*MEANINGS, *(f"brier_skill_{name}" for name in BASELINES)}
    numbers = {name for name, field in Skill.__dataclass_fields__.items() if "float |" in str(field.type)}
    numbers -= {"standard_error"}
    assert told == {name for name in numbers if not name.endswith("km_per_day")}


def test_the_verdict_names_what_is_beaten_and_what_is_not():
    said = verdict(changed(CARD, brier_skill_front_hindsight=-0.1, brier_skill_no_loyalty=None))
    assert "Better than: no_change, front.\n" in said
    assert "Not better than: front_hindsight.\n" in said
    assert "Cannot be computed: no_loyalty.\n" in said
    nothing = {f"brier_skill_{name}": None for name in BASELINES}
    assert "No baseline can be scored" in verdict(changed(CARD, **nothing))
    worse = dict.fromkeys(nothing, -0.05)
    assert "Better than: no baseline." in verdict(changed(CARD, **worse))


def test_what_chance_could_have_made_is_not_called_better():
    said = verdict(changed(CARD, brier_skill_front=0.019, brier_skill_no_change=-0.019))
    assert "Better than: front_hindsight, no_loyalty.\n" in said
    assert "Too close to tell, within two standard errors: no_change, front.\n" in said


def test_without_a_standard_error_nothing_is_called_better():
    alone = {f"brier_skill_{name}": None for name in BASELINES}
    said = verdict(changed(CARD, standard_error=CARD.standard_error | alone))
    assert "Better than: no baseline.\n" in said
    assert "Cannot be told without a standard error: no_change, front, front_hindsight, no_loyalty.\n" in said


def test_figures():
    assert [figure(value) for value in (None, 0.0824, 0.741, -2.6447, 0)] == [
        "–",
        "0.082",
        "0.74",
        "-2.64",
        "0.000",
    ]


def test_a_miss_in_words():
    assert history_text(MISS) == "History: fell to hts on day 9 (low confidence, counts half)."
    assert runs_text(MISS) == (
        "Runs: falls in 75%, median day 6 (90 %: day 5 to never); most often "
        "to sna by withdrawal (60% of its falls); fought over in 40%."
    )
    held = changed(MISS, recorded_day=None, recorded_taker="", confidence="", taker="", cause="")
    assert (history_text(held), runs_text(held)) == (
        "History: held.",
        "Runs: never falls; fought over in 40%.",
    )
