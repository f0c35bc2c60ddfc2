"""What the scenario decrees, on a date or after a fall.

An event fires once and its day is kept; what follows from it (a rise in force, an order that stands) is
derived from that day by the rule it concerns, so a date can be swept like any number.
"""

from sim.arrays import Array, array_namespace, gather, logit, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.state import State, by_faction, day
from sim.world import EVENT_KINDS, World


def events(state: State, world: World, params: Params, draws: Draws) -> State:
    """Fire what is due and carry out orders, arrivals and backers' decisions."""
    if world.event_kind.shape[0] == 0:
        return state
    xp = array_namespace(state.soldiers)
    today = day(state, world)
    # Day 1 is the first day, and decisions are read before it begins.
    now = (today + 1.0 >= _due_day(state, world)) & xp.isinf(state.event_fired_day)
    state = state._replace(event_fired_day=xp.where(now, today, state.event_fired_day))
    state = _orders(state, world, now)
    state = _arrivals(state, world, params, now)
    return _decisions(state, world, now)


def is_kind(world: World, kind: str) -> Array:
    """[E] bool: events of one kind."""
    return world.event_kind == EVENT_KINDS.index(kind)


def _due_day(state: State, world: World) -> Array:
    """The day on which each event is due [E]; inf while it waits for a place to fall."""
    xp = array_namespace(state.soldiers)
    waits = world.event_trigger >= 0
    trigger = xp.where(waits, world.event_trigger, 0)
    holder_then = xp.take(world.initial_controller, trigger)
    holder_now = xp.take(state.controller, trigger)
    size = world.alliance.shape[0]
    own = gather(world.alliance, holder_then * size + holder_now)
    fell = xp.where(own, xp.inf, xp.take(state.day_taken, trigger))
    due = xp.where(waits, fell + 1.0 + world.event_delay_days, world.event_day)
    return due


def _orders(state: State, world: World, now: Array) -> State:
    """Orders to hold or to leave stand until another one comes."""
    xp = array_namespace(state.soldiers)
    places, factions = state.standing_order.shape
    at = (xp.arange(places)[None, :] == world.event_place[:, None]) | (world.event_place < 0)[:, None]
    who = xp.arange(factions)[None, :] == world.event_faction[:, None]

    def ordered(kind: str) -> Array:
        decreed = (now & is_kind(world, kind))[:, None, None]
        return xp.any(decreed & at[:, :, None] & who[:, None, :], axis=0)

    # Of two that contradict each other on one day, the order to hold stands.
    order = xp.where(ordered("order_withdraw"), -1.0, state.standing_order)
    order = xp.where(ordered("order_hold"), 1.0, order)
    return state._replace(standing_order=order.astype(state.soldiers.dtype))


def _arrivals(state: State, world: World, params: Params, now: Array) -> State:
    """Units of reinforcements and mobilisations appear at their places."""
    xp = array_namespace(state.soldiers)
    event = xp.where(world.unit_event >= 0, world.unit_event, 0)
    arrives = (world.unit_event >= 0) & xp.take(now, event)
    promised = xp.take(world.event_size, event) * world.unit_share
    soldiers = xp.where(arrives, unit_strength(world, promised), 0.0)
    called_up = xp.take(is_kind(world, "mobilisation"), event)
    shift = xp.where(called_up, params.mobilised_morale_shift, params.reinforcement_morale_shift)
    veterans = state.soldiers * (world.unit_event < 0)
    total = by_faction(xp.stack([veterans, veterans * state.morale], axis=-1), world)
    mean = xp.take(xp.clip(total[:, 1] / xp.maximum(total[:, 0], 1.0), 0.02, 0.98), world.unit_faction)
    return state._replace(
        soldiers=state.soldiers + soldiers,
        morale=xp.where(arrives, sigmoid(logit(mean) + shift), state.morale),
        mobilised=state.mobilised + by_faction(soldiers, world),
    )


def unit_strength(world: World, soldiers: Array) -> Array:
    """Soldiers in each unit [U] when its deployment counts ``soldiers`` [U]: whole men, evenly divided."""
    xp = array_namespace(soldiers)
    men = xp.floor(soldiers + 0.5) / world.unit_rows
    return xp.floor((world.unit_rank + 1.0) * men + 0.5) - xp.floor(world.unit_rank * men + 0.5)


def _decisions(state: State, world: World, now: Array) -> State:
    """Backers leave or turn their attention; factions open an offensive."""
    xp = array_namespace(state.soldiers)
    backers, factions = state.attention.shape[0], state.killed.shape[0]

    def concerns(kind: str, target: Array, size: int) -> Array:
        return (now & is_kind(world, kind))[:, None] & (target[:, None] == xp.arange(size)[None, :])

    leaves = xp.any(concerns("backer_withdrawal", world.event_backer, backers), axis=0)
    turns = concerns("backer_attention", world.event_backer, backers)
    attends = xp.any(turns, axis=0)
    # Of two on one day the stronger stands.
    attention = xp.max(xp.where(turns, world.event_size[:, None], 0.0), axis=0)
    opens = xp.any(concerns("offensive_start", world.event_faction, factions), axis=0)
    return state._replace(
        attention=xp.where(attends, attention, state.attention),
        # A backer that turns to its client again comes back.
        present=(state.present | attends) & ~leaves,
        active=state.active | opens,
    )
