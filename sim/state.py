"""What changes during a campaign, as arrays of one run. Shapes: see ``sim.world``.

Rules return a new state (``state._replace(...)``) and never write into the old one. Soldiers are whole
numbers kept as float32, so that their sums are exact.
"""

from typing import NamedTuple

from sim.arrays import Array, array_namespace, gather, segment_sum
from sim.world import CONDITIONS, HOSTILE, TRUCE, World

_CONDITION = {key: column for column, key in enumerate(CONDITIONS)}


class State(NamedTuple):
    """One run at one moment."""

    tick: Array  # scalar int32: ticks done
    # units
    place: Array  # [U] where it stands, or the place that it has left
    road_slot: Array  # [U] which road of that place it is on; -1 standing
    road_km_left: Array  # [U] to the other end; below 0: km that it could still have gone
    soldiers: Array  # [U] men in it
    morale: Array  # [U] 0..1: readiness to stay and fight
    losses_recent: Array  # [U] share of its men lately killed
    leavers_recent: Array  # [U] share of its men who lately left
    mobile: Array  # [U] bool: may leave its post to attack or reinforce
    guards: Array  # [U] bool: stays today all the same, since its place needs it
    hidden: Array  # [U] bool: in hiding where another side holds; neither fights nor moves nor is fought
    killed_now: Array  # [U] in this tick and not yet counted by the ledger, as the next three
    deserted_now: Array  # [U] who went home or dispersed
    surrendered_now: Array  # [U] who gave themselves up
    routed_now: Array  # [U] soldiers who fell back because their line broke
    # factions at places
    soldiers_at: Array  # [P, F] standing there
    morale_at: Array  # [P, F] mean morale of those standing there; 0 where none
    strength_at: Array  # [P, F] effective soldiers standing there, before terrain, air, supply, surprise
    strength_near: Array  # [P, F] that it could bring to bear there: who stands there, and mobile units near
    withdrew_now: Array  # [P, F] ordered out in this tick and not yet counted by the ledger
    fighting: Array  # [P, F] bool: stands there face to face with an enemy
    ln_odds: Array  # [P, F] ln(enemy strength / own strength) in the fight there; 0 where none
    supply: Array  # [P, F] 0..1: how well roads supply it; 0 cut off
    air_sorties_at: Array  # [P, F] sorties per day in support
    backer_troops_at: Array  # [P, F] foreign soldiers in support
    order_slot: Array  # [P, F] road that mobile units take; -1 stay
    order_slot_second: Array  # [P, F] road that a part of them takes
    order_second_share: Array  # [P, F] that part
    retreat_slot: Array  # [P, F] road by which one would withdraw; -1 none open
    withdrawing: Array  # [P, F] bool: ordered out
    standing_order: Array  # [P, F] decreed: 1 hold, -1 withdraw, 0 none
    precedent: Array  # [P, F] collapses of own lines lately heard of
    fell_today: Array  # [P, F] worth of own places lost since the last news
    collapsed_today: Array  # [P, F] 1 for each of them lost without a fight
    deserted_today: Array  # [P, F] who left their units since yesterday's count
    surrendered_today: Array  # [P, F] who gave themselves up since then
    # places
    controller: Array  # [P] faction that holds it
    contested: Array  # [P] bool: enemies face each other in it
    cause: Array  # [P] index into CAUSES
    day_taken: Array  # [P] days since the start; -1e3 never
    handed_to: Array  # [P] faction to which the garrison hands it over today; -1 nobody
    risen: Array  # [P, F] bool: local men of the faction are in arms against the holder
    exits: Array  # [P, F, 3] soldiers who lately went: under fire, ordered out, gave up or went home
    # people (whole numbers) and food
    residents: Array  # [P, G] at home
    hosted: Array  # [P, G] displaced people who stay there
    abroad: Array  # [G] displaced people across a border
    fled: Array  # [P] people who left home there, so far
    returned: Array  # [P] people who came home there, so far
    violence: Array  # [P] 0..1: share of the people whom fighting lately touched
    front: Array  # [P] 0..1: how near and how strong the enemy of its holder is
    front_at_start: Array  # [P] the same on the eve
    aid_expected: Array  # [P] rations a day that deliveries are planned for
    aid_stock: Array  # [P] rations in store
    aid_need: Array  # [P] people who depended on food aid on the last day
    aid_shortfall: Array  # [P] those among them who got none
    # factions
    condition: Array  # [F, C] drawn for this run from the case's ranges
    stance: Array  # [F, F] one of STANCES
    ceasefire_until: Array  # [F, F] days since the start; 0 none
    active: Array  # [F] bool: on the attack
    prospect_logit: Array  # [F] common belief that it will win
    prospect_at_start: Array  # [F] the same on the eve
    treasury_usd: Array  # [F] money in the chest
    income_usd_per_day: Array  # [F] while it holds what it held on the eve
    pay_usd_month: Array  # [F] in force
    pay_promised_usd_month: Array  # [F] decreed
    pay_received_usd_month: Array  # [F] as soldiers feel it
    arrears_days: Array  # [F] of pay outstanding
    commitment_at_start: Array  # [F] of its backers together
    killed: Array  # [F] so far, as all below
    deserted: Array  # [F] who went home or dispersed
    surrendered: Array  # [F] who gave themselves up and did not go over
    defected_out: Array  # [F] who went over to an enemy
    defected_in: Array  # [F] who came over and serve behind the front, in no unit
    mobilised: Array  # [F] called up by events, risen or recruited
    hurt_recent: Array  # [F] share of its men lately lost in any way, fading
    lost_counted: Array  # [F] men lost as far as ``hurt_recent`` has counted them
    # backers
    attention: Array  # [B] 0..1: how far it looks to this war
    commitment: Array  # [B] 0..1: what it gives, of all that it would
    present: Array  # [B] bool: has not left
    backer_draw: Array  # [B] 0..1: where in its range of means this run lies
    # events
    event_fired_day: Array  # [E] days since the start; inf not yet


