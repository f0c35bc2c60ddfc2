"""What does not change during a campaign, as arrays: places, roads, factions, units, backers, events.

Indices run in the order of the case files. Letters in shapes: P places, D most roads at one place,
F factions, G communities, B backers, U units, E events, C condition keys.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.arrays import Array
from sim.case import Case
from sim.case.roads import neighbours, road_distances_km
from sim.draws import stream_number
from sim.roster import Deployment, deploy, hides, levies, muster_roll
from sim.scenario import Scenario

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
    supply_base: Array  # [P, F] bool: a base of the faction while its side holds the place
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


def build_world(scenario: Scenario) -> World:
    """The arrays of a scenario.

    Raises:
        InputError: the case or the scenario has a mistake.
    """
    case = scenario.load_case()
    factions = _factions(case, scenario)
    world: dict[str, Array] = {
        "tick_days": np.float32(1.0 / scenario.ticks_per_day),
        **_places(case),
        **_communities(case),
        **factions,
        **_backers(case),
        **_units(case, scenario, (factions["condition_low"] + factions["condition_high"])[:, 0] / 2),
        **event_arrays(case, scenario),
    }
    return World(**{name: narrow(value) for name, value in world.items()})


def narrow(value: Array) -> np.ndarray:
    """32-bit numbers: the engine's only width."""
    value = np.asarray(value)
    narrow = {"f": np.float32, "i": np.int32, "u": np.uint32, "b": np.bool_}[value.dtype.kind]
    return value.astype(narrow)


def _keys(*names: str) -> np.ndarray:
    return np.array([stream_number(name) for name in names], dtype=np.uint32)


def _index(ids: list[str], values: list) -> np.ndarray:
    """Positions of ids; -1 where there is none."""
    position = {name: i for i, name in enumerate(ids)}
    return np.array([position.get(value, -1) for value in values], dtype=np.int32)


def _table(
    frame: pd.DataFrame, rows: str, columns: str, values: str, row_ids: list, column_ids: list
) -> np.ndarray:
    """A long table as a matrix in the order of the ids; 0 where a pair is missing."""
    wide = frame.pivot(index=rows, columns=columns, values=values)
    return wide.reindex(index=row_ids, columns=column_ids).fillna(0.0).to_numpy()


def _affinity(case: Case) -> np.ndarray:
    """Affinity [G, F] of each community to each faction."""
    return _table(case.affinities, "group", "faction_id", "affinity", case.groups, case.faction_ids)


def _places(case: Case) -> dict[str, np.ndarray]:
    places, factions = case.place_ids, case.faction_ids
    share = _table(case.communities, "place_id", "group", "share", places, case.groups)
    road_km = road_distances_km(case)
    roads = neighbours(case)
    kinds = list(case.places.kind)
    controller = _index(factions, list(case.places.initial_controller))
    stationed = _table(case.deployments, "place_id", "faction_id", "share", places, factions)
    seat = np.isin(kinds, ["capital", "regional_capital"])
    hops = _most_hops(roads.neighbour)
    return {
        "hops": np.zeros(hops, dtype=np.int32),
        "place_kind": _index(list(PLACE_KINDS), kinds),
        "terrain": _index(list(TERRAINS), list(case.places.terrain)),
        "population": case.places.population.to_numpy(float),
        "initial_controller": controller,
        "acceptance": share @ _affinity(case),
        "road_km": road_km,
        "neighbour": roads.neighbour,
        "neighbour_km": np.where(np.isfinite(roads.neighbour_km), roads.neighbour_km, 1e9),
        "neighbour_class": roads.neighbour_class,
        "pair_key": np.array([_keys(*(f"{p}|{f}" for f in factions)) for p in places]),
        "supply_base": seat[:, None] | (stationed >= 0.15),
    }


def _communities(case: Case) -> dict[str, np.ndarray]:
    """The communities that live somewhere; those that occur only among soldiers are left out."""
    places = case.place_ids
    groups = sorted(set(case.communities["group"]))
    share = _table(case.communities, "place_id", "group", "share", places, groups)
    return {
        "community_people": _whole_people(case.places.population.to_numpy(float), share),
        "community_key": np.array([_keys(*(f"{p}|{g}" for g in groups)) for p in places]),
        "group_key": _keys(*groups),
        "group_affinity": _table(
            case.affinities, "group", "faction_id", "affinity", groups, case.faction_ids
        ),
    }


def _whole_people(population: np.ndarray, share: np.ndarray) -> np.ndarray:
    """People [P, G] by community: whole, as near to the shares as a sum that equals the population allows."""
    fair = np.round(population)[:, None] * share / share.sum(axis=1, keepdims=True)
    whole = np.floor(fair)
    missing = np.round(population) - whole.sum(axis=1)
    rank = np.argsort(np.argsort(whole - fair, axis=1, kind="stable"), axis=1)
    return whole + (rank < missing[:, None])


def _most_hops(neighbour: np.ndarray) -> int:
    """Longest shortest way through the network, in roads."""
    places = len(neighbour)
    reached = np.eye(places, dtype=bool)
    for hops in range(1, places + 1):
        wider = reached | reached[neighbour].any(axis=1)
        if (wider == reached).all():
            return hops
        reached = wider
    return places


