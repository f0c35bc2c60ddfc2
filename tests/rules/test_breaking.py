"""Breaking: the stronger line holds longer, and how a broken one goes."""

import numpy as np
import pytest
from small_world import ARMY, NO_EDGE, REBELS, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.breaking import breaking, enemy_affinity, line_hazard_per_day
from sim.rules.combat import combat
from sim.rules.muster import muster

PLACES = 400
STILL = NO_EDGE | {
    "prepared_defence": 0.0,
    "combat_loss_per_day": 0.0,
    "break_isolated": 0.0,
}


def duels(odds: float, seed: int, **values: float) -> tuple[np.ndarray, np.ndarray]:
    """Which side [PLACES] broke first where ``odds`` rebels stand against one of the army, and in which hour.

    The side is -1 where both broke; hours count from 1.
    """
    units = [
        Unit(side, p, 1000 * (odds if side == REBELS else 1))
        for p in range(PLACES)
        for side in (REBELS, ARMY)
    ]
    small = SmallWorld(holders=(ARMY,) * PLACES, roads=(), units=units, ticks_per_day=24)
    world, params = small.world, tuned(**STILL | {"break_per_day": 0.4} | values)
    state = small.eve(params, seed)._replace(morale=np.full(2 * PLACES, 0.5, dtype=np.float32))
    state = combat(muster(state, world, params, draws_of(state, seed)), world, params, draws_of(state, seed))
    first, hours = np.full(PLACES, -2), np.zeros(PLACES)
    for hour in range(1, 24 * 60):
        state = next_tick(breaking(state, world, params, draws_of(state, seed)))
        gone = (state.soldiers == 0).reshape(PLACES, 2)
        undecided = first == -2
        hours[undecided & gone.any(axis=1)] = hour
        first[undecided & gone[:, REBELS]] = REBELS
        first[undecided & gone[:, ARMY]] = ARMY
        first[undecided & gone.all(axis=1)] = -1
        if (first > -2).all():
            return first, hours
    raise AssertionError(f"{(first == -2).sum()} fights without an end in 60 days")


def together(odds: float, **values: float) -> tuple[np.ndarray, np.ndarray]:
    """2,000 duels."""
    first, hours = zip(*(duels(odds, seed, **values) for seed in range(5)), strict=True)
    return np.concatenate(first), np.concatenate(hours)


@pytest.mark.parametrize("tempo", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("odds", "slope"), [(1.0, 4.5), (1.2, 4.5), (1.5, 2.0)])
def test_the_stronger_holds_longer_with_the_logistic_chance_whatever_the_tempo(odds, slope, tempo):
    first, _ = together(odds, break_odds=slope, break_tempo=tempo)
    expected = odds**slope / (1 + odds**slope)
    held = (np.sum(first == ARMY) + 0.5 * np.sum(first == -1)) / len(first)
    # 4 SE of 2,000 fights, and 1 % for lines that break within the same hour.
    assert abs(held - expected) < 4 * np.sqrt(expected * (1 - expected) / len(first)) + 0.01


@pytest.mark.parametrize("odds", [1.0, 2.0, 5.0])
def test_without_tempo_the_odds_decide_who_breaks_and_not_when(odds):
    """The two hazards then add to 2 h whatever the odds: the first break comes after 1 / (2 h) on average."""
    _, hours = together(odds, break_tempo=0.0, break_per_day=0.4)
    rate = 2 * 0.4 / 24  # an hour
    expected = 1 / (1 - np.exp(-rate))
    assert abs(hours.mean() - expected) < 4 * expected / np.sqrt(len(hours))


def test_with_tempo_heavy_odds_decide_sooner():
    odds, slope, tempo = 4.0, 4.5, 0.5
    _, hours = together(odds, break_odds=slope, break_tempo=tempo, break_per_day=0.1)
    weaker = 2 * 0.1 * odds**tempo / (1 + odds ** (2 * tempo - slope))
    stronger = 2 * 0.1 * odds**-tempo / (1 + odds ** (slope - 2 * tempo))
    expected = 24 / (weaker + stronger)
    assert abs(hours.mean() - expected) < 4 * expected / np.sqrt(len(hours))
    assert expected < 0.6 * 24 / 0.2


