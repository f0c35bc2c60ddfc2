"""Breaking: the stronger line holds longer, and how a broken one goes."""

import numpy as np
import pytest
from small_world import ARMY, NO_EDGE, REBELS, SmallWorld, Unit, draws_of, f32, next_tick, tuned

from sim.parameters import make_params
from sim.rules.breaking import breaking, line_hazard_per_day
from sim.rules.combat import combat
from sim.rules.muster import muster

PLACES = 400
STILL = NO_EDGE | {"supply_floor": 1.0, "prepared_defence": 0.0, "combat_loss_per_day": 0.0}


def duels(odds: float, seed: int, **values: float) -> np.ndarray:
    """Which side [PLACES] broke first where ``odds`` rebels stand against one of the army; -1: both."""
    units = [
        Unit(side, p, 1000 * (odds if side == REBELS else 1))
        for p in range(PLACES)
        for side in (REBELS, ARMY)
    ]
    small = SmallWorld(holders=(ARMY,) * PLACES, roads=(), units=units, ticks_per_day=24)
    world, params = small.world, tuned(**STILL | {"break_per_day": 0.4} | values)
    state = small.eve(params, seed)._replace(morale=np.full(2 * PLACES, 0.5, dtype=np.float32))
    state = combat(muster(state, world, params, draws_of(state, seed)), world, params, draws_of(state, seed))
    first = np.full(PLACES, -2)
    for _ in range(24 * 60):
        state = next_tick(breaking(state, world, params, draws_of(state, seed)))
        gone = (state.soldiers == 0).reshape(PLACES, 2)
        undecided = first == -2
        first[undecided & gone[:, REBELS]] = REBELS
        first[undecided & gone[:, ARMY]] = ARMY
        first[undecided & gone.all(axis=1)] = -1
        if (first > -2).all():
            return first
    raise AssertionError(f"{(first == -2).sum()} fights without an end in 60 days")


@pytest.mark.parametrize(("odds", "slope"), [(1.0, 4.5), (1.2, 4.5), (1.5, 2.0)])
def test_the_stronger_holds_longer_with_the_logistic_chance(odds, slope):
    first = np.concatenate([duels(odds, seed, break_odds=slope) for seed in range(5)])
    expected = odds**slope / (1 + odds**slope)
    held = (np.sum(first == ARMY) + 0.5 * np.sum(first == -1)) / len(first)
    # 4 SE of 2,000 fights, and 1 % for lines that break within the same hour.
    assert abs(held - expected) < 4 * np.sqrt(expected * (1 - expected) / len(first)) + 0.01


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


def line_hazard(**fields: np.ndarray) -> float:
    small = besieged()
    world, params = small.world, make_params()
    state = small.eve(params)._replace(retreat_slot=np.zeros((3, 2), dtype=np.int32))
    state = combat(muster(state, world, params, draws_of(state)), world, params, draws_of(state))
    return float(line_hazard_per_day(state._replace(**fields), params)[1, ARMY])


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
