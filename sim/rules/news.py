"""News: what soldiers hear of their own side's falls, by nearness and worth.

It arrives overnight and weighs less with road distance. A fall is a shock to morale, from which a unit
recovers in the time constant of ``morale``; a collapse (a place left or given up without a fight) is besides
the precedent that makes the next line break sooner, and fades. Surrender spreads from battle to battle, on
its own side alone, and is unlikely without a recent precedent: Lehmann & Zhukov 2019,
doi:10.1017/S0020818318000358. Belief in victory slowly returns to that of the eve.
"""

from sim.arrays import array_namespace, logit, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import nearness, spread
from sim.state import State, of_units
from sim.world import World


def news(state: State, world: World, params: Params, draws: Draws) -> State:
    """Yesterday's falls become known; precedents fade."""
    xp = array_namespace(state.soldiers)
    near = nearness(world, params.news_km)
    heard = of_units(params.morale_news * spread(near, state.fell_today), state, world)
    fade = xp.exp(-1.0 / params.news_days)
    calm = state.prospect_at_start - state.prospect_logit
    return state._replace(
        morale=sigmoid(logit(xp.clip(state.morale, 1e-4, 1.0 - 1e-4)) - heard),
        prospect_logit=state.prospect_logit + calm * (1.0 - xp.exp(-1.0 / params.prospect_days)),
        precedent=state.precedent * fade + spread(near, state.collapsed_today),
        fell_today=xp.zeros_like(state.fell_today),
        collapsed_today=xp.zeros_like(state.collapsed_today),
    )
