"""Handover: a garrison that expects no relief makes terms, and its town passes on without a fight.

Local deals act on whole garrisons (Afghanistan 2021; Daraa and Salamiyah 2024), so they are drawn by place;
allies who stand there have a say by their number, whoever holds the town (Panjshir 2021).
The hazard grows with low morale, the belief in victory lost since the eve (whom the belief of the eve would
have moved had made his terms), the odds and fresh precedents nearby, where the road to the side's greatest
place is long or closed (``reach``), and with what soldiers and people can expect of the taker: nobody makes
terms with those from whom he expects a massacre (Christia 2012), unless nobody can come to his help and he
is let go (Nubl and Tell Rifaat 2024). It is lower in the capital, where rulers keep their most loyal units
(Quinlivan 1999). Men who make terms lay down their arms and count as surrendered. A place that never had a
garrison can be handed over as well; where one has left, nobody makes terms, and who is at the gates walks in
(Khan Shaykhun and Nubl 2024, Aybak 2021).
"""

from sim.arrays import Array, array_namespace, gather, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.events import is_kind
from sim.rules.fields import is_place, mercy, of_holder
from sim.rules.muster import EVEN_MORALE
from sim.rules.reach import isolation
from sim.state import State, at_places, day, enemies, friends, held_by, holds, lost_belief, of_units, standing
from sim.world import World


def handover(state: State, world: World, params: Params, draws: Draws) -> State:
    """Towns are handed over; ``control`` then changes their holder."""
    xp = array_namespace(state.soldiers)
    holder_key = _entry(world.pair_key, state.controller)
    taker, strength = _taker(state, world, params)
    chance = 1.0 - xp.exp(-hazard_per_day(state, world, params, taker, strength))
    agreed = (strength > 0) & (draws.uniform("terms", holder_key) < chance)
    decreed = _decreed(state, world)
    to = xp.where(decreed >= 0, decreed, xp.where(agreed, taker, -1)).astype(state.handed_to.dtype)
    return _lay_down_arms(state._replace(handed_to=to), world)


def hazard_per_day(state: State, world: World, params: Params, taker: Array, strength: Array) -> Array:
    """Hazard [P] that the garrison makes terms with ``taker`` [P], who is near with ``strength`` [P]."""
    xp = array_namespace(state.soldiers)
    cut_off = isolation(state, world, params)
    own = of_holder(state.strength_near, held_by(state, friends(state)))
    say = garrison_share(state)
    liked_by_men = xp.sum(say * xp.matrix_transpose(xp.take(world.recruit_affinity, taker, axis=1)), axis=1)
    liked_by_people = _entry(world.acceptance, taker)
    expected = mercy((liked_by_men + liked_by_people) / 2.0)
    most = xp.log(params.handover_most_odds)
    shaken = (
        params.handover_prospect * lost_belief(state)[None, :]
        + params.handover_morale * xp.where(state.soldiers_at > 0, EVEN_MORALE - state.morale_at, 0.0)
        + params.handover_precedent * xp.minimum(state.precedent, 1.0)
    )
    score = (
        xp.sum(say * shaken, axis=1)
        + params.handover_odds * xp.clip(xp.log((strength + 1.0) / (own + 1.0)), -most, most)
        + params.handover_mercy * xp.where(expected < 0, expected * (1.0 - cut_off), expected)
        + params.handover_cut_off * cut_off
        - params.handover_capital * is_place(world, "capital")
        - params.handover_midpoint
    )
    empty = abandoned(state)
    willing = xp.where(empty, 1.0, sigmoid(score))
    # An order to hold binds a garrison, not a place that has none left.
    bound = (_entry(state.standing_order, state.controller) > 0) & ~empty
    return xp.where(bound, 0.0, params.handover_per_day * willing)


def abandoned(state: State) -> Array:
    """[P] bool: men of the holder's side have lately gone (``exits``), and none of them is left."""
    xp = array_namespace(state.soldiers)
    side = held_by(state, friends(state))
    gone = of_holder(xp.sum(state.exits, axis=2), side)
    return (gone >= 1.0) & (of_holder(state.soldiers_at, side) <= 0)


def garrison_share(state: State) -> Array:
    """Part [P, F] of each faction in the garrison, the men of the holder's side; the holder's where none."""
    xp = array_namespace(state.soldiers)
    men = xp.where(held_by(state, friends(state)), state.soldiers_at, 0.0)
    total = xp.sum(men, axis=1)[:, None]
    return xp.where(total > 0, men / xp.maximum(total, 1.0), holds(state).astype(men.dtype))


def _entry(table: Array, faction: Array) -> Array:
    """Entry [P] of a table [P, F] for one ``faction`` [P] at each place."""
    xp = array_namespace(table)
    places, factions = table.shape
    return gather(table, xp.arange(places) * factions + faction)


def _taker(state: State, world: World, params: Params) -> tuple[Array, Array]:
    """The strongest enemy at the gates of each place [P] and his strength nearby [P]; 0 where none.

    At the gates is who stands in the place or holds one beside it, and is on the attack.
    """
    xp = array_namespace(state.soldiers)
    beside = xp.any(xp.take(holds(state), world.neighbour, axis=0), axis=1)
    hostile = held_by(state, enemies(state) & state.active[None, :])
    gates = hostile & (beside | (state.soldiers_at > 0))
    strength = xp.where(gates, state.strength_near, 0.0)
    return xp.argmax(strength, axis=1), xp.max(strength, axis=1)


def _decreed(state: State, world: World) -> Array:
    """The faction [P] to which an event of today hands each place; -1 none."""
    xp = array_namespace(state.soldiers)
    nobody = xp.full_like(state.controller, -1)
    if world.event_kind.shape[0] == 0:
        return nobody
    today = is_kind(world, "handover") & (xp.abs(day(state, world) - state.event_fired_day) < 0.5)
    here = today[:, None] & (world.event_place[:, None] == xp.arange(nobody.shape[0])[None, :])
    to = xp.max(xp.where(here, world.event_faction[:, None], -1), axis=0)
    return xp.where(to == state.controller, -1, to)


def _lay_down_arms(state: State, world: World) -> State:
    """Garrisons of places that are handed over give up their arms, but not to a friend."""
    xp = array_namespace(state.soldiers)
    side = held_by(state, friends(state))
    friend = xp.take(friends(state), xp.maximum(state.handed_to, 0), axis=0)
    disarmed = side & ~friend & (state.handed_to >= 0)[:, None]
    goes = of_units(disarmed, state, world) & standing(state)
    men = xp.where(goes, state.soldiers, 0.0)
    at = at_places(men, state, world)
    return state._replace(
        soldiers=state.soldiers - men,
        surrendered=state.surrendered + xp.sum(at, axis=0),
        surrendered_today=state.surrendered_today + at,
    )
