"""Breaking: a line under attack gives way, and its units withdraw, disperse or surrender.

At odds r against it a line breaks with hazard ``h r^(k/2)`` a day. Two sides that both may break thus give
the stronger the chance ``r^k / (1 + r^k)`` to hold longer: a logistic in ln r with slope k, which was
estimated near 4.9 for fights of like quality (The Dupuy Institute's tables; SE 1.4). Breakpoints are no
constant share of losses (Helmbold 1971); a line cut off, a fresh precedent nearby (Lehmann & Zhukov 2019)
and heavy losses hasten the break, an order to hold delays it. All units of a line share one draw, the
moment of panic, and those of low morale go first (thresholds: Granovetter 1978).
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.muster import EVEN_MORALE
from sim.state import State, cell_of
from sim.world import World


def breaking(state: State, world: World, params: Params, draws: Draws) -> State:
    """Units break; those with a road and some morale withdraw, the others surrender or disperse."""
    xp = array_namespace(state.soldiers)
    cell = cell_of(state, world)

    def here(table: Array) -> Array:
        return xp.take(xp.reshape(table, (-1,)), cell)

    standing = state.road_slot < 0
    resolve = params.break_morale * (EVEN_MORALE - state.morale) + params.break_losses * state.losses_recent
    hazard = here(line_hazard_per_day(state, params)) * xp.exp(resolve)
    chance = 1.0 - xp.exp(-hazard * world.tick_days)
    panic = here(draws.uniform("panic", world.pair_key))
    breaks = standing & (panic < chance) & (state.soldiers > 0)

    slot = here(state.retreat_slot)
    orderly = sigmoid((state.morale - params.orderly_midpoint) / params.orderly_scale)
    luck = draws.uniform("rout", world.unit_key)
    withdraws = breaks & (slot >= 0) & (luck < orderly)
    dissolves = breaks & ~withdraws
    # What is left of ``luck`` above ``orderly`` is again uniform.
    rest = (luck - orderly) / xp.maximum(1.0 - orderly, 1e-6)
    surrenders = dissolves & ((slot < 0) | (rest < params.surrender_share))
    edge = state.place * world.neighbour.shape[1] + xp.maximum(slot, 0)
    km = xp.take(xp.reshape(world.neighbour_km, (-1,)), edge)
    return state._replace(
        road_slot=xp.where(withdraws, slot, state.road_slot),
        road_km_left=xp.where(withdraws, km, state.road_km_left),
        routed_now=xp.where(withdraws, state.soldiers, 0.0),
        surrendered_now=xp.where(surrenders, state.soldiers, 0.0),
        deserted_now=state.deserted_now + xp.where(dissolves & ~surrenders, state.soldiers, 0.0),
        soldiers=xp.where(dissolves, 0.0, state.soldiers),
    )


def line_hazard_per_day(state: State, params: Params) -> Array:
    """Hazard [P, F] that a line of even morale breaks; 0 where nobody fights it."""
    xp = array_namespace(state.soldiers)
    ln_factor = (
        0.5 * params.break_odds * state.ln_odds
        + params.break_precedent * xp.minimum(state.precedent, 1.0)
        + params.break_isolated * (state.retreat_slot < 0)
        + params.break_hold_order * (state.standing_order > 0)
    )
    return xp.where(state.fighting, params.break_per_day * xp.exp(ln_factor), 0.0)
