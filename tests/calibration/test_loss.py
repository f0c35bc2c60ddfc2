"""The parts of a loss against values worked out by hand."""

import numpy as np
import pytest

from sim.calibration.loss import Target, fair_brier, fair_crps, mean_people, parts, total
from sim.case.history import History
from sim.skill.displacement import Count
from sim.skill.measures import brier, crps

DAYS = 4
RECORD = History(
    fallen=np.array([[False, True, True, True], [False] * 4]),
    day=np.array([2.0, np.inf]),
    taker=("rebels", ""),
    confidence=("high", ""),
    weight=np.array([1.0, 1.0]),
    known=True,
)
EVERYWHERE = np.array([True, True])
COUNTS = [Count(4, 0, "national", "fled", EVERYWHERE, 100.0)]
TARGET = Target(RECORD, COUNTS, brier_no_change=3 / 8, crps_never=3.0)
NOBODY = {"fled": np.zeros((5, 2)), "displaced_hosted": np.zeros((5, 2))}


def courses(*days):
    """Runs [R, D, P] in which the two places fall on these days (0: never)."""
    day = np.arange(1, DAYS + 1)
    return np.array([[(day >= d) & (d > 0) for d in run] for run in days]).transpose(0, 2, 1)


def test_perfect_runs_have_no_loss_but_displacement():
    assert parts(courses((2, 0), (2, 0)), NOBODY, TARGET) == pytest.approx([0, 0, 0, 1])


def test_runs_in_which_nothing_happens_have_the_loss_of_the_baseline():
    assert parts(courses((0, 0), (0, 0)), NOBODY, TARGET) == pytest.approx([1, 1, 0, 1])


def test_a_place_that_held_and_always_falls_is_a_whole_false_fall():
    assert parts(courses((2, 4), (2, 4)), NOBODY, TARGET)[2] == 1


def test_two_runs_that_differ():
    # Place 0 falls on day 1 in one run and day 3 in the other: share 1/2 on days 1 and 2, then 1.
    # Raw Brier: (1/4 + 1/4) / 8; what two runs add: (1/4 + 1/4) / 8 as well, so that nothing is left.
    # Days: E|X - 2| = 1; E|X - X'| / 2 over different runs = 1: nothing is left either.
    found = parts(courses((1, 0), (3, 0)), NOBODY, TARGET)
    assert found == pytest.approx([0, 0, 0, 1])


def test_displacement_is_flee_s_and_has_a_worst():
    people = {"fled": np.vstack([np.zeros(2), np.full((4, 2), 75.0)]), "displaced_hosted": np.zeros((5, 2))}
    assert parts(courses((2, 0), (2, 0)), people, TARGET)[3] == pytest.approx(0.5)  # 150 for 100
    people["fled"] = people["fled"] * 100
    assert parts(courses((2, 0), (2, 0)), people, TARGET)[3] == 2


def test_fair_scores_of_few_runs_are_on_average_those_of_many():
    draws = np.random.default_rng(1)
    chance, fallen, weight = np.array([[0.3, 0.8]]), np.array([[0.0, 1.0]]), np.ones(1)
    few = (draws.random((4000, 4, 1, 2)) < chance).mean(axis=1)
    assert np.mean([fair_brier(share, fallen, weight, 4) for share in few]) == pytest.approx(
        brier(chance, fallen, weight), abs=0.005
    )
    days = draws.choice([1.0, 2.0, 5.0], size=(4000, 3, 1), p=[0.2, 0.5, 0.3])
    many = draws.choice([1.0, 2.0, 5.0], size=(20_000, 1), p=[0.2, 0.5, 0.3])
    mean = np.mean([fair_crps(of, np.array([3.0]), weight, 6) for of in days])
    assert mean == pytest.approx(crps(many, np.array([3.0]), weight, 6), abs=0.02)
    assert np.mean([crps(of, np.array([3.0]), weight, 6) for of in days]) > mean + 0.1  # unfair: too high


def test_total_leaves_out_what_is_not_recorded():
    of_parts = np.array([[0.2, 0.4, 0.0, np.nan], [1.0, 1.0, 1.0, 1.0]])
    assert total(of_parts, np.array([2.0, 1.0, 1.0, 4.0])) == pytest.approx([0.8 / 4, 1.0])


def test_mean_people_begins_on_the_eve():
    people = {"fled": np.arange(12.0).reshape(2, 3, 2)}
    assert mean_people(people)["fled"].tolist() == [[0, 0], [3, 4], [5, 6], [7, 8]]
