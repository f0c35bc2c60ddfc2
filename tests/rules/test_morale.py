"""Morale: relaxes to a logistic target, each term of which pulls the way its name says."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Road, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.morale import morale, pay_worth, target_logit, terms

GARRISON = SmallWorld(
    holders=(REBELS, ARMY, ARMY),
    units=[Unit(REBELS, 0), Unit(ARMY, 1, home=2)],
    backers=[Backer(ARMY)],
    population=50_000,
)


def target(small: SmallWorld = GARRISON, **fields: np.ndarray) -> float:
    """Logit of what the garrison's morale tends to."""
    state = small.eve()._replace(**fields)
    return float(target_logit(state, small.world, make_params())[1])


@pytest.mark.parametrize("ticks_per_day", [1, 4])
def test_morale_relaxes_exponentially_to_the_logistic_target(ticks_per_day):
    small = GARRISON.but(ticks_per_day=ticks_per_day)
    world, params = small.world, tuned(morale_days=7)
    state = small.eve(params)._replace(morale=f32([0.05, 0.99]))
    goal = 1 / (1 + np.exp(-target_logit(state, world, params)))
    assert goal[1] == pytest.approx(1 / (1 + np.exp(-target(small))), abs=1e-6)
    for day in range(1, 15):
        for _ in range(ticks_per_day):
            state = next_tick(morale(state, world, params, draws_of(state)))
        expected = goal + (f32([0.05, 0.99]) - goal) * np.exp(-day / 7)
        assert state.morale == pytest.approx(expected, abs=1e-5)


def test_the_eve_is_at_rest():
    state = GARRISON.eve()
    after = morale(state, GARRISON.world, make_params(), draws_of(state))
    assert after.morale == pytest.approx(state.morale, abs=1e-6)


def condition(**values: float) -> SmallWorld:
    return GARRISON.but(conditions={ARMY: values})


TERMS = {
    # name: (pull, what is changed)
    "pay received": (+1, {"pay_received_usd_month": f32([50, 80])}),
    "pay promised": (+1, {"pay_promised_usd_month": f32([50, 80])}),
    "arrears": (-1, {"arrears_days": f32([0, 60])}),
    "belief in victory": (+1, {"prospect_logit": f32([0, 1])}),
    "backers' commitment": (-1, {"commitment": f32([0])}),
    "odds against": (-1, {"ln_odds": np.ones((3, 2), dtype=np.float32)}),
    "dead comrades": (-1, {"losses_recent": f32([0, 0.1])}),
    "comrades who left": (-1, {"leavers_recent": f32([0, 0.1])}),
    "home lost": (-1, {"controller": np.int32([REBELS, ARMY, REBELS])}),
    "civilian wage": (-1, condition(reservation_wage_usd_month=80, pay_usd_month=50)),
    "command": (+1, condition(command_quality=0.9)),
    "cohesion": (+1, condition(cohesion=0.9)),
    "pressed men": (-1, condition(conscript_share=0.8)),
    "a shift to sweep": (+1, condition(morale_shift=0.5)),
    "own community": (+1, GARRISON.but(units=[Unit(REBELS, 0), Unit(ARMY, 1, home=2, affinity=0.8)])),
    "local people": (+1, GARRISON.but(acceptance={(1, ARMY): 0.8})),
    "home unknown": (-1, GARRISON.but(units=[Unit(REBELS, 0), Unit(ARMY, 1)])),
}


@pytest.mark.parametrize("name", TERMS)
def test_each_term_pulls_the_way_its_name_says(name):
    pull, change = TERMS[name]
    changed = target(change) if isinstance(change, SmallWorld) else target(**change)
    assert np.sign(changed - target()) == pull


def test_a_home_near_but_not_a_far_one_strengthens():
    far = GARRISON.but(roads=[Road(0, 1), Road(1, 2, km=150)])
    unknown = GARRISON.but(units=[Unit(REBELS, 0), Unit(ARMY, 1)])
    assert target(far) == pytest.approx(target(unknown))
    assert target() - target(unknown) == pytest.approx(make_params().morale_home_near, abs=1e-5)


def test_terms_sum_to_the_target_and_scale_with_their_parameters():
    world, state = (
        GARRISON.world,
        GARRISON.eve()._replace(losses_recent=f32([0, 0.1]), prospect_logit=f32([1, -2])),
    )
    params = make_params()
    assert sum(terms(state, world, params).values()) == pytest.approx(target_logit(state, world, params))
    losses = target_logit(state, world, tuned(morale_losses=0)) - target_logit(state, world, params)
    assert losses == pytest.approx([0, params.morale_losses * 0.1], abs=1e-5)
    belief = target_logit(state, world, tuned(morale_prospect=0)) - target_logit(state, world, params)
    assert belief == pytest.approx([-params.morale_prospect, 2 * params.morale_prospect], abs=1e-5)


def test_pay_counts_with_diminishing_force():
    steps = [target(pay_received_usd_month=f32([50, usd])) for usd in (0, 25, 50, 75, 100)]
    gains = np.diff(steps)
    assert (gains > 0).all()
    assert (np.diff(gains) < 0).all()


def test_pay_above_what_a_civilian_earns_is_worth_its_expected_tenure():
    params = make_params()
    wage = 50.0
    conditions = {ARMY: {"reservation_wage_usd_month": wage}, REBELS: {"reservation_wage_usd_month": wage}}
    eve = GARRISON.but(conditions=conditions).eve()
    state = eve._replace(pay_received_usd_month=f32([200, 200]), prospect_logit=f32([0, np.log(1 / 9)]))
    premium = np.log((200 / wage + params.pay_in_kind_share) / (1 + params.pay_in_kind_share))
    assert pay_worth(state, params) == pytest.approx([0.5 * premium, 0.1 * premium], rel=1e-5)
    # What is missing to the wage is missed at once, whoever wins.
    poor = state._replace(pay_received_usd_month=f32([20, 20]))
    missing = np.log((20 / wage + params.pay_in_kind_share) / (1 + params.pay_in_kind_share))
    assert pay_worth(poor, params) == pytest.approx([missing, missing], rel=1e-5)


def test_a_decree_counts_less_than_money_and_less_still_for_the_owed_and_the_beaten():
    paid = target(pay_received_usd_month=f32([50, 75]))
    decreed = target(pay_promised_usd_month=f32([50, 75]))
    assert target() < decreed < (target() + paid) / 2
    owed = {"arrears_days": f32([0, 90])}
    beaten = {"prospect_logit": f32([0, -4])}
    for burden in (owed, beaten):
        gain = target(pay_promised_usd_month=f32([50, 75]), **burden) - target(**burden)
        assert 0 < gain < decreed - target()


def test_morale_stays_within_its_bounds_whatever_happens():
    for sign in (-1, 1):
        shift = {"morale_shift": 50.0 * sign}
        small = GARRISON.but(conditions={ARMY: shift, REBELS: shift})
        state = small.eve()
        for _ in range(10):
            state = next_tick(morale(state, small.world, tuned(morale_days=0.01), draws_of(state)))
        assert ((state.morale >= 0) & (state.morale <= 1)).all()
        assert state.morale == pytest.approx((sign + 1) / 2, abs=1e-6)
