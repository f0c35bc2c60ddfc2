"""Combat alone, against Lanchester's laws and one advantage at a time."""

import numpy as np
import pytest
from small_world import (
    ARMY,
    NO_EDGE,
    REBELS,
    Backer,
    SmallWorld,
    Unit,
    at_day,
    draws_of,
    f32,
    next_tick,
    of_faction,
    tuned,
)

from sim.rules.combat import combat
from sim.rules.muster import muster

FAIR = NO_EDGE | {"prepared_defence": 0.0}
"""Parameters with which only soldiers, quality and morale decide."""


def meeting(rebels: float = 1000, army: float = 1000, **changes: object) -> SmallWorld:
    """Both sides in one place, which the army holds."""
    return SmallWorld(holders=(ARMY,), units=[Unit(REBELS, 0, rebels), Unit(ARMY, 0, army)], **changes)


def great_meeting() -> SmallWorld:
    """Eight million rebels of better quality against ten million, so that the luck of one averages out."""
    units = [Unit(REBELS, 0, 1e6)] * 8 + [Unit(ARMY, 0, 1e6)] * 10
    edge = {REBELS: {"heavy_weapons": 1.0}}
    return SmallWorld(holders=(ARMY,), units=units, ticks_per_day=24, conditions=edge)


def fight(small: SmallWorld, morale: float = 0.5, days: float = 0, **values: float):
    """The state after ``days`` of combat (at least a tick), at constant morale."""
    world, params = small.world, tuned(**FAIR | values)
    state = small.eve(params)
    state = state._replace(morale=np.full_like(state.soldiers, morale))
    for _ in range(max(1, round(days * small.ticks_per_day))):
        state = muster(state, world, params, draws_of(state))
        state = next_tick(combat(state, world, params, draws_of(state)))
    return state


QUALITY = float(np.exp(0.4))  # of the rebels, by their heavy weapons
INVARIANTS = {
    "square": (1.0, lambda x, y: (QUALITY * x) ** 2 - y**2),
    "linear": (0.5, lambda x, y: QUALITY * x - y),
    "logarithmic": (0.0, lambda x, y: np.log(x / y)),
}


@pytest.mark.parametrize("law", INVARIANTS)
def test_lanchester(law):
    """What each law keeps is kept, and what the other two keep is not."""
    exponent, _ = INVARIANTS[law]
    small = great_meeting()
    state = fight(small, days=40, combat_law=exponent, combat_loss_per_day=0.025, quality_heavy_weapons=0.4)
    x, y = of_faction(state.soldiers, small.world)
    assert x < 0.7 * 8e6
    assert y < 0.5 * 10e6
    for name, (_, invariant) in INVARIANTS.items():
        start = invariant(8e6, 10e6)
        drift = abs(invariant(x, y) - start) / abs(start)
        # 2 %: 4 SE of the deaths (0.4 % each at most) and the error of Euler steps of an hour (0.3 %).
        assert (drift < 0.02) == (name == law), f"{name}: {drift:.4f}"


def test_loss_at_even_odds_is_the_parameter():
    state = fight(meeting(900_000, 900_000), combat_loss_per_day=0.02)
    share = state.killed_now / 900_000
    expected = 1 - np.exp(-0.02 / 4)
    assert state.ln_odds.ravel() == pytest.approx([0, 0], abs=1e-6)
    assert np.abs(share - expected).max() < 4 * np.sqrt(expected / 900_000)


def test_the_dead_are_counted():
    state = fight(meeting(12_345, 777))
    assert (state.soldiers + state.killed_now).tolist() == [12_345, 777]
    assert (state.killed_now > 0).any()


def test_odds_are_seen_alike_from_both_sides():
    state = fight(meeting(3000, 1000))
    assert state.contested.tolist() == [True]
    assert state.ln_odds[0] == pytest.approx([-np.log(3), np.log(3)], abs=1e-5)


def test_nobody_dies_without_an_enemy_on_the_attack():
    peace = meeting(active=())
    truce = meeting(stances={(REBELS, ARMY): 1})
    apart = SmallWorld(units=[Unit(REBELS, 0, 50_000), Unit(ARMY, 1, 50_000)])
    for small in (peace, truce, apart):
        state = fight(small, days=5, combat_loss_per_day=0.05)
        assert not state.contested.any()
        assert not state.killed_now.any()
        assert np.array_equal(state.soldiers, small.eve().soldiers)


