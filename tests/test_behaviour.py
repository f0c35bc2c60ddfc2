"""What must come out of the Syria campaign with the defaults: its order, and the sign of every lever.

All comparisons are paired (run k has the same seed on both sides) over 256 runs and one-sided at 0.0005 each
(z > 3.3): with twenty of them, a true rule set fails by chance in fewer than 1 of 100 suites. All worlds
share their shapes, so that one program is compiled; a lever that is not pulled has an event that never comes.
"""

from typing import NamedTuple

import numpy as np
import pytest

from sim.engine import run_ensemble, run_seeds
from sim.parameters import make_params
from sim.record import FACTION_COLUMNS, PEOPLE_COLUMNS
from sim.scenario import Scenario
from sim.tables import fallen
from sim.world import CAUSES, CONDITIONS, build_world

RUNS, LEAST_Z = 256, 3.3
WEEK = 6
"""Index of day 7: by then Hama has been fought over, and little else that an order for it would change."""
ARMY = "syrian_government"
LEVERS = [
    {"id": "pay", "kind": "pay_rise", "faction": ARMY, "share": 2.0, "paid_after_days": 0.0, "day": 1},
    {"id": "withdraw", "kind": "order_withdraw", "faction": ARMY, "place": "hama", "day": 1},
    {"id": "leave-aleppo", "kind": "order_withdraw", "faction": ARMY, "place": "aleppo", "day": 1},
    {"id": "hold", "kind": "order_hold", "faction": ARMY, "place": "hama", "day": 1},
    {"id": "attention", "kind": "backer_attention", "backer": "russia", "attention": 1.0, "day": 1},
    {"id": "leave", "kind": "backer_withdrawal", "backer": "russia", "day": 1},
    {
        "id": "food",
        "kind": "aid_corridor",
        "place": "aleppo",
        "rations_per_day": 50_000,
        "duration_days": 9,
        "day": 4,
    },
    {"id": "help", "kind": "reinforcement", "faction": ARMY, "place": "hama", "soldiers": 5000, "day": 1},
]
NUMBER = {lever["id"]: number for number, lever in enumerate(LEVERS)}

pytestmark = pytest.mark.slow


def not_yet(measured: str) -> pytest.MarkDecorator:
    """What should come out and does not: remove the mark when it does."""
    return pytest.mark.xfail(strict=True, raises=AssertionError, reason=measured)


class Outcome(NamedTuple):
    """Of each run: place-days lost, day of fall by place, dead of the army in the first week, people.

    A fall that never comes counts on the day after the last.
    """

    lost: np.ndarray
    day: dict[str, np.ndarray]
    killed: np.ndarray
    fallen: np.ndarray
    people: dict[str, np.ndarray]
    cause: np.ndarray


@pytest.fixture(scope="module")
def simulate():
    scenario = Scenario(name="levers", case="syria-2024", events=LEVERS)
    case, world = scenario.load_case(), build_world(scenario)
    army = case.faction_ids.index(ARMY)
    shift = list(CONDITIONS).index("morale_shift")

    def run(days=None, unpaid=False, morale_shift=0.0, **parameters):
        event_day = np.full(len(LEVERS), np.inf, np.float32)
        for lever, day in (days or {}).items():
            event_day[NUMBER[lever]] = day
        low, high = world.condition_low.copy(), world.condition_high.copy()
        low[army, shift] = high[army, shift] = morale_shift
        paid = np.full(len(LEVERS), np.inf if unpaid else 0.0, np.float32)
        changed = world._replace(
            event_day=event_day, event_paid_after_days=paid, condition_low=low, condition_high=high
        )
        ensemble = run_ensemble(changed, make_params(parameters), run_seeds(0, RUNS), scenario.days)
        down = fallen(ensemble.record.controller, changed)
        day = np.where(down.any(axis=1), down.argmax(axis=1) + 1, scenario.days + 1)
        killed = ensemble.record.factions[:, WEEK, army, FACTION_COLUMNS.index("killed")]
        by_place = dict(zip(case.place_ids, day.T, strict=True))
        people = dict(zip(PEOPLE_COLUMNS, np.moveaxis(ensemble.record.people, -1, 0), strict=True))
        lost = down.sum(axis=(1, 2)).astype(float)
        return Outcome(lost, by_place, killed, down, people, ensemble.record.cause)

    return run


