"""Displacement: people leave violence, an approaching front and a holder whom they fear.

Each cause adds a hazard. An approaching enemy drives out a community the more, the less it likes him than
the present holder: whoever welcomes him stays. It is the approach that counts: those who lived beside a quiet
line on the eve and could not bear it had gone before. Whoever leaves chooses a place as in Flee (Suleimenova,
Bell & Groen 2017, doi:10.1038/s41598-017-13828-9; see ``refuge``), and moves on by the same hazards if it
proves unsafe. People are counted by place and community and not one by one, so that the cost does not grow
with their number: at home, hosted in a place, or abroad; the three sum to the population at all times.
"""

from sim.apportion import split, whole
from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.danger import front, liking, violence
from sim.rules.refuge import Ways, ways_out
from sim.state import State, day
from sim.world import World


def displacement(state: State, world: World, params: Params, draws: Draws) -> State:
    """People flee to other places and abroad."""
    xp = array_namespace(state.soldiers)
    state, leave, move, ways = departures(state, world, params, draws)
    going = leave + move
    arrive = split(_count(going), ways.expected(going), draws.uniform("refuge", world.group_key))
    arrive = arrive.astype(state.hosted.dtype)
    return state._replace(
        residents=state.residents - leave,
        hosted=state.hosted - move + arrive[:-1, :],
        abroad=state.abroad + arrive[-1, :],
        fled=state.fled + xp.sum(leave, axis=1),
    )


def departures(state: State, world: World, params: Params, draws: Draws) -> tuple[State, Array, Array, Ways]:
    """Today's danger in the state, who leaves home and who moves on, both [P, G], and their ways."""
    xp = array_namespace(state.soldiers)
    nearby, enemy = front(state, world, params)
    state = state._replace(violence=violence(state, world, params), front=nearby)
    hazard = hazard_per_day(state, world, params, enemy)
    ways = ways_out(state, world, params)
    # Where no road leads out of reach of danger, people stay.
    chance = xp.where(ways.total > 0, 1.0 - xp.exp(-hazard), 0.0)
    again = xp.where(ways.total > 0, 1.0 - xp.exp(-params.flight_again * hazard), 0.0)
    leave = draws.binomial("flight", world.community_key, state.residents, chance)
    # Families who had found refuge move on in their expected number, rounded at random.
    move = whole(state.hosted * again, draws.uniform("moving on", world.community_key))
    return state, leave, xp.minimum(move, state.hosted), ways


def _count(people: Array) -> Array:
    """Sum [G] over places, exact beyond 2**24."""
    xp = array_namespace(people)
    return xp.sum(people.astype(xp.int32), axis=0)


def hazard_per_day(state: State, world: World, params: Params, enemy: Array) -> Array:
    """Hazard [P, G] of leaving; ``enemy`` [P, F] is each faction's part in the threat."""
    xp = array_namespace(state.soldiers)
    holder = liking(state, world)
    approach = xp.maximum(state.front - params.flight_habit * state.front_at_start, 0.0)
    worse = xp.where(state.front[:, None] > 0, holder - enemy @ world.group_affinity.T, 0.0)
    since = xp.maximum(day(state, world) - state.day_taken, 0.0)
    new = xp.exp(-since / params.flight_rule_days)
    people = xp.maximum(xp.sum(state.residents + state.hosted, axis=1), 1.0)
    of_the_place = (
        params.flight_base_per_day
        + params.flight_violence_per_day * state.violence
        + params.flight_hunger_per_day * xp.minimum(state.aid_shortfall / people, 1.0)
    )
    return (
        of_the_place[:, None]
        + params.flight_front_per_day * approach[:, None] * xp.exp(params.flight_fear * worse)
        + params.flight_rule_per_day * new[:, None] * xp.maximum(-holder, 0.0)
    )
