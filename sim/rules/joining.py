"""Joining: armed groups that stood by enter the war against a side that looks beaten.

Groups join the side that is likely to win (Christia 2012, Alliance Formation in Civil Wars); one whose ally
already attacks joins sooner, one that nobody would welcome keeps out. A truce with the beaten ends with it.
"""

from sim.arrays import array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import welcome
from sim.state import State, enemies, friends, loose_truce
from sim.world import HOSTILE, World


def joining(state: State, world: World, params: Params, draws: Draws) -> State:
    """Passive factions open an offensive once a side with which they are at war or in truce looks beaten."""
    xp = array_namespace(state.soldiers)
    prospect = sigmoid(state.prospect_logit)
    truce = loose_truce(state)
    wanted = (state.stance == HOSTILE) | truce
    at_war = xp.any(enemies(state), axis=1)
    # Only a side that is itself being fought over can look beaten.
    gap = xp.where(wanted & at_war[None, :], params.join_prospect - prospect[None, :], -1.0)
    ally_attacks = xp.any(friends(state) & state.active[None, :], axis=1)
    score = xp.max(gap, axis=1) + xp.where(ally_attacks, params.join_ally_shift, 0.0)
    prize = xp.max(xp.where(xp.take(wanted, state.controller, axis=1).T, welcome(world, params), 0.0), axis=0)
    chance = 1.0 - xp.exp(-params.join_per_day * sigmoid(params.join_slope * score) * prize)
    joins = ~state.active & (draws.uniform("joining", world.faction_key) < chance)
    beaten = (gap >= xp.minimum(xp.max(gap, axis=1), 0.0)[:, None]) & truce
    breaks = joins[:, None] & beaten
    return state._replace(
        active=state.active | joins,
        stance=xp.where(breaks | breaks.T, HOSTILE, state.stance),
    )
