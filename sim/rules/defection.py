"""Defection: of those who left a unit where an enemy stands, a part joins him.

More do so if his cause is loved in the communities that they come from (Christia 2012), a small part in any
case: in Syria desertion outnumbered defection by far (Ohl, Albrecht & Koehler 2015). Men who came over
serve behind the front and are in no unit.
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.state import State, enemies
from sim.world import World


def defection(state: State, world: World, params: Params, draws: Draws) -> State:
    """A part of yesterday's deserters and captives change sides."""
    xp = array_namespace(state.soldiers)
    host, share = _hosts(state, world, params)
    gone = draws.binomial("switching", world.pair_key, state.deserted_today, share)
    captive = draws.binomial("captives", world.pair_key, state.surrendered_today, share)
    joined = xp.sum(xp.where(host, (gone + captive)[:, :, None], 0.0), axis=(0, 1))
    return state._replace(
        deserted=state.deserted - xp.sum(gone, axis=0),
        surrendered=state.surrendered - xp.sum(captive, axis=0),
        defected_out=state.defected_out + xp.sum(gone + captive, axis=0),
        defected_in=state.defected_in + joined,
        deserted_today=xp.zeros_like(gone),
        surrendered_today=xp.zeros_like(gone),
    )


def _hosts(state: State, world: World, params: Params) -> tuple[Array, Array]:
    """Which faction g takes in leavers of f at a place [P, f, g], and the part [P, f] that goes over."""
    xp = array_namespace(state.soldiers)
    facing = xp.where(enemies(state)[None, :, :], state.soldiers_at[:, None, :], 0.0)
    most = xp.max(facing, axis=2)
    host = (facing == most[:, :, None]) & (facing > 0)
    # The first of several equals.
    host = host & (xp.cumulative_sum(host.astype(xp.int32), axis=2) == 1)
    liking = xp.sum(xp.where(host, world.recruit_affinity[None, :, :], 0.0), axis=2)
    share = xp.clip(params.switch_share * xp.exp(params.switch_affinity * liking), 0.0, 1.0)
    return host, xp.where(most > 0, share, 0.0)