def _factions(case: Case, scenario: Scenario) -> dict[str, np.ndarray]:
    factions = case.faction_ids
    size = len(factions)
    stance = np.full((size, size), NEUTRAL)
    np.fill_diagonal(stance, ALLIED)
    a, b = _index(factions, list(case.relations.a)), _index(factions, list(case.relations.b))
    stance[a, b] = stance[b, a] = [STANCES[word] for word in case.relations.stance]
    keys = list(CONDITIONS)
    side = {f: case.alliance_of(f) for f in factions}
    recruits = _table(case.recruitment, "faction_id", "group", "share", factions, case.groups)
    return {
        "stance": stance,
        "alliance": np.array([[g in side[f] for g in factions] for f in factions]),
        "recruit_affinity": recruits @ _affinity(case),
        "opening": np.isin(factions, list(case.opening_offensive)),
        "national": np.isin(factions, [*case.opening_offensive, *case.government_side]),
        "troops": case.factions.troops_high.to_numpy(float),
        **condition_arrays(case, scenario),
        "condition_key": np.array([_keys(*(f"{f}|{key}" for key in keys)) for f in factions]),
        "faction_key": _keys(*factions),
    }


def condition_arrays(case: Case, scenario: Scenario) -> dict[str, np.ndarray]:
    """The fields of a world that say what the armies are like on the eve: the case's, then the scenario's."""
    factions, keys = case.faction_ids, list(CONDITIONS)
    bounds = np.array([[[value, value] for value in CONDITIONS.values()]] * len(factions), dtype=float)
    for row in case.conditions.itertuples():
        bounds[factions.index(row.faction_id), keys.index(row.key)] = (row.low, row.high)
    for faction, changed in scenario.conditions.items():
        for key, value in changed.items():
            bounds[factions.index(faction), keys.index(key)] = value
    pay, wage = keys.index("pay_usd_month"), keys.index("reservation_wage_usd_month")
    bounds[:, pay] = np.where(np.isnan(bounds[:, pay]), bounds[:, wage], bounds[:, pay])
    return {"condition_low": bounds[:, :, 0], "condition_high": bounds[:, :, 1]}


def _backers(case: Case) -> dict[str, np.ndarray]:
    columns = ("air_sorties_per_day", "money_usd_per_month", "troops")
    low, high = (
        case.backers[[f"{column}_{end}" for column in columns]].fillna(0.0).to_numpy(float).reshape(-1, 3)
        for end in ("low", "high")
    )
    return {
        "backer_faction": _index(case.faction_ids, list(case.backers.faction_id)),
        "backer_low": low,
        "backer_high": high,
        "backer_key": _keys(*case.backer_ids),
    }


def _units(case: Case, scenario: Scenario, present: np.ndarray) -> dict[str, np.ndarray]:
    """One row per unit.

    First those of the eve, as many as the middle of the case's range of strength fills, then what events
    bring. A run whose army is stronger or weaker than the middle has larger or smaller units.
    """
    strength = dict(zip(case.faction_ids, case.factions.troops_high * present, strict=True))
    deployments = [
        Deployment(row.faction_id, row.place_id, row.share, strength[row.faction_id])
        for row in case.deployments.itertuples()
    ]
    for number, event in enumerate(scenario.events):
        if event.kind in ("reinforcement", "mobilisation") and event.place:
            deployments.append(Deployment(event.faction, event.place, 1.0, event.soldiers, number, event.id))
        elif event.kind == "mobilisation":
            spread = case.deployments[case.deployments.faction_id == event.faction]
            deployments += [
                Deployment(event.faction, row.place_id, row.share, event.soldiers, number, event.id)
                for row in spread.itertuples()
            ]
    deployments += levies(case, _places(case)["acceptance"])
    rows = deploy(deployments, scenario.soldiers_per_unit)
    home, affinity = muster_roll(case, deployments, rows)
    faction = _index(case.faction_ids, [d.faction_id for d in deployments])
    place = _index(case.place_ids, [d.place_id for d in deployments])
    key = _keys(*(f"{d.faction_id}|{d.place_id}|{d.event_id}" for d in deployments))
    which = rows.deployment
    return {
        "unit_faction": faction[which],
        "unit_place": place[which],
        "unit_home": home,
        "unit_affinity": affinity,
        "unit_rank": rows.rank.astype(float),
        "unit_rows": np.bincount(which)[which].astype(float),
        "unit_share": np.array([d.share for d in deployments])[which],
        "unit_event": np.array([d.event for d in deployments])[which],
        "unit_hidden": np.array([hides(case, d) for d in deployments])[which],
        "unit_key": key[which] + rows.rank.astype(np.uint32) * np.uint32(2654435761),
    }


def event_arrays(case: Case, scenario: Scenario) -> dict[str, Array]:
    """The fields of a world that say what is decreed in it."""
    events = scenario.events
    first = scenario.first_date()

    def column(name: str, default: float) -> np.ndarray:
        values = [getattr(event, name, None) for event in events]
        return np.array([default if value is None else value for value in values], dtype=float)

    day = [float((event.date - first).days + 1) if event.date else event.day or np.inf for event in events]
    return {
        "event_kind": _index(list(EVENT_KINDS), [event.kind for event in events]),
        "event_day": np.array(day, dtype=float),
        "event_trigger": _index(case.place_ids, [event.when_fallen for event in events]),
        "event_delay_days": column("delay_days", 0.0),
        "event_faction": _index(case.faction_ids, [getattr(event, "faction", None) for event in events]),
        "event_place": _index(case.place_ids, [getattr(event, "place", None) for event in events]),
        "event_backer": _index(case.backer_ids, [getattr(event, "backer", None) for event in events]),
        "event_other": _index(case.faction_ids, [getattr(event, "other", None) for event in events]),
        # An event has one size: a share of pay, soldiers, attention, effort, or rations a day.
        "event_size": sum(
            column(name, 0.0) for name in ("share", "soldiers", "attention", "effort", "rations_per_day")
        ),
        "event_paid_after_days": column("paid_after_days", np.inf),
        "event_duration_days": column("duration_days", np.inf),
    }
