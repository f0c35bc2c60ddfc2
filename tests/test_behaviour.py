"""What must come out of the Syria campaign with the defaults: the sign of every lever.

All comparisons are paired (run k has the same seed and parameters on both sides) over 256 runs and one-sided
at 0.0005 each (z > 3.3): with twenty of them, a true rule set fails by chance in fewer than 1 of 100 suites.
"""

import numpy as np
import pytest
from levers import RUNS, Syria, assert_less

from sim.world import CAUSES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def simulate():
    return Syria().run


@pytest.fixture(scope="module")
def many(simulate):
    """Three times the runs, for what is a fifth of its spread: with a power above 0.99."""
    return simulate(runs=3 * RUNS)


@pytest.fixture(scope="module")
def base(many):
    return many.first(RUNS)


@pytest.fixture(scope="module")
def hold(simulate):
    return simulate({"hold": 1})


@pytest.fixture(scope="module")
def early_pay(simulate):
    return simulate({"pay": 1})


def test_pay_raised_early_delays_the_falls(base, early_pay):
    assert_less(early_pay.lost, base.lost)


def test_pay_raised_late_delays_them_less(simulate, early_pay):
    assert_less(early_pay.lost, simulate({"pay": 8}).lost)


def test_pay_decreed_and_not_paid_hardly_helps(simulate, base, early_pay):
    unpaid = simulate({"pay": 1}, unpaid=True)
    assert_less(early_pay.lost, unpaid.lost)
    assert (base.lost - unpaid.lost).mean() < 0.5 * (base.lost - early_pay.lost).mean()


@pytest.mark.parametrize(("shift", "better"), [(0.5, True), (-0.5, False)])
def test_initial_morale_decides(simulate, base, shift, better):
    other = simulate(condition=("morale_shift", shift))
    assert_less(other.lost, base.lost) if better else assert_less(base.lost, other.lost)


def test_a_backer_that_turns_to_its_client_early_saves_what_it_does_not_late(simulate, base):
    early = simulate({"attention": 1})
    assert_less(early.lost, base.lost)
    assert_less(early.lost, simulate({"attention": 9}).lost)


def test_a_backer_that_leaves_costs_places(simulate, base):
    assert_less(base.lost, simulate({"leave": 1}).lost)


def test_news_makes_falls_follow_one_another(simulate, base):
    silent = simulate(morale_news=0.0, break_precedent=0.0)
    assert_less(silent.lost, base.lost)


def test_an_order_to_leave_loses_the_city_faster(simulate, many):
    """By some hours, for without an order the army mostly leaves Hama anyway.

    On day 5 the enemy comes near; men who leave days before help the towns that still lie before him.
    """
    assert_less(simulate({"withdraw": 5}, runs=3 * RUNS).day["hama"], many.day["hama"])


def test_an_order_to_hold_keeps_the_city_longer(base, hold):
    assert_less(base.day["hama"], hold.day["hama"])


def test_holding_costs_the_lives_that_leaving_saves(simulate, base, hold):
    """In the whole campaign. Without an order the army mostly leaves Hama: the two orders are opposed."""
    assert_less(simulate({"withdraw": 2}).killed, hold.killed)
    assert_less(base.killed, hold.killed)


def test_reinforcement_delays_the_fall_of_the_city(simulate, many):
    """By some hours on average, for 5,000 men of an army that dissolves."""
    assert_less(many.day["hama"], simulate({"help": 3}, runs=3 * RUNS).day["hama"])


def test_more_people_flee_where_assault_takes_a_town_than_where_it_is_left(simulate, base):
    """Saraqib in runs that differ only by an order to leave it: the same people, enemy and road."""
    saraqib = list(base.day).index("saraqib")
    stormed = (base.record.cause[:, :6, saraqib] == CAUSES.index("assault")).any(axis=1)
    ordered = simulate({"leave-saraqib": 1})
    left = (ordered.record.cause[:, :6, saraqib] != CAUSES.index("assault")).all(axis=1)
    both = stormed & left
    assert both.sum() > 20
    assert_less(ordered.people["fled"][both, 9, saraqib], base.people["fled"][both, 9, saraqib])


def test_people_flee_before_their_town_falls(base):
    """In Hama and Homs, by the evening before the fall, many more than the base hazard makes for."""
    for city, people in (("hama", 460_602), ("homs", 775_404)):
        row, day = list(base.day).index(city), base.day[city].astype(int)
        fell = np.flatnonzero(day <= 13)
        before = base.people["fled"][fell, np.maximum(day[fell] - 2, 0), row]
        assert np.median(before) > 10 * people * 1e-5 * 13


def test_fewer_flee_the_less_the_taker_is_feared(simulate, base):
    fearless = simulate(flight_fear=0.0, flight_rule_per_day=0.0)
    end = [run.people["fled"][:, -1].sum(axis=1, dtype=float) for run in (fearless, base)]
    assert_less(*end)


def test_where_nobody_dares_to_return_more_stay_away(simulate, base):
    waiting = simulate(return_per_day=0.002)
    assert_less(waiting.people["returned"][:, -1].sum(axis=1), base.people["returned"][:, -1].sum(axis=1))


def test_a_corridor_reduces_shortfall(simulate, base):
    fed = simulate({"food": 4})
    shortfall = [run.people["aid_shortfall"].sum(axis=(1, 2), dtype=float) for run in (fed, base)]
    assert_less(*shortfall)
