"""Who serves where: unit rows, and the community and home of each, from deployments and recruitment.

Deterministic: the same case gives the same roll, and a deployment more does not change the others'.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.case import Case
from sim.case.roads import road_distances_km
from sim.world import ON_THE_EVE, UPRISING

LEVY_KM = 100.0
"""Road distance over which a faction's pull on men who may rise for it falls (decay length)."""

NEAR_HOME_KM = 50.0
"""What CASE_FORMAT calls serving near home (home_share)."""


class Deployment(NamedTuple):
    """Soldiers of a faction at a place; ``soldiers`` is the faction's (or event's) total."""

    faction_id: str
    place_id: str
    share: float
    soldiers: float
    event: int = ON_THE_EVE
    event_id: str = ""


class UnitRows(NamedTuple):
    """``deployment`` [U]: row of the deployment list; ``rank`` [U]: 0, 1, ... within it."""

    deployment: np.ndarray
    rank: np.ndarray


def deploy(deployments: list[Deployment], soldiers_per_unit: int) -> UnitRows:
    """Rows for the units of each deployment, the last of which may be short."""
    counts = np.array([np.ceil(d.soldiers * d.share / soldiers_per_unit - 1e-9) for d in deployments])
    counts = counts.astype(np.int64)
    which = np.repeat(np.arange(len(deployments)), counts)
    return UnitRows(which, np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts))


def levies(case: Case, liked: np.ndarray) -> list[Deployment]:
    """Room for the men of each place who may rise: one unit, of the faction that they would rise for.

    It is the one that they like best, if they like it at all, among those who do not hold the place; one
    that has men nearby is preferred.

    Args:
        case: the case.
        liked: affinity [P, F] of the people of each place to each faction.
    """
    stationed = case.deployments.pivot(index="place_id", columns="faction_id", values="share")
    stationed = stationed.reindex(index=case.place_ids, columns=case.faction_ids).fillna(0.0).to_numpy()
    km = road_distances_km(case)
    units = []
    for number, place in enumerate(case.places.itertuples()):
        nearest = np.where(stationed > 0, km[number][:, None], np.inf).min(axis=0)
        friends = case.alliance_of(place.initial_controller)
        outside = [faction not in friends for faction in case.faction_ids]
        pull = np.where(outside, np.maximum(liked[number], 0.0), 0.0) * np.exp(-nearest / LEVY_KM)
        if pull.max() > 0:
            units.append(
                Deployment(case.faction_ids[pull.argmax()], place.id, 1.0, 1.0, UPRISING, "uprising")
            )
    return units


def hides(case: Case, deployment: Deployment) -> bool:
    """Whether these men lie low.

    So do volunteers who may rise, and on the eve the men of a faction without a claim to the whole country in
    a place that another side holds.
    """
    if deployment.event != ON_THE_EVE:
        return deployment.event == UPRISING
    national = {*case.opening_offensive, *case.government_side}
    holder = case.places.initial_controller[case.place_ids.index(deployment.place_id)]
    return deployment.faction_id not in national and deployment.faction_id not in case.alliance_of(holder)


def muster_roll(case: Case, deployments: list[Deployment], rows: UnitRows) -> tuple[np.ndarray, np.ndarray]:
    """Home place [U] (-1: none in the case) and affinity [U] of a unit's community to its faction.

    Within a faction, (community x near home or not) is spread over the places of deployment so that both
    the communities of recruitment.csv and the strength of each place come out (iterative proportional
    fitting: Deming & Stephan 1940, doi:10.1214/aoms/1177731829); near home is possible only where the
    community lives within 50 km.
    """
    places = case.place_ids
    near = road_distances_km(case) <= NEAR_HOME_KM
    people = _people(case)
    affinity = case.affinities.set_index(["group", "faction_id"]).affinity
    home = np.full(len(rows.rank), -1, dtype=np.int32)
    unit_affinity = np.zeros(len(rows.rank))
    recruitment = dict(list(case.recruitment.groupby("faction_id")))
    # What an event brings is spread by itself, so that it changes nobody else's roll.
    for faction, event in dict.fromkeys((d.faction_id, d.event) for d in deployments):
        recruits = recruitment[faction]
        mine = [i for i, d in enumerate(deployments) if (d.faction_id, d.event) == (faction, event)]
        at = np.array([places.index(deployments[i].place_id) for i in mine], dtype=int)
        groups = list(recruits.group)
        lives = people[:, [case.groups.index(g) for g in groups]]
        mix = _mix(recruits, near[at] @ lives > 0, np.array([deployments[i].share for i in mine]))
        felt = np.array([affinity.get((g, faction), 0.0) for g in groups])
        for position, i in enumerate(mine):
            here = rows.deployment == i
            spread = _spread(here.sum())
            category = np.searchsorted(np.cumsum(mix[position])[:-1], spread)
            group, local = category % len(groups), category < len(groups)
            unit_affinity[here] = felt[group]
            home[here] = _homes(lives, near[at[position]], group, local)
    return home, unit_affinity


def _people(case: Case) -> np.ndarray:
    """People of each community at each place [P, G]."""
    share = case.communities.pivot(index="place_id", columns="group", values="share")
    share = share.reindex(index=case.place_ids, columns=case.groups).fillna(0.0).to_numpy()
    return share * case.places.population.to_numpy(float)[:, None]


def _mix(recruits: pd.DataFrame, lives_near: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Shares [deployments, 2 G] of (community near home, community far from home) at each deployment."""
    share, at_home = recruits.share.to_numpy(float), recruits.home_share.to_numpy(float)
    target = np.concatenate([share * at_home, share * (1 - at_home)])
    allowed = np.concatenate([lives_near, np.ones_like(lives_near)], axis=1)
    table = allowed * target + 1e-12 * allowed
    for _ in range(50):
        table *= target / np.maximum((table * strength[:, None]).sum(0) / strength.sum(), 1e-12)
        table /= np.maximum(table.sum(1, keepdims=True), 1e-12)
    return table


def _spread(n: int) -> np.ndarray:
    """N numbers that fill (0, 1) evenly at every length: the golden-ratio sequence."""
    return (0.5 + 0.6180339887498949 * np.arange(n)) % 1.0


def _homes(lives: np.ndarray, near: np.ndarray, group: np.ndarray, local: np.ndarray) -> np.ndarray:
    """A home for each unit, by where its community lives, near its post or away from it; -1 if nowhere."""
    homes = np.full(len(group), -1, dtype=np.int32)
    for g in np.unique(group):
        for is_local in (True, False):
            chosen = (group == g) & (local == is_local)
            weight = lives[:, g] * (near if is_local else ~near)
            if chosen.any() and weight.sum() > 0:
                cumulative = np.cumsum(weight) / weight.sum()
                homes[chosen] = np.searchsorted(cumulative, _spread(chosen.sum()))
    return homes
