// What lies where on a map: from places to pixels, and from pixels to places and units.

import { growth, placeRadius, unitMarks } from "./draw.js";

/** Pixels of a place. */
export const screen = ({ ground, view }, place) => {
  const [x, y] = ground.places[place];
  return [view.x + view.k * x, view.y + view.k * y];
};

/** Pixels of an event, as the element sees them. */
export const local = (event, element) => {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

/** The box of an element as the map sees it. */
export function relative(other, element) {
  const [box, own] = [other.getBoundingClientRect(), element.getBoundingClientRect()];
  return [box.left - own.left, box.top - own.top, box.right - own.left, box.bottom - own.top];
}

/** The place under a point, or null. */
export function nearest(map, geo, x, y) {
  if (!map.ground) return null;
  let best = null;
  let least = Infinity;
  const grow = growth(map.view);
  geo.places.forEach((place, i) => {
    const [px, py] = screen(map, i);
    const away = Math.hypot(px - x, py - y) - placeRadius(place.population) * grow;
    if (away < least) [best, least] = [i, away];
  });
  return least < 7 ? best : null;
}

/** The unit on the road under a point, or null. */
export function unitAt(map, { geo, t }, campaign, x, y) {
  if (!map.ground) return null;
  const marks = unitMarks(campaign, geo, map.ground, map.view, t);
  return marks.findLast((mark) => Math.hypot(mark.x - x, mark.y - y) < mark.r + 5) ?? null;
}

/** The nearest place in a direction, within a quarter turn of it; the same place where there is none. */
export function neighbourIn(map, from, [dx, dy]) {
  const [x, y] = screen(map, from);
  let best = from;
  let least = Infinity;
  map.ground.places.forEach((_, i) => {
    const [px, py] = screen(map, i);
    const ahead = (px - x) * dx + (py - y) * dy;
    const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
    if (ahead <= 0 || aside > ahead) return;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [i, cost];
  });
  return best;
}
