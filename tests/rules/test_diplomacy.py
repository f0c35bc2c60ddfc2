"""Diplomacy: how often sides agree, whom a ceasefire binds and for how long, and what a decree can do."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Decree, SmallWorld, Unit, at_day, draws_of, f32, tuned

from sim.engine import run_numpy
from sim.parameters import make_params
from sim.rules.diplomacy import diplomacy, hazard_per_day
from sim.rules.events import events
from sim.world import ALLIED, HOSTILE, NEUTRAL, TRUCE

PROXY, MILITIA, BYSTANDER = 2, 3, 4
SIDES = {
    (REBELS, ARMY): HOSTILE,
    (REBELS, MILITIA): HOSTILE,
    (PROXY, ARMY): HOSTILE,
    (PROXY, MILITIA): HOSTILE,
}
ALLIANCES = {(REBELS, PROXY): ALLIED, (ARMY, MILITIA): ALLIED}
WAR = SmallWorld(
    holders=(REBELS, PROXY, ARMY, MILITIA, BYSTANDER),
    factions=5,
    stances=SIDES | ALLIANCES,
    units=[Unit(REBELS, 0, 4000), Unit(PROXY, 1, 1000), Unit(ARMY, 2, 9000), Unit(MILITIA, 3, 500)],
    ticks_per_day=1,
)
"""Two alliances at war (rebels with a proxy, army with a militia), and a bystander."""
DUEL = SmallWorld(units=[Unit(REBELS, 0), Unit(ARMY, 1)], ticks_per_day=1)
NO_TALKS = tuned(ceasefire_per_day=0.0)


LATE = 1000
"""A day by which there was all the time for talks."""


def hazard(small: SmallWorld = DUEL, params=None, day: float = LATE, **fields: object) -> np.ndarray:
    params = params or make_params()
    state = at_day(small.eve(params)._replace(**fields), small.world, day)
    return hazard_per_day(state, small.world, params)


def days_of(small: SmallWorld, days: int, params=NO_TALKS, seed: int = 0, state=None):
    """The state after events and diplomacy of each day; nothing else happens."""
    world = small.world
    state = small.eve(params, seed) if state is None else state
    states = []
    for day in range(days):
        state = at_day(state, world, day)
        draws = draws_of(state, seed)
        state = diplomacy(events(state, world, params, draws), world, params, draws)
        states.append(state)
    return states


def test_the_hazard_is_the_base_rate_without_losses_a_gap_or_backing():
    params = tuned(ceasefire_per_day=0.003)
    assert hazard(params=params) == pytest.approx(np.full((2, 2), 0.003))
    assert hazard(WAR, params) == pytest.approx(np.full((5, 5), 0.003))


def test_talks_take_their_time():
    params = tuned(ceasefire_per_day=0.003, ceasefire_talks_days=10.0)
    for day in (0, 5, 10, 30):
        assert hazard(params=params, day=day)[REBELS, ARMY] == pytest.approx(0.003 * (1 - np.exp(-day / 10)))


def test_what_makes_sides_agree_and_what_keeps_them_apart():
    params = make_params()
    plain = hazard()[REBELS, ARMY]
    hurt = hazard(hurt_recent=f32([0.3, 0.2]))[REBELS, ARMY]
    assert hurt == pytest.approx(plain * np.exp(params.ceasefire_hurt * 0.2), rel=1e-4)  # of the less hurt
    belief = hazard(prospect_logit=f32([np.log(3), -np.log(3)]))[REBELS, ARMY]
    assert belief == pytest.approx(plain * np.exp(-params.ceasefire_belief_gap * 0.5), rel=1e-4)
    backed = DUEL.but(backers=[Backer(REBELS), Backer(ARMY)])
    mediated = hazard(backed, commitment=f32([0.25, 0.81]))[REBELS, ARMY]
    assert mediated == pytest.approx(plain * np.exp(params.ceasefire_mediation * 0.45), rel=1e-4)
    one_sided = hazard(DUEL.but(backers=[Backer(ARMY)]), commitment=f32([1]))[REBELS, ARMY]
    assert one_sided == pytest.approx(plain)


def test_a_mediator_works_like_the_cover_of_two_backers_and_the_stronger_of_the_two_counts():
    params, plain = make_params(), hazard()[REBELS, ARMY]
    small = DUEL.but(
        events=[Decree("mediation", day=1, faction=ARMY, other=REBELS, size=0.6)],
        backers=[Backer(REBELS), Backer(ARMY)],
    )
    for committed, effort in (([0, 0], 0.6), ([0.25, 0.25], 0.6), ([0.8, 0.8], 0.8)):
        fields = {"commitment": f32(committed), "event_fired_day": f32([0])}
        found = hazard(small, **fields)[REBELS, ARMY]
        assert found == pytest.approx(plain * np.exp(params.ceasefire_mediation * effort), rel=1e-4)
    assert hazard(small, commitment=f32([0, 0]))[REBELS, ARMY] == pytest.approx(plain)  # not yet at work


def test_an_alliance_talks_as_one():
    """Losses and beliefs are means over its men on paper, cover is that of its best backed member."""
    small = WAR.but(backers=[Backer(PROXY), Backer(ARMY)])
    found = hazard(
        small,
        hurt_recent=f32([0.1, 0.4, 0.2, 0.0, 0.3]),
        prospect_logit=f32([1, -1, 0.5, 2, 0]),
        commitment=f32([0.5, 0.5]),
    )
    assert np.array_equal(found, found.T)
    across = found[np.ix_([REBELS, PROXY], [ARMY, MILITIA])]
    assert across == pytest.approx(np.full((2, 2), across[0, 0]))
    p = make_params()

    def mean(values, men):
        return np.average(values, weights=np.array(men) + 1)

    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    ours = mean([0.1, 0.2], [4000, 1000]), mean([sigmoid(1), sigmoid(0.5)], [4000, 1000])
    theirs = mean([0.4, 0.0], [9000, 500]), mean([sigmoid(-1), sigmoid(2)], [9000, 500])
    score = p.ceasefire_hurt * min(ours[0], theirs[0]) - p.ceasefire_belief_gap * abs(ours[1] - theirs[1])
    assert across[0, 0] == pytest.approx(
        p.ceasefire_per_day * np.exp(score + p.ceasefire_mediation * 0.5), rel=1e-4
    )


def test_ceasefires_come_with_the_hazard_and_bind_both_alliances_at_once():
    params, runs = tuned(ceasefire_per_day=0.3), 400
    state, world, agreed = at_day(WAR.eve(params), WAR.world, LATE), WAR.world, 0
    for seed in range(runs):
        after = diplomacy(state, world, params, draws_of(state, seed))
        across = after.stance[np.ix_([REBELS, PROXY], [ARMY, MILITIA])]
        assert len(np.unique(across)) == 1
        until = after.ceasefire_until[np.ix_([REBELS, PROXY], [ARMY, MILITIA])]
        assert len(np.unique(until)) == 1
        agreed += across[0, 0] == TRUCE
        assert (until[0, 0] > 0) == (across[0, 0] == TRUCE)
        assert np.array_equal(after.stance, after.stance.T)
        assert np.array_equal(after.ceasefire_until, after.ceasefire_until.T)
        # Nobody else's relations change.
        assert after.stance[REBELS, PROXY] == after.stance[ARMY, MILITIA] == ALLIED
        assert (after.stance[BYSTANDER, :BYSTANDER] == NEUTRAL).all()
    expected = 1 - np.exp(-0.3)
    assert abs(agreed / runs - expected) < 4 * np.sqrt(expected * (1 - expected) / runs)


def test_an_agreed_ceasefire_lasts_its_mean_time_and_then_the_war_goes_on():
    params = tuned(ceasefire_per_day=1e9, ceasefire_days=8.0, ceasefire_breach_per_day=0.0)
    lengths = []
    for seed in range(400):
        state = at_day(DUEL.eve(params), DUEL.world, LATE)
        state = diplomacy(state, DUEL.world, params, draws_of(state, seed))
        assert state.stance[REBELS, ARMY] == TRUCE
        lengths.append(float(state.ceasefire_until[REBELS, ARMY]) - LATE)
    assert abs(np.mean(lengths) - 8) < 4 * 8 / np.sqrt(400)  # exponential
    # The same ceasefire, signed on day 0.
    signed = state._replace(ceasefire_until=np.maximum(state.ceasefire_until - LATE, 0).astype(np.float32))
    later = days_of(DUEL, 60, state=signed)
    stances = [int(s.stance[REBELS, ARMY]) for s in later]
    assert stances == [TRUCE if day < lengths[-1] else HOSTILE for day in range(60)]


def test_an_agreed_ceasefire_is_broken_with_its_hazard_and_a_decreed_one_is_not():
    params = tuned(ceasefire_per_day=0.0, ceasefire_breach_per_day=0.1)
    signed = DUEL.eve(params)
    signed = signed._replace(
        stance=np.int32([[ALLIED, TRUCE], [TRUCE, ALLIED]]), ceasefire_until=f32([[0, 90], [90, 0]])
    )
    broken = 0
    for seed in range(400):
        after = diplomacy(signed, DUEL.world, params, draws_of(signed, seed))
        broken += after.stance[REBELS, ARMY] == HOSTILE
        assert (after.ceasefire_until[REBELS, ARMY] == 0) == (after.stance[REBELS, ARMY] == HOSTILE)
    expected = 1 - np.exp(-0.1)
    assert abs(broken / 400 - expected) < 4 * np.sqrt(expected * (1 - expected) / 400)
    decree = DUEL.but(events=[Decree("ceasefire", day=1, faction=ARMY, other=REBELS)])
    always = tuned(ceasefire_per_day=0.0, ceasefire_breach_per_day=1e9)
    assert all(s.stance[REBELS, ARMY] == TRUCE for s in days_of(decree, 30, always))


@pytest.mark.parametrize(("faction", "other"), [(ARMY, REBELS), (PROXY, MILITIA)])
def test_a_decreed_ceasefire_binds_the_allies_lasts_its_days_and_the_war_goes_on(faction, other):
    small = WAR.but(events=[Decree("ceasefire", day=3, faction=faction, other=other, duration_days=5)])
    for number, state in enumerate(days_of(small, 12), start=1):
        across = state.stance[np.ix_([REBELS, PROXY], [ARMY, MILITIA])]
        assert (across == (TRUCE if 3 <= number < 8 else HOSTILE)).all(), f"day {number}"
        assert state.stance[REBELS, PROXY] == state.stance[ARMY, MILITIA] == ALLIED
        assert (state.stance[BYSTANDER, :BYSTANDER] == NEUTRAL).all()


@pytest.mark.parametrize("stance", [NEUTRAL, TRUCE, ALLIED])
def test_who_is_not_at_war_does_not_come_to_it_by_a_ceasefire_that_ends(stance):
    small = WAR.but(
        stances=WAR.stances | {(PROXY, MILITIA): stance},
        events=[Decree("ceasefire", day=2, faction=ARMY, other=REBELS, duration_days=3)],
    )
    states = days_of(small, 8)
    assert {int(s.stance[PROXY, MILITIA]) for s in states} == {stance}


def test_who_refuses_talks_signs_nothing_but_obeys_a_decree():
    eager = tuned(ceasefire_per_day=1e9)
    for refuser, other in ((REBELS, -1), (MILITIA, -1), (REBELS, ARMY)):
        refuses = Decree("refuse_talks", day=1, faction=refuser, other=other)
        states = days_of(WAR.but(events=[refuses]), 5, eager)
        assert all((s.stance[np.ix_([0, 2], [1, 3])] == HOSTILE).all() for s in states)
        told = WAR.but(events=[refuses, Decree("ceasefire", day=3, faction=ARMY, other=REBELS)])
        stances = [int(s.stance[REBELS, ARMY]) for s in days_of(told, 5, eager)]
        assert stances == [HOSTILE, HOSTILE, TRUCE, TRUCE, TRUCE]


def test_who_refuses_one_side_may_agree_with_another():
    three = SmallWorld(
        holders=(0, 1, 2),
        factions=3,
        stances={(0, 1): HOSTILE, (0, 2): HOSTILE, (1, 2): HOSTILE},
        events=[Decree("refuse_talks", day=1, faction=0, other=1)],
        ticks_per_day=1,
    )
    *_, state = days_of(three, 2, tuned(ceasefire_per_day=1e9))
    assert (state.stance[0, 1], state.stance[0, 2], state.stance[1, 2]) == (HOSTILE, TRUCE, TRUCE)


def test_losses_are_felt_as_shares_and_forgotten():
    params = tuned(hurt_days=10)
    state = DUEL.eve(params)._replace(killed=f32([30, 100]), deserted=f32([20, 0]), surrendered=f32([0, 100]))
    state = diplomacy(state, DUEL.world, NO_TALKS._replace(hurt_days=params.hurt_days), draws_of(state))
    assert state.hurt_recent == pytest.approx([0.05, 0.2])
    for day in range(1, 6):
        state = diplomacy(state, DUEL.world, params, draws_of(state))
        assert state.hurt_recent == pytest.approx(np.array([0.05, 0.2]) * np.exp(-day / 10), rel=1e-4)


def test_a_ceasefire_stops_the_killing():
    """The whole schedule: nobody dies and nothing falls while it holds, and both again when it ends."""
    small = SmallWorld(
        holders=(REBELS, ARMY),
        units=[Unit(REBELS, 1, 3000), Unit(ARMY, 1, 3000)],
        events=[Decree("ceasefire", day=3, faction=ARMY, other=REBELS, duration_days=4)],
    )
    params = tuned(ceasefire_per_day=0.0, break_per_day=1e-9, handover_per_day=0.0, withdraw_per_day=0.0)
    states = list(run_numpy(small.world, params, 1, 10))
    killed = np.diff([float(s.killed.sum()) for s in states])
    assert (killed[2:6] == 0).all()
    assert (np.delete(killed, [2, 3, 4, 5]) > 0).all()
