"""The drawn ground: a frame around the places, a projection, and the GeoJSON layers as SVG paths.

Equirectangular, with east-west distances shrunk by the cosine of the middle latitude: shapes and distances
are right to a few percent over a country, and places are put where their coordinates say.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WIDTH = 720.0
"""Width of the drawing in SVG units; labels are about 12 of them high."""

_MIN_SPAN_DEGREES = 1.0
_MARGIN_SHARE = 0.07
_TALLEST, _WIDEST = 1.05, 0.6  # height over width
_LAYERS = ("neighbour", "country", "admin1", "lake", "river")


@dataclass(frozen=True)
class Frame:
    """The part of the world that is drawn, in degrees, and its scale."""

    west: float
    south: float
    east: float
    north: float

    @property
    def _east_scale(self) -> float:
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def scale(self) -> float:
        """SVG units per degree of latitude."""
        return WIDTH / ((self.east - self.west) * self._east_scale)

    @property
    def height(self) -> float:
        """Height of the drawing in SVG units."""
        return (self.north - self.south) * self.scale

    def project(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """[n, 2] SVG coordinates, y downwards."""
        return np.stack(
            [(lon - self.west) * self.scale * self._east_scale, (self.north - lat) * self.scale], axis=-1
        )

    @property
    def km(self) -> float:
        """SVG units per kilometre."""
        return self.scale / 111.2


@dataclass(frozen=True)
class Basemap:
    """Layers in drawing order, each (layer, path data), and the names of neighbours where there is room."""

    paths: list[tuple[str, str]]
    names: list[tuple[str, float, float]]


def frame_around(lon: np.ndarray, lat: np.ndarray, limits: list[float] | None = None) -> Frame:
    """A frame with a margin around points, shaped for a screen, within the basemap's extent."""
    middle = (float(lat.min()) + float(lat.max())) / 2
    shrink = math.cos(math.radians(middle))
    wide = max(float(np.ptp(lon)) * shrink, _MIN_SPAN_DEGREES) * (1 + 2 * _MARGIN_SHARE)
    tall = max(float(np.ptp(lat)), _MIN_SPAN_DEGREES) * (1 + 2 * _MARGIN_SHARE)
    wide, tall = max(wide, tall / _TALLEST), max(tall, wide * _WIDEST)
    centre = (float(lon.min()) + float(lon.max())) / 2
    west, east = centre - wide / shrink / 2, centre + wide / shrink / 2
    south, north = middle - tall / 2, middle + tall / 2
    if limits:
        west, south = (
            max(west, min(limits[0], float(lon.min()))),
            max(south, min(limits[1], float(lat.min()))),
        )
        east, north = (
            min(east, max(limits[2], float(lon.max()))),
            min(north, max(limits[3], float(lat.max()))),
        )
    return Frame(west, south, east, north)


def read_basemap(path: Path | None) -> dict[str, Any]:
    """The GeoJSON collection; an empty one where the case has no such file."""
    if path is None or not path.is_file():
        return {"features": []}
    collection: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return collection


def draw_basemap(collection: dict[str, Any], frame: Frame) -> Basemap:
    """Project what the frame shows; what lies outside it is left out."""
    paths = []
    names = []
    features = collection.get("features", [])
    for layer in _LAYERS:
        for feature in features:
            if feature["properties"]["layer"] != layer:
                continue
            rings = [r for r in _lines(feature["geometry"], frame) if _touches(r, frame)]
            if not rings:
                continue
            closed = layer not in ("river",)
            paths.append((layer, "".join(_path(ring, closed) for ring in rings)))
            if layer == "neighbour" and (spot := _roomy_spot(rings, frame, feature["properties"]["name"])):
                names.append((feature["properties"]["name"], *spot))
    return Basemap(paths, names)


def _lines(geometry: dict[str, Any], frame: Frame) -> Iterator[np.ndarray]:
    """The rings or lines of a geometry, projected."""
    parts = geometry["coordinates"]
    depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
    if depth == 0:
        parts = [parts]
    elif depth == 2:
        parts = [ring for polygon in parts for ring in polygon]
    for part in parts:
        points = np.asarray(part, dtype=float)
        yield frame.project(points[:, 0], points[:, 1])


def _touches(points: np.ndarray, frame: Frame) -> bool:
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(high[0] >= 0 and high[1] >= 0 and low[0] <= WIDTH and low[1] <= frame.height)


def _path(points: np.ndarray, closed: bool) -> str:
    """SVG path data to a tenth of a unit, without steps shorter than that."""
    tenths = np.round(points * 10).astype(int)
    keep = np.ones(len(tenths), dtype=bool)
    keep[1:] = (np.diff(tenths, axis=0) != 0).any(axis=1)
    steps = tenths[keep]
    if len(steps) < 2:  # too small to be seen
        return ""
    start, moves = steps[0], np.diff(steps, axis=0)
    relative = " ".join(f"{x / 10:g},{y / 10:g}" for x, y in moves.tolist())
    return f"M{start[0] / 10:g},{start[1] / 10:g}l{relative}{'z' if closed else ''}"


def _roomy_spot(rings: list[np.ndarray], frame: Frame, name: str) -> tuple[float, float] | None:
    """The point inside a polygon farthest from its outline and the frame; None where the name has no room."""
    x, y = np.meshgrid(np.arange(12, WIDTH, 24), np.arange(12, frame.height, 24))
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    inside = np.zeros(len(grid), dtype=bool)
    for ring in rings:
        inside ^= _inside(grid, ring)
    if not inside.any():
        return None
    grid = grid[inside]
    corners = np.concatenate(rings)
    room = np.sqrt(((grid[:, None, :] - corners[None, ::3, :]) ** 2).sum(axis=2)).min(axis=1)
    edge = np.minimum.reduce(
        [grid[:, 0], WIDTH - grid[:, 0], 1.6 * grid[:, 1], 1.6 * (frame.height - grid[:, 1])]
    )
    room = np.minimum(room, edge)
    best = int(room.argmax())
    return (float(grid[best, 0]), float(grid[best, 1])) if room[best] > 4.6 * len(name) else None


def _inside(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """[n] bool: crossing-number test for a closed ring (Shimrat 1962, doi:10.1145/368637.368653)."""
    x, y = points[:, 0][:, None], points[:, 1][:, None]
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    spans = (y0 > y) != (y1 > y)
    rise = np.where(y1 == y0, 1.0, y1 - y0)
    return (spans & (x < x0 + (y - y0) / rise * (x1 - x0))).sum(axis=1) % 2 == 1
