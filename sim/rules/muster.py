"""Muster: who stands where, in soldiers and in strength. Bookkeeping that the other rules read.

Strength is soldiers x quality x morale, after the multiplicative form of Dupuy's QJM (Numbers, Predictions
and War, 1979). Units on the road or in hiding fight nowhere.
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.state import State, at_places, condition, standing
from sim.world import World

EVEN_MORALE = 0.5
"""Morale at which a soldier counts as one; only ratios of strength matter."""


def muster(state: State, world: World, params: Params, draws: Draws) -> State:
    """Count soldiers, strength and morale per place and faction."""
    xp = array_namespace(state.soldiers)
    in_line = xp.where(standing(state), state.soldiers, 0.0)
    spirit = xp.exp(params.combat_morale * xp.log(xp.maximum(state.morale, 1e-3) / EVEN_MORALE))
    rows = xp.stack([in_line, in_line * spirit, in_line * state.morale], axis=-1)
    cells = at_places(rows, state, world)
    return state._replace(
        soldiers_at=cells[:, :, 0],
        strength_at=cells[:, :, 1] * quality(state, params)[None, :],
        morale_at=cells[:, :, 2] / xp.maximum(cells[:, :, 0], 1.0),
    )


def quality(state: State, params: Params) -> Array:
    """Strength per soldier [F] of even morale, 1 for an army with middling command and preparation.

    More heavy weapons than the enemy has are worth what command makes of them, the full of it at middling
    command: materiel tells through the skill with which it is used (Biddle 2004).
    """
    xp = array_namespace(state.soldiers)
    command, heavy = condition(state, "command_quality"), condition(state, "heavy_weapons")
    used = xp.where(heavy > 0, 2.0 * command * heavy, heavy)
    return xp.exp(
        params.quality_command * (command - 0.5)
        + params.quality_preparation * (condition(state, "preparation") - 0.5)
        + params.quality_heavy_weapons * used
        + params.quality_conscripts * condition(state, "conscript_share")
    )
