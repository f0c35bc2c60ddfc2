"""Foreign backers: how committed they are, what they give, when they leave.

Commitment follows attention x need x the belief that the client can be saved, and is abandoned below a
threshold of that belief. No published figure for attention was found; all magnitudes are assumptions.
That losing a backer need not end a war (Sawyer, Cunningham & Reed 2017, doi:10.1177/0022002715600761)
is why a departure works only through strength, money and belief.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import nearness, opposing, place_value, spread
from sim.state import State, enemies, friends, held_by
from sim.world import World


def backers(state: State, world: World, params: Params, draws: Draws) -> State:
    """Move commitments, then lay sorties and troops on places and money in treasuries."""
    if world.backer_faction.shape[0] == 0:
        return state
    xp = array_namespace(state.soldiers)
    belief = sigmoid(xp.take(state.prospect_logit, world.backer_faction))
    lost = belief < params.backer_abandon_prospect
    chance = 1.0 - xp.exp(-params.backer_abandon_per_day)
    leaves = lost & (draws.uniform("evacuation", world.backer_key) < chance)
    present = state.present & ~leaves
    aim = state.attention * engagement(belief, params)
    pace = 1.0 - xp.exp(-1.0 / params.backer_response_days)
    commitment = xp.where(present, state.commitment + (aim - state.commitment) * pace, 0.0)
    state = state._replace(present=present, commitment=commitment)
    sorties, money, troops = means(state, world)
    share = _need_by_place(state, world, params)
    return state._replace(
        air_sorties_at=share * sorties[None, :],
        backer_troops_at=share * troops[None, :],
        treasury_usd=state.treasury_usd + money / 30.0,
    )


def engagement(belief: Array, params: Params) -> Array:
    """Aim of commitment for full attention [B].

    A floor, and the rest in proportion to need (1 - belief) times the belief that the client can be saved.
    """
    return params.backer_need_floor + (1.0 - params.backer_need_floor) * 4.0 * belief * (1.0 - belief)


def means(state: State, world: World) -> tuple[Array, Array, Array]:
    """Sorties per day, US dollars per month and troops [F] that backers give now."""
    factions = state.killed.shape[0]
    full = world.backer_low + (world.backer_high - world.backer_low) * state.backer_draw[:, None]
    given = full * state.commitment[:, None]
    sorties, money, troops = (by_client(given[:, k], world, factions) for k in range(3))
    return sorties, money, troops


def by_client(values: Array, world: World, factions: int) -> Array:
    """Sum values [B] of backers over their clients -> [F]."""
    xp = array_namespace(values)
    mine = world.backer_faction[:, None] == xp.arange(factions)[None, :]
    return xp.sum(xp.where(mine, values[:, None], 0.0), axis=0)


def _need_by_place(state: State, world: World, params: Params) -> Array:
    """Share [P, F] of a faction's support that each place gets.

    Worth x how much enemy is near, where it or a friend holds or fights; sums to 1 per faction, or 0 where
    no enemy is near.
    """
    xp = array_namespace(state.soldiers)
    enemy = opposing(spread(nearness(world, params.backer_reach_km), state.strength_at), enemies(state))
    concerned = held_by(state, friends(state)) | (state.contested[:, None] & (state.soldiers_at > 0))
    need = place_value(world, params)[:, None] * xp.where(concerned, enemy, 0.0)
    return need / xp.maximum(xp.sum(need, axis=0), 1e-6)[None, :]