UNIT_FIELDS = State._fields[State._fields.index("place") : State._fields.index("soldiers_at")]
"""Fields with a row for each unit."""


def condition(state: State, key: str) -> Array:
    """One condition [F] of the armies on the eve, as drawn for this run."""
    return state.condition[:, _CONDITION[key]]


def day(state: State, world: World) -> Array:
    """Days since the start, as a fraction."""
    return state.tick * world.tick_days


def ticks_per_day(world: World) -> int:
    """Whole ticks in a day."""
    return round(1.0 / float(world.tick_days))


def enemies(state: State) -> Array:
    """[F, F] bool, symmetric: at war and at least one of the two on the attack."""
    return (state.stance == HOSTILE) & (state.active[:, None] | state.active[None, :])


def friends(state: State) -> Array:
    """[F, F] bool: allied now, or the same."""
    return state.stance > TRUCE


def loose_truce(state: State) -> Array:
    """[F, F] bool: a truce that no ceasefire binds; a ceasefire is ended at the table (``diplomacy``)."""
    return (state.stance == TRUCE) & (state.ceasefire_until <= 0)


def lost_belief(state: State) -> Array:
    """Belief in victory [F] lost since the eve, logit; below 0 where it has grown."""
    return state.prospect_at_start - state.prospect_logit


def holds(state: State) -> Array:
    """[P, F] bool: the faction itself holds the place."""
    xp = array_namespace(state.soldiers)
    return state.controller[:, None] == xp.arange(state.killed.shape[0])[None, :]


def held_by(state: State, relation: Array) -> Array:
    """[P, F] bool: the controller of the place stands in ``relation`` [F, F] to the faction."""
    xp = array_namespace(state.soldiers)
    return xp.take(relation, state.controller, axis=0)


def standing(state: State) -> Array:
    """[U] bool: in the open at a place, neither on a road nor in hiding."""
    return (state.road_slot < 0) & ~state.hidden


def cell_of(state: State, world: World) -> Array:
    """[U] flat index of (place, faction); units on a road count for the place they left."""
    return state.place * state.stance.shape[0] + world.unit_faction


def of_units(table: Array, state: State, world: World) -> Array:
    """What a table [P, F] says to each unit [U]: its entry for the unit's place and faction."""
    return gather(table, cell_of(state, world))


def at_places(rows: Array, state: State, world: World) -> Array:
    """Sums [P, F] or [P, F, c] over the units of each place and faction of ``rows`` [U] or [U, c]."""
    xp = array_namespace(rows)
    places, factions = world.pair_key.shape
    cells = segment_sum(rows, cell_of(state, world), places * factions)
    return xp.reshape(cells, (places, factions, *rows.shape[1:]))


def by_faction(rows: Array, world: World) -> Array:
    """Sums [F] or [F, c] over the units of each faction of ``rows`` [U] or [U, c]."""
    return segment_sum(rows, world.unit_faction, world.pair_key.shape[1])
