"""Backers: commitment follows its aim, is abandoned in despair, and what is given arrives somewhere."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Road, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.backers import backers, engagement

SMALL = SmallWorld(
    holders=(REBELS, ARMY, ARMY),
    roads=[Road(0, 1, 30), Road(1, 2, 120)],
    units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 1000), Unit(ARMY, 2, 1000)],
    backers=[Backer(ARMY, sorties=60, usd_per_month=3e6, troops=900)],
    ticks_per_day=1,
)


def after(small: SmallWorld = SMALL, seed: int = 0, params=None, **fields: object):
    params = params or make_params()
    state = small.eve(params, seed)._replace(**fields)
    return backers(state, small.world, params, draws_of(state, seed))


def test_commitment_follows_its_aim_with_its_time_constant():
    params = tuned(backer_response_days=5)
    state = SMALL.eve(params)._replace(attention=f32([0.8]), commitment=f32([0.1]))
    aim = 0.8 * float(engagement(np.float32(0.5), params))
    for day in range(1, 20):
        state = next_tick(backers(state, SMALL.world, params, draws_of(state)))
        assert state.commitment[0] == pytest.approx(aim + (0.1 - aim) * np.exp(-day / 5), abs=1e-5)


def test_the_aim_is_highest_for_a_client_in_need_who_can_be_saved():
    params = tuned(backer_need_floor=0.3)
    aims = engagement(f32([0.0, 0.2, 0.5, 0.8, 1.0]), params)
    assert aims == pytest.approx([0.3, 0.3 + 0.7 * 0.64, 1.0, 0.3 + 0.7 * 0.64, 0.3])


def test_the_eve_is_at_rest():
    state = SMALL.eve()
    assert after().commitment == pytest.approx(state.commitment, abs=1e-6)


def test_the_beaten_are_abandoned_at_the_hazard_and_nobody_else():
    params = make_params()
    threshold = float(params.backer_abandon_prospect)
    below, above = (float(np.log(b / (1 - b))) for b in (threshold - 0.02, threshold + 0.02))
    runs = 500
    gone = [not after(seed=s, prospect_logit=f32([0, below])).present[0] for s in range(runs)]
    chance = 1 - np.exp(-float(params.backer_abandon_per_day))
    assert abs(np.mean(gone) - chance) < 4 * np.sqrt(chance * (1 - chance) / runs)
    assert all(after(seed=s, prospect_logit=f32([0, above])).present[0] for s in range(runs))


def test_who_has_left_gives_nothing():
    state = after(present=np.array([False]), commitment=f32([1.0]), treasury_usd=f32([0, 0]))
    assert state.commitment.tolist() == [0]
    assert not state.air_sorties_at.any()
    assert not state.backer_troops_at.any()
    assert state.treasury_usd.tolist() == [0, 0]


def test_all_that_is_given_arrives_with_the_client():
    state = after(commitment=f32([0.7]), treasury_usd=f32([10, 20]))
    share = float(state.commitment[0])
    assert state.air_sorties_at[:, ARMY].sum() == pytest.approx(60 * share, rel=1e-5)
    assert state.backer_troops_at[:, ARMY].sum() == pytest.approx(900 * share, rel=1e-5)
    assert state.treasury_usd == pytest.approx([10, 20 + 1e5 * share], rel=1e-5)
    assert not state.air_sorties_at[:, REBELS].any()
    assert not state.backer_troops_at[:, REBELS].any()


def test_two_backers_add_up():
    both = SMALL.but(backers=[Backer(ARMY, sorties=60), Backer(ARMY, sorties=40), Backer(REBELS, sorties=9)])
    state = after(both)
    given = state.commitment * [60, 40, 9]
    assert state.air_sorties_at.sum(axis=0) == pytest.approx([given[2], given[0] + given[1]], rel=1e-5)


def test_sorties_go_where_the_enemy_is_near_and_the_place_is_dear():
    at = after().air_sorties_at[:, ARMY]
    assert at[0] == 0  # the enemy's place is not defended
    reach_km = float(make_params().backer_reach_km)
    assert at[1] / at[2] == pytest.approx(np.exp(120 / reach_km), rel=1e-4)
    dear = after(SMALL.but(kinds={2: "capital"})).air_sorties_at[:, ARMY]
    worth = float(make_params().value_capital)
    assert dear[2] / dear[1] == pytest.approx(worth * at[2] / at[1], rel=1e-4)


def test_attackers_columns_are_supported_where_they_fight():
    raid = SMALL.but(
        units=[Unit(REBELS, 0, 10), Unit(REBELS, 1, 500), Unit(ARMY, 1, 3000)],
        backers=[Backer(REBELS, sorties=10)],
    )
    inside = np.array([False, True, False])
    at = after(raid, contested=inside).air_sorties_at[:, REBELS]
    assert at[1] > at[0] > 0 == at[2]


def test_nothing_flies_in_peace():
    state = after(SMALL.but(active=()))
    assert not state.air_sorties_at.any()


def test_a_war_without_backers_is_left_alone():
    small = SMALL.but(backers=[])
    state = small.eve()
    assert backers(state, small.world, make_params(), draws_of(state)) is state
