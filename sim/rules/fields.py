"""Quantities that several rules read: worth, welcome, nearness, home, what faces whom, roads, mercy.

Not a step of the tick.
"""

from sim.arrays import Array, array_namespace, gather, iterate, sigmoid
from sim.parameters import Params
from sim.state import State
from sim.world import PLACE_KINDS, World


def held_on_the_eve(world: World) -> Array:
    """[P, F] bool: places that a faction's side held on the eve."""
    xp = array_namespace(world.alliance)
    return xp.take(world.alliance, world.initial_controller, axis=0)


def is_place(world: World, kind: str) -> Array:
    """[P] bool: places of one kind."""
    return world.place_kind == PLACE_KINDS.index(kind)


def place_value(world: World, params: Params) -> Array:
    """Worth [P] of each place by its kind and by how many people live there, in towns of 50,000."""
    xp = array_namespace(world.place_kind)
    by_kind = xp.stack(
        [
            xp.ones_like(params.value_city),
            params.value_city,
            params.value_regional_capital,
            params.value_capital,
            params.value_crossing,
            params.value_base,
        ]
    )
    size = xp.maximum(world.population, 1.0) / 5e4
    return xp.take(by_kind, world.place_kind) * xp.exp(params.value_population * xp.log(size))


def greatest_place(places: Array, world: World, params: Params) -> tuple[Array, Array]:
    """Worth [F] of the greatest of each faction's ``places`` [P, F], and which it is [P, F] bool."""
    xp = array_namespace(places)
    worth = xp.where(places, place_value(world, params)[:, None], 0.0)
    first = xp.argmax(worth, axis=0)[None, :]
    return xp.max(worth, axis=0), places & (xp.arange(places.shape[0])[:, None] == first)


def supply_bases(world: World, params: Params) -> Array:
    """[P, F] bool: where a faction's supplies lie while its side holds the place.

    Where one governs or trades, or where most men are on the eve: an insurgency has no capital.
    """
    xp = array_namespace(world.stationed)
    hub = is_place(world, "capital") | is_place(world, "regional_capital") | is_place(world, "crossing")
    most = xp.max(world.stationed, axis=0)[None, :]
    depot = (world.stationed > 0) & (world.stationed >= params.depot_share * most)
    return hub[:, None] | depot


def welcome(world: World, params: Params) -> Array:
    """Wish [P, F] of a faction to hold a place, 0..1, by the mean affinity of its people to it.

    A local faction keeps to places that accept it; who claims the whole country is less choosy.
    """
    accepted = world.acceptance + params.acceptance_national * world.national[None, :]
    return sigmoid((accepted - params.acceptance_midpoint) / params.acceptance_scale)


def nearness(world: World, decay_km: Array) -> Array:
    """Weight [P, P] of one place for another, exp(-road km / decay km)."""
    xp = array_namespace(world.road_km)
    return xp.exp(-world.road_km / decay_km)


def near_home(state: State, world: World, params: Params) -> Array:
    """[U] 1.0 where a unit stands near home, else 0.

    Read by ``morale`` (men fight for home), ``desertion`` (the way there is short) and ``withdrawal`` (who
    serves near home is not called in): a change here changes all three.
    """
    xp = array_namespace(state.soldiers)
    home = xp.maximum(world.unit_home, 0)
    km = gather(world.road_km, state.place * world.road_km.shape[0] + home)
    return xp.where((world.unit_home >= 0) & (km < params.home_km), 1.0, 0.0).astype(state.soldiers.dtype)


def spread(weight: Array, table: Array) -> Array:
    """Sum over places q of weight [P, Q] x table [Q, F] -> [P, F]."""
    return weight @ table


def opposing(table: Array, relation: Array) -> Array:
    """For each faction f, the sum over factions g of table [P, g] where relation [f, g] holds -> [P, F]."""
    return table @ relation.astype(table.dtype).T


def of_holder(table: Array, holder: Array) -> Array:
    """Sum [P] over factions of table [P, F] where holder [P, F] holds, as for the controller's side."""
    xp = array_namespace(table)
    return xp.sum(xp.where(holder, table, 0.0), axis=1)


def mercy(affinity: Array) -> Array:
    """What people expect, -1..1, of an enemy towards whom they feel ``affinity``, -1..1: its signed square.

    Fear is more than dislike: who dislikes the enemy can still make terms with him, who expects a massacre
    cannot (Lyall 2020; Christia 2012). No source gives the curve; the square is a guess.
    """
    xp = array_namespace(affinity)
    return affinity * xp.abs(affinity)


def along_roads(source: Array, passable: Array, link: Array, world: World) -> Array:
    """Best value that reaches each place by road: max over ways of source x product of links -> [P, F].

    Args:
        source: [P, F] value that a place has by itself, >= 0.
        passable: [P, F] bool; a place that is not passable keeps its own value, and nothing passes through.
        link: [P, D] part of a value that survives each road, 0 for none.
        world: gives the network; as many steps are taken as the longest shortest way has roads.
    """
    xp = array_namespace(source)

    def step(value: Array) -> Array:
        reached = source
        for road in range(link.shape[1]):
            through = xp.take(value, world.neighbour[:, road], axis=0) * link[:, road, None]
            reached = xp.maximum(reached, through)
        return xp.where(passable, reached, source)

    return iterate(step, source, world.hops.shape[0])


def best_way(ways: Array) -> tuple[Array, Array]:
    """Highest value over the roads of each place and which road it is: [P, D, F] -> [P, F], [P, F]."""
    xp = array_namespace(ways)
    best = xp.max(ways, axis=1)
    number = xp.arange(ways.shape[1], dtype=xp.int32)[None, :, None]
    # Ways that differ only by rounding are equal, and the first of them is taken whatever the engine.
    equal = ways >= (1.0 - 1e-5) * best[:, None, :]
    slot = xp.min(xp.where(equal, number, ways.shape[1]), axis=1)
    return best, xp.minimum(slot, ways.shape[1] - 1)
