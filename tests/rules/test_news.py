"""News: weighs by road distance, fades, and is heard by the own side alone."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Road, SmallWorld, Unit, draws_of, f32, tuned

from sim.rules.news import news

SMALL = SmallWorld(
    holders=(REBELS, ARMY, ARMY),
    roads=[Road(0, 1, 60), Road(1, 2, 90)],
    units=[Unit(REBELS, 0), Unit(ARMY, 1), Unit(ARMY, 2)],
)
PARAMS = tuned(news_km=100, news_days=7, morale_news=0.5)


def fallen(worth: float = 3.0, collapsed: float = 1.0):
    """Place 0, once the army's, fell yesterday."""
    table = np.zeros((3, 2), dtype=np.float32)
    fell, gone = table.copy(), table.copy()
    fell[0, ARMY], gone[0, ARMY] = worth, collapsed
    return SMALL.eve()._replace(fell_today=fell, collapsed_today=gone, morale=f32([0.7, 0.7, 0.7]))


def logit(p):
    return np.log(p / (1 - p))


def test_a_precedent_weighs_by_road_distance():
    state = news(fallen(), SMALL.world, PARAMS, draws_of(fallen()))
    assert state.precedent[:, ARMY] == pytest.approx(np.exp([0, -0.6, -1.5]), rel=1e-5)


def test_the_shock_weighs_by_worth_and_road_distance():
    state = news(fallen(worth=3), SMALL.world, PARAMS, draws_of(fallen()))
    shock = logit(0.7) - logit(state.morale.astype(float))
    assert shock[1:] == pytest.approx(0.5 * 3 * np.exp([-0.6, -1.5]), rel=1e-4)


def test_only_the_own_side_hears_of_its_falls():
    state = news(fallen(), SMALL.world, PARAMS, draws_of(fallen()))
    assert state.morale[0] == pytest.approx(0.7, abs=1e-6)
    assert not state.precedent[:, REBELS].any()


def test_a_precedent_fades_and_is_told_once():
    state = news(fallen(), SMALL.world, PARAMS, draws_of(fallen()))
    first, shaken = state.precedent.copy(), state.morale.copy()
    for day in range(1, 15):
        state = news(state, SMALL.world, PARAMS, draws_of(state))
        assert state.precedent == pytest.approx(first * np.exp(-day / 7), rel=1e-4)
    assert state.morale == pytest.approx(shaken, abs=1e-5)


def test_a_fall_in_battle_is_news_but_no_precedent():
    state = news(fallen(collapsed=0), SMALL.world, PARAMS, draws_of(fallen()))
    assert not state.precedent.any()
    assert state.morale[1] < 0.7


def test_belief_in_victory_returns_to_that_of_the_eve():
    params = tuned(prospect_days=20)
    state = SMALL.eve(params)._replace(prospect_at_start=f32([0.5, -0.2]), prospect_logit=f32([2.5, -3.2]))
    for day in range(1, 30):
        state = news(state, SMALL.world, params, draws_of(state))
        expected = np.array([0.5, -0.2]) + np.array([2.0, -3.0]) * np.exp(-day / 20)
        assert state.prospect_logit == pytest.approx(expected, abs=1e-4)


def test_no_news_changes_nothing():
    quiet = SMALL.eve()
    state = news(quiet, SMALL.world, PARAMS, draws_of(quiet))
    assert state.morale == pytest.approx(quiet.morale, abs=1e-6)
    assert not state.precedent.any()