def test_nobody_breaks_where_nobody_fights():
    small = SmallWorld(units=[Unit(REBELS, 0), Unit(ARMY, 1)])
    world, params = small.world, tuned(break_per_day=1.0)
    state = small.eve()._replace(morale=f32([0.01, 0.01]), precedent=f32([[1, 1], [1, 1]]))
    for _ in range(40):
        state = muster(state, world, params, draws_of(state))
        state = combat(state, world, params, draws_of(state))
        state = next_tick(breaking(state, world, params, draws_of(state)))
    assert state.soldiers.tolist() == [1000, 1000]
    assert state.road_slot.tolist() == [-1, -1]


def besieged(units: int = 1) -> SmallWorld:
    """A garrison of the army in place 1, with rebels inside and a road to its own rear (place 0)."""
    garrison = [Unit(ARMY, 1, 1000)] * units
    return SmallWorld(holders=(ARMY, ARMY, REBELS), units=[Unit(REBELS, 1, 2000 * units), *garrison])


BESIEGED = besieged()


def line_hazard(small: SmallWorld = BESIEGED, **fields: np.ndarray) -> float:
    world, params = small.world, make_params()
    state = small.eve(params)._replace(retreat_slot=np.zeros((3, 2), dtype=np.int32))
    state = combat(muster(state, world, params, draws_of(state)), world, params, draws_of(state))
    return float(line_hazard_per_day(state._replace(**fields), world, params)[1, ARMY])


def test_what_hastens_a_break_and_what_delays_it():
    everywhere = np.ones((3, 2), dtype=np.float32)
    plain = line_hazard()
    params = make_params()
    assert plain > 0
    changes = {
        "precedent": (dict(precedent=everywhere), params.break_precedent),
        "cut off": (dict(retreat_slot=np.full((3, 2), -1, dtype=np.int32)), params.break_isolated),
        "order to hold": (dict(standing_order=everywhere), params.break_hold_order),
    }
    for name, (fields, ln_factor) in changes.items():
        assert line_hazard(**fields) == pytest.approx(plain * np.exp(ln_factor), rel=1e-4), name
    assert params.break_hold_order < 0 < params.break_precedent
    assert line_hazard(standing_order=-everywhere) == pytest.approx(plain)


@pytest.mark.parametrize("affinity", [-0.8, -0.4, 0.5])
def test_men_give_way_sooner_to_an_enemy_whom_they_do_not_fear(affinity):
    felt = line_hazard(BESIEGED.but(recruit_affinity={(ARMY, REBELS): affinity}))
    params = make_params()
    mercy = max(params.break_mercy * affinity * abs(affinity), -params.break_fear_most)
    assert (mercy == -params.break_fear_most) == (affinity == -0.8)
    assert felt == pytest.approx(line_hazard() * np.exp(mercy), rel=1e-4)
    others = {(REBELS, ARMY): affinity, (ARMY, ARMY): affinity}
    assert line_hazard(BESIEGED.but(recruit_affinity=others)) == pytest.approx(line_hazard())


def test_of_several_enemies_each_is_feared_by_his_number():
    small = SmallWorld(
        holders=(ARMY,),
        factions=4,
        stances={(REBELS, ARMY): -1, (2, ARMY): -1, (3, ARMY): 0},
        active=(REBELS, 2),
        units=[Unit(REBELS, 0, 300), Unit(2, 0, 100), Unit(3, 0, 5000), Unit(ARMY, 0, 500)],
        recruit_affinity={(ARMY, REBELS): -1.0, (ARMY, 2): 0.6, (ARMY, 3): 1.0},
    )
    felt = enemy_affinity(small.eve(), small.world)[0, ARMY]
    assert felt == pytest.approx((300 * -1.0 + 100 * 0.6) / 400)


