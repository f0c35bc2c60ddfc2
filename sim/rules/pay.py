"""Pay: wages fall due every day, are met from the treasury, and what is not met becomes arrears.

What counts for a soldier is what he receives against what he would earn as a civilian, and what he is
owed. A rise that is decreed counts little until it is paid, and less the more is owed already. (Efficiency
wage: Shapiro & Stiglitz 1984, AER 74(3):433-444; their point that pay is worth little to a man who expects
his job to end is in ``morale``, where belief in victory scales the promise, and what is above parity.)
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.events import is_kind
from sim.rules.fields import held_on_the_eve, place_value
from sim.state import State, by_faction, condition, day, friends, held_by
from sim.world import World

DAYS_PER_MONTH = 30.0


def pay(state: State, world: World, params: Params, draws: Draws) -> State:
    """One day's income, wages and arrears."""
    xp = array_namespace(state.soldiers)
    state = _rates(state, world)
    soldiers = by_faction(state.soldiers, world)
    due = soldiers * state.pay_usd_month / DAYS_PER_MONTH
    purse = state.treasury_usd + state.income_usd_per_day * _worth_still_held(state, world, params)
    # Whoever can pays what he owes as well, a part of it with each day's wage.
    owed = due * (1.0 + xp.clip(state.arrears_days, 0.0, params.pay_back_per_day))
    paid = xp.minimum(purse, owed)
    days_paid = paid / xp.maximum(due, 1e-6)
    arrears = xp.where(due > 0, xp.maximum(state.arrears_days + 1.0 - days_paid, 0.0), state.arrears_days)
    received = state.pay_usd_month * xp.minimum(days_paid, 1.0)
    pace = 1.0 - xp.exp(-1.0 / params.pay_smoothing_days)
    return state._replace(
        treasury_usd=purse - paid,
        arrears_days=arrears,
        pay_received_usd_month=state.pay_received_usd_month
        + xp.where(due > 0, received - state.pay_received_usd_month, 0.0) * pace,
    )


def _rates(state: State, world: World) -> State:
    """Rates decreed and rates in force, from the rises that have been announced and have come to be paid."""
    if world.event_kind.shape[0] == 0:
        return state
    xp = array_namespace(state.soldiers)
    rise = is_kind(world, "pay_rise")[:, None] & (
        world.event_faction[:, None] == xp.arange(state.killed.shape[0])[None, :]
    )
    announced = rise & (state.event_fired_day <= day(state, world))[:, None]
    in_force = rise & (state.event_fired_day + world.event_paid_after_days <= day(state, world))[:, None]
    base = condition(state, "pay_usd_month")

    def raised(which: Array) -> Array:
        return base * xp.prod(xp.where(which, 1.0 + world.event_size[:, None], 1.0), axis=0)

    return state._replace(pay_promised_usd_month=raised(announced), pay_usd_month=raised(in_force))


def _worth_still_held(state: State, world: World, params: Params) -> Array:
    """Share [F] of the worth held on the eve that its side still holds: the base of its income."""
    xp = array_namespace(state.soldiers)
    value = place_value(world, params)[:, None]
    then = held_on_the_eve(world)
    now = held_by(state, friends(state)) & then
    return xp.sum(value * now, axis=0) / xp.maximum(xp.sum(value * then, axis=0), 1e-6)
