"""Uprisings: men who live in a town take arms against whoever holds it.

Cells in hiding (a faction's men in a place that another side holds) and the young men of a community that
wants the faction rise with a hazard that grows with their number against the garrison, with the belief in
victory that the holder has lost since the eve, and with how much more the people like the faction than the
holder. A garrison thin for the number of residents thus invites a rising (Quinlivan 1995), and nobody dares
alone: people hide what they want until the holder totters (Kuran 1989), and those whom the belief of the eve
would have moved had risen before it. Whoever rises is at war with the holder. Where comrades stand in the
open, the hidden join them.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import of_holder
from sim.state import (
    State,
    at_places,
    by_faction,
    friends,
    held_by,
    holds,
    loose_truce,
    lost_belief,
    of_units,
)
from sim.world import HOSTILE, UPRISING, World


def uprising(state: State, world: World, params: Params, draws: Draws) -> State:
    """Hidden men and local volunteers rise, and the faction that they rise for enters the war."""
    xp = array_namespace(state.soldiers)
    cells, volunteers = _in_hiding(state, world, params)
    chance = 1.0 - xp.exp(-hazard_per_day(state, world, params, cells + volunteers))
    dares = draws.uniform("uprising", world.pair_key) < chance
    rises = dares | ((cells > 0) & ((state.soldiers_at > 0) | held_by(state, friends(state))))
    # Volunteers are men only once they dare; comrades in the open do not call them up.
    waits = world.unit_event == UPRISING
    now = xp.where(waits, of_units(dares, state, world), of_units(rises, state, world))
    opens = state.hidden & now
    levy = opens & waits
    men = xp.where(levy, of_units(volunteers, state, world), 0.0)
    holder = holds(state)
    # War [F, F]: f rises somewhere against a holder g, and so against all of g's side.
    against = (xp.matrix_transpose(dares.astype(men.dtype)) @ holder.astype(men.dtype)) > 0
    against = (against.astype(men.dtype) @ world.alliance.astype(men.dtype)) > 0
    against = (against | against.T) & loose_truce(state)
    return state._replace(
        soldiers=state.soldiers + men,
        mobilised=state.mobilised + by_faction(men, world),
        hidden=state.hidden & ~opens,
        risen=state.risen | dares,
        active=state.active | xp.any(dares, axis=0),
        stance=xp.where(against, HOSTILE, state.stance),
    )


def hazard_per_day(state: State, world: World, params: Params, rebels: Array) -> Array:
    """Hazard [P, F] that ``rebels`` [P, F] men rise against the holder; 0 where there are none."""
    xp = array_namespace(state.soldiers)
    garrison = of_holder(state.strength_at, held_by(state, friends(state)))
    hostile = (state.stance == HOSTILE) | loose_truce(state)
    liked = of_holder(world.acceptance, holds(state))[:, None]
    score = (
        params.uprising_odds * xp.log((rebels + 1.0) / (garrison[:, None] + 1.0))
        + params.uprising_prospect * xp.take(lost_belief(state), state.controller)[:, None]
        + params.uprising_affinity * (world.acceptance - liked)
        + params.uprising_at_war * state.active[None, :]
        - params.uprising_midpoint
    )
    ready = (rebels >= 1.0) & held_by(state, hostile)
    return xp.where(ready, params.uprising_per_day * sigmoid(score), 0.0)


def _in_hiding(state: State, world: World, params: Params) -> tuple[Array, Array]:
    """Men of cells [P, F] and volunteers [P, F], whole men, who have not yet risen at each place."""
    xp = array_namespace(state.soldiers)
    waits = state.hidden & (world.unit_event == UPRISING)
    rows = xp.stack(
        [xp.where(state.hidden, state.soldiers, 0.0), waits.astype(state.soldiers.dtype)], axis=-1
    )
    table = at_places(rows, state, world)
    willing = xp.maximum(world.acceptance, 0.0) * params.uprising_share * world.population[:, None]
    return table[:, :, 0], xp.floor(xp.where(table[:, :, 1] > 0, willing, 0.0))
