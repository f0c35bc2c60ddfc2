"""Returns: people go home where it has been calm and where they accept the holder.

In Syria some 220,000 of 1.1 million were back within eight days of the fall in December 2024. Who of a
community comes home from where is not tracked: returners are drawn from all its displaced alike, those
abroad included.
"""

from sim.apportion import take, whole
from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.danger import danger, liking
from sim.state import State
from sim.world import World


def returns(state: State, world: World, params: Params, draws: Draws) -> State:
    """Displaced people go home."""
    xp = array_namespace(state.soldiers)
    away = world.community_people - state.residents
    chance = 1.0 - xp.exp(-hazard_per_day(state, world, params))
    back = xp.minimum(whole(away * chance, draws.uniform("return", world.community_key)), away)
    stays = xp.concat([state.hosted, state.abroad[None, :]], axis=0)
    number = xp.sum(back.astype(xp.int32), axis=0)
    left = take(number, stays, draws.uniform("returners", world.group_key)).astype(stays.dtype)
    return state._replace(
        residents=state.residents + back,
        hosted=state.hosted - left[:-1, :],
        abroad=state.abroad - left[-1, :],
        returned=state.returned + xp.sum(back, axis=1),
    )


def hazard_per_day(state: State, world: World, params: Params) -> Array:
    """Hazard [P, G] of going home, by the danger there and the liking for its holder."""
    xp = array_namespace(state.soldiers)
    calm = xp.maximum(1.0 - danger(state) / params.return_danger, 0.0)
    accepted = sigmoid(
        (liking(state, world) - params.return_affinity_midpoint) / params.return_affinity_scale
    )
    return params.return_per_day * calm[:, None] * accepted
