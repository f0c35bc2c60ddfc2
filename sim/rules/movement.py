"""Movement along roads at the speed of their class.

Mobile units follow the standing orders of their faction at their place, except those who guard it today;
garrisons ordered out take the road they were given. Inside a fight nobody marches on; enemy aircraft slow a
column on its way. What is left of a tick on arrival is kept for the next road. Speeds: Flee's 360 km/day for
vehicles is the upper bound (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9).
"""

from sim.arrays import Array, array_namespace, gather
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import opposing
from sim.state import State, enemies, of_units, standing
from sim.world import World


def movement(state: State, world: World, params: Params, draws: Draws) -> State:
    """Set off, move on, arrive."""
    xp = array_namespace(state.soldiers)
    roads = world.neighbour.shape[1]
    leaves, slot = _departure(state, world, draws)
    leaves = leaves & standing(state) & (state.soldiers > 0)
    slot = xp.where(leaves, slot, state.road_slot)
    on_road = slot >= 0
    edge = state.place * roads + xp.maximum(slot, 0)
    km_per_day = gather(class_speed(world, params), edge) * _slowed(state, world, params, edge)
    km_left = xp.where(leaves, gather(world.neighbour_km, edge), 0.0) + state.road_km_left
    km_left = xp.where(on_road, km_left - km_per_day * world.tick_days, 0.0)
    arrives = on_road & (km_left <= 0)
    return state._replace(
        place=xp.where(arrives, gather(world.neighbour, edge), state.place),
        road_slot=xp.where(arrives, -1, slot),
        road_km_left=km_left,
        # Whoever stands where the garrison is ordered out goes, if there is a road.
        withdrew_now=state.withdrew_now
        + xp.where(state.withdrawing & (state.retreat_slot >= 0), state.soldiers_at, 0.0),
    )


def _departure(state: State, world: World, draws: Draws) -> tuple[Array, Array]:
    """Who would leave [U] and by which road [U], by the orders at the place where each stands."""
    xp = array_namespace(state.soldiers)

    def here(table: Array) -> Array:
        return of_units(table, state, world)

    out = here(state.withdrawing)
    second = draws.uniform("axis", world.unit_key) < here(state.order_second_share)
    free = here(xp.where(state.contested[:, None], -1, state.order_slot))
    march = xp.where(second & (free >= 0), here(state.order_slot_second), free)
    slot = xp.where(out, here(state.retreat_slot), xp.where(state.mobile & ~state.guards, march, -1))
    return slot >= 0, slot


def class_speed(world: World, params: Params) -> Array:
    """Column speed [P, D] of each road, km/day."""
    xp = array_namespace(world.road_km)
    by_class = xp.stack(
        [
            params.speed_motorway_km_per_day,
            params.speed_primary_km_per_day,
            params.speed_secondary_km_per_day,
            params.speed_track_km_per_day,
        ]
    )
    return xp.take(by_class, world.neighbour_class)


def _slowed(state: State, world: World, params: Params, edge: Array) -> Array:
    """Factor [U] on speed: enemy sorties over both ends of a unit's road (``edge`` [U]) slow its column."""
    xp = array_namespace(state.soldiers)
    sorties = opposing(state.air_sorties_at, enemies(state))
    ahead = gather(world.neighbour, edge) * sorties.shape[1] + world.unit_faction
    return xp.exp(-params.air_slows_per_sortie * (of_units(sorties, state, world) + gather(sorties, ahead)))
