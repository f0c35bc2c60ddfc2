"""A scenario and its case as the arrays of a world: the one way from files to numbers."""

import numpy as np
import pandas as pd

from sim.arrays import Array
from sim.case import Case
from sim.case.roads import neighbours, road_distances_km
from sim.draws import stream_number
from sim.roster import Deployment, deploy, hides, levies, muster_roll
from sim.scenario import Scenario
from sim.world import ALLIED, CONDITIONS, EVENT_KINDS, NEUTRAL, PLACE_KINDS, STANCES, TERRAINS, World


def build_world(scenario: Scenario) -> World:
    """The arrays of a scenario.

    Raises:
        InputError: the case or the scenario has a mistake.
    """
    case = scenario.load_case()
    factions, places = _factions(case, scenario), _places(case)
    present = (factions["condition_low"] + factions["condition_high"])[:, 0] / 2
    world: dict[str, Array] = {
        "tick_days": np.float32(1.0 / scenario.ticks_per_day),
        **places,
        **_communities(case),
        **factions,
        **_backers(case),
        **_units(case, scenario, present, places["acceptance"]),
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
    controller = _index(factions, list(case.places.initial_controller))
    hops = _most_hops(roads.neighbour)
    return {
        "hops": np.zeros(hops, dtype=np.int32),
        "place_kind": _index(list(PLACE_KINDS), list(case.places.kind)),
        "terrain": _index(list(TERRAINS), list(case.places.terrain)),
        "population": case.places.population.to_numpy(float),
        "initial_controller": controller,
        "acceptance": share @ _affinity(case),
        "road_km": road_km,
        "neighbour": roads.neighbour,
        "neighbour_km": np.where(np.isfinite(roads.neighbour_km), roads.neighbour_km, 1e9),
        "neighbour_class": roads.neighbour_class,
        "pair_key": np.array([_keys(*(f"{p}|{f}" for f in factions)) for p in places]),
        "stationed": _table(case.deployments, "place_id", "faction_id", "share", places, factions),
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
    named = case.mandates.assign(named=1.0)
    fights = _table(named, "backer_id", "faction_id", "named", case.backer_ids, case.faction_ids) > 0
    return {
        "backer_faction": _index(case.faction_ids, list(case.backers.faction_id)),
        "backer_fights": fights | ~fights.any(axis=1, keepdims=True),
        "backer_low": low,
        "backer_high": high,
        "backer_key": _keys(*case.backer_ids),
    }


def _units(case: Case, scenario: Scenario, present: np.ndarray, liked: np.ndarray) -> dict[str, np.ndarray]:
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
    deployments += levies(case, liked)
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

    def column(name: str, default: float) -> np.ndarray:
        values = [getattr(event, name, None) for event in events]
        return np.array([default if value is None else value for value in values], dtype=float)

    day = [event.due(scenario.first_day) or np.inf for event in events]
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
