"""Food aid: who needs it, what gets through, who goes without.

Hosted people need a ration each (2,100 kcal a day: WFP & UNHCR 1997), and so does a part of the residents of
places that are contested or cut off. Food comes in at border crossings, ports and the bases of the holder's
side, and travels through places that nobody fights over; from the ground of one side to that of another only
a part is let through. Deliveries follow need with a delay; what is not eaten is stored. A corridor decreed
by the scenario brings rations whatever the roads. All magnitudes are assumptions.
"""

from sim.arrays import Array, array_namespace, gather
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.events import is_kind
from sim.rules.fields import along_roads, is_place, of_holder, supply_bases
from sim.state import State, day, friends, held_by
from sim.world import TERRAINS, World


def aid(state: State, world: World, params: Params, draws: Draws) -> State:
    """Count need, deliver, eat."""
    xp = array_namespace(state.soldiers)
    reach = access(state, world, params)
    besieged = params.aid_siege_need * xp.sum(state.residents, axis=1)
    need = xp.sum(state.hosted, axis=1) + xp.where(reach > 0, 0.0, besieged)
    pace = 1.0 - xp.exp(-1.0 / params.aid_response_days)
    expected = state.aid_expected + (need - state.aid_expected) * pace
    delivered = params.aid_coverage * reach * expected + corridors(state, world)
    store = state.aid_stock + delivered
    eaten = xp.minimum(store, need)
    return state._replace(
        aid_need=need,
        aid_shortfall=need - eaten,
        aid_stock=store - eaten,
        aid_expected=expected,
    )


def access(state: State, world: World, params: Params) -> Array:
    """Part of deliveries [P] that gets through: 1 over friendly roads, 0 where no open road leads."""
    xp = array_namespace(state.soldiers)
    side = friends(state)
    base = (
        of_holder(supply_bases(world, params).astype(params.aid_permission.dtype), held_by(state, side)) > 0
    )
    crossing = is_place(world, "crossing")
    port = world.terrain == TERRAINS.index("coast")
    is_open = ~state.contested
    entry = xp.where((base | crossing | port) & is_open, 1.0, 0.0).astype(state.soldiers.dtype)
    beyond = xp.take(state.controller, world.neighbour)
    same = gather(side, state.controller[:, None] * side.shape[0] + beyond)
    link = xp.where(same, 1.0, params.aid_permission)
    link = xp.where(world.neighbour_km < 1e8, link, 0.0)
    return along_roads(entry[:, None], is_open[:, None], link, world)[:, 0]


def corridors(state: State, world: World) -> Array:
    """Rations a day [P] that decreed corridors bring today."""
    xp = array_namespace(state.soldiers)
    since = day(state, world) - state.event_fired_day
    runs = is_kind(world, "aid_corridor") & (since >= 0) & (since < world.event_duration_days)
    here = world.event_place[:, None] == xp.arange(world.population.shape[0])[None, :]
    return xp.sum(xp.where(here & runs[:, None], world.event_size[:, None], 0.0), axis=0)
