"""Danger to people: fighting in their town, and an enemy of its holder who comes nearer by road.

Not a step of the tick. A force touches a part of a town that grows with soldiers per resident: half of it
at the ratio that planners ask for to hold a population (20 per 1,000: Quinlivan 1995). So three thousand
fighters empty a village and graze a city of two million. People leave before the front arrives, which
follow-the-fighting rules as in Flee miss.
"""

from sim.arrays import Array, array_namespace
from sim.parameters import Params
from sim.rules.fields import nearness, of_holder, spread
from sim.state import State, day, enemies, friends, held_by
from sim.world import CAUSES, World


def violence(state: State, world: World, params: Params) -> Array:
    """Share of the people [P] whom fighting lately touched: as today, or as it is remembered."""
    xp = array_namespace(state.soldiers)
    stormed = (state.cause == CAUSES.index("assault")) & (state.day_taken > day(state, world) - 1.0)
    side = held_by(state, friends(state))
    fought = state.contested | stormed
    # Who stands by while others fight frightens nobody.
    force = of_holder(state.soldiers_at, state.fighting | (stormed[:, None] & side))
    force = xp.where(fought, force + xp.sum(state.exits[:, :, 0], axis=1), 0.0)
    touched = force / xp.maximum(force + params.exposure_per_resident * world.population, 1e-6)
    return xp.maximum(touched, state.violence * xp.exp(-1.0 / params.violence_days))


def front(state: State, world: World, params: Params) -> tuple[Array, Array]:
    """How near and strong the enemy of a place's holder is [P], 0..1, and each faction's part in it [P, F].

    Enemy strength within reach by road, over itself, the defenders' and what the size of the town demands.
    """
    xp = array_namespace(state.soldiers)
    reach = spread(nearness(world, params.front_km), state.strength_at)
    enemy = xp.where(held_by(state, enemies(state)), reach, 0.0)
    threat = xp.sum(enemy, axis=1)
    defence = of_holder(reach, held_by(state, friends(state)))
    against = defence + params.exposure_per_resident * world.population
    part = enemy / xp.maximum(threat, 1e-6)[:, None]
    return threat / xp.maximum(threat + against, 1e-6), part


def danger(state: State) -> Array:
    """Danger [P], 0..1: the worse of violence and front."""
    xp = array_namespace(state.soldiers)
    return xp.maximum(state.violence, state.front)


def liking(state: State, world: World) -> Array:
    """Affinity [P, G] of each community to the present holder of each place."""
    xp = array_namespace(state.soldiers)
    return xp.take(world.group_affinity.T, state.controller, axis=0)
