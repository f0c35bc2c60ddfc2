"""Backers: commitment follows its aim, is abandoned in despair, and what is given arrives somewhere."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Decree, Road, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.backers import backers, belief_in_rescue, chance_engaged, engagement
from sim.world import HOSTILE

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
    params = tuned(backer_response_days=5, attention_spell_days=1e9)
    state = SMALL.eve(params)._replace(attention=f32([0.8]), commitment=f32([0.1]))
    belief = 1 / (1 + np.exp(-float(params.backer_own_troops) * 900 / 2000))
    aim = 0.8 * float(engagement(np.float32(belief), params))
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
    runs, small = 500, SMALL.but(backers=[Backer(ARMY, sorties=60)])
    gone = [not after(small, s, prospect_logit=f32([0, below])).present[0] for s in range(runs)]
    chance = 1 - np.exp(-float(params.backer_abandon_per_day))
    assert abs(np.mean(gone) - chance) < 4 * np.sqrt(chance * (1 - chance) / runs)
    assert all(after(small, s, prospect_logit=f32([0, above])).present[0] for s in range(runs))
    # With troops of its own on the spot it holds out longer.
    assert all(after(seed=s, prospect_logit=f32([0, below])).present[0] for s in range(runs))


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


THIRD = 2
TWO_WARS = SmallWorld(
    holders=(REBELS, ARMY, ARMY, THIRD),
    factions=3,
    active=(REBELS, THIRD),
    stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): HOSTILE},
    roads=[Road(0, 1, 10), Road(1, 2, 400), Road(2, 3, 10)],
    units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 1000), Unit(ARMY, 2, 1000), Unit(THIRD, 3, 300)],
)
"""The army between the rebels and, far off, a weaker enemy."""


def test_support_goes_only_where_those_are_near_whom_the_backer_fights():
    limited = after(TWO_WARS.but(backers=[Backer(ARMY, sorties=60, troops=900, fights=[THIRD])]))
    assert limited.air_sorties_at[2, ARMY] > 100 * limited.air_sorties_at[1, ARMY]
    assert limited.backer_troops_at[2, ARMY] > 100 * limited.backer_troops_at[1, ARMY]
    anybody = after(TWO_WARS.but(backers=[Backer(ARMY, sorties=60)]))
    assert anybody.air_sorties_at[1, ARMY] > anybody.air_sorties_at[2, ARMY]
    # Who fights none of those at war with his client stays on the ground.
    assert not after(TWO_WARS.but(backers=[Backer(ARMY, sorties=60, fights=[])])).air_sorties_at.any()


def test_the_backer_of_an_enemy_whom_one_does_not_fight_draws_nobody_in():
    def aim(fights):
        rival = Backer(REBELS, sorties=10)
        state = after(
            TWO_WARS.but(backers=[Backer(ARMY, fights=fights), rival]),
            params=tuned(backer_escalation=1.0, attention_spell_days=1e9),
            prospect_logit=f32([0, 1, 0]),  # little need, so that there is room for more
            commitment=f32([0.0, 1.0]),
        )
        return float(state.commitment[0])

    assert aim([REBELS]) == aim(None) > aim([THIRD])


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


MANY = SMALL.but(backers=[Backer(ARMY)] * 400)
"""Four hundred backers, each with draws of its own."""


@pytest.mark.parametrize("change", [-0.6, 0.0, 0.5])
def test_the_share_that_attends_is_the_same_on_the_eve_and_in_the_long_run(change):
    """A two-state chain whose turning rates stand in the ratio of the long-run chances stays in them."""
    small = MANY.but(conditions={ARMY: {"backer_change": change}})
    world, params = small.world, tuned(attention_spell_days=3)
    eve = small.eve(params)
    expected = float(chance_engaged(eve, world, params)[0])
    assert expected == pytest.approx(1 / (1 + np.exp(-1.0 - 3.0 * change)), abs=1e-6)
    error = np.sqrt(expected * (1 - expected) / 400)
    for begins in (eve.attention, np.full(400, 1, np.float32), np.full(400, 0.15, np.float32)):
        state = eve._replace(attention=begins)
        for _ in range(30):  # ten spells
            state = next_tick(backers(state, world, params, draws_of(state)))
        assert set(state.attention.tolist()) <= set(f32([0.15, 1.0]).tolist())
        assert abs((state.attention == 1).mean() - expected) < 4 * error


def test_a_spell_of_attention_is_forgotten_in_its_time():
    world, params = MANY.world, tuned(attention_spell_days=20)
    state = MANY.eve(params)._replace(attention=np.ones(400, np.float32))
    chance, days = float(chance_engaged(state, world, params)[0]), 20
    for _ in range(days):
        state = next_tick(backers(state, world, params, draws_of(state)))
    expected = chance + (1 - chance) * np.exp(-days / 20)
    assert abs((state.attention == 1).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 400)


def test_what_an_event_has_fixed_stays():
    small = MANY.but(events=[Decree("backer_attention", day=1, backer=7, size=0.4)])
    world, params = small.world, tuned(attention_spell_days=1)
    fixed = np.ones(400, np.float32)
    fixed[7] = 0.4
    state = small.eve(params)._replace(attention=fixed, event_fired_day=f32([0]))
    for _ in range(40):
        state = next_tick(backers(state, world, params, draws_of(state)))
        assert state.attention[7] == np.float32(0.4)
    assert (np.delete(state.attention, 7) < 1).any()
    free = small.eve(params)._replace(attention=fixed)  # the event has not come yet
    for _ in range(40):
        free = next_tick(backers(free, world, params, draws_of(free)))
    assert free.attention[7] != np.float32(0.4)


def test_belief_in_rescue_grows_with_troops_of_the_backer_s_own_up_to_the_client_s_number():
    params = tuned(backer_own_troops=4.0)
    for troops, share in ((0, 0.0), (500, 0.25), (2000, 1.0), (90_000, 1.0)):
        small = SMALL.but(backers=[Backer(ARMY, troops=troops)])
        state = small.eve(params)._replace(prospect_logit=f32([0, -1]))
        expected = 1 / (1 + np.exp(1 - 4.0 * share))
        assert belief_in_rescue(state, small.world, params) == pytest.approx([expected], rel=1e-5)
        gone = state._replace(present=np.array([False]))
        assert belief_in_rescue(gone, small.world, params) == pytest.approx([1 / (1 + np.e)], rel=1e-5)


def test_a_commitment_on_the_other_side_draws_more_of_it():
    """The aim grows by ``backer_escalation`` times the strongest commitment to an enemy, up to 1."""
    small = SMALL.but(backers=[Backer(ARMY), Backer(REBELS), Backer(REBELS)])
    params = tuned(
        backer_escalation=0.5, backer_need_floor=0.0, backer_response_days=1e-6, attention_spell_days=1e9
    )
    belief = 0.1  # of need times belief: 4 x 0.1 x 0.9 = 0.36
    lost = {"prospect_logit": f32([0, np.log(belief / (1 - belief))]), "attention": f32([1, 1, 1])}
    quiet = tuned(backer_abandon_prospect=0.0)
    params = params._replace(backer_abandon_prospect=quiet.backer_abandon_prospect)
    for rivals, factor in (([0, 0], 1.0), ([0.2, 0.8], 1.4), ([0.8, 0.2], 1.4)):
        state = after(small, params=params, commitment=f32([0.3, *rivals]), **lost)
        assert state.commitment[0] == pytest.approx(0.36 * factor, rel=1e-4)
    everything = {"prospect_logit": f32([0, 0]), "attention": f32([1, 1, 1])}
    assert after(small, params=params, commitment=f32([0, 1, 1]), **everything).commitment[0] == 1
    at_peace = small.but(active=())
    assert after(at_peace, params=params, commitment=f32([0, 1, 1]), **lost).commitment[0] == pytest.approx(
        0.36, rel=1e-4
    )
