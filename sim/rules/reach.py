"""Reach: what strength a faction can bring to bear on a place, and how cut off it is. Not a step of the tick.

Whoever stands there counts in full; mobile units from elsewhere count the less, the further they have to
come, and not at all where the enemy lies between: an army of islands is beaten in detail (Afghanistan 2021),
and so is a thrust from one of them. The same holds for those who attack a place and for those who come to its
help: odds that leave out one side's reserves make every dense front look open to attack. Violence follows
roads and weakens with distance: Zhukov 2012 (Political Geography 31(3)), Schutte 2011.
"""

from sim.arrays import Array, array_namespace
from sim.parameters import Params
from sim.rules.fields import along_roads, greatest_place, held_on_the_eve, nearness, opposing, place_value
from sim.state import State, condition, enemies, friends, held_by
from sim.world import World


def reserves(state: State, world: World, params: Params) -> tuple[Array, Array]:
    """Mobile strength [P, F] that could come to each place from the others: soon, and from afar.

    Weighted by exp(-km / reach_km), and by exp(-km / relief_km).
    """
    xp = array_namespace(state.soldiers)
    mobile = state.strength_at * (1.0 - condition(state, "static_share"))[None, :]
    road, part = linked(state, world), open_share(state, world, params)

    def coming(decay_km: Array) -> Array:
        near = nearness(world, decay_km)[:, None, :] * road
        others = xp.sum(near * xp.matrix_transpose(mobile)[None, :, :], axis=2) - mobile
        return xp.maximum(others, 0.0) * part

    return coming(params.reach_km), coming(params.relief_km)


def own_and_threat(state: State) -> tuple[Array, Array]:
    """Strength [P, F] that a faction and its friends can bring to a place, and that its attackers can."""
    near = state.strength_near
    return opposing(near, friends(state)), opposing(near * state.active[None, :], enemies(state))


def linked(state: State, world: World) -> Array:
    """Whether men of a side could come to place p [P, F, P] from place q, the last axis, as 0 or 1.

    Places that its side holds or where it stands, and that hang together by road, are one land; from each of
    them men come to all of it, and to the places beside it. To what lies further behind the enemy's line,
    beside none of them, they come from all (``open_share`` says how many).
    """
    xp = array_namespace(state.soldiers)
    mine = held_by(state, friends(state)) | (state.soldiers_at > 0)
    number = xp.arange(1, mine.shape[0] + 1, dtype=state.soldiers.dtype)[:, None]
    land = along_roads(xp.where(mine, number, 0.0), mine, xp.ones_like(world.neighbour_km), world)
    around = xp.where(mine[:, None, :], land[:, None, :], xp.take(land, world.neighbour, axis=0))
    # The places q last: they lie side by side in memory, which halves the time.
    there = xp.matrix_transpose(xp.where(mine, land, -1.0))[None, None, :, :]
    behind = xp.max(around, axis=1) <= 0
    return (xp.any(around[:, :, :, None] == there, axis=1) | behind[:, :, None]).astype(number.dtype)


def open_share(state: State, world: World, params: Params) -> Array:
    """Part [P, F] of a faction's reserves that counts, by how deep behind the line a place is.

    All of them at friendly places and at those beside them; of what lies further on, ``depth_share`` for each
    hostile place that must be taken first. Men who would have to fight their way do not threaten.
    """
    xp = array_namespace(state.soldiers)
    held = held_by(state, friends(state))
    beside = xp.any(xp.take(held, world.neighbour, axis=0), axis=1)
    near = (held | beside).astype(state.soldiers.dtype)
    link = xp.full_like(world.neighbour_km, 1.0) * params.depth_share
    return along_roads(near, near >= 0, link, world)


def isolation(state: State, world: World, params: Params) -> Array:
    """How far each place is cut off [P] from the greatest of its holder's side, 0 (not at all) to 1.

    1 - help / worth of the greatest place that the side holds or held on the eve. Help is the worth of the
    greatest place to which a road is open, weighted by exp(-km / relief_km): strength falls with distance
    (loss-of-strength gradient: Boulding 1962; Buhaug 2010, doi:10.1177/0738894209343974). So a province
    whose capital has fallen must help itself, and a lone post knows that nobody comes.
    """
    xp = array_namespace(state.soldiers)
    side = held_by(state, friends(state))
    worth = place_value(world, params)
    greatest, _ = greatest_place(side | held_on_the_eve(world), world, params)
    # A road is open where both its ends are held by one side.
    ends = xp.take(state.controller, world.neighbour)
    open_road = xp.take_along_axis(side, ends, axis=1)
    link = xp.where(open_road, xp.exp(-world.neighbour_km / params.relief_km), 0.0)
    helped = along_roads(worth[:, None], xp.ones_like(worth[:, None], dtype=xp.bool), link, world)
    return 1.0 - helped[:, 0] / xp.take(greatest, state.controller)
