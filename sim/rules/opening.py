"""The eve: the state from which a run starts, drawn from the case's ranges.

Every condition of every army lies where this run's draw puts it between the coder's low and high estimate
(CASE_FORMAT.md). Strength is troops on paper x share truly present; morale starts at the target that the
morale rule itself gives on the eve, so nothing is set per case.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.backers import attention_level, belief_in_rescue, by_client, chance_engaged, engagement
from sim.rules.command import supply
from sim.rules.danger import front
from sim.rules.events import unit_strength
from sim.rules.morale import target_logit
from sim.rules.muster import muster
from sim.rules.pay import DAYS_PER_MONTH
from sim.state import State, by_faction, condition
from sim.world import ON_THE_EVE, UPRISING, World


def opening_state(world: World, params: Params, draws: Draws) -> State:
    """The state on the eve of the first day."""
    xp = array_namespace(world.unit_rank)
    state = _blank(world, draws)
    state = state._replace(
        condition=drawn_condition(world, draws),
        backer_draw=draws.uniform("means", world.backer_key),
    )
    faction = world.unit_faction
    present = xp.take(world.troops * condition(state, "present_share"), faction) * world.unit_share
    static = xp.take(condition(state, "static_share"), faction)
    state = state._replace(
        soldiers=xp.where(world.unit_event == ON_THE_EVE, unit_strength(world, present), 0.0),
        # Who rises where he lives stays there.
        mobile=(draws.uniform("post", world.unit_key) >= static) & (world.unit_event != UPRISING),
        prospect_logit=_prospect(state, params),
        prospect_at_start=_prospect(state, params),
        pay_usd_month=condition(state, "pay_usd_month"),
        pay_promised_usd_month=condition(state, "pay_usd_month"),
        pay_received_usd_month=condition(state, "pay_usd_month"),
        arrears_days=condition(state, "arrears_months") * DAYS_PER_MONTH,
    )
    # The backers look at who stands there, morale at the backers, strength at morale.
    state = _attention(muster(state, world, params, draws), world, params, draws)
    state = _treasury(state, world, params)
    state = state._replace(morale=sigmoid(target_logit(state, world, params)))
    state = muster(state, world, params, draws)
    nearby, _ = front(state, world, params)
    return state._replace(supply=supply(state, world, params), front_at_start=nearby)


def drawn_condition(world: World, draws: Draws) -> Array:
    """Conditions [F, C] of the armies where this run's draws of the eve put them in their ranges."""
    where = draws.uniform("condition", world.condition_key)
    return world.condition_low + (world.condition_high - world.condition_low) * where


def _blank(world: World, draws: Draws) -> State:
    """A state of the right shapes with nothing in it."""
    xp = array_namespace(world.unit_rank)
    places, factions = world.pair_key.shape
    units, backers, events = world.unit_rank.shape[0], world.backer_key.shape[0], world.event_day.shape[0]
    shapes = {
        **dict.fromkeys(_UNIT_FIELDS, (units,)),
        **dict.fromkeys(_FIELD_FIELDS, (places, factions)),
        **dict.fromkeys(_FACTION_FIELDS, (factions,)),
        **dict.fromkeys(("attention", "commitment", "backer_draw"), (backers,)),
        "exits": (places, factions, 3),
        **dict.fromkeys(_PEOPLE_FIELDS, (places,)),
        "hosted": world.community_people.shape,
        "abroad": world.group_key.shape,
        "condition": world.condition_low.shape,
    }
    zeros = {name: xp.zeros(shape, dtype=xp.float32) for name, shape in shapes.items()}
    nowhere = xp.full((places, factions), -1, dtype=xp.int32)
    return State(
        **zeros,
        tick=draws.tick,
        place=world.unit_place,
        road_slot=xp.full((units,), -1, dtype=xp.int32),
        mobile=xp.zeros((units,), dtype=xp.bool),
        guards=xp.zeros((units,), dtype=xp.bool),
        hidden=world.unit_hidden,
        handed_to=xp.full((places,), -1, dtype=xp.int32),
        risen=xp.zeros((places, factions), dtype=xp.bool),
        ceasefire_until=xp.zeros((factions, factions), dtype=xp.float32),
        order_slot=nowhere,
        order_slot_second=nowhere,
        retreat_slot=nowhere,
        withdrawing=xp.zeros((places, factions), dtype=xp.bool),
        controller=world.initial_controller,
        fighting=xp.zeros((places, factions), dtype=xp.bool),
        contested=xp.zeros((places,), dtype=xp.bool),
        cause=xp.zeros((places,), dtype=xp.int32),
        residents=world.community_people,
        day_taken=xp.full((places,), -1e3, dtype=xp.float32),
        stance=world.stance,
        active=world.opening,
        present=xp.ones((backers,), dtype=xp.bool),
        event_fired_day=xp.full((events,), xp.inf, dtype=xp.float32),
    )


_UNIT_FIELDS = (
    "road_km_left", "soldiers", "morale", "losses_recent", "leavers_recent", "killed_now", "deserted_now",
    "surrendered_now", "routed_now",
)  # fmt: skip
_FIELD_FIELDS = (
    "withdrew_now", "soldiers_at", "morale_at", "strength_at", "strength_near", "ln_odds", "supply",
    "air_sorties_at", "backer_troops_at", "order_second_share", "standing_order", "precedent", "fell_today",
    "collapsed_today", "deserted_today", "surrendered_today",
)  # fmt: skip
_PEOPLE_FIELDS = (
    "fled", "returned", "violence", "front", "front_at_start", "aid_expected", "aid_stock", "aid_need",
    "aid_shortfall",
)  # fmt: skip
_FACTION_FIELDS = (
    "prospect_logit", "prospect_at_start", "treasury_usd", "income_usd_per_day", "pay_usd_month",
    "pay_promised_usd_month", "pay_received_usd_month", "arrears_days", "commitment_at_start", "killed",
    "deserted", "surrendered", "defected_out", "defected_in", "mobilised", "hurt_recent", "lost_counted",
)  # fmt: skip


def _prospect(state: State, params: Params) -> Array:
    """Belief in victory [F] on the eve: the year's record, the backers' drift, the air cover."""
    xp = array_namespace(state.condition)
    return (
        params.prospect_record * condition(state, "record_12m")
        + params.prospect_backer_change * condition(state, "backer_change")
        + params.prospect_air_change * xp.log(xp.maximum(condition(state, "air_support_change"), 0.05))
    )


def _attention(state: State, world: World, params: Params, draws: Draws) -> State:
    """Engaged or distracted by what the backer lately gave or took away; commitment starts at its aim."""
    engaged = draws.uniform("engaged", world.backer_key) < chance_engaged(state, world, params)
    attention = attention_level(engaged, params)
    commitment = attention * engagement(belief_in_rescue(state, world, params), params)
    return state._replace(
        attention=attention,
        commitment=commitment,
        commitment_at_start=by_client(commitment, world, state.killed.shape[0]),
    )


def _treasury(state: State, world: World, params: Params) -> State:
    """Income covers the wage bill, less where pay is in arrears; so does what is in the chest."""
    xp = array_namespace(state.condition)
    men = by_faction(state.soldiers, world)
    bill = men * state.pay_usd_month
    owed_months = condition(state, "arrears_months")
    covered = xp.maximum(1.0 - params.income_lost_per_arrears_month * owed_months, 0.0)
    return state._replace(
        income_usd_per_day=bill * covered / DAYS_PER_MONTH,
        treasury_usd=bill * params.treasury_reserve_months / (1.0 + owed_months),
    )
