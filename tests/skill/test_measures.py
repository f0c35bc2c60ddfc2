"""Scores against numbers worked by hand and against kept libraries."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kendalltau
from sklearn.metrics import brier_score_loss

from sim.case.history import first_day_fallen
from sim.skill.measures import (
    brier,
    central_interval,
    coverage,
    coverage_exact,
    crps,
    kendall_tau,
    median_day,
    skill_over,
    weighted_mean,
)

NEVER = np.inf
DAYS = 6
WEIGHTS = st.sampled_from([0.5, 1.0])
FALL_DAYS = st.sampled_from([1.0, 2, 3, 4, 5, 6, NEVER])


def ensembles(places=4):
    """Days of fall in the runs, recorded days, weights of the places."""
    return st.integers(1, 9).flatmap(
        lambda runs: st.tuples(
            arrays(float, (runs, places), elements=FALL_DAYS),
            arrays(float, places, elements=st.integers(1, DAYS).map(float)),
            arrays(float, places, elements=WEIGHTS),
        )
    )


def test_brier_by_hand():
    probability = np.array([[0, 0.5, 1], [0, 0, 0]])
    fallen = np.array([[0, 1, 1], [0, 0, 1]], dtype=bool)
    # Means over days: 0.25 / 3 and 1 / 3; the second place counts half: (1/12 + 1/6) / 1.5.
    assert brier(probability, fallen, np.array([1, 0.5])) == pytest.approx(1 / 6)
    assert brier(probability, fallen, np.array([1.0, 0])) == pytest.approx(1 / 12)
    assert np.isnan(brier(probability, fallen, np.zeros(2)))


@given(
    arrays(float, (4, 3), elements=st.floats(0, 1)), arrays(bool, (4, 3)), arrays(float, 4, elements=WEIGHTS)
)
def test_brier_is_that_of_scikit_learn(probability, fallen, weight):
    theirs = brier_score_loss(
        fallen.ravel(), probability.ravel(), sample_weight=np.repeat(weight, 3), pos_label=True
    )
    assert brier(probability, fallen, weight) == pytest.approx(theirs, abs=1e-12)


def test_skill_over_a_baseline():
    assert skill_over(0.1, 0.4) == pytest.approx(0.75)
    assert skill_over(0.4, 0.4) == 0
    assert skill_over(0.4, 0.1) == pytest.approx(-3)
    assert np.isnan(skill_over(0.1, 0)) and np.isnan(skill_over(0.1, np.nan))


@given(ensembles())
def test_crps_is_that_of_scoringrules(drawn):
    runs, recorded, weight = drawn
    counted = np.minimum(runs, DAYS + 1)
    theirs = scoringrules.crps_ensemble(recorded, counted.T, estimator="nrg")
    assert crps(runs, recorded, weight, DAYS) == pytest.approx(np.average(theirs, weights=weight), abs=1e-12)


def test_crps_by_hand():
    # Runs on days 2 and 4, record on day 2: mean distance 1, half the mean spread 1/2.
    assert crps(np.array([[2.0], [4]]), np.array([2.0]), np.ones(1), DAYS) == pytest.approx(0.5)
    # A single run that never falls counts on day 7.
    assert crps(np.array([[NEVER]]), np.array([5.0]), np.ones(1), DAYS) == 2
    assert np.isnan(crps(np.zeros((3, 0)), np.zeros(0), np.zeros(0), DAYS))


@given(ensembles())
def test_crps_of_places_that_stay_fallen_is_brier_times_days(drawn):
    """The integral over days of (chance of having fallen - state)^2 is the CRPS of the day of fall."""
    runs, recorded, weight = drawn
    day = np.arange(1, DAYS + 1)
    probability = (runs[:, :, None] <= day).mean(axis=0)
    fallen = recorded[:, None] <= day
    assert first_day_fallen(fallen, axis=1).tolist() == recorded.tolist()
    assert crps(runs, recorded, weight, DAYS) == pytest.approx(DAYS * brier(probability, fallen, weight))


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.sampled_from([1, 2])), min_size=2, max_size=8)
)
def test_kendall_tau_is_that_of_scipy(pairs):
    """A place of weight 2 is as two places of weight 1."""
    a, b, weight = np.array(pairs, dtype=float).T
    times = weight.astype(int)
    theirs = kendalltau(np.repeat(a, times), np.repeat(b, times)).statistic
    assert kendall_tau(a, b, weight) == pytest.approx(theirs, nan_ok=True)
    assert kendall_tau(a, b, weight / 2) == pytest.approx(theirs, nan_ok=True)


def test_kendall_tau_by_hand():
    # Pairs (1,2) and (1,3) agree, (2,3) is tied in the record: 2 / sqrt(3 x 2).
    assert kendall_tau(np.array([1.0, 2, 3]), np.array([1.0, 4, 4]), np.ones(3)) == pytest.approx(2 / 6**0.5)
    assert kendall_tau(np.array([1.0, 2]), np.array([5.0, 3]), np.ones(2)) == -1
    assert np.isnan(kendall_tau(np.array([1.0]), np.array([2.0]), np.ones(1)))
    assert np.isnan(kendall_tau(np.zeros(0), np.zeros(0), np.zeros(0)))


def test_median_and_interval_are_days_that_runs_show():
    runs = np.array([[1.0, 2, NEVER], [2, 4, NEVER], [3, NEVER, NEVER], [9, NEVER, 1]])
    assert median_day(runs, DAYS).tolist() == [2, 4, 7]  # day 9 is beyond the last: never
    low, high = central_interval(runs, DAYS)
    assert (low.tolist(), high.tolist()) == ([1, 2, 1], [7, 7, 7])


def test_coverage_by_hand():
    runs = np.repeat(np.arange(1.0, 21)[:, None], 4, axis=1)  # one run on each of 20 days
    # 5 % of the runs by day 1, 95 % by day 19.
    assert [x[0] for x in central_interval(runs, 30)] == [1, 19]
    weight = np.array([1, 1, 1, 0.5])
    assert coverage(runs, np.array([1.0, 19, 20, 5]), weight, 30) == pytest.approx(2.5 / 3.5)


def test_exact_coverage_by_hand():
    weight = np.ones(1)
    # 19 runs on days 1 to 19; the record makes them 20, of which each holds 5 %, on its day two of them.
    runs = np.arange(1.0, 20)[:, None]
    assert coverage_exact(runs, np.array([10.0]), weight, 30) == 1
    assert coverage_exact(runs, np.array([1.0]), weight, 30) == pytest.approx(0.5)
    assert coverage_exact(runs, np.array([19.0]), weight, 30) == pytest.approx(0.5)
    assert coverage_exact(runs, np.array([20.0]), weight, 30) == 0
    # All on one day: nine tenths of it belong to the interval, though the interval ends on that day.
    assert coverage_exact(np.full((19, 1), NEVER), np.array([31.0]), weight, 30) == pytest.approx(0.9)


@given(arrays(float, (9, 3), elements=FALL_DAYS), arrays(float, 3, elements=WEIGHTS))
def test_a_right_forecast_has_an_exact_coverage_of_nine_tenths(days, weight):
    """Each of the ensemble in turn is the record and the others are the forecast, ties or no."""
    days = np.minimum(days, DAYS + 1.0)
    found = [coverage_exact(np.delete(days, k, axis=0), days[k], weight, DAYS) for k in range(len(days))]
    assert np.mean(found) == pytest.approx(0.9)


@given(st.integers(1, 200))
def test_the_central_interval_holds_nine_tenths_of_the_runs(runs):
    days = np.arange(1.0, runs + 1)[:, None]
    low, high = central_interval(days, runs)
    assert ((low <= days) & (days <= high)).mean() >= 0.9


def test_a_mean_of_nothing_is_no_number():
    assert np.isnan(weighted_mean(np.zeros(0), np.zeros(0)))
    assert weighted_mean(np.array([1.0, 0]), np.array([1, 0.5])) == pytest.approx(2 / 3)
