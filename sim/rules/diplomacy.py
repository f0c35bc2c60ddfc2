"""Diplomacy: ceasefires between sides, by rule and by decree, and how they end.

Two sides at war agree with a small hazard a day (21 % of conflict years have a ceasefire: Clayton et al.
2022). It grows with what both have lately lost and falls with the gap between their beliefs in victory (a
mutually hurting stalemate: Zartman 2001), and grows where both have a committed backer to mediate and give
cover; talks take time. An alliance signs as one. A ceasefire freezes the line; it lasts for a time, one that
was not decreed may be broken sooner, and then the war goes on. A side that refuses talks signs nothing of its
own will.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.backers import by_client
from sim.rules.events import is_kind
from sim.state import State, condition, day
from sim.world import HOSTILE, TRUCE, World


def diplomacy(state: State, world: World, params: Params, draws: Draws) -> State:
    """Ceasefires begin, end and are broken."""
    xp = array_namespace(state.soldiers)
    state = _count_losses(state, world, params)
    today, pair = day(state, world), _pair_key(world)
    agree = draws.uniform("ceasefire", pair) < 1.0 - xp.exp(-hazard_per_day(state, world, params))
    length = -xp.log1p(-draws.uniform("ceasefire length", pair)) * params.ceasefire_days
    breach = draws.uniform("ceasefire breach", pair) < 1.0 - xp.exp(-params.ceasefire_breach_per_day)
    decreed = _named(state, world, "ceasefire", state.event_fired_day + world.event_duration_days)
    at_war, ceased = state.stance == HOSTILE, state.ceasefire_until > 0
    until = xp.where(breach, 0.0, state.ceasefire_until)
    until = xp.maximum(
        xp.where(at_war & agree, today + length, until), xp.where(at_war | ceased, decreed, 0.0)
    )
    begins, ends = at_war & (until > today), ceased & (until <= today)
    stance = xp.where(begins, TRUCE, xp.where(ends, HOSTILE, state.stance))
    return state._replace(stance=stance, ceasefire_until=xp.where(until > today, until, 0.0))


def hazard_per_day(state: State, world: World, params: Params) -> Array:
    """Hazard [F, F], symmetric, that the sides of two factions agree; 0 where one of them refuses talks."""
    xp = array_namespace(state.soldiers)
    hurt = _of_side(state.hurt_recent, world)
    belief = _of_side(sigmoid(state.prospect_logit), world)
    backing = xp.minimum(by_client(state.commitment, world, hurt.shape[0]), 1.0)
    backing = xp.max(xp.where(world.alliance, backing[None, :], 0.0), axis=1)
    cover = xp.sqrt(backing[:, None] * backing[None, :])
    ln_factor = (
        params.ceasefire_hurt * xp.minimum(hurt[:, None], hurt[None, :])
        - params.ceasefire_belief_gap * xp.abs(belief[:, None] - belief[None, :])
        + params.ceasefire_mediation * xp.maximum(cover, _named(state, world, "mediation", world.event_size))
    )
    refused = _named(state, world, "refuse_talks", xp.ones_like(world.event_size)) > 0
    talked = 1.0 - xp.exp(-day(state, world) / params.ceasefire_talks_days)
    return xp.where(refused, 0.0, params.ceasefire_per_day * talked * xp.exp(ln_factor))


def _named(state: State, world: World, kind: str, value: Array) -> Array:
    """Greatest value [E] of the fired events of a kind over the pairs of sides that they name -> [F, F].

    An event that names one side alone concerns all pairs with it; 0 where no event concerns a pair.
    """
    xp = array_namespace(state.soldiers)
    named = xp.zeros_like(state.stance, dtype=state.soldiers.dtype)
    if world.event_kind.shape[0] == 0:
        return named
    fired = is_kind(world, kind) & xp.isfinite(state.event_fired_day)
    one = xp.take(world.alliance, xp.maximum(world.event_faction, 0), axis=0)
    other = xp.take(world.alliance, xp.maximum(world.event_other, 0), axis=0)
    other = other | (world.event_other < 0)[:, None]
    pair = one[:, :, None] & other[:, None, :]
    pair = (pair | (one[:, None, :] & other[:, :, None])) & fired[:, None, None]
    return xp.max(xp.where(pair, value[:, None, None], 0.0), axis=0)


def _count_losses(state: State, world: World, params: Params) -> State:
    """Share of all its men that each faction has lately lost, fading."""
    xp = array_namespace(state.soldiers)
    lost = state.killed + state.deserted + state.surrendered + state.defected_out
    men = xp.maximum(world.troops * condition(state, "present_share") + state.mobilised, 1.0)
    hurt = state.hurt_recent * xp.exp(-1.0 / params.hurt_days) + (lost - state.lost_counted) / men
    return state._replace(hurt_recent=hurt, lost_counted=lost)


def _pair_key(world: World) -> Array:
    """[F, F] uint32, symmetric, the same for all pairs across two alliances."""
    xp = array_namespace(world.faction_key)
    leader = xp.argmax(world.alliance.astype(xp.int32), axis=1)
    key = xp.take(world.faction_key, leader)
    return key[:, None] ^ key[None, :]


def _of_side(values: Array, world: World) -> Array:
    """Mean [F] over the alliance of each faction of values [F], weighted with men on paper."""
    xp = array_namespace(values)
    weight = xp.where(world.alliance, world.troops[None, :] + 1.0, 0.0)
    return weight @ values / xp.sum(weight, axis=1)
