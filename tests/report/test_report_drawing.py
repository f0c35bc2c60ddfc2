"""Maps, axes, colours and words."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.report import text
from sim.report.axis import nice_ticks
from sim.report.basemap import WIDTH, draw_basemap, frame_around
from sim.report.colours import faction_colours, ink_on, probability_ramp
from sim.report.labels import place_labels


def box_of(label):
    wide = 0.5 * label.size * len(label.text)
    left = {"start": label.x, "middle": label.x - wide / 2, "end": label.x - wide}[label.anchor]
    return left, label.y - 0.7 * label.size, left + wide, label.y


def test_a_degree_east_is_as_long_as_the_latitude_says():
    frame = frame_around(np.array([10.0, 20.0]), np.array([55.0, 65.0]))
    (x0, y0), (x1, y1) = frame.project(np.array([14.0, 15.0]), np.array([60.0, 61.0]))
    assert (x1 - x0) / (y0 - y1) == pytest.approx(math.cos(math.radians(60)), rel=1e-3)
    assert y1 < y0  # north is up


@pytest.mark.parametrize(
    "points", [([36.0], [34.0]), ([36.0, 42.0], [34.0, 34.1]), ([36.0, 36.1], [30.0, 38.0])]
)
def test_the_frame_holds_all_points_and_keeps_a_screens_shape(points):
    lon, lat = map(np.array, points)
    frame = frame_around(lon, lat)
    xy = frame.project(lon, lat)
    assert (xy > 0).all() and (xy[:, 0] < WIDTH).all() and (xy[:, 1] < frame.height).all()
    assert 0.5 < frame.height / WIDTH < 1.1


def test_the_frame_stays_on_the_basemap_unless_a_place_lies_outside():
    frame = frame_around(np.array([36.0, 37.0]), np.array([34.0, 35.0]), [35.9, 33.9, 37.1, 35.01])
    assert frame.west == 35.9 and frame.north == 35.01
    assert frame_around(np.array([35.0, 37.0]), np.array([34.0, 35.0]), [36, 33.9, 37.1, 35.1]).west == 35.0


def test_the_basemap_leaves_out_what_is_not_seen():
    def square(west, south, layer, name):
        ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"properties": {"layer": layer, "name": name}, "geometry": geometry}

    frame = frame_around(np.array([36.0, 38.0]), np.array([34.0, 36.0]))
    features = [
        square(36.5, 34.5, "country", "C"),
        square(60, 0, "neighbour", "Far"),
        square(35.9, 34.4, "neighbour", "N"),
    ]
    drawn = draw_basemap({"features": features}, frame)
    assert [layer for layer, _ in drawn.paths] == ["neighbour", "country"]
    ((name, x, y),) = drawn.names
    west, south = frame.project(np.array([35.9]), np.array([34.4]))[0]
    east, north = frame.project(np.array([36.9]), np.array([35.4]))[0]
    assert name == "N" and west < x < east and north < y < south


def test_labels_do_not_overlap_each_other():
    rng = np.random.default_rng(3)
    points = rng.uniform(60, 440, (40, 2))
    names = [f"Long name {i}" for i in range(40)]
    radii, sizes, bold = np.full(40, 4.0), np.full(40, 12.0), np.zeros(40, dtype=bool)
    labels = place_labels(names, points, radii, sizes, bold, list(range(40)), 0, 500, 500)
    assert 10 < len(labels) < 40
    boxes = [box_of(label) for label in labels]
    for i, a in enumerate(boxes):
        assert a[0] > 0 and a[2] < 500
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[:i])


@pytest.mark.parametrize("forced", [0, 1])
def test_the_most_important_keep_their_names_in_a_crowd(forced):
    points = np.array([[100.0, 100.0], *([x, y] for x in range(20, 190, 12) for y in range(20, 190, 12))])
    count = len(points)
    names, radii, sizes, bold = (
        ["Capital"] * count,
        np.full(count, 5.0),
        np.full(count, 12.0),
        np.arange(count) == 0,
    )
    labels = place_labels(names, points, radii, sizes, bold, [0, 1], forced, 200, 200)
    assert [label.bold for label in labels] == [True] * forced


@pytest.mark.parametrize("dark", [False, True])
def test_text_on_every_shade_is_readable(dark):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    ramp = probability_ramp(dark)
    shades = [luminance(colour) for colour in ramp]
    assert len(ramp) == 101
    for colour, shade in zip(ramp, shades, strict=True):
        high, low = sorted((shade, luminance(ink_on(colour))), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5
    steps = np.diff(shades)
    assert (steps > 0).all() if dark else (steps < 0).all()  # lightness alone tells the order


def test_faction_colours_differ_and_do_not_depend_on_ids():
    factions = pd.DataFrame(
        {"id": list("abcdef"), "side": ["government", "rebel", "rebel", "other", "rebel", "government"]}
    )
    colours = faction_colours(factions)
    assert len(set(colours.values())) == 6
    renamed = faction_colours(factions.assign(id=list("uvwxyz")))
    assert list(renamed.values()) == list(colours.values())


@pytest.mark.parametrize("highest", [0.0, 0.3, 1.0, 7, 9.9, 1_234, 48_000, 170_000.5])
def test_axis_ticks_are_round_and_reach_the_data(highest):
    ticks = nice_ticks(highest)
    assert ticks[0] == 0 and ticks[-1] >= highest and 2 <= len(ticks) <= 6
    assert ticks[-1] <= max(2 * highest, 1)
    assert np.allclose(np.diff(ticks), ticks[1])


def test_words():
    assert [text.percent(p) for p in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]
    assert (text.percent(1 / 200), text.percent(199 / 200)) == ("< 1 %", "> 99 %")
    assert [text.rounded(n) for n in (0, 802, 18_703, 1_234_567)] == ["0", "802", "18,700", "1,230,000"]
    assert [text.short_number(n) for n in (0, 0.25, 5000, 40_000, 2.5e6)] == [
        "0",
        "0.25",
        "5,000",
        "40k",
        "2.5M",
    ]
    assert text.listed(["a"]) == "a" and text.listed(["a", "b"]) == "a and b"
    assert text.listed(list("abcde")) == "a, b, c and 2 more"
    assert text.long_date(date(2024, 12, 8)) == "8 December 2024"
    assert (text.plural(1, "run"), text.plural(2000, "run")) == ("1 run", "2,000 runs")
