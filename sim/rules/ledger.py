"""Ledger: what the tick cost each side, how garrisons went, what each unit keeps in mind.

Bookkeeping by place and faction, so that every soldier is counted once: on the eve + called up + come over
= present + killed + deserted + surrendered + gone over. What rules have added to the counts of this tick
(``killed_now`` and the others in ``_now``) is added to the totals and set to 0 here and nowhere else.
"""

from sim.arrays import array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.state import State, at_places, standing
from sim.world import World


def ledger(state: State, world: World, params: Params, draws: Draws) -> State:
    """Count the losses of this tick."""
    xp = array_namespace(state.soldiers)
    columns = [
        state.killed_now,
        state.deserted_now,
        state.surrendered_now,
        state.routed_now,
        xp.where(standing(state), state.soldiers, 0.0),
    ]
    cells = at_places(xp.stack(columns, axis=-1), state, world)
    killed, deserted, surrendered, routed, remain = xp.unstack(cells, axis=-1)
    state = state._replace(soldiers_at=remain)
    fade = xp.exp(-world.tick_days / params.cause_days)
    exits = xp.stack([killed + routed, state.withdrew_now, deserted + surrendered], axis=-1)
    counted = xp.zeros_like(state.soldiers)
    return _remember(state, world, params)._replace(
        killed_now=counted,
        deserted_now=counted,
        surrendered_now=counted,
        withdrew_now=xp.zeros_like(state.withdrew_now),
        routed_now=counted,
        exits=state.exits * fade + exits,
        killed=state.killed + xp.sum(killed, axis=0),
        deserted=state.deserted + xp.sum(deserted, axis=0),
        surrendered=state.surrendered + xp.sum(surrendered, axis=0),
        deserted_today=state.deserted_today + deserted,
        surrendered_today=state.surrendered_today + surrendered,
    )


def _remember(state: State, world: World, params: Params) -> State:
    """What each unit keeps in mind of its dead and of those who left, as shares of its men."""
    xp = array_namespace(state.soldiers)
    fade = xp.exp(-world.tick_days / params.memory_days)
    before = xp.maximum(state.soldiers + state.killed_now + state.deserted_now, 1.0)
    return state._replace(
        losses_recent=state.losses_recent * fade + state.killed_now / before,
        leavers_recent=state.leavers_recent * fade + state.deserted_now / before,
    )
