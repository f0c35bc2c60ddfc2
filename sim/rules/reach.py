"""Reach: what strength a faction can bring to bear on a place. Not a step of the tick.

Whoever stands there counts in full; mobile units from elsewhere count the less, the further they have to come
and the more hostile places lie on the way. The same holds for those who attack a place and for those who
come to its help: odds that leave out one side's reserves make every dense front look open to attack.
Violence follows roads and weakens with distance: Zhukov 2012 (Political Geography 31(3)), Schutte 2011.
"""

from sim.arrays import Array, array_namespace
from sim.parameters import Params
from sim.rules.fields import along_roads, nearness, spread
from sim.state import State, condition, friends, held_by
from sim.world import World


def reserves(state: State, world: World, params: Params) -> Array:
    """Mobile strength [P, F] that could come to each place from the others."""
    mobile = state.strength_at * (1.0 - condition(state, "static_share"))[None, :]
    others = spread(nearness(world, params.reach_km), mobile) - mobile
    return array_namespace(others).maximum(others, 0.0) * open_share(state, world, params)


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