def broken(morale: float, cut_off: bool = False, units: int = 2000, **fields: np.ndarray):
    """A line of 2,000 units that breaks for certain."""
    small = besieged(units)
    world, params = small.world, tuned(break_per_day=1e4)
    state = small.eve(params)
    slot = np.full((3, 2), -1 if cut_off else 0, dtype=np.int32)
    state = state._replace(morale=np.full(units + 1, morale, dtype=np.float32), retreat_slot=slot)
    state = combat(muster(state, world, params, draws_of(state)), world, params, draws_of(state))
    before = state.soldiers.copy()
    state = breaking(state._replace(**fields), world, params, draws_of(state))
    after = state.soldiers + state.surrendered_now + state.deserted_now
    assert np.array_equal(after, before)
    return state, world


def test_men_of_good_morale_withdraw_as_units_by_the_road_to_the_rear():
    state, world = broken(0.9)
    fell_back = state.road_slot[1:] == 0
    assert fell_back.mean() > 0.99
    assert (world.neighbour[1, 0], world.neighbour_km[1, 0]) == (0, 40)
    assert (state.road_km_left[1:][fell_back] == 40).all()
    assert np.array_equal(state.routed_now[1:] > 0, fell_back)
    assert (state.soldiers[1:][fell_back] > 0).all()


def test_men_of_no_morale_scatter_and_some_give_themselves_up():
    state, _ = broken(0.0)
    surrendered = (state.surrendered_now[1:] > 0).mean()
    params = make_params()
    orderly = 1 / (1 + np.exp(params.orderly_midpoint / params.orderly_scale))
    expected = (1 - orderly) * params.surrender_share
    assert abs(surrendered - expected) < 4 * np.sqrt(expected * (1 - expected) / 2000)
    assert (state.routed_now[1:] > 0).mean() < 0.05
    assert (state.deserted_now[1:] > 0).mean() == pytest.approx(1 - surrendered, abs=0.05)


@pytest.mark.parametrize("morale", [0.0, 0.9])
def test_whoever_is_cut_off_surrenders(morale):
    state, _ = broken(morale, cut_off=True)
    assert (state.surrendered_now[1:] > 0).all()
    assert (state.road_slot == -1).all()
    assert not state.soldiers[1:].any()


def test_all_units_of_a_line_meet_the_same_moment_and_the_weakest_go_first():
    small = besieged(50)
    world, params = small.world, tuned(break_per_day=0.05)
    morale = np.linspace(0.3, 0.7, 51).astype(np.float32)
    mixed = 0
    for seed in range(200):
        state = small.eve(params)._replace(morale=morale)
        state = combat(
            muster(state, world, params, draws_of(state, seed)), world, params, draws_of(state, seed)
        )
        state = state._replace(losses_recent=np.zeros(51, dtype=np.float32))
        state = breaking(state, world, params, draws_of(state, seed))
        stays = (state.soldiers > 0)[1:] & (state.road_slot < 0)[1:]
        assert (np.diff(stays.astype(int)) >= 0).all()  # from some morale upwards
        mixed += 0 < stays.sum() < 50
    assert mixed > 0


def test_losses_hasten_the_break():
    hits = []
    for losses in (0.0, 0.3):
        small = besieged(1)
        world, params = small.world, tuned(break_per_day=0.3, break_losses=4.0)
        count = 0
        for seed in range(150):
            state = small.eve(params, seed)._replace(
                morale=f32([0.5, 0.5]), losses_recent=f32([losses, losses])
            )
            state = combat(
                muster(state, world, params, draws_of(state)), world, params, draws_of(state, seed)
            )
            state = breaking(state, world, params, draws_of(state, seed))
            count += int((state.soldiers[1] == 0) | (state.road_slot[1] >= 0))
        hits.append(count)
    # The same moments of panic in both: whoever breaks fresh breaks mauled too.
    assert hits[1] > hits[0] > 0
