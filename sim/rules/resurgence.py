"""Resurgence: cells in hiding grow where nobody is in charge.

Their men grow logistically, fully where no garrison stands and not at all where there are the 20 men per
1,000 residents of the common planning figure (Quinlivan 1995). Of 103 countries with a civil war in
1945-2009, 57 % had another (Walter 2010, Conflict Relapse and the Sustainability of Post-Conflict Peace,
World Bank); no published rate of growth was found, and doubling takes months by assumption.
"""

from sim.arrays import array_namespace, gather
from sim.draws import Draws
from sim.parameters import Params
from sim.state import State, at_places, by_faction, of_units
from sim.world import World


def resurgence(state: State, world: World, params: Params, draws: Draws) -> State:
    """Cells recruit."""
    xp = array_namespace(state.soldiers)
    men = at_places(xp.where(state.hidden, state.soldiers, 0.0), state, world)
    room = xp.maximum(1.0 - men / xp.maximum(params.cell_most_men, 1.0), 0.0)
    wanted = xp.maximum(world.population / 1000.0 * params.presence_per_1000, 1.0)
    thin = xp.maximum(1.0 - xp.sum(state.soldiers_at, axis=1) / wanted, 0.0)
    rate = params.cell_growth_per_day * gather(thin, state.place) * of_units(room, state, world)
    rate = xp.where(state.hidden, rate, 0.0)
    recruits = draws.binomial("recruits", world.unit_key, state.soldiers, 1.0 - xp.exp(-rate))
    return state._replace(
        soldiers=state.soldiers + recruits,
        mobilised=state.mobilised + by_faction(recruits, world),
    )
