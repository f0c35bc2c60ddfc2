"""Control: a place changes hands when no soldier of its holder's side is left and an enemy stands in it.

Or when its garrison has handed it over. The event is kept with its cause, by how the garrison lately went:
under fire (assault), ordered out (withdrawal), given up or gone home (surrender); a town whose own men took
arms has risen (uprising); one with no garrison at all opens its gates (handover).
Each change moves the belief in victory of every faction concerned, by the place's share of all the worth that
the larger side held on the eve (private doubts that become public at once: Kuran 1989, Public Choice 61).
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import held_on_the_eve, of_holder, place_value
from sim.state import State, day, enemies, friends, held_by
from sim.world import CAUSES, World


def control(state: State, world: World, params: Params, draws: Draws) -> State:
    """Hand over what nobody defends."""
    xp = array_namespace(state.soldiers)
    factions = state.killed.shape[0]
    guard = of_holder(state.soldiers_at, held_by(state, friends(state)))
    hostile = held_by(state, enemies(state))
    claim = xp.where(hostile, state.soldiers_at, 0.0)
    most = xp.max(claim, axis=1)
    number = xp.arange(factions, dtype=xp.int32)[None, :]
    taker = xp.min(xp.where(claim == most[:, None], number, factions - 1), axis=1)
    dealt = state.handed_to >= 0
    changes = dealt | ((guard <= 0) & (most > 0))
    new = xp.where(dealt, state.handed_to, xp.where(changes, taker, state.controller))
    after = state._replace(
        controller=new,
        cause=xp.where(changes, _cause(state, new), state.cause),
        day_taken=xp.where(changes, day(state, world) + world.tick_days, state.day_taken),
        withdrawing=state.withdrawing & ~changes[:, None],
        risen=state.risen & ~changes[:, None],
        handed_to=xp.full_like(state.handed_to, -1),
    )
    return _spread_belief(state, after, world, params)


def _cause(state: State, taker: Array) -> Array:
    """How the controller's side went [P] when ``taker`` [P] came, as an index into CAUSES."""
    xp = array_namespace(state.soldiers)
    side = held_by(state, friends(state))
    number = xp.arange(state.killed.shape[0])[None, :]
    fire, ordered, gave_up = (of_holder(state.exits[:, :, k], side) for k in range(3))
    kept = xp.where(fire >= xp.maximum(ordered, gave_up), CAUSES.index("assault"), CAUSES.index("surrender"))
    kept = xp.where(fire + ordered + gave_up < 1.0, CAUSES.index("handover"), kept)
    kept = xp.where(of_holder(state.risen, taker[:, None] == number), CAUSES.index("uprising"), kept)
    kept = xp.where(state.handed_to >= 0, CAUSES.index("handover"), kept)
    laid_down = of_holder(state.surrendered_today, side)
    left = ordered > xp.maximum(fire, xp.maximum(gave_up, laid_down))
    return xp.where(left, CAUSES.index("withdrawal"), kept).astype(state.cause.dtype)


def _spread_belief(before: State, after: State, world: World, params: Params) -> State:
    """Belief in victory moves with what each side lost and won; falls are kept as tomorrow's news."""
    xp = array_namespace(before.soldiers)
    side = friends(before)
    value = place_value(world, params)
    on_the_eve = xp.sum(value[:, None] * held_on_the_eve(world), axis=0)
    larger = xp.maximum(xp.take(on_the_eve, before.controller), xp.take(on_the_eve, after.controller))
    had = xp.take(side, before.controller, axis=0)
    has = xp.take(side, after.controller, axis=0)
    fell, won = had & ~has, has & ~had
    step = (value / xp.maximum(larger, value))[:, None] * (won.astype(value.dtype) - fell.astype(value.dtype))
    by_force = (after.cause == CAUSES.index("assault")) | (after.cause == CAUSES.index("uprising"))
    collapsed = fell & ~by_force[:, None]
    return after._replace(
        prospect_logit=before.prospect_logit + params.prospect_per_share * xp.sum(step, axis=0),
        fell_today=before.fell_today + xp.where(fell, value[:, None], 0.0),
        collapsed_today=before.collapsed_today + collapsed.astype(value.dtype),
    )