@pytest.fixture(scope="module")
def base(simulate):
    return simulate()


@pytest.fixture(scope="module")
def early_pay(simulate):
    return simulate({"pay": 1})


def assert_less(smaller, larger):
    """Paired, one-sided: ``smaller`` lies below ``larger`` on average."""
    difference = np.asarray(larger, dtype=float) - np.asarray(smaller, dtype=float)
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    assert difference.mean() > LEAST_Z * error, (
        f"{difference.mean():.3g} is not above {LEAST_Z} x {error:.3g}"
    )


@not_yet("0.44 of 256 runs take the four cities in the order of history")
def test_the_attackers_reach_the_cities_in_the_order_of_history(base):
    aleppo, hama, homs, damascus = (base.day[city] for city in ("aleppo", "hama", "homs", "damascus"))
    assert np.mean((aleppo < hama) & (hama < homs) & (homs <= damascus)) > 0.5


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
    other = simulate(morale_shift=shift)
    assert_less(other.lost, base.lost) if better else assert_less(base.lost, other.lost)


@not_yet("at the lowest morale Damascus falls in 0.89 of the runs, asked for 0.9")
def test_there_is_a_threshold_in_initial_morale(simulate):
    capital = [np.mean(simulate(morale_shift=shift).day["damascus"] <= 13) for shift in (2.0, 0.5, -0.5)]
    assert capital[0] < 0.1 < capital[1] < 0.9 < capital[2]


def test_a_backer_that_turns_to_its_client_early_saves_what_it_does_not_late(simulate, base):
    early = simulate({"attention": 1})
    assert_less(early.lost, base.lost)
    assert_less(early.lost, simulate({"attention": 9}).lost)


def test_a_backer_that_leaves_costs_places(simulate, base):
    assert_less(base.lost, simulate({"leave": 1}).lost)


def test_news_makes_falls_follow_one_another(simulate, base):
    silent = simulate(morale_news=0.0, break_precedent=0.0)
    assert_less(silent.lost, base.lost)


def test_without_news_falls_cluster_less_in_time(simulate, base):
    silent = simulate(morale_news=0.0, break_precedent=0.0)
    assert_less(concentration(silent.fallen), concentration(base.fallen))


def concentration(down):
    """Mean over pairs of places that fell: the share that fell within a day of one another, in each run."""
    first = np.where(down.any(axis=1), down.argmax(axis=1), -1)
    shares = []
    for days in first:
        days = days[days >= 0]
        gap = np.abs(days[:, None] - days[None, :])[np.triu_indices(len(days), 1)]
        shares.append(np.mean(gap <= 1) if len(gap) else 0.0)
    return np.array(shares)


@not_yet("an order to leave Hama saves 0.8 lives in the first week (z 0.24)")
def test_withdrawal_saves_lives_and_loses_the_city_faster(simulate, base):
    ordered = simulate({"withdraw": 2})
    assert_less(ordered.day["hama"], base.day["hama"])
    assert_less(ordered.killed, base.killed)


def test_an_order_to_hold_keeps_the_city_longer_and_costs_lives(simulate, base):
    ordered = simulate({"hold": 1})
    assert_less(base.day["hama"], ordered.day["hama"])
    assert_less(base.killed, ordered.killed)


def test_reinforcement_delays_the_fall_of_the_city(simulate, base):
    assert_less(base.day["hama"], simulate({"help": 3}).day["hama"])


@not_yet("too few runs (8 of 256) in which assault takes the city")
def test_more_people_flee_where_assault_takes_a_city_than_where_it_is_left(simulate, base):
    """Aleppo in runs that differ only by an order to leave it: the same people, enemy and road."""
    aleppo = list(base.day).index("aleppo")
    stormed = (base.cause[:, :6, aleppo] == CAUSES.index("assault")).any(axis=1)
    ordered = simulate({"leave-aleppo": 1})
    left = (ordered.cause[:, :6, aleppo] != CAUSES.index("assault")).all(axis=1)
    both = stormed & left
    assert both.sum() > 20
    assert_less(ordered.people["fled"][both, 9, aleppo], base.people["fled"][both, 9, aleppo])


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
