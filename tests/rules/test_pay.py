"""Pay: what falls due is paid or owed, and no dollar is lost on the way."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Decree, SmallWorld, Unit, at_day, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.events import events
from sim.rules.morale import pay_index
from sim.rules.pay import pay

SMALL = SmallWorld(
    units=[Unit(REBELS, 0, 100), Unit(ARMY, 1, 300)],
    conditions={REBELS: {"pay_usd_month": 60.0}, ARMY: {"pay_usd_month": 30.0}},
    ticks_per_day=1,
)
DUE = np.array([200.0, 300.0])  # US dollars a day


def days_of_pay(state, small=SMALL, days=1, **values):
    for _ in range(days):
        state = pay(state, small.world, tuned(**values), draws_of(state))
        state = next_tick(state)
    return state


def purse(treasury, income=(0, 0), arrears=(0, 0)):
    return SMALL.eve()._replace(
        treasury_usd=f32(treasury), income_usd_per_day=f32(income), arrears_days=f32(arrears)
    )


def test_an_empty_purse_owes_a_day_more_each_day():
    state = days_of_pay(purse([0, 0]), days=5)
    assert state.arrears_days.tolist() == [5, 5]
    assert state.treasury_usd.tolist() == [0, 0]


def test_a_part_of_the_wage_leaves_the_rest_owing():
    state = days_of_pay(purse([50, 150]))
    assert state.arrears_days == pytest.approx([0.75, 0.5])
    assert state.treasury_usd.tolist() == [0, 0]


def test_what_is_owed_is_paid_back_one_day_with_each():
    state = days_of_pay(purse([1e4, 1e4], arrears=[3, 0.5]))
    assert state.arrears_days == pytest.approx([2, 0])
    assert state.treasury_usd == pytest.approx([1e4 - 400, 1e4 - 450])
    state = days_of_pay(state, days=5)
    assert state.arrears_days.tolist() == [0, 0]
    assert state.treasury_usd == pytest.approx([1e4 - 200 * 9, 1e4 - 300 * 6.5])
    at_once = days_of_pay(purse([1e4, 1e4], arrears=[3, 0.5]), pay_back_per_day=5.0)
    assert at_once.arrears_days.tolist() == [0, 0]


def test_no_dollar_is_lost():
    state = purse([500, 1000], income=[150, 320], arrears=[1, 0])
    for _ in range(20):
        after = days_of_pay(state)
        days_paid = state.arrears_days + 1 - after.arrears_days
        assert after.treasury_usd + days_paid * DUE == pytest.approx(
            state.treasury_usd + state.income_usd_per_day, abs=0.01
        )
        assert (after.treasury_usd >= 0).all()
        state = after
    assert state.arrears_days[REBELS] > 1 > state.arrears_days[ARMY]


def test_the_dead_are_not_paid():
    state = purse([1000, 1000])._replace(soldiers=f32([0, 150]))
    after = days_of_pay(state)
    assert after.treasury_usd.tolist() == [1000, 850]
    broke = days_of_pay(purse([0, 0], arrears=[4, 4])._replace(soldiers=f32([0, 150])))
    assert broke.arrears_days.tolist() == [4, 5]


def test_income_falls_with_the_worth_that_is_lost():
    small = SMALL.but(holders=(REBELS, ARMY, ARMY), kinds={2: "capital"})
    state = small.eve()._replace(
        treasury_usd=f32([0, 0]),
        income_usd_per_day=f32([200, 300]),
        controller=np.int32([REBELS, ARMY, REBELS]),
    )
    after = pay(state, small.world, make_params(), draws_of(state))
    left = 1 / (1 + make_params().value_capital)
    assert after.arrears_days == pytest.approx([0, 1 - left], abs=1e-5)


def test_soldiers_feel_new_pay_with_a_delay():
    state = purse([1e6, 1e6])._replace(pay_received_usd_month=f32([0, 100]))
    for day in range(1, 30):
        state = days_of_pay(state, pay_smoothing_days=10)
        fade = np.exp(-day / 10)
        assert state.pay_received_usd_month == pytest.approx([60 * (1 - fade), 30 + 70 * fade], rel=1e-4)


def felt(paid_after_days: float, until: int, announced: int = 3) -> np.ndarray:
    """The army's pay index on each day, with a rise of half announced on day 3."""
    rise = Decree("pay_rise", day=announced, faction=ARMY, size=0.5, paid_after_days=paid_after_days)
    small = SMALL.but(events=[rise])
    world, params = small.world, make_params()
    state, index = small.eve()._replace(treasury_usd=f32([1e6, 1e6])), []
    for _ in range(until):
        state = events(state, world, params, draws_of(state))
        state = next_tick(pay(state, world, params, draws_of(state)))
        index.append(float(pay_index(state, params)[ARMY]))
    return np.array(index)


def test_a_rise_is_felt_from_its_day_and_more_once_paid():
    never, late, soon = felt(np.inf, 20), felt(10, 20), felt(0, 20)
    assert np.array_equal(never[:2], soon[:2])
    assert never[2] > never[1]  # a promise is worth something
    assert (np.diff(never[2:]) == 0).all()  # and no more as time passes
    assert (soon[5:] > never[5:]).all()
    assert np.array_equal(late[:12], never[:12])
    assert (late[14:] > never[14:]).all()
    assert (soon[5:] > late[5:]).all()


def test_a_rise_is_in_force_on_the_day_it_is_due():
    rise = Decree("pay_rise", day=3, faction=ARMY, size=0.5, paid_after_days=2)
    small = SMALL.but(events=[rise], ticks_per_day=4)
    world, params = small.world, make_params()
    due, promised, state = [], [], small.eve()
    for day in range(7):
        state = at_day(state, world, day)
        state = events(state, world, params, draws_of(state))
        state = pay(state, world, params, draws_of(state))
        due.append(float(state.pay_usd_month[ARMY]))
        promised.append(float(state.pay_promised_usd_month[ARMY]))
    assert promised == [30, 30, 45, 45, 45, 45, 45]
    assert due == [30, 30, 30, 30, 45, 45, 45]
