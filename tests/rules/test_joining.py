"""Joining: bystanders join the winner, or keep out."""

import numpy as np
from small_world import ARMY, REBELS, SmallWorld, Unit, draws_of, f32

from sim.parameters import make_params
from sim.rules.joining import joining
from sim.world import ALLIED, HOSTILE, NEUTRAL, TRUCE

THIRD = 2


def beside_a_war(stance: int, welcome: float = 0.5, **changes) -> SmallWorld:
    """Rebels fight the army; the third faction, of this ``stance`` to the army, stands by."""
    return SmallWorld(
        holders=(REBELS, ARMY, THIRD),
        factions=3,
        stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): stance} | changes.pop("stances", {}),
        units=[Unit(REBELS, 0), Unit(ARMY, 1), Unit(THIRD, 2)],
        acceptance={(1, THIRD): welcome},
        **changes,
    )


def share_that_joins(prospect: float, runs: int = 400, stance: int = HOSTILE, **changes) -> float:
    """Share of runs in which the third faction goes on the attack on the first day."""
    small = beside_a_war(stance, **changes)
    params, world = make_params(), small.world
    state = small.eve(params)._replace(prospect_logit=f32([0, prospect, 0]))
    return np.mean(
        [joining(state, world, params, draws_of(state, seed)).active[THIRD] for seed in range(runs)]
    )


def test_bystanders_join_once_their_enemy_looks_beaten():
    assert share_that_joins(+3) == 0
    p = make_params()
    wish = 1 / (1 + np.exp(-(0.5 - p.acceptance_midpoint) / p.acceptance_scale))
    eager = 1 / (1 + np.exp(-p.join_slope * p.join_prospect))
    expected = 1 - np.exp(-p.join_per_day * eager * wish)
    assert abs(share_that_joins(-12) - expected) < 4 * np.sqrt(expected * (1 - expected) / 400)


def test_bystanders_keep_out_without_cause_welcome_or_war():
    assert share_that_joins(-12, stance=NEUTRAL) == 0
    assert share_that_joins(-12, stance=ALLIED) == 0
    assert share_that_joins(-12, welcome=-1.0) < 0.05
    assert share_that_joins(-12, active=()) == 0


def test_an_ally_on_the_attack_draws_its_friends_in_sooner():
    close = float(np.log(0.2 / 0.8))  # belief 0.2: not beaten yet
    alone, allied = share_that_joins(close), share_that_joins(close, stances={(REBELS, THIRD): ALLIED})
    assert allied > alone + 0.1


def test_nobody_joins_against_the_side_with_which_it_has_a_ceasefire():
    small = beside_a_war(TRUCE)
    until = np.zeros((3, 3), np.float32)
    until[THIRD, ARMY] = until[ARMY, THIRD] = 9
    state = small.eve()._replace(prospect_logit=f32([0, -12, 0]), ceasefire_until=until)
    for seed in range(50):
        after = joining(state, small.world, make_params(), draws_of(state, seed))
        assert not after.active[THIRD]
        assert np.array_equal(after.stance, state.stance)


def test_who_joins_ends_its_truce_with_the_beaten():
    small = beside_a_war(TRUCE)
    state = small.eve()._replace(prospect_logit=f32([0, -12, 0]))
    seen = set()
    for seed in range(100):
        after = joining(state, small.world, make_params(), draws_of(state, seed))
        stance = int(after.stance[THIRD, ARMY])
        assert stance == int(after.stance[ARMY, THIRD]) == (HOSTILE if after.active[THIRD] else TRUCE)
        seen.add(stance)
    assert seen == {HOSTILE, TRUCE}
