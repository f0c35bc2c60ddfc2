"""Control: who holds a place, how he came to it, and what that does to belief."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, at_day, draws_of, f32, tuned

from sim.parameters import make_params
from sim.rules.control import control
from sim.world import ALLIED, CAUSES, HOSTILE, NEUTRAL

THIRD = 2


def after(small: SmallWorld, standing, params=None, **fields: object):
    """The state after control, with soldiers [P, F] standing."""
    params = params or tuned(value_population=0)
    state = small.eve(params)._replace(soldiers_at=f32(standing), **fields)
    return control(state, small.world, params, draws_of(state))


PLAIN = SmallWorld(holders=(REBELS, ARMY))
TRIO = SmallWorld(
    holders=(ARMY,),
    factions=3,
    stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): NEUTRAL},
)


@pytest.mark.parametrize(
    ("standing", "holder"),
    [
        ([[5, 0], [0, 5]], ARMY),  # the garrison alone
        ([[5, 0], [0, 0]], ARMY),  # nobody there
        ([[5, 0], [500, 1]], ARMY),  # one man is a garrison
        ([[5, 0], [1, 0]], REBELS),  # gone, and one enemy is there
    ],
)
def test_a_place_changes_hands_only_when_the_last_soldier_is_gone_and_an_enemy_is_there(standing, holder):
    assert after(PLAIN, standing).controller.tolist() == [REBELS, holder]


def test_no_place_changes_hands_in_peace():
    assert after(PLAIN.but(active=()), [[5, 0], [500, 0]]).controller.tolist() == [REBELS, ARMY]


def test_neither_bystander_nor_absent_enemy_takes_a_place():
    assert after(TRIO, [[0, 0, 900]]).controller.tolist() == [ARMY]
    assert after(TRIO, [[1, 0, 900]]).controller.tolist() == [REBELS]


def test_an_ally_keeps_a_place_for_its_holder():
    friends = TRIO.but(stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): ALLIED})
    assert after(friends, [[900, 0, 1]]).controller.tolist() == [ARMY]


def test_the_strongest_enemy_takes_it():
    both = TRIO.but(stances={(REBELS, ARMY): HOSTILE, (THIRD, ARMY): HOSTILE}, active=(REBELS, THIRD))
    assert after(both, [[10, 0, 20]]).controller.tolist() == [THIRD]
    assert after(both, [[20, 0, 10]]).controller.tolist() == [REBELS]


def test_a_town_whose_own_men_took_arms_has_risen():
    exits = np.zeros((2, 2, 3), dtype=np.float32)
    exits[1, ARMY] = 100, 20, 20
    risen = np.zeros((2, 2), dtype=bool)
    risen[:, REBELS] = True
    state = after(PLAIN, [[0, 0], [10, 0]], exits=exits, risen=risen)
    assert CAUSES[state.cause[1]] == "uprising"
    assert state.risen.tolist() == [[True, False], [False, False]]  # told once
    exits[1, ARMY] = 100, 120, 20
    assert CAUSES[after(PLAIN, [[0, 0], [10, 0]], exits=exits, risen=risen).cause[1]] == "withdrawal"


def test_a_place_handed_over_changes_hands_whoever_stands_in_it():
    exits = np.zeros((2, 2, 3), dtype=np.float32)
    exits[1, ARMY] = 100, 0, 0
    state = after(PLAIN, [[0, 0], [0, 7]], exits=exits, handed_to=np.int32([-1, REBELS]))
    assert state.controller.tolist() == [REBELS, REBELS]
    assert CAUSES[state.cause[1]] == "handover"
    assert state.handed_to.tolist() == [-1, -1]
    assert state.prospect_logit[REBELS] == -state.prospect_logit[ARMY] > 0
    assert state.collapsed_today[1].tolist() == [0, 1]
    # If most of the garrison had left before, it is told that they left.
    exits[1, ARMY] = 100, 150, 0
    for laid_down, cause in ((0, "withdrawal"), (149, "withdrawal"), (151, "handover")):
        surrendered = f32([[0, 0], [0, laid_down]])
        handed = {"handed_to": np.int32([-1, REBELS]), "surrendered_today": surrendered}
        assert CAUSES[after(PLAIN, [[0, 0], [0, 0]], exits=exits, **handed).cause[1]] == cause


@pytest.mark.parametrize(
    ("under_fire", "ordered", "gave_up", "cause"),
    [
        (100, 0, 0, "assault"),
        (100, 60, 60, "assault"),
        (10, 100, 20, "withdrawal"),
        (10, 20, 100, "surrender"),
        (0, 0, 0, "handover"),
    ],
)
def test_the_cause_is_how_most_of_the_garrison_went(under_fire, ordered, gave_up, cause):
    exits = np.zeros((2, 2, 3), dtype=np.float32)
    exits[1, ARMY] = under_fire, ordered, gave_up
    exits[1, REBELS] = 5000, 0, 0  # the attackers' own losses say nothing
    state = after(PLAIN, [[0, 0], [10, 0]], exits=exits)
    assert CAUSES[state.cause[1]] == cause
    assert CAUSES[state.cause[0]] == ""


def test_the_day_is_the_end_of_the_tick():
    state = at_day(PLAIN.eve(), PLAIN.world, 3.25)._replace(soldiers_at=f32([[0, 0], [10, 0]]))
    state = control(state, PLAIN.world, make_params(), draws_of(state))
    assert state.day_taken.tolist() == [-1e3, 3.5]


def test_an_order_to_leave_ends_with_the_place():
    going = np.ones((2, 2), dtype=bool)
    state = after(PLAIN, [[0, 0], [10, 0]], withdrawing=going)
    assert state.withdrawing.tolist() == [[True, True], [False, False]]


def test_belief_moves_with_the_share_of_the_worth():
    """The army held a town and the capital (worth 11), the rebels a town; the army loses its town."""
    small = SmallWorld(holders=(REBELS, ARMY, ARMY), kinds={2: "capital"})
    params = tuned(prospect_per_share=8, value_capital=10, value_population=0)
    state = after(small, [[0, 0], [10, 0], [0, 5]], params)
    assert state.prospect_logit == pytest.approx([8 / 11, -8 / 11], rel=1e-5)
    state = after(small, [[0, 0], [0, 5], [10, 0]], params)
    assert state.prospect_logit == pytest.approx([80 / 11, -80 / 11], rel=1e-5)


def test_belief_moves_by_no_more_than_all_the_worth_even_between_sides_that_had_nothing():
    """Two factions without a place on the eve fight over what a third one held."""
    late = TRIO.but(stances={(REBELS, ARMY): HOSTILE, (REBELS, THIRD): HOSTILE}, active=(REBELS, THIRD))
    params = tuned(prospect_per_share=8)
    state = after(late, [[0, 0, 10]], params, controller=np.int32([REBELS]))
    assert state.controller.tolist() == [THIRD]
    assert 0 < state.prospect_logit[THIRD] == -state.prospect_logit[REBELS] <= 8


def test_bystanders_and_allies():
    small = SmallWorld(
        holders=(ARMY, ARMY),
        factions=4,
        stances={(REBELS, ARMY): HOSTILE, (ARMY, 3): ALLIED},
    )
    state = after(small, [[10, 0, 0, 0], [0, 9, 0, 0]])
    ours, theirs, bystander, ally = state.prospect_logit
    assert ours > 0 == bystander
    assert theirs == ally < 0


def test_only_a_fall_without_a_fight_is_a_precedent():
    exits = np.zeros((2, 2, 3), dtype=np.float32)
    exits[1, ARMY] = 100, 0, 0
    fought = after(PLAIN, [[0, 0], [10, 0]], exits=exits)
    walked_in = after(PLAIN, [[0, 0], [10, 0]])
    assert fought.fell_today.tolist() == walked_in.fell_today.tolist() == [[0, 0], [0, 1]]
    assert fought.collapsed_today.tolist() == [[0, 0], [0, 0]]
    assert walked_in.collapsed_today.tolist() == [[0, 0], [0, 1]]
