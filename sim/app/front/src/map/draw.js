// The map in words of the pen: the same code paints the screen and writes the SVG.

import { inkOn, mix } from "./palette.js";
import { unitsAt } from "./units.js";

export const placeRadius = (population) => 2.6 + 9.4 * Math.sqrt(Math.min(population, 2.5e6) / 2.5e6);
export const unitRadius = (soldiers) => 2.4 + 6.2 * Math.sqrt(Math.min(soldiers, 8000) / 8000);
export const flowWidth = (people) => 0.8 + 7.2 * Math.sqrt(Math.min(people, 60000) / 60000);
/** How much larger than on a small map unzoomed the signs of a view are drawn. */
export const growth = (view) => view.size * Math.min(view.k ** 0.3, 2);
export const ABROAD = 65535;
/** Natural Earth asks for no credit; its borders are drawn by de facto control, which has to be said. */
export const CREDIT = "Made with Natural Earth; borders de facto";
const ROADS = { motorway: 2.6, primary: 1.8, secondary: 1.1, track: 1 };

/** Sea, land, borders, water. `view` = {k, x, y, width, height}: zoom and shift in pixels. */
export function drawGround(pen, ground, view, palette) {
  const line = (width) => (width * view.size) / view.k ** 0.85;
  const styles = {
    neighbour: { fill: palette.abroad, stroke: palette.border, width: line(0.5) },
    country: { fill: palette.land, stroke: palette.border, width: line(1.3) },
    admin1: { stroke: palette.inner, width: line(0.9), dash: [line(4), line(2.5)] },
    lake: { fill: palette.water },
    river: { stroke: palette.water, width: line(1.25), cap: "round" },
  };
  pen.group({ x: view.x, y: view.y, k: view.k }, () => {
    pen.shape(ground.sea, { fill: palette.sea });
    for (const { layer, shape } of ground.layers) pen.shape(shape, styles[layer]);
  });
  for (const { x, y, name } of ground.names) {
    pen.text(view.x + view.k * x, view.y + view.k * y, name.toUpperCase(), { size: 11.5, spacing: 2.2, anchor: "middle", fill: palette.foreign });
  }
}

const at = (ground, view, place) => {
  const [x, y] = ground.places[place];
  return [view.x + view.k * x, view.y + view.k * y];
};

/** Roads; where both ends are held by the same faction, in a breath of its colour. */
export function drawRoads(pen, geo, ground, view, palette, control) {
  for (const [a, b, , kind] of geo.roads) {
    const ends = [at(ground, view, a), at(ground, view, b)];
    const holder = control && control[a] === control[b] ? control[a] : -1;
    const stroke = holder < 0 ? palette.road : palette.roads[holder];
    const width = (ROADS[kind] ?? 1) * Math.min(growth(view), 2);
    pen.line(ends, { stroke, width, dash: kind === "track" ? [2, 3] : undefined, cap: "round" });
  }
}

/** Displaced people of a day, as arcs from place to place and stubs across the border. */
export function drawFlows(pen, campaign, ground, view, palette, day, alpha) {
  const range = campaign.flows.get(day);
  if (!range || alpha <= 0) return;
  const { flow_from, flow_to, flow_people } = campaign.columns;
  for (let i = range[0]; i < range[1]; i++) {
    const a = at(ground, view, flow_from.data[i]);
    const b = flow_to.data[i] === ABROAD ? outward(a, ground, view) : at(ground, view, flow_to.data[i]);
    const width = flowWidth(flow_people.data[i]) * view.size;
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = Math.hypot(dx, dy);
    if (length < 4) continue;
    const c = [(a[0] + b[0]) / 2 + 0.2 * dy, (a[1] + b[1]) / 2 - 0.2 * dx];
    const style = { stroke: palette.flow, width, alpha: 0.34 * alpha, cap: "butt" };
    pen.curve(a, c, shorten(b, c, width + 3), style);
    arrow(pen, shorten(b, c, 1), c, width + 2.5, { fill: palette.flow, alpha: 0.55 * alpha });
  }
}

/** A point off the nearest side of the drawn country's middle. */
function outward([x, y], ground, view) {
  const [cx, cy] = [view.x + (view.k * ground.width) / 2, view.y + (view.k * ground.height) / 2];
  const length = Math.max(Math.hypot(x - cx, y - cy), 1);
  return [x + (46 * (x - cx)) / length, y + (46 * (y - cy)) / length];
}

function shorten([bx, by], [cx, cy], by_px) {
  const length = Math.max(Math.hypot(bx - cx, by - cy), 1e-6);
  return [bx - (by_px * (bx - cx)) / length, by - (by_px * (by - cy)) / length];
}

function arrow(pen, [x, y], [fromX, fromY], size, style) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const corner = (turn, r) => [x + r * Math.cos(angle + turn), y + r * Math.sin(angle + turn)];
  pen.line([[x, y], corner(2.7, size * 1.5), corner(-2.7, size * 1.5)], style, true);
}

/** Units on the roads at a time in days, each {...unit, x, y, angle, r}, on the right-hand side of its road. */
export function unitMarks(campaign, geo, ground, view, time) {
  return unitsAt(campaign, time * geo.ticks_per_day).map((unit) => {
    const [a, b] = [at(ground, view, unit.from), at(ground, view, unit.to)];
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const r = unitRadius(unit.soldiers) * Math.min(growth(view), 2.2);
    const aside = 1.5 + r * 0.35;
    const x = a[0] + (b[0] - a[0]) * unit.progress - aside * Math.sin(angle);
    const y = a[1] + (b[1] - a[1]) * unit.progress + aside * Math.cos(angle);
    return { ...unit, x, y, angle, r };
  });
}

