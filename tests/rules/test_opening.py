"""The eve: drawn from the case's ranges, and at rest while there is peace."""

import numpy as np
import pytest
from scipy import stats
from small_world import ARMY, REBELS, Backer, SmallWorld, Unit, tuned
from toy_case import ARMY as ARMY_CONDITIONS
from toy_case import write_toy_case

from sim.build import build_world
from sim.engine import run_numpy, run_seeds, start
from sim.parameters import make_params
from sim.scenario import load_scenario
from sim.world import CONDITIONS

PEACE = SmallWorld(
    holders=(REBELS, ARMY, ARMY),
    units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 200), *[Unit(ARMY, 2, 20_000)] * 20],
    backers=[Backer(ARMY, sorties=50, usd_per_month=1e5, troops=500)],
    active=(),
)


def test_nothing_happens_in_peace_but_the_usual_desertion():
    days, world, params = 20, PEACE.world, make_params()
    eve, *states = run_numpy(world, params, 3, days)
    last = states[-1]
    for state in states:
        assert np.array_equal(state.place, eve.place)
        assert np.array_equal(state.controller, eve.controller)
        assert (state.road_slot == -1).all()
        assert not state.contested.any()
    for losses in (last.killed, last.surrendered, last.defected_out, last.mobilised):
        assert losses.tolist() == [0, 0]
    assert last.active.tolist() == [False, False]
    assert last.present.all()
    men = np.array([3000, 400_200])
    expected = men * (1 - np.exp(-days * float(params.desertion_per_day)))
    # 4 SE, and 10 % since a few comrades who left are followed.
    assert (last.deserted <= 1.1 * expected + 4 * np.sqrt(expected)).all()
    assert (last.deserted >= expected - 4 * np.sqrt(expected)).all()
    assert last.morale == pytest.approx(eve.morale, abs=0.01)


@pytest.fixture(scope="module")
def eves(tmp_path_factory):
    world = build_world(load_scenario(write_toy_case(tmp_path_factory.mktemp("case") / "toy")))
    return world, [start(world, make_params(), seed) for seed in run_seeds(1, 300)]


def test_conditions_are_uniform_within_the_case_s_ranges_and_independent(eves):
    _, states = eves
    drawn = np.array([state.condition[0] for state in states])
    wide = [key for key, (low, high) in ARMY_CONDITIONS.items() if low < high]
    columns = [list(CONDITIONS).index(key) for key in wide]
    level = 0.01 / len(wide)
    for key, column in zip(wide, columns, strict=True):
        low, high = ARMY_CONDITIONS[key]
        assert stats.kstest((drawn[:, column] - low) / (high - low), "uniform").pvalue > level, key
    related = np.abs(np.corrcoef(drawn[:, columns].T) - np.eye(len(columns))).max()
    assert related < stats.norm.isf(level / len(columns) / 2) / np.sqrt(len(states))


def test_strength_is_troops_on_paper_times_the_share_present(eves):
    world, states = eves
    share = list(CONDITIONS).index("present_share")
    for state in states[:50]:
        men = np.bincount(world.unit_faction, state.soldiers, minlength=2)
        # One whole soldier of rounding at each of the army's two posts and the rebels' one.
        assert np.abs(men - world.troops * state.condition[:, share]).max() <= 1.01


def test_the_share_of_static_units_is_the_case_s():
    units = [Unit(ARMY, 1, 10)] * 4000
    state = SmallWorld(units=units, conditions={ARMY: {"static_share": 0.7}}).eve()
    assert abs(state.mobile.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 4000)


@pytest.mark.parametrize(
    ("key", "value", "sign"),
    [
        ("record_12m", 0.5, 1),
        ("backer_change", -0.5, -1),
        ("air_support_change", 0.3, -1),
        ("cohesion", 0.9, 0),
    ],
)
def test_belief_on_the_eve_follows_the_last_year(key, value, sign):
    base = SmallWorld(units=[Unit(ARMY, 1)])
    changed = base.but(conditions={ARMY: {key: value}})
    assert np.sign(changed.eve().prospect_logit[ARMY] - base.eve().prospect_logit[ARMY]) == sign


def test_a_backer_that_took_away_support_pays_less_attention():
    """Engaged or distracted, with the chance of the long run: logistic in the change of support."""
    params, eves = tuned(attention_distracted=0.2), 300
    for change in (-0.8, 0.0, 0.8):
        small = PEACE.but(conditions={ARMY: {"backer_change": change}})
        attention = np.array([small.eve(params, seed).attention[0] for seed in range(eves)])
        assert set(attention) <= {np.float32(0.2), np.float32(1.0)}
        expected = 1 / (1 + np.exp(-params.attention_base - params.attention_backer_change * change))
        assert abs((attention == 1).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / eves)
    state = PEACE.eve()
    assert state.commitment_at_start.tolist() == [0, pytest.approx(float(state.commitment[0]))]


def test_income_covers_the_wages_of_whoever_owes_nothing():
    even = PEACE.eve()
    assert even.income_usd_per_day == pytest.approx(np.array([3000, 400_200]) * 50 / 30, rel=1e-5)
    params = tuned(income_lost_per_arrears_month=0.2, treasury_reserve_months=1.0)
    poor = PEACE.but(conditions={ARMY: {"arrears_months": 2.0}}).eve(params)
    assert poor.income_usd_per_day[ARMY] == pytest.approx(0.6 * even.income_usd_per_day[ARMY])
    assert poor.arrears_days.tolist() == [0, 60]
    assert poor.treasury_usd[ARMY] < even.treasury_usd[ARMY] == pytest.approx(400_200 * 50)
