"""Who needs food, what gets through, who goes without."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Decree, SmallWorld, at_day, draws_of, f32, tuned

from sim.rules.aid import access, aid
from sim.rules.events import events

# A crossing, two towns of the army, and a town of the rebels at the end; nobody has a base.
LINE = SmallWorld(holders=(ARMY, ARMY, ARMY, REBELS), kinds={0: "crossing"}, bases=(), population=100_000)
GUESTS = f32([[0], [0], [8000], [5000]])


def fed(small, days=1, state=None, **values):
    """The state after some days on which nobody moves."""
    params = tuned(**values)
    state = state or small.eve(params)._replace(hosted=GUESTS)
    for day in range(days):
        state = at_day(state, small.world, day)
        state = events(state, small.world, params, draws_of(state))
        state = aid(state, small.world, params, draws_of(state))
    return state


def contested(*places, small=LINE):
    return small.eve()._replace(hosted=GUESTS, contested=np.isin(np.arange(4), places))


def test_food_travels_from_the_border_and_in_part_to_the_other_side():
    assert access(LINE.eve(), LINE.world, tuned(aid_permission=0.3)) == pytest.approx([1, 1, 1, 0.3])


def test_a_contested_place_on_the_road_cuts_off_all_behind_it():
    assert access(contested(1), LINE.world, tuned()).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    "entry", [{"bases": [(2, ARMY)]}, {"terrains": {2: "coast"}}, {"kinds": {0: "crossing", 2: "crossing"}}]
)
def test_food_also_enters_at_ports_crossings_and_bases_of_the_holder(entry):
    assert access(contested(1), LINE.but(**entry).world, tuned(aid_permission=0.0)).tolist() == [1, 0, 1, 0]


def test_a_base_of_the_enemy_is_no_entry():
    small = LINE.but(kinds={}, bases=[(2, REBELS)])
    assert access(small.eve(), small.world, tuned()).sum() == 0


def test_need_is_guests_and_a_part_of_those_who_are_cut_off():
    state = fed(LINE, state=contested(1), aid_siege_need=0.2)
    assert state.aid_need == pytest.approx([0, 20_000, 28_000, 25_000])


def test_without_access_nothing_is_delivered():
    state = fed(LINE, days=5, state=contested(1))
    assert (state.aid_shortfall[1:] == state.aid_need[1:]).all()
    assert (state.aid_stock == 0).all()


def test_deliveries_follow_need_up_to_their_part_of_it():
    values = {"aid_coverage": 0.6, "aid_response_days": 5.0, "aid_permission": 0.5}
    first, late = fed(LINE, **values), fed(LINE, days=60, **values)
    assert first.aid_shortfall[2] == pytest.approx(8000 * (1 - 0.6 * (1 - np.exp(-0.2))))
    assert late.aid_shortfall[2:] == pytest.approx([8000 * 0.4, 5000 * 0.7], rel=1e-3)


def test_what_is_not_eaten_is_stored_and_eaten_later():
    state = LINE.eve()._replace(hosted=GUESTS, aid_stock=f32([0, 0, 10_000, 0]))
    one = fed(LINE, state=state, aid_coverage=0.0)
    assert (one.aid_shortfall[2], one.aid_stock[2]) == (0, 2000)
    two = fed(LINE, state=one, aid_coverage=0.0)
    assert (two.aid_shortfall[2], two.aid_stock[2]) == (6000, 0)


def test_a_corridor_feeds_a_place_that_is_cut_off_while_it_lasts():
    decree = Decree("aid_corridor", day=2, place=2, size=3000, duration_days=2)
    small = LINE.but(events=[decree])
    short = [fed(small, days=n, state=contested(1, small=small)).aid_shortfall[2] for n in (1, 2, 3, 4)]
    without = fed(LINE, state=contested(1)).aid_shortfall[2]
    assert short == pytest.approx([without, without - 3000, without - 3000, without])
    elsewhere = fed(small, days=2, state=contested(1, small=small)).aid_shortfall
    assert elsewhere[3] == fed(LINE, days=2, state=contested(1)).aid_shortfall[3]
