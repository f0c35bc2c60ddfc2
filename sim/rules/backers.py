"""Foreign backers: whether they attend, how committed they are, what they give, when they leave.

Attention is a two-state process, engaged or distracted, in which events can fix it. Commitment follows
attention x need x the belief that the client can be saved, which a backer that can send troops of its own
holds longer; a commitment on the other side draws more of it (escalation). Below a threshold of that
belief the backer evacuates. What it gives goes where those enemies of its client are near whom it fights
(in Syria the United States fought the Islamic State and not the clients of Turkey: ``mandates.csv``).
No published figure for attention was found; all magnitudes are assumptions.
That losing a backer need not end a war (Sawyer, Cunningham & Reed 2017, doi:10.1177/0022002715600761)
is why a departure works only through strength, money and belief.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.events import is_kind
from sim.rules.fields import nearness, opposing, place_value, spread
from sim.rules.pay import DAYS_PER_MONTH
from sim.state import State, condition, enemies, friends, held_by
from sim.world import World


def backers(state: State, world: World, params: Params, draws: Draws) -> State:
    """Move attention and commitment, then lay sorties and troops on places and money in treasuries."""
    if world.backer_faction.shape[0] == 0:
        return state
    xp = array_namespace(state.soldiers)
    state = state._replace(attention=_attention(state, world, params, draws))
    belief = belief_in_rescue(state, world, params)
    lost = belief < params.backer_abandon_prospect
    chance = 1.0 - xp.exp(-params.backer_abandon_per_day)
    leaves = lost & (draws.uniform("evacuation", world.backer_key) < chance)
    present = state.present & ~leaves
    drawn_in = 1.0 + params.backer_escalation * _rival_commitment(state, world)
    aim = state.attention * xp.minimum(engagement(belief, params) * drawn_in, 1.0)
    pace = 1.0 - xp.exp(-1.0 / params.backer_response_days)
    commitment = xp.where(present, state.commitment + (aim - state.commitment) * pace, 0.0)
    state = state._replace(present=present, commitment=commitment)
    given = at_full_commitment(state, world) * commitment[:, None]
    share = _need_by_place(state, world, params)
    factions = state.killed.shape[0]
    return state._replace(
        air_sorties_at=by_client(share * given[:, 0], world, factions),
        backer_troops_at=by_client(share * given[:, 2], world, factions),
        treasury_usd=state.treasury_usd + by_client(given[:, 1], world, factions) / DAYS_PER_MONTH,
    )


def engagement(belief: Array, params: Params) -> Array:
    """Aim of commitment for full attention [B].

    A floor, and the rest in proportion to need (1 - belief) times the belief that the client can be saved.
    """
    return params.backer_need_floor + (1.0 - params.backer_need_floor) * 4.0 * belief * (1.0 - belief)


def attention_level(engaged: Array, params: Params) -> Array:
    """Attention [B], 0..1, of backers that are ``engaged`` [B] or else distracted."""
    xp = array_namespace(engaged)
    return xp.where(engaged, 1.0, params.attention_distracted)


def chance_engaged(state: State, world: World, params: Params) -> Array:
    """Long-run chance [B] that a backer is engaged, by what it lately gave or took away."""
    xp = array_namespace(state.soldiers)
    change = xp.take(condition(state, "backer_change"), world.backer_faction)
    return sigmoid(params.attention_base + params.attention_backer_change * change)


def _attention(state: State, world: World, params: Params, draws: Draws) -> Array:
    """Attention [B] today: a two-state Markov chain, unless an event of the scenario has fixed it."""
    xp = array_namespace(state.soldiers)
    long_run = chance_engaged(state, world, params)
    engaged = state.attention >= 0.5 * (1.0 + params.attention_distracted)
    pace = 1.0 - xp.exp(-1.0 / params.attention_spell_days)
    leaves_state = xp.where(engaged, 1.0 - long_run, long_run) * pace
    turns = draws.uniform("attention", world.backer_key) < leaves_state
    now = attention_level(engaged ^ turns, params)
    mine = world.event_backer[:, None] == xp.arange(turns.shape[0])[None, :]
    decreed = mine & (is_kind(world, "backer_attention") & xp.isfinite(state.event_fired_day))[:, None]
    return xp.where(turns & ~xp.any(decreed, axis=0), now, state.attention)


def belief_in_rescue(state: State, world: World, params: Params) -> Array:
    """A backer's belief [B] that its client can be saved.

    The client's own belief, and more where the troops that the backer could send weigh beside the client's.
    """
    xp = array_namespace(state.soldiers)
    client = world.backer_faction
    own = xp.take(xp.sum(state.soldiers_at, axis=0), client)
    troops = at_full_commitment(state, world)[:, 2] * state.present
    weight = xp.minimum(troops / xp.maximum(own, 1.0), 1.0)
    return sigmoid(xp.take(state.prospect_logit, client) + params.backer_own_troops * weight)


def _rival_commitment(state: State, world: World) -> Array:
    """The strongest commitment [B] to an enemy of each backer's client."""
    xp = array_namespace(state.soldiers)
    foe = xp.take(_foes(state, world), world.backer_faction, axis=1)
    return xp.max(xp.where(foe, state.commitment[None, :], 0.0), axis=1)


def _foes(state: State, world: World) -> Array:
    """[B, F] bool: the enemies of its client whom a backer fights."""
    xp = array_namespace(state.soldiers)
    return xp.take(enemies(state), world.backer_faction, axis=0) & world.backer_fights


def at_full_commitment(state: State, world: World) -> Array:
    """Sorties a day, US dollars a month and troops [B, 3] that a backer would give at most, in this run."""
    return world.backer_low + (world.backer_high - world.backer_low) * state.backer_draw[:, None]


def by_client(values: Array, world: World, factions: int) -> Array:
    """Sum values [..., B] of backers over their clients -> [..., F]."""
    xp = array_namespace(values)
    mine = world.backer_faction[:, None] == xp.arange(factions)[None, :]
    return xp.sum(xp.where(mine, values[..., None], 0.0), axis=-2)


def _need_by_place(state: State, world: World, params: Params) -> Array:
    """Share [P, B] of a backer's support that each place gets.

    Worth x how much enemy is near whom the backer fights, where its client or a friend of his holds or
    fights; sums to 1 per backer, or 0 where no such enemy is near.
    """
    xp = array_namespace(state.soldiers)
    near = spread(nearness(world, params.backer_reach_km), state.strength_at)
    enemy = opposing(near, _foes(state, world))
    concerned = held_by(state, friends(state)) | (state.contested[:, None] & (state.soldiers_at > 0))
    concerned = xp.take(concerned, world.backer_faction, axis=1)
    need = place_value(world, params)[:, None] * xp.where(concerned, enemy, 0.0)
    return need / xp.maximum(xp.sum(need, axis=0), 1e-6)[None, :]
