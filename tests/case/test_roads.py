"""The road network: distances against closed forms, neighbours against the table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_case import write_toy_case

from sim.case import case_folder, load_case, shipped_cases
from sim.case.roads import EARTH_RADIUS_KM, ROAD_CLASSES, great_circle_km, neighbours, road_distances_km

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_the_way_along_a_line_is_the_sum_of_its_roads(tmp_path):
    case = load_case(write_toy_case(tmp_path, places=5, road_km=30))
    steps = np.arange(5)
    np.testing.assert_allclose(road_distances_km(case), 30.0 * abs(steps[:, None] - steps))


def test_the_shorter_way_is_taken(tmp_path):
    folder = write_toy_case(tmp_path, places=4, road_km=30)
    with (folder / "roads.csv").open("a") as file:
        file.write("base,capital,85,track,,made_up\n")
    distances = road_distances_km(load_case(folder))
    assert distances[0, 3] == 85  # not 90
    assert distances[0, 2] == 60  # not 85 + 30


@pytest.mark.parametrize("name", shipped_cases())
def test_shipped_distances_are_a_metric_and_not_under_the_great_circle(name):
    case = load_case(case_folder(name))
    distances = road_distances_km(case)
    assert np.isfinite(distances).all() and (distances == distances.T).all()
    assert (np.diag(distances) == 0).all() and (distances + np.eye(len(distances)) > 0).all()
    assert (distances[:, None, :] <= distances[:, :, None] + distances[None, :, :] + 1e-9).all()
    lat, lon = case.places[["lat", "lon"]].to_numpy().T
    assert (distances >= 0.99 * great_circle_km(lat[:, None], lon[:, None], lat, lon)).all()


@pytest.mark.parametrize("name", shipped_cases())
def test_neighbours_tell_every_road_twice_and_pad_the_rest(name):
    case = load_case(case_folder(name))
    near = neighbours(case)
    assert len({array.shape for array in near}) == 1
    seen = []
    for place, road_row in enumerate(near.neighbour_road):
        for slot, road in enumerate(road_row):
            other, km = near.neighbour[place, slot], near.neighbour_km[place, slot]
            if road < 0:
                assert other == place and np.isinf(km)
                continue
            row = case.roads.iloc[road]
            assert {row["a"], row["b"]} == {case.place_ids[place], case.place_ids[other]}
            assert km == row["km"] and ROAD_CLASSES[near.neighbour_class[place, slot]] == row["road_class"]
            seen.append(road)
    assert sorted(seen) == sorted([*range(len(case.roads))] * 2)
    assert (near.neighbour_road[:, -1] >= 0).any()  # no wider than the place with the most roads


@given(lat=latitudes, lon=longitudes, other_lat=latitudes, other_lon=longitudes)
def test_great_circle_agrees_with_the_angle_between_vectors(lat, lon, other_lat, other_lon):
    def vector(lat_deg, lon_deg):
        phi, theta = np.radians([lat_deg, lon_deg])
        return np.array([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])

    a, b = vector(lat, lon), vector(other_lat, other_lon)
    angle = np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    assert great_circle_km(lat, lon, other_lat, other_lon) == pytest.approx(EARTH_RADIUS_KM * angle, abs=1e-3)


def test_great_circle_of_known_cities():
    # Aleppo to Damascus by a geodesic on the ellipsoid: 309.1 km.
    assert great_circle_km(36.2012, 37.1612, 33.5102, 36.2913) == pytest.approx(309.1, rel=0.006)
