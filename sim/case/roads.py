"""The road network of a case: lengths, ways, neighbours."""

from typing import NamedTuple, get_args

import numpy as np
import pandas as pd

from sim.case.case import Case
from sim.case.vocabulary import RoadClass

ROAD_CLASSES: tuple[str, ...] = get_args(RoadClass)
"""The order that ``Neighbours.neighbour_class`` counts in."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the WGS84 ellipsoid, (2a + b) / 3 (Moritz 2000, Geodetic Reference System 1980)."""


class Neighbours(NamedTuple):
    """The roads at each place, padded to the most roads D that any place has; P places."""

    neighbour: np.ndarray
    """[P, D] int: place at the other end; the place itself as padding."""
    neighbour_km: np.ndarray
    """[P, D] km; inf as padding."""
    neighbour_class: np.ndarray
    """[P, D] int: index into ROAD_CLASSES; 0 as padding."""
    neighbour_road: np.ndarray
    """[P, D] int: row of the roads table; -1 as padding."""


def great_circle_km(lat_a: np.ndarray, lon_a: np.ndarray, lat_b: np.ndarray, lon_b: np.ndarray) -> np.ndarray:
    """Distance over a sphere between points in degrees, elementwise, km.

    Haversine formula: Sinnott, R. W. (1984), Virtues of the haversine, Sky and Telescope 68(2), 159.
    The sphere is off the ellipsoid by up to 0.6 %.
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_chord = (
        np.sin((phi_b - phi_a) / 2) ** 2
        + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(np.subtract(lon_b, lon_a)) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))


def road_ends(places: pd.DataFrame, roads: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Positions of both ends of each road in the places table [R]; -1 where the place is unknown."""
    index = pd.Index(places["id"])
    return index.get_indexer(pd.Index(roads["a"])), index.get_indexer(pd.Index(roads["b"]))


def road_distances_km(case: Case) -> np.ndarray:
    """Length of the shortest way by road between any two places [P, P], km (Dijkstra)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    size = len(case.places)
    ends = road_ends(case.places, case.roads)
    graph = coo_array((case.roads["km"].to_numpy(), ends), shape=(size, size))
    return shortest_path(graph.tocsr(), method="D", directed=False)


def neighbours(case: Case) -> Neighbours:
    """The roads at each place, in the order of roads.csv."""
    road_class = {name: i for i, name in enumerate(ROAD_CLASSES)}
    at: list[list[tuple[int, float, int, int]]] = [[] for _ in case.place_ids]
    a, b = road_ends(case.places, case.roads)
    details = zip(case.roads["km"], case.roads["road_class"], strict=True)
    for road, (km, name) in enumerate(details):
        at[a[road]].append((b[road], km, road_class[name], road))
        at[b[road]].append((a[road], km, road_class[name], road))
    most = max(len(roads) for roads in at)
    padded = [roads + [(place, np.inf, 0, -1)] * (most - len(roads)) for place, roads in enumerate(at)]
    columns = np.array(padded, dtype=float).reshape(len(at), most, 4)
    return Neighbours(
        neighbour=columns[..., 0].astype(np.int64),
        neighbour_km=columns[..., 1],
        neighbour_class=columns[..., 2].astype(np.int64),
        neighbour_road=columns[..., 3].astype(np.int64),
    )
