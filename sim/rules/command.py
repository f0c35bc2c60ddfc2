"""Command: where mobile units go.

Once a day every faction rates all places as aims: an enemy place by what it and those behind it are worth
to the faction x odds, an own place by worth x what its garrison lacks. Aims attract along friendly roads,
weaker with distance, and each place gets the road that climbs towards the strongest attraction (and a second
one, so that a force may divide over several axes). Units read these standing orders when they move. Axes,
reinforcement and holding are thus one rule, and a road through hostile or foreign ground is closed to it by
construction. A place keeps of the mobile men in it those whom its garrison needs.
Both sides reckon with the reserves that either could bring (``reach``), an attacker with his supply. Before
an aim for which those near do not suffice, but those who could come from afar would, a force gathers: men
close up to its gates and wait (concentration before the attack: Clausewitz 1832, book 3, chapter 11). Who
has begun an offensive and has nowhere the odds that he would like attacks where worth times chance is best:
the few who took Mosul in 2014 did not wait until they were many.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.combat import effective_strength, posted_strength, supplied
from sim.rules.fields import (
    along_roads,
    best_way,
    held_on_the_eve,
    opposing,
    place_value,
    supply_bases,
    welcome,
)
from sim.rules.reach import own_and_threat, reserves
from sim.state import (
    State,
    at_places,
    condition,
    day,
    enemies,
    friends,
    held_by,
    holds,
    lost_belief,
    of_units,
    standing,
)
from sim.world import CAUSES, World

_NEVER = -1


def command(state: State, world: World, params: Params, draws: Draws) -> State:
    """Standing orders of one day for mobile units."""
    xp = array_namespace(state.soldiers)
    state = state._replace(supply=supply(state, world, params))
    near, afar = reserves(state, world, params)
    state = state._replace(strength_near=posted_strength(state, params) + near)
    own, threat = own_and_threat(state)
    worth = worth_ahead(held_by(state, enemies(state)), world, params)
    # Who has begun an offensive tries also without the odds that he would like, whatever he gathers for.
    now = _attack(state, world, params, worth, near, state.active)
    later = _attack(state, world, params, worth, afar, xp.zeros_like(state.active))
    wait = (later > 0) & (now <= 0)
    aim = xp.maximum(xp.where(wait, later, now), _defence(state, world, params, own, threat))
    passable = held_by(state, friends(state))
    link = xp.exp(-world.neighbour_km / params.axis_km)
    attraction = along_roads(aim, passable, link, world)
    needed = of_units(_needed_share(state, world, params, threat), state, world)
    state = state._replace(guards=draws.uniform("guard", world.unit_key) < needed)
    return _march(state, world, params, aim, attraction, link, wait)


def supply(state: State, world: World, params: Params) -> Array:
    """Supply [P, F] from the nearest own base over friendly roads: exp(-km / decay), 0 where cut off.

    Troops in a place that is not theirs are supplied from the next one that is.
    """
    xp = array_namespace(state.soldiers)
    passable = held_by(state, friends(state))
    base = xp.where(supply_bases(world, params) & passable, 1.0, 0.0).astype(state.soldiers.dtype)
    link = xp.exp(-world.neighbour_km / params.supply_km)
    held = along_roads(base, passable, link, world)
    return xp.maximum(held, xp.max(xp.take(held, world.neighbour, axis=0) * link[:, :, None], axis=1))


def _attack(state: State, world: World, params: Params, worth: Array, help_at: Array, bold: Array) -> Array:
    """Attraction [P, F] of enemy places: worth x chance x eagerness.

    ``worth`` [P, F] is that of ``worth_ahead``; ``help_at`` [P, F] is what each faction could bring to a
    place besides who stands there, for or against its holder; ``bold`` [F] are those who attack
    also without the odds that command asks for. Only aims for which the faction has the men are attempted
    (see ``_affordable``).
    """
    xp = array_namespace(state.soldiers)
    foe, side = enemies(state), friends(state)
    helped = xp.where(held_by(state, side), help_at, 0.0)
    defence = opposing(effective_strength(state, world, params) + helped, foe)
    target = held_by(state, foe)
    # Of the allies only those count who are at war with the holder themselves.
    near = xp.where(target, (posted_strength(state, params) + help_at) * supplied(state, params), 0.0)
    own = opposing(near, side)
    ln_odds = xp.log((own + 1.0) / (defence + 1.0))
    at_gates = target & xp.any(xp.take(held_by(state, side), world.neighbour, axis=0), axis=1)
    ln_asked = _ln_odds_asked(state, params, worth, xp.where(at_gates & bold[None, :], ln_odds, -xp.inf))
    chance = sigmoid(params.command_odds_slope * (ln_odds - ln_asked))
    held_then = held_on_the_eve(world)
    weight = xp.where(
        state.active[None, :], params.attack_weight, xp.where(held_then, params.counterattack_weight, 0.0)
    )
    attempted = target & (ln_odds >= ln_asked)
    aim = xp.where(attempted, worth * chance * weight, 0.0)
    part = near / xp.maximum(own, 1.0)
    return xp.where(_affordable(state, world, params, aim, part, xp.exp(ln_asked) * defence), aim, 0.0)


def worth_ahead(target: Array, world: World, params: Params) -> Array:
    """What each place of ``target`` [P, F] is worth to a faction [P, F]: itself, or the best that it opens.

    Its own worth is taken by how far its people accept the faction; of what lies behind it a part counts,
    the less the further on. So a force goes for the gate of the great city and not for the next village
    (Khan al-Asal before Aleppo 2024): a line of operations to an objective (Jomini 1838).
    """
    xp = array_namespace(world.population)
    worth = xp.where(target, place_value(world, params)[:, None] * welcome(world, params), 0.0)
    link = params.axis_beyond * xp.exp(-world.neighbour_km / params.axis_km)
    return along_roads(worth, target, link, world)


def _ln_odds_asked(state: State, params: Params, worth: Array, ln_odds: Array) -> Array:
    """Ln of the odds [P, F] below which nobody attacks; ``ln_odds`` [P, F] are those that the bold have.

    They are the fewer, the more belief the holder has lost: a shaken enemy is pursued with what is at hand
    (the offensive of 2024 was planned for a smaller aim). The bold who have them nowhere try the aim of most
    ``worth`` [P, F] times chance.
    """
    xp = array_namespace(state.soldiers)
    shaken = xp.take(lost_belief(state), state.controller)
    asked = (xp.log(params.command_odds) - params.command_odds_belief * shaken)[:, None]
    chance = sigmoid(params.command_odds_slope * (ln_odds - asked))
    hope = xp.where(ln_odds >= xp.log(params.command_odds_least), worth * chance, 0.0)
    best = (hope > 0) & (hope >= xp.max(hope, axis=0)) & ~xp.any(ln_odds >= asked, axis=0)
    return xp.where(best, ln_odds, asked)


def _affordable(state: State, world: World, params: Params, aim: Array, part: Array, needed: Array) -> Array:
    """[P, F] bool: the aims that a faction's mobile men suffice for, the most attraction for its men first.

    A place costs the strength ``needed`` [P, F] to attack it, and men to hold it afterwards: so many per
    resident where the people reject the faction (Quinlivan 1995). Each of the allies pays the ``part``
    [P, F] that it has of the strength of them all there. What was taken in this campaign is held by the same
    means, so an advance among hostile people comes to its end (Clausewitz's culminating point).
    """
    xp = array_namespace(state.soldiers)
    occupation = occupation_men(world, params)
    held_then = held_on_the_eve(world)
    taken = holds(state) & ~held_then
    men, strength = xp.sum(state.soldiers_at, axis=0), xp.sum(state.strength_at, axis=0)
    men_for_strength = (men / xp.maximum(strength, 1.0))[None, :] / supplied(state, params)
    cost = (needed * men_for_strength + occupation) * part
    mobile = men * (1.0 - condition(state, "static_share"))
    budget = (mobile - xp.sum(xp.where(taken, occupation, 0.0), axis=0))[None, :]
    wanted = (aim > 0) & (cost <= budget)
    order = xp.argsort(xp.where(wanted, -aim / xp.maximum(cost, 1.0), 0.0), axis=0, stable=True)
    spent = xp.cumulative_sum(xp.take_along_axis(xp.where(wanted, cost, 0.0), order, axis=0), axis=0)
    return wanted & (xp.take_along_axis(spent, xp.argsort(order, axis=0, stable=True), axis=0) <= budget)


def occupation_men(world: World, params: Params) -> Array:
    """Men [P, F] needed to hold a place against its people: none where they accept the faction."""
    xp = array_namespace(world.acceptance)
    hostile = xp.maximum(-world.acceptance, 0.0)
    return world.population[:, None] / 1000.0 * params.occupation_per_1000 * hostile


def _defence(state: State, world: World, params: Params, own: Array, threat: Array) -> Array:
    """Attraction [P, F] of own places: worth x what the garrison lacks x chance that help suffices."""
    xp = array_namespace(state.soldiers)
    mine = held_by(state, friends(state))
    garrison = opposing(state.strength_at, friends(state))
    lacks = xp.maximum(1.0 - garrison / xp.maximum(params.garrison_odds * threat, 1.0), 0.0)
    saved = sigmoid(params.command_odds_slope * xp.log(params.command_odds * (own + 1.0) / (threat + 1.0)))
    return xp.where(mine & (threat > 1.0), place_value(world, params)[:, None] * lacks * saved, 0.0)


def _needed_share(state: State, world: World, params: Params, threat: Array) -> Array:
    """Part [P, F] of the mobile men in a place who stay, since without them its garrison would be too weak.

    So a reserve stands where it came to help. If all of it went to the place in most danger, that would be
    another one tomorrow, and the reserve would march to and fro.
    """
    xp = array_namespace(state.soldiers)
    side = friends(state)
    bound = at_places(xp.where(standing(state) & ~state.mobile, state.soldiers, 0.0), state, world)
    share = bound / xp.maximum(state.soldiers_at, 1.0)
    posted = opposing(state.strength_at * share, side)
    free = opposing(state.strength_at * (1.0 - share), side)
    lacking = xp.clip((params.garrison_odds * threat - posted) / xp.maximum(free, 1.0), 0.0, 1.0)
    return xp.where(held_by(state, side), lacking, 0.0)


def _march(
    state: State, world: World, params: Params, aim: Array, attraction: Array, link: Array, wait: Array
) -> State:
    """Best and second-best road from each place [P, F], and the part of the force for the second.

    Nobody goes into a place before which his side gathers (``wait`` [P, F]).
    """
    xp = array_namespace(state.soldiers)
    ways = xp.take(attraction, world.neighbour, axis=0) * link[:, :, None]
    best, slot = best_way(ways)
    ways = xp.where(xp.take(wait, world.neighbour, axis=0), 0.0, ways)
    gathers = xp.max(ways, axis=1) < best
    others = xp.where(xp.arange(ways.shape[1])[None, :, None] == slot[:, None, :], 0.0, ways)
    second, second_slot = best_way(others)
    # Who had to fight for a place regroups in it; who walks in goes on.
    fought = state.cause == CAUSES.index("assault")
    resting = fought & (day(state, world) < state.day_taken + params.consolidation_days)
    stay = (best <= aim) | (best <= 0) | gathers | resting[:, None]
    divides = ~stay & (second > params.second_axis_ratio * best) & (second > aim)
    return state._replace(
        order_slot=xp.where(stay, _NEVER, slot),
        order_slot_second=xp.where(stay, _NEVER, second_slot),
        order_second_share=xp.where(divides, second / xp.maximum(best + second, 1e-9), 0.0),
    )
