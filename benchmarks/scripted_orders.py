"""Orders by a script in the place of command: the attackers march on the capital, everybody else holds.

Command is the one rule that looks at the whole map at once. The reference (``mesa_objects``) does without it,
so that what is compared is what units do: move, fight, lose heart, desert, break and take places.
"""

from sim.arrays import Array, array_namespace
from sim.draws import Draws
from sim.parameters import Params
from sim.rules import SCHEDULE, Rule, Rules
from sim.rules.command import supply
from sim.state import State, friends, held_by
from sim.world import PLACE_KINDS, World

_FAR_KM = 1e8  # no way is that long; a padded road is
_SHARED = ("movement", "muster", "combat", "morale", "desertion", "breaking", "ledger", "control")


def scripted_orders(state: State, world: World, params: Params, draws: Draws) -> State:
    """Attackers take the shortest road to the capital, the others hold.

    A broken line falls back along a friendly road: defenders towards the capital, attackers away from it.
    """
    xp = array_namespace(state.soldiers)
    places, factions = state.soldiers_at.shape
    to_capital = road_to_capital(world)
    forward = xp.broadcast_to(to_capital[:, None], (places, factions))
    attacks = xp.broadcast_to(state.active[None, :], (places, factions))
    return state._replace(
        supply=supply(state, world, params),
        order_slot=xp.where(attacks, forward, -1),
        order_second_share=xp.zeros_like(state.order_second_share),
        retreat_slot=xp.where(attacks, _road_back(state, world), _open_road(state, world, forward)),
    )


SCRIPTED: Rules = (
    Rule("scripted_orders", "day", scripted_orders),
    *(rule for rule in SCHEDULE if rule.name in _SHARED),
)
"""The schedule that both implementations follow."""


def capital_km(world: World) -> Array:
    """Distance [P] of each place from the capital by road."""
    xp = array_namespace(world.road_km)
    return xp.take(world.road_km, xp.argmax(world.place_kind == PLACE_KINDS.index("capital")), axis=0)


def road_to_capital(world: World) -> Array:
    """First road [P] of the shortest way to the capital; -1 in the capital and where no road leads there."""
    xp = array_namespace(world.road_km)
    km = capital_km(world)
    by_way_of = world.neighbour_km + xp.take(km, world.neighbour)
    slot = xp.argmin(by_way_of, axis=1).astype(xp.int32)
    return xp.where((km > 0) & (km < _FAR_KM), slot, -1)


def _open_road(state: State, world: World, slot: Array) -> Array:
    """The same road [P, F] where a friend holds its other end, else -1."""
    xp = array_namespace(state.soldiers)
    end = xp.take_along_axis(world.neighbour, xp.maximum(slot, 0), axis=1)
    friendly = xp.take_along_axis(held_by(state, friends(state)), end, axis=0)
    return xp.where((slot >= 0) & friendly, slot, -1)


def _road_back(state: State, world: World) -> Array:
    """The road [P, F] to the friendly neighbour farthest from the capital, if it is farther than here."""
    xp = array_namespace(state.soldiers)
    km = capital_km(world)
    open_end = xp.take(held_by(state, friends(state)), world.neighbour, axis=0)
    farther = (world.neighbour_km < _FAR_KM) & (xp.take(km, world.neighbour) > km[:, None])
    distance = xp.where(open_end & farther[:, :, None], xp.take(km, world.neighbour)[:, :, None], -1.0)
    return xp.where(xp.max(distance, axis=1) > 0, xp.argmax(distance, axis=1).astype(xp.int32), -1)