def test_units_on_a_road_neither_fight_nor_fall():
    small = SmallWorld(units=[Unit(REBELS, 1, 9e5), Unit(ARMY, 1, 9e5), Unit(ARMY, 1, 9e5)])
    world, params = small.world, tuned(**FAIR)
    state = small.eve(params)._replace(road_slot=np.int32([-1, -1, 0]))
    state = muster(state, world, params, draws_of(state))
    state = combat(state, world, params, draws_of(state))
    assert state.killed_now[2] == 0
    assert state.killed_now[1] > 0
    assert state.ln_odds[1, ARMY] == pytest.approx(0, abs=0.1)  # one against one, were it not for morale


def test_allies_fight_as_one():
    third = 2
    small = SmallWorld(
        holders=(ARMY,),
        factions=3,
        active=(REBELS, third),
        units=[Unit(REBELS, 0, 1000), Unit(third, 0, 2000), Unit(ARMY, 0, 1500)],
        stances={(REBELS, ARMY): -1, (third, ARMY): -1, (REBELS, third): 2},
    )
    state = fight(small)
    assert state.ln_odds[0] == pytest.approx([-np.log(2), np.log(2), -np.log(2)], abs=1e-5)


def odds_of_army(small: SmallWorld, **values: float) -> float:
    """ln(own / enemy strength) of the army."""
    return -float(fight(small, **values).ln_odds[0, ARMY])


@pytest.mark.parametrize("terrain", ["urban", "mountain", "plain", "desert", "coast"])
def test_terrain_helps_whoever_holds_the_place(terrain):
    name = terrain if terrain in ("urban", "mountain") else "open"
    value = {f"terrain_{name}": 2.0}
    small = meeting(terrains={0: terrain})
    assert odds_of_army(small, **value) == pytest.approx(np.log(2), abs=1e-5)
    assert odds_of_army(small.but(holders=(REBELS,)), **value) == pytest.approx(-np.log(2), abs=1e-5)


def test_surprise_is_the_attackers_and_fades():
    small = meeting(conditions={REBELS: {"preparation": 1.0}, ARMY: {"preparation": 0.0}})
    values = {"surprise_strength": 1.0, "surprise_days": 3.0, "quality_preparation": 0.0}
    assert odds_of_army(small, **values) == pytest.approx(-np.log(2), abs=1e-5)
    world, params = small.world, tuned(**FAIR | values)
    later = at_day(small.eve(params), world, 6)._replace(morale=f32([0.5, 0.5]))
    later = combat(muster(later, world, params, draws_of(later)), world, params, draws_of(later))
    assert later.ln_odds[0, ARMY] == pytest.approx(np.log(1 + np.exp(-2)), abs=1e-5)
    assert odds_of_army(small.but(holders=(REBELS,)), **values) == pytest.approx(0, abs=1e-5)


def test_morale_multiplies_strength():
    small, world = meeting(), meeting().world
    params = tuned(**FAIR, combat_morale=2.0)
    state = small.eve(params)._replace(morale=f32([0.8, 0.4]))
    state = combat(muster(state, world, params, draws_of(state)), world, params, draws_of(state))
    assert state.ln_odds[0, ARMY] == pytest.approx(np.log(2) * 2, abs=1e-5)


def with_support(**fields: np.ndarray) -> float:
    """ln(own / enemy strength) of the army with some fields of the state set."""
    small = meeting(backers=[Backer(ARMY)])
    world, params = (
        small.world,
        tuned(
            **FAIR | {"supply_floor": 0.5, "air_strength": 1.0, "air_half_sorties": 20, "backer_quality": 2.0}
        ),
    )
    state = small.eve(params)
    state = state._replace(morale=f32([0.5, 0.5]), supply=f32([[1, 1]]))
    state = muster(state, world, params, draws_of(state))._replace(**fields)
    return -float(combat(state, world, params, draws_of(state)).ln_odds[0, ARMY])


def test_air_supply_and_foreign_troops_add_strength():
    assert with_support() == pytest.approx(0, abs=1e-5)
    assert with_support(air_sorties_at=f32([[0, 20]])) == pytest.approx(np.log(1.5), abs=1e-5)
    assert with_support(air_sorties_at=f32([[20, 0]])) == pytest.approx(-np.log(1.5), abs=1e-5)
    assert with_support(supply=f32([[1, 0]])) == pytest.approx(np.log(0.5), abs=1e-5)
    assert with_support(backer_troops_at=f32([[0, 500]])) == pytest.approx(np.log(2), abs=1e-5)
