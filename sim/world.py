"""What does not change during a campaign, as arrays: places, roads, factions, units, backers, events.

Indices run in the order of the case files. Letters in shapes: P places, D most roads at one place,
F factions, G communities, B backers, U units, E events, C condition keys.
"""

from typing import NamedTuple

import numpy as np

from sim.arrays import Array

HOSTILE, NEUTRAL, TRUCE, ALLIED = -1, 0, 1, 2
STANCES = {"hostile": HOSTILE, "neutral": NEUTRAL, "truce": TRUCE, "allied": ALLIED}
PLACE_KINDS = ("town", "city", "regional_capital", "capital", "crossing", "base")
TERRAINS = ("plain", "desert", "coast", "mountain", "urban")
EVENT_KINDS = (
    "pay_rise",
    "order_withdraw",
    "order_hold",
    "reinforcement",
    "mobilisation",
    "backer_withdrawal",
    "backer_attention",
    "offensive_start",
    "ceasefire",
    "mediation",
    "refuse_talks",
    "handover",
    "aid_corridor",
)
ON_THE_EVE, UPRISING = -1, -2
"""What brings a unit that no event brings: it is there on the eve, or rises among the people of its place."""
CAUSES = ("", "assault", "withdrawal", "surrender", "uprising", "handover")
"""How the present controller took a place; "" where nothing has changed since the eve."""

CONDITIONS: dict[str, float] = {
    "present_share": 0.6,
    "pay_usd_month": np.nan,
    "arrears_months": 0.0,
    "reservation_wage_usd_month": 50.0,
    "conscript_share": 0.2,
    "static_share": 0.5,
    "air_support_change": 1.0,
    "backer_change": 0.0,
    "record_12m": 0.0,
    "command_quality": 0.5,
    "cohesion": 0.5,
    "preparation": 0.3,
    "heavy_weapons": 0.0,
    "morale_shift": 0.0,
}
"""Keys of conditions.csv and the neutral value of each where a case leaves it out; pay left out is taken
to equal the reservation wage. ``morale_shift`` (logit) has no column in any case: it is there to be swept."""

VARYING = (
    "condition_low",
    "condition_high",
    "event_day",
    "event_delay_days",
    "event_size",
    "event_paid_after_days",
    "event_duration_days",
)
"""Fields of a world that may differ from run to run, as all parameters may; none of them changes a shape."""


class World(NamedTuple):
    """Arrays that every rule may read; float32, int32, uint32 or bool."""

    tick_days: Array  # scalar: length of a tick
    hops: Array  # [most hops between two places]: only its length counts
    # places
    place_kind: Array  # [P] index into PLACE_KINDS
    terrain: Array  # [P] index into TERRAINS
    population: Array  # [P] people
    initial_controller: Array  # [P] faction
    acceptance: Array  # [P, F] mean affinity of the people of a place to a faction, -1..1
    road_km: Array  # [P, P] shortest distance by road
    neighbour: Array  # [P, D] place at the other end; own index as padding
    neighbour_km: Array  # [P, D] length; 1e9 as padding
    neighbour_class: Array  # [P, D] index into ROAD_CLASSES
    pair_key: Array  # [P, F] uint32, names the draws of a faction at a place
    stationed: Array  # [P, F] share of a faction's men who are there on the eve
    # communities
    community_people: Array  # [P, G] people at home on the eve: whole, they sum to the population
    community_key: Array  # [P, G] uint32, names the draws of a community at a place
    group_key: Array  # [G] uint32, names the draws of a community
    group_affinity: Array  # [G, F] affinity of a community to a faction, -1..1
    # factions
    stance: Array  # [F, F] on the eve
    alliance: Array  # [F, F] bool: allied on the eve, directly or through others, or the same
    opening: Array  # [F] bool: on the attack from the first day
    national: Array  # [F] bool: fights for the whole country: the government side and who opened the attack
    troops: Array  # [F] soldiers on paper
    recruit_affinity: Array  # [F, F] mean affinity of a faction's recruits (row) to another faction
    condition_low: Array  # [F, C] low end of the case's range
    condition_high: Array  # [F, C] high end
    condition_key: Array  # [F, C] uint32, names its draw
    faction_key: Array  # [F] uint32, names its draws
    # backers
    backer_faction: Array  # [B] client
    backer_fights: Array  # [B, F] bool: factions that it fights when they are at war with its client
    backer_low: Array  # [B, 3] sorties/day, USD/month, troops at full commitment, low estimate
    backer_high: Array  # [B, 3] high estimate
    backer_key: Array  # [B] uint32, names its draws
    # units
    unit_faction: Array  # [U] faction that it serves
    unit_place: Array  # [U] place on the eve, or where its event puts it
    unit_home: Array  # [U] home place; -1 abroad or unknown
    unit_affinity: Array  # [U] affinity of its community to its faction, -1..1
    unit_rank: Array  # [U] 0, 1, ... within its deployment
    unit_rows: Array  # [U] units of its deployment, among which the soldiers are divided
    unit_share: Array  # [U] share of the faction's soldiers (or of the event's) at its deployment
    unit_event: Array  # [U] event that brings it; ON_THE_EVE or UPRISING
    unit_hidden: Array  # [U] bool: in hiding on the eve
    unit_key: Array  # [U] uint32, names its draws
    # events
    event_kind: Array  # [E] index into EVENT_KINDS
    event_day: Array  # [E] 1 = first day; inf if it waits for a fall
    event_trigger: Array  # [E] place whose fall sets it off; -1 none
    event_delay_days: Array  # [E] after that fall
    event_faction: Array  # [E] faction that it concerns; -1 none
    event_place: Array  # [E] place that it concerns; -1 everywhere
    event_backer: Array  # [E] backer that it concerns; -1 none
    event_other: Array  # [E] the other faction that it concerns; -1 all
    event_duration_days: Array  # [E] how long it lasts; inf where it has no end
    event_size: Array  # [E] share of pay, soldiers, attention or effort
    event_paid_after_days: Array  # [E] inf = never
