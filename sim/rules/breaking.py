"""Breaking: a line under attack gives way, and its units withdraw, disperse or surrender.

At odds r against it a line breaks with hazard ``2 h r^t / (1 + r^(2t - k))`` a day. Two sides that both may
break thus give the stronger the chance ``r^k / (1 + r^k)`` to hold longer: a logistic in ln r with slope k,
which was estimated near 4.9 for fights of like quality (The Dupuy Institute's tables; SE 1.4). How long a
fight lasts depends on the odds only through t: resolute men hold a town for weeks against many, the
irresolute for hours against few. Breakpoints are no constant share of losses (Helmbold 1971); a line cut
off, a fresh precedent nearby (Lehmann & Zhukov 2019) and heavy losses hasten the break, an order to hold
delays it, and so does, within bounds, what the men fear of the enemy: soldiers give up to those who will
spare them (Lyall 2020). All units of a line share one draw, the moment of panic, and those of low morale go
first (thresholds: Granovetter 1978).
"""

from sim.arrays import Array, array_namespace, gather, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import mercy, opposing
from sim.rules.muster import EVEN_MORALE
from sim.state import State, enemies, of_units, standing
from sim.world import World


def breaking(state: State, world: World, params: Params, draws: Draws) -> State:
    """Units break; those with a road and some morale withdraw, the others surrender or disperse."""
    xp = array_namespace(state.soldiers)
    resolve = params.break_morale * (EVEN_MORALE - state.morale) + params.break_losses * state.losses_recent
    hazard = of_units(line_hazard_per_day(state, world, params), state, world) * xp.exp(resolve)
    chance = 1.0 - xp.exp(-hazard * world.tick_days)
    panic = of_units(draws.uniform("panic", world.pair_key), state, world)
    breaks = standing(state) & (panic < chance) & (state.soldiers > 0)

    slot = of_units(state.retreat_slot, state, world)
    orderly = sigmoid((state.morale - params.orderly_midpoint) / params.orderly_scale)
    luck = draws.uniform("rout", world.unit_key)
    withdraws = breaks & (slot >= 0) & (luck < orderly)
    dissolves = breaks & ~withdraws
    # What is left of ``luck`` above ``orderly`` is again uniform.
    rest = (luck - orderly) / xp.maximum(1.0 - orderly, 1e-6)
    surrenders = dissolves & ((slot < 0) | (rest < params.surrender_share))
    edge = state.place * world.neighbour.shape[1] + xp.maximum(slot, 0)
    km = gather(world.neighbour_km, edge)
    return state._replace(
        road_slot=xp.where(withdraws, slot, state.road_slot),
        road_km_left=xp.where(withdraws, km, state.road_km_left),
        routed_now=state.routed_now + xp.where(withdraws, state.soldiers, 0.0),
        surrendered_now=state.surrendered_now + xp.where(surrenders, state.soldiers, 0.0),
        deserted_now=state.deserted_now + xp.where(dissolves & ~surrenders, state.soldiers, 0.0),
        soldiers=xp.where(dissolves, 0.0, state.soldiers),
    )


def line_hazard_per_day(state: State, world: World, params: Params) -> Array:
    """Hazard [P, F] that a line of even morale breaks; 0 where nobody fights it."""
    xp = array_namespace(state.soldiers)
    decided = sigmoid((params.break_odds - 2.0 * params.break_tempo) * state.ln_odds)
    ln_factor = (
        params.break_tempo * state.ln_odds
        + xp.maximum(params.break_mercy * mercy(enemy_affinity(state, world)), -params.break_fear_most)
        + params.break_precedent * xp.minimum(state.precedent, 1.0)
        + params.break_isolated * (state.retreat_slot < 0)
        + params.break_hold_order * (state.standing_order > 0)
    )
    return xp.where(state.fighting, 2.0 * params.break_per_day * decided * xp.exp(ln_factor), 0.0)


def enemy_affinity(state: State, world: World) -> Array:
    """Mean affinity [P, F], -1..1, of a side's recruits to the enemies whom it faces in a place."""
    xp = array_namespace(state.soldiers)
    foe = enemies(state)
    faced = opposing(state.soldiers_at, foe)
    felt = opposing(state.soldiers_at, xp.where(foe, world.recruit_affinity, 0.0))
    return felt / xp.maximum(faced, 1.0)
