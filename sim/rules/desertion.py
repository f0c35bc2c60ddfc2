"""Desertion: each soldier goes home with a hazard that falls with morale; a binomial draw per unit.

Two regimes joined by a threshold: 1e-4 to 1e-3 a day while an army holds (Union Army: about 10 % in three
years), 0.1 to 1 a day while it dissolves. On the log scale the hazard climbs from one to the other as a
logistic function of morale: the share of soldiers whose personal threshold has been passed (Granovetter
1978, doi:10.1086/226707). Comrades who left and a home nearby make it easier (McLauchlin 2014,
doi:10.1177/0022002714547901).
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import near_home
from sim.state import State
from sim.world import World


def desertion(state: State, world: World, params: Params, draws: Draws) -> State:
    """Soldiers leave."""
    xp = array_namespace(state.soldiers)
    chance = 1.0 - xp.exp(-hazard_per_day(state, world, params) * world.tick_days)
    leaves = draws.binomial("desertion", world.unit_key, state.soldiers, chance)
    return state._replace(deserted_now=state.deserted_now + leaves, soldiers=state.soldiers - leaves)


def hazard_per_day(state: State, world: World, params: Params) -> Array:
    """Hazard [U] that a soldier of each unit goes home."""
    xp = array_namespace(state.soldiers)
    passed = sigmoid((params.desertion_midpoint - state.morale) / params.desertion_scale)
    calm, cascade = xp.log(params.desertion_per_day), xp.log(params.cascade_per_day)
    near = near_home(state, world, params)
    ln_hazard = calm + (cascade - calm) * passed + params.desertion_contagion * state.leavers_recent
    return xp.exp(ln_hazard + params.desertion_home_near * near * passed)
