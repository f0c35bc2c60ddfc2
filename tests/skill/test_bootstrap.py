"""Standard errors from draws of the runs: what many ensembles would show."""

import numpy as np
import pytest

from sim.skill.bootstrap import standard_errors
from sim.skill.evidence import share
from sim.skill.measures import brier, median_day

DAYS = 20


def test_of_a_mean_it_is_the_formula():
    values = np.random.Generator(np.random.PCG64(1)).normal(size=400)
    found = standard_errors(lambda drawn: {"mean": float(values[drawn].mean())}, 400, draws=2000)
    assert found["mean"] == pytest.approx(values.std() / 20, rel=0.08)


@pytest.mark.parametrize("name", ["brier", "median"])
def test_it_is_the_spread_of_ensembles(name):
    """Two hundred ensembles of independent runs, and the standard error that one of them alone tells."""
    random, runs = np.random.Generator(np.random.PCG64(2)), 100
    recorded = (np.arange(1, DAYS + 1) >= 8)[None, :]

    def scores_of(fall_day):
        fallen = (fall_day[:, None, None] <= np.arange(1, DAYS + 1)[None, :, None]).astype(np.float32)

        def scores(drawn):
            middle = float(median_day(fall_day[drawn, None], DAYS)[0])
            return {"brier": brier(share(fallen, drawn), recorded, np.ones(1)), "median": middle}

        return scores

    ensembles = [scores_of(random.geometric(0.1, size=runs).astype(float)) for _ in range(200)]
    spread = np.std([scores(np.arange(runs))[name] for scores in ensembles], ddof=1)
    told = [standard_errors(scores, runs)[name] for scores in ensembles[:20]]
    assert np.mean(told) == pytest.approx(spread, rel=0.25)


def test_one_run_tells_nothing_and_scores_that_are_lacking_neither():
    assert np.isnan(standard_errors(lambda _: {"x": 1.0}, 1)["x"])
    assert np.isnan(standard_errors(lambda _: {"x": np.nan}, 5)["x"])
    assert standard_errors(lambda _: {"x": 1.0}, 5)["x"] == 0


def test_a_share_counts_a_run_as_often_as_it_was_drawn():
    fallen = np.zeros((3, 2, 1), dtype=np.float32)
    fallen[0] = 1
    fallen[1, 1] = 1
    assert share(fallen, np.array([0, 0, 1, 2])).tolist() == [[0.5, 0.75]]
    assert share(fallen, np.arange(3)).tolist() == fallen.mean(axis=0, dtype=float).T.tolist()
