// Names beside places without overlaps: the important first, each on the first free side.

import { shortName } from "../logic/format.js";

const RANK = { capital: 0, regional_capital: 1, city: 2, town: 3, base: 4, crossing: 5 };
const SIDES = [[1, 0.35], [-1, 0.35], [0, -1], [0, 1], [1, -0.6], [-1, -0.6], [1, 1.2], [-1, 1.2]];

/** A name as short as a map needs it. */
export function labelText({ name }) {
  const short = shortName(name);
  return short.length > 20 ? short.split(" and ")[0] : short;
}

/** Order in which places get their names: by kind, then by population. */
export function labelOrder(places) {
  return places
    .map((_, i) => i)
    .sort((a, b) => (RANK[places[a].kind] ?? 3) - (RANK[places[b].kind] ?? 3) || places[b].population - places[a].population);
}

/** Size and weight of a name on a map whose signs are `scale` times as large as on the smallest. */
export function labelStyle(place, scale) {
  const size = 1 + (scale - 1) * 0.6;
  if (place.kind === "capital") return { size: 13.5 * size, weight: 700 };
  if (place.kind === "regional_capital") return { size: 12.5 * size, weight: 600 };
  return { size: 11 * size, weight: 400 };
}

/**
 * Greedy placement.
 * items: [{index, text, x, y, radius, size, weight, width}] in order of importance; a name may cover neither another
 * name nor a box of `taken` [[left, top, right, bottom]] nor a mark of `marks` [{x, y, radius}] that is not its own, unless it is `forced`. Returns [{...item, tx, ty, anchor}].
 */
export function placeLabels(items, marks, width, height, taken = []) {
  const boxes = [...taken];
  const placed = [];
  const all = items.flatMap((item) => (item.forced ? [item, { ...item, over: true }] : [item]));
  const done = new Set();
  for (const item of all) {
    if (done.has(item.index)) continue;
    for (const [dx, dy] of SIDES) {
      const gap = item.radius + 5;
      const anchor = dx > 0 ? "start" : dx < 0 ? "end" : "middle";
      const tx = item.x + dx * gap;
      const ty = item.y + (dx === 0 ? dy * (gap + (dy > 0 ? item.size * 0.75 : 0)) : dy * item.size);
      const left = anchor === "start" ? tx : anchor === "end" ? tx - item.width : tx - item.width / 2;
      const box = [left - 1, ty - item.size * 0.8, left + item.width + 1, ty + item.size * 0.25];
      if (box[0] < 2 || box[1] < 2 || box[2] > width - 2 || box[3] > height - 2) continue;
      if (boxes.some((other) => overlap(box, other))) continue;
      if (!item.over && marks.some((m) => m.index !== item.index && covers(box, m))) continue;
      boxes.push(box);
      done.add(item.index);
      placed.push({ ...item, tx, ty, anchor });
      break;
    }
  }
  return placed;
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const covers = ([left, top, right, bottom], { x, y, radius }) =>
  Math.hypot(x - Math.min(Math.max(x, left), right), y - Math.min(Math.max(y, top), bottom)) < radius * 0.9;
