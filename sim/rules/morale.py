"""Morale: each unit's morale moves, with a time constant, to a target between 0 and 1.

The target is a logistic function of what soldiers know: their pay against a civilian's, what they are owed,
whether their side will win, whether the backers stand by it, who commands them and whom they serve beside,
the people around them, their home, the odds, the dead and those who left. News of places lost is a shock
from which morale recovers (``news``). The logistic form keeps morale within bounds without clipping;
magnitudes and their sources stand in the registry.
"""

from sim.arrays import Array, array_namespace, gather, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.backers import by_client
from sim.rules.fields import near_home
from sim.rules.pay import DAYS_PER_MONTH
from sim.state import State, condition, friends, held_by, of_units
from sim.world import World


def morale(state: State, world: World, params: Params, draws: Draws) -> State:
    """Move morale towards its target."""
    xp = array_namespace(state.soldiers)
    pace = 1.0 - xp.exp(-world.tick_days / params.morale_days)
    target = sigmoid(target_logit(state, world, params))
    return state._replace(morale=state.morale + (target - state.morale) * pace)


def target_logit(state: State, world: World, params: Params) -> Array:
    """Logit [U] of the morale that a unit tends to: the sum of the terms."""
    return sum(terms(state, world, params).values())


def terms(state: State, world: World, params: Params) -> dict[str, Array]:
    """Why morale moves: the parts of the target's logit, each [U]."""
    shared = sum(shared_terms(state, world, params).values())
    home = _home(state, world)
    return {
        "faction and place": of_units(shared, state, world),
        "own community": params.morale_community * world.unit_affinity,
        "home lost": -params.morale_home_lost * (home < 0),
        "near home": params.morale_home_near * (home > 0) * near_home(state, world, params),
        "losses": -params.morale_losses * state.losses_recent,
        "leavers": -params.morale_leavers * state.leavers_recent,
    }


def shared_terms(state: State, world: World, params: Params) -> dict[str, Array]:
    """The parts that all units of a faction at a place share, each [P, F]."""
    xp = array_namespace(state.soldiers)
    everywhere = xp.zeros_like(state.ln_odds)
    by_faction = {
        "base": params.morale_base + condition(state, "morale_shift"),
        "pay": params.morale_pay * pay_worth(state, params),
        "arrears": -params.morale_arrears * state.arrears_days / DAYS_PER_MONTH,
        "belief in victory": params.morale_prospect * state.prospect_logit,
        "backers": params.morale_backer * (_commitment(state, world) - state.commitment_at_start),
        "command": params.morale_command * (condition(state, "command_quality") - 0.5),
        "cohesion": params.morale_cohesion * (condition(state, "cohesion") - 0.5),
        "pressed men": -params.morale_conscripts * condition(state, "conscript_share"),
    }
    return {name: everywhere + value[None, :] for name, value in by_faction.items()} | {
        "local people": params.morale_locals * world.acceptance,
        "odds": -params.morale_odds * state.ln_odds,
    }


def pay_worth(state: State, params: Params) -> Array:
    """What pay is worth to a soldier [F], ln ratio.

    It is ln ``pay_index``, of which what is above parity counts only as far as he believes that his side will
    win, and his place with it, last: a wage above what he would get elsewhere is worth its expected tenure
    (Shapiro & Stiglitz 1984).
    """
    xp = array_namespace(state.soldiers)
    ln_index = xp.log(pay_index(state, params))
    return xp.minimum(ln_index, 0.0) + sigmoid(state.prospect_logit) * xp.maximum(ln_index, 0.0)


def pay_index(state: State, params: Params) -> Array:
    """What a soldier gets [F] over what he would earn as a civilian; 1 is parity with the keep he is given.

    A rise that is promised counts in part: less with every month of arrears, and only as far as soldiers
    believe that their side will be there to pay it (Shapiro & Stiglitz 1984: the value of a wage rises
    with the expected tenure).
    """
    xp = array_namespace(state.soldiers)
    trust = params.pay_trust * xp.exp(-params.pay_trust_arrears * state.arrears_days / DAYS_PER_MONTH)
    promise = xp.maximum(state.pay_promised_usd_month - state.pay_usd_month, 0.0)
    counted = state.pay_received_usd_month + trust * sigmoid(state.prospect_logit) * promise
    wage = xp.maximum(condition(state, "reservation_wage_usd_month"), 1.0)
    return (counted / wage + params.pay_in_kind_share) / (1.0 + params.pay_in_kind_share)


def _commitment(state: State, world: World) -> Array:
    """Commitment [F] of a faction's backers together."""
    return by_client(state.commitment, world, state.killed.shape[0])


def _home(state: State, world: World) -> Array:
    """Whether home is held by its own side (1), by others (-1) or unknown (0) [U]."""
    xp = array_namespace(state.soldiers)
    factions = state.killed.shape[0]
    home = xp.maximum(world.unit_home, 0)
    held = gather(held_by(state, friends(state)), home * factions + world.unit_faction)
    return xp.where(world.unit_home >= 0, xp.where(held, 1, -1), 0)