/** Darts, larger for more soldiers, paler for low morale. */
export function drawUnits(pen, marks, palette) {
  for (const { x, y, angle, r, faction, morale, alpha } of marks) {
    dart(pen, x, y, angle, r, palette, palette.factions[faction], morale, alpha);
  }
}

export function dart(pen, x, y, angle, r, palette, colour, morale, alpha = 1) {
  const corner = (turn, length) => [x + length * Math.cos(angle + turn), y + length * Math.sin(angle + turn)];
  const points = [corner(0, 1.45 * r), corner(2.45, 1.2 * r), corner(Math.PI, 0.55 * r), corner(-2.45, 1.2 * r)];
  pen.line(points, { fill: palette.paper, stroke: palette.paper, width: 2.2, alpha: 0.9 * alpha }, true);
  pen.line(points, { fill: mix(palette.paper, colour, 0.12 + 0.88 * Math.min(1, morale * 1.4)), stroke: colour, width: 1.1, alpha }, true);
}

const MARKS = {
  base: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
  crossing: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
};

/** A mark of a place: its form tells the kind, `style` the holder. */
export function drawMark(pen, kind, x, y, r, style) {
  const corners = MARKS[kind];
  if (corners) pen.line(corners.map(([dx, dy]) => [x + r * dx, y + r * dy]), style, true);
  else pen.disc(x, y, r, style);
}

/** What a place looks like at the end of a day: {fill, lostBy, contested}. */
export function placeLook(campaign, place, day, palette) {
  const holder = campaign.at("control", day, place);
  const before = campaign.at("control", Math.max(day - 1, 0), place);
  return {
    fill: palette.factions[holder],
    lostBy: before === holder ? null : palette.factions[before],
    contested: campaign.at("contested", day, place) > 0,
  };
}

/** All places; `look(place)` says how each looks, radius grows gently with the zoom. */
export function drawPlaces(pen, geo, ground, view, palette, look, selected) {
  const grow = growth(view);
  geo.places.forEach((place, i) => {
    const [x, y] = at(ground, view, i);
    if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) return;
    drawPlace(pen, place.kind, x, y, placeRadius(place.population) * grow, palette, look(i));
  });
  if (selected !== null) {
    const [x, y] = at(ground, view, selected);
    const r = placeRadius(geo.places[selected].population) * grow + 6.5;
    pen.disc(x, y, r, { stroke: palette.paper, width: 4.5 });
    pen.disc(x, y, r, { stroke: palette.ring, width: 2 });
  }
}

/** Just taken: a ring in the colour of who lost it. Contested: hatched, in a dashed ring. Recorded as fallen: a dark ring. */
export function drawPlace(pen, kind, x, y, r, palette, { fill, lostBy, contested, ringed }) {
  if (lostBy) drawMark(pen, kind, x, y, r + 4.6, { fill: palette.paper, stroke: lostBy, width: 2.2 });
  drawMark(pen, kind, x, y, r, { fill, stroke: palette.paper, width: ringed ? 3.4 : 1.2 });
  if (ringed) drawMark(pen, kind, x, y, r + 1, { stroke: palette.ring, width: 1.7 });
  else drawMark(pen, kind, x, y, r + 0.4, { stroke: mix(fill, palette.ring, 0.45), width: 0.8 });
  if (kind === "capital") star(pen, x, y, r * 0.62, inkOn(fill));
  if (!contested) return;
  const reach = r * 0.72;
  for (const shift of [-0.55, 0.15, 0.85]) {
    const c = shift * r;
    pen.line([[x - reach + c / 2, y + reach * 0.6], [x + c / 2 + reach * 0.2, y - reach * 0.6]], { stroke: palette.paper, width: Math.max(1.1, r / 6) });
  }
  pen.disc(x, y, r + 3.4, { stroke: palette.paper, width: 3 });
  pen.disc(x, y, r + 3.4, { stroke: palette.ring, width: 1.6, dash: [3, 2.2] });
}

function star(pen, x, y, r, fill) {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    const length = i % 2 ? r * 0.42 : r;
    return [x + length * Math.cos(angle), y + length * Math.sin(angle)];
  });
  pen.line(corners, { fill }, true);
}

/** Names that `labels.js` has placed. */
export function drawLabels(pen, labels, palette) {
  for (const { text, tx, ty, anchor, size, weight } of labels) {
    pen.text(tx, ty, text, { size, weight, anchor, fill: palette.name, halo: palette.halo });
  }
}

/** A scale bar of a round length at (x, y), its left end. */
export function drawScale(pen, x, y, pxPerKm, palette) {
  const km = [1, 2, 5, 10, 20, 50, 100, 200, 500].findLast((length) => length * pxPerKm <= 110) ?? 1;
  const width = km * pxPerKm;
  pen.line([[x, y - 4], [x, y], [x + width, y], [x + width, y - 4]], { stroke: palette.halo, width: 4 });
  pen.line([[x, y - 4], [x, y], [x + width, y], [x + width, y - 4]], { stroke: palette.ink, width: 1.2 });
  pen.text(x + width / 2, y - 5, `${km} km`, { size: 10.5, anchor: "middle", fill: palette.ink, halo: palette.halo });
}
