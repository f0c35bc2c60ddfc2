// The drawn ground of a case: projected once for a size of the panel, as paths that zoom by themselves.

import { geoArea, geoMercator, geoPath } from "d3-geo";
import { shape } from "../pen/shape.js";

const MARGINS_PX = { left: 34, top: 50, right: 62, bottom: 36 }; // room for names and for what stands on the map
const TOP_PX = 64; // below the buttons
const ORDER = ["neighbour", "country", "admin1", "lake", "river"];

/** d3 takes rings the other way round than RFC 7946: a polygon larger than half the globe is turned. */
function turned(geometry) {
  const fix = (rings) =>
    geoArea({ type: "Polygon", coordinates: rings }) > 2 * Math.PI ? rings.map((ring) => [...ring].reverse()) : rings;
  if (geometry.type === "Polygon") return { ...geometry, coordinates: fix(geometry.coordinates) };
  if (geometry.type === "MultiPolygon") return { ...geometry, coordinates: geometry.coordinates.map(fix) };
  return geometry;
}

const wound = new WeakMap();
const EMPTY = { features: [] };
function featuresOf(basemap) {
  if (!wound.has(basemap)) {
    const features = (basemap.features ?? []).map((f) => ({ ...f, geometry: turned(f.geometry) }));
    wound.set(basemap, features.sort((a, b) => ORDER.indexOf(a.properties.layer) - ORDER.indexOf(b.properties.layer)));
  }
  return wound.get(basemap);
}

/** Project a case onto width x height pixels: {layers, sea, places: [[x, y]], names, pxPerKm, extent}. */
export function projectGround(geo, width, height) {
  const points = { type: "MultiPoint", coordinates: geo.places.map((p) => [p.lon, p.lat]) };
  const small = Math.min(1, width / 640, height / 440);
  const margin = Object.fromEntries(Object.entries(MARGINS_PX).map(([side, px]) => [side, px * small]));
  const projection = geoMercator()
    .precision(0)
    .fitExtent([[margin.left, margin.top], [width - margin.right, height - margin.bottom]], points);
  const toPath = geoPath(projection);
  const features = featuresOf(geo.basemap ?? EMPTY);
  const layers = features.map((feature) => ({
    layer: feature.properties.layer,
    name: feature.properties.name,
    shape: shape(toPath(feature) ?? ""),
    bounds: toPath.bounds(feature),
  }));
  const places = geo.places.map((p) => projection([p.lon, p.lat]));
  const [west, south, east, north] = geo.basemap?.bbox ?? [-180, -80, 180, 80];
  const [[left, top], [right, bottom]] = [projection([west, north]), projection([east, south])];
  const middle = projection.invert([width / 2, height / 2]);
  return {
    width,
    height,
    layers,
    extent: [[left, top], [right, bottom]],
    sea: shape(`M${left},${top}H${right}V${bottom}H${left}Z`),
    places,
    names: foreignNames(features, projection, places, width, height),
    pxPerKm: (projection.scale() / 6371) / Math.cos((middle[1] * Math.PI) / 180),
  };
}

/** Where the names of neighbours have most room, off places and their names, in view pixels. */
function foreignNames(features, projection, places, width, height) {
  const named = (x, y) => places.some(([px, py]) => Math.abs(y - py) < 18 && x > px - 110 && x < px + 160);
  const names = [];
  for (const feature of features.filter((f) => f.properties.layer === "neighbour")) {
    const rings = ringsOf(feature.geometry).map((ring) => ring.map(projection));
    let best = null;
    for (let x = 30; x < width - 20; x += 22) {
      for (let y = TOP_PX; y < height - 16; y += 22) {
        if (named(x, y) || !inside(rings, x, y)) continue;
        const room = Math.min(clearance(rings, x, y), x - 8, width - x - 8, 2 * (y - 8), 2 * (height - y - 8));
        if (!best || room > best.room) best = { x, y, room, name: feature.properties.name };
      }
    }
    if (best && best.room > 4.4 * best.name.length) names.push(best);
  }
  return names;
}

const ringsOf = ({ type, coordinates }) => (type === "Polygon" ? coordinates : coordinates.flat());

function inside(rings, x, y) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

function clearance(rings, x, y) {
  let least = Infinity;
  for (const ring of rings) for (let i = 0; i < ring.length; i += 3) least = Math.min(least, Math.hypot(ring[i][0] - x, ring[i][1] - y));
  return least;
}
