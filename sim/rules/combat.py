"""Combat: attrition where enemies stand in one place.

A side of strength S facing E loses the share ``c (E/S)^a`` of its men a day. a = 1 is Lanchester's square
law, a = 1/2 his linear law, a = 0 the logarithmic law (Lanchester 1916; for mixed exponents see Lucas &
Turkes 2004). Who wins is not decided by deaths, which are few in such campaigns, but by who breaks
(``breaking``). Defender's terrain and works, air, supply and surprise multiply strength.
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import opposing
from sim.state import State, condition, day, enemies, friends, held_by, of_units, standing
from sim.world import TERRAINS, World

# No ratio of strengths tells more than this (about e^6 to one); it keeps the powers finite.
_MOST_LN_ODDS = 6.0


def combat(state: State, world: World, params: Params, draws: Draws) -> State:
    """Find the fights, rate their odds, and let men die."""
    xp = array_namespace(state.soldiers)
    foe = enemies(state)
    strength = effective_strength(state, world, params)
    own, enemy = opposing(strength, friends(state)), opposing(strength, foe)
    fights = (state.soldiers_at > 0) & (opposing(state.soldiers_at, foe) > 0)
    ln_odds = xp.clip(xp.log((enemy + 1e-3) / (own + 1e-3)), -_MOST_LN_ODDS, _MOST_LN_ODDS)
    ln_odds = xp.where(fights, ln_odds, 0.0)
    rate = params.combat_loss_per_day * xp.exp(params.combat_law * ln_odds)
    chance = xp.where(fights, 1.0 - xp.exp(-rate * world.tick_days), 0.0)
    faced = of_units(chance, state, world)
    faced = xp.where(standing(state), faced, 0.0)
    killed = draws.binomial("death", world.unit_key, state.soldiers, faced)
    return state._replace(
        fighting=fights,
        ln_odds=ln_odds,
        contested=xp.any(fights, axis=1),
        killed_now=state.killed_now + killed,
        soldiers=state.soldiers - killed,
    )


def effective_strength(state: State, world: World, params: Params) -> Array:
    """Strength [P, F] in the fight: with backers' troops, terrain, air, supply and surprise."""
    xp = array_namespace(state.soldiers)
    stands = state.soldiers_at > 0
    defends = held_by(state, friends(state))
    strength = xp.where(stands, posted_strength(state, params), 0.0)
    dug_in = 1.0 + params.prepared_defence * condition(state, "preparation")
    position = xp.where(defends, _terrain(world, params)[:, None] * dug_in[None, :], 1.0)
    sorties = state.air_sorties_at
    air = 1.0 + params.air_strength * sorties / (sorties + params.air_half_sorties)
    edge = xp.where(defends, 1.0, _surprise(state, world, params))
    return strength * position * air * supplied(state, params) * edge


def posted_strength(state: State, params: Params) -> Array:
    """Strength [P, F] of a faction's own men and of its backers' troops at each place."""
    return state.strength_at + params.backer_quality * state.backer_troops_at


def supplied(state: State, params: Params) -> Array:
    """Part [P, F] of its strength that is left to a faction's force at a place, by its supply."""
    return params.supply_floor + (1.0 - params.supply_floor) * state.supply


def _terrain(world: World, params: Params) -> Array:
    """Factor [P] for the defender."""
    xp = array_namespace(world.terrain)
    by_terrain = {"urban": params.terrain_urban, "mountain": params.terrain_mountain}
    factors = xp.stack([by_terrain.get(name, params.terrain_open) for name in TERRAINS])
    return xp.take(factors, world.terrain)


def _surprise(state: State, world: World, params: Params) -> Array:
    """Factor [P, F] for an attacker: his preparation against the holder's, fading from the first day."""
    xp = array_namespace(state.soldiers)
    prepared = condition(state, "preparation")
    edge = prepared[None, :] * (1.0 - xp.take(prepared, state.controller))[:, None]
    return 1.0 + params.surprise_strength * edge * xp.exp(-day(state, world) / params.surprise_days)
