"""Checks of the map: places lie on it, and roads join them all and are as long as the earth makes them."""

from collections.abc import Iterator

import numpy as np

from sim.case.draft import Draft
from sim.case.problems import names_text, problem
from sim.case.roads import great_circle_km, road_ends

SHORTEST_ROAD = 0.99
"""A road may come out shorter than the great circle by 1 %: coordinates and kilometres are rounded."""

LONGEST_ROAD, DETOUR_KM = 4, 50
"""The longest road, as a multiple of the great circle and kilometres more; 1.8 in the shipped cases."""

MOST_ISLANDS = 5
"""So many are named."""


def places_off_the_map(draft: Draft) -> Iterator[str]:
    """Places lie within the basemap: latitude and longitude are easily swapped."""
    if draft.extent is None:
        return
    west, south, east, north = draft.extent
    table = draft.tables["places"]
    lat, lon = table.frame["lat"], table.frame["lon"]
    off = (lat < south) | (lat > north) | (lon < west) | (lon > east)
    for i in off.to_numpy().nonzero()[0]:
        allowed = f"lat {south} to {north}, lon {west} to {east}"
        what = f"{lat[i]}, {lon[i]} is off the basemap"
        yield problem(f"{table.at(table.rows[i])}, columns lat, lon", what, allowed)


def impossible_roads(draft: Draft) -> Iterator[str]:
    """No road leads back to its own place, is shorter than the great circle or many times longer."""
    places, table = draft.tables["places"].frame.drop_duplicates("id"), draft.tables["roads"]
    a, b = road_ends(places, table.frame)
    known = (a >= 0) & (b >= 0)
    straight_km = np.full(len(known), np.nan)
    lat, lon = places["lat"].to_numpy(), places["lon"].to_numpy()
    straight_km[known] = great_circle_km(lat[a[known]], lon[a[known]], lat[b[known]], lon[b[known]])
    columns = (table.frame[name] for name in ("a", "b", "km"))
    for row, start, end, km, least_km in zip(table.rows, *columns, straight_km, strict=True):
        if start and start == end:
            yield problem(table.at(row), f"road from '{start}' to itself", "two different places")
        elif km < SHORTEST_ROAD * least_km:
            allowed = f"{least_km:.1f} or more, the great circle from '{start}' to '{end}' by places.csv"
            yield problem(table.at(row, "km"), f"{km:g}", allowed)
        elif km > (most_km := LONGEST_ROAD * least_km + DETOUR_KM):
            allowed = f"up to {most_km:.0f}; the great circle from '{start}' to '{end}' is {least_km:.1f}"
            yield problem(table.at(row, "km"), f"{km:g}", allowed)


def islands(draft: Draft) -> Iterator[str]:
    """There is a way by road between any two places."""
    places, table = draft.tables["places"].frame.drop_duplicates("id"), draft.tables["roads"]
    a, b = road_ends(places, table.frame)
    known = (a >= 0) & (b >= 0)
    if table.rows and not known.any():  # a column is lacking, which is told already
        return
    island = _islands(a[known], b[known], len(places))
    numbers = np.unique(island)
    count = len(numbers)
    if count > 1:
        members = sorted((places["id"][island == i].tolist() for i in numbers), key=len)
        named = "; ".join(names_text(ids) for ids in members[:MOST_ISLANDS])
        rest = f"; and {count - MOST_ISLANDS} more" if count > MOST_ISLANDS else ""
        what = f"the network falls into {count} islands: {named}{rest}"
        yield problem(table.file, what, "a way by road between any two places")


def _islands(a: np.ndarray, b: np.ndarray, places: int) -> np.ndarray:
    """The least place that each place can reach by roads from ``a`` to ``b`` [P].

    SciPy has this too, but takes longer to import than a case takes to read.
    """
    least = np.arange(places)
    while True:
        before = least.copy()
        np.minimum.at(least, a, least[b])
        np.minimum.at(least, b, least[a])
        if (least == before).all():
            return least
