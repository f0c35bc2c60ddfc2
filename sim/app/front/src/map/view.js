// One map on the page: three canvases (ground, what lives, names), zoom, hover, selection, keyboard.

import { select } from "d3-selection";
import { zoom as zoomBehaviour, zoomIdentity } from "d3-zoom";
import { shortName } from "../logic/format.js";
import { canvasPen, textWidth } from "../pen/canvas.js";
import { h } from "../ui/dom.js";
import * as draw from "./draw.js";
import { projectGround } from "./ground.js";
import { labelOrder, labelStyle, placeLabels } from "./labels.js";
import { describePlace, describeUnit } from "./tip.js";

const LAYERS = ["ground", "live", "names"];
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * A map of `campaignOf(state)`. options: {campaignOf, chance: state => bool, label, test, tip}.
 * Returns {element, picture(pen, width, height), destroy}.
 */
export function createMap(store, { campaignOf, chance, label, test, tip }) {
  const canvases = Object.fromEntries(LAYERS.map((name) => [name, h("canvas", { "aria-hidden": "true" })]));
  const element = h(
    "div.map",
    { tabindex: 0, role: "application", "aria-label": label, "aria-roledescription": "map", test },
    Object.values(canvases),
  );
  const map = { ground: null, view: null, labels: [], hovered: null, frame: 0 };
  const dirty = new Set();
  let programmatic = false;

  const behaviour = zoomBehaviour()
    .scaleExtent([1, 14])
    .on("zoom", ({ transform }) => {
      map.view = { ...map.view, ...pick(transform) };
      redraw(...LAYERS);
      if (!programmatic) store.set({ zoom: toShared(map) });
    });
  const selection = select(element).call(behaviour);

  function redraw(...layers) {
    layers.forEach((layer) => dirty.add(layer));
    if (!map.frame) map.frame = requestAnimationFrame(paint);
  }

  function paint() {
    map.frame = 0;
    const { state } = store;
    if (!map.ground || !state.palette) return dirty.clear();
    const painters = painterOf(state, map, campaignOf(state), chance(state));
    for (const layer of LAYERS.filter((name) => dirty.has(name))) {
      const canvas = canvases[layer];
      const ctx = canvas.getContext("2d");
      const ratio = canvas.width / map.view.width;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, map.view.width, map.view.height);
      painters[layer](canvasPen(ctx));
    }
    dirty.clear();
  }

  function resize() {
    const { clientWidth: width, clientHeight: height } = element;
    const { geo } = store.state;
    if (!geo?.places || width < 40 || height < 40) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    for (const canvas of Object.values(canvases)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    map.ground = projectGround(geo, width, height);
    // Signs and names grow with the panel: a map on a wall is read from afar.
    const size = Math.min(Math.max(Math.min(width / 700, height / 500), 1), 1.6);
    map.view = { ...map.view, width, height, size };
    behaviour.extent([[0, 0], [width, height]]).translateExtent(widened(map.ground, width, height));
    follow();
    redraw(...LAYERS);
  }

  /** Take over the zoom that all maps of the page share. */
  function follow() {
    if (!map.ground) return;
    const { zoom } = store.state;
    const { width, height } = map.ground;
    programmatic = true;
    const transform = zoomIdentity.translate(width / 2, height / 2).scale(zoom.k).translate(-zoom.cx * width, -zoom.cy * height);
    selection.call(behaviour.transform, transform);
    programmatic = false;
  }

  const place = (event) => nearest(map, store.state.geo, ...local(event, element));
  const onMove = (event) => {
    if (event.pointerType === "touch" || event.buttons) return hover(null);
    hover(place(event), event);
  };

  function hover(index, event) {
    const { state } = store;
    map.hovered = index;
    element.classList.toggle("over", index !== null);
    const campaign = campaignOf(state);
    if (!campaign) return tip.hide();
    const box = element.getBoundingClientRect();
    const show = (content, x, y) => tip.show(content, box.left + x, box.top + y);
    if (index !== null) return show(describePlace(state, campaign, index), ...screen(map, index));
    const unit = event && !chance(state) && state.layers.units ? unitAt(map, state, campaign, ...local(event, element)) : null;
    unit ? show(describeUnit(state, unit), unit.x, unit.y) : tip.hide();
  }

  function onKey(event) {
    const { state } = store;
    if (event.key in DIRECTIONS) {
      const from = map.hovered ?? state.selected ?? labelOrder(state.geo.places)[0];
      hover(neighbourIn(map, from, DIRECTIONS[event.key]));
    } else if (event.key === "Enter" && map.hovered !== null) store.set({ selected: map.hovered, tab: "place" });
    else if (event.key === "+" || event.key === "=") selection.call(behaviour.scaleBy, 1.5);
    else if (event.key === "-") selection.call(behaviour.scaleBy, 1 / 1.5);
    else if (event.key === "0") store.set({ zoom: HOME });
    else if (event.key === "Escape") { hover(null); store.set({ selected: null }); } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  element.addEventListener("pointermove", onMove);
  element.addEventListener("pointerleave", () => hover(null));
  element.addEventListener("blur", () => hover(null));
  element.addEventListener("keydown", onKey);
  element.addEventListener("click", (event) => {
    const index = place(event);
    store.set(index === null ? { selected: null } : { selected: index, tab: "place" });
  });
  const observer = new ResizeObserver(resize);
  observer.observe(element);
  const offs = [
    store.on(["geo"], resize),
    store.on(["zoom"], follow),
    store.on(["t", "campaign", "baseline", "ensemble", "mapMode", "layers"], () => redraw("live")),
    store.on(["palette", "selected"], () => redraw(...LAYERS)),
  ];

  return {
    element,
    redraw: () => redraw(...LAYERS),
    zoomBy: (factor) => selection.call(behaviour.scaleBy, factor),
    /** The map as it stands, drawn with any pen at the size on screen. */
    picture(pen, what) {
      const { state } = store;
      const painters = painterOf(state, map, campaignOf(state), chance(state));
      pen.group({ clip: [0, 0, map.view.width, map.view.height] }, () => LAYERS.forEach((layer) => painters[layer](pen)));
      draw.drawCaption(pen, state.geo, Math.floor(state.t + 1e-6), map.view, state.palette, what);
      return [map.view.width, map.view.height];
    },
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(map.frame);
      offs.forEach((off) => off());
    },
  };
}

export const HOME = { k: 1, cx: 0.5, cy: 0.5 };

const pick = ({ k, x, y }) => ({ k, x, y });

function toShared({ view, ground }) {
  return { k: view.k, cx: (ground.width / 2 - view.x) / view.k / ground.width, cy: (ground.height / 2 - view.y) / view.k / ground.height };
}

/** The basemap's extent, and never less than the panel: d3-zoom would else pull the map about. */
function widened({ extent: [[left, top], [right, bottom]] }, width, height) {
  return [[Math.min(left, 0), Math.min(top, 0)], [Math.max(right, width), Math.max(bottom, height)]];
}

/** A painter for each layer, closed over the moment. */
function painterOf(state, map, campaign, showsChance) {
  const { geo, palette, t, layers, selected, ensemble } = state;
  const { ground, view } = map;
  const day = Math.floor(t + 1e-6);
  // Side by side, a ring marks what differs.
  const versus = state.mapMode === "compare" && campaign === state.campaign ? state.baseline : null;
  return {
    ground: (pen) => draw.drawGround(pen, ground, view, palette),
    live(pen) {
      const control = campaign && !showsChance ? campaign.row("control", day) : null;
      draw.drawRoads(pen, geo, ground, view, palette, control);
      if (!campaign) return;
      if (!showsChance && layers.displaced) {
        const flowDay = Math.ceil(t - 1e-6);
        draw.drawFlows(pen, campaign, ground, view, palette, flowDay, t === flowDay ? 1 : Math.min(1, 0.25 + (t - flowDay + 1) * 1.5));
      }
      const look = showsChance
        ? (i) => ({ fill: palette.share(ensemble.fallen(day, i)), ringed: recordedFallen(geo, i, day) })
        : (i) => ({ ...draw.placeLook(campaign, i, day, palette), ringed: versus && versus.at("control", day, i) !== campaign.at("control", day, i) });
      draw.drawPlaces(pen, geo, ground, view, palette, look, selected);
      if (!showsChance && layers.units) draw.drawUnits(pen, draw.unitMarks(campaign, geo, ground, view, t), palette);
    },
    names(pen) {
      if (layers.names) draw.drawLabels(pen, labelsFor(geo, map, selected), palette);
      draw.drawScale(pen, 14, view.height - 14, ground.pxPerKm * view.k, palette);
    },
  };
}

function recordedFallen(geo, place, day) {
  const fallen = geo.recorded.fallen_day[place];
  return fallen !== undefined && fallen !== null && fallen <= day;
}

function labelsFor(geo, map, selected) {
  const grow = draw.growth(map.view);
  const marks = geo.places.map((place, index) => {
    const [x, y] = screen(map, index);
    return { index, x, y, radius: draw.placeRadius(place.population) * grow };
  });
  const order = labelOrder(geo.places);
  if (selected !== null) order.unshift(...order.splice(order.indexOf(selected), 1));
  const minor = map.view.k > 1.8;
  const items = order
    .filter((i) => minor || i === selected || !["crossing", "base"].includes(geo.places[i].kind))
    .map((index) => {
      const style = labelStyle(geo.places[index], map.view.size);
      const text = shortName(geo.places[index].name);
      return { ...marks[index], ...style, forced: style.weight > 400, text, width: textWidth(text, style.size, style.weight) };
    });
  return placeLabels(items, marks, map.view.width, map.view.height);
}

const screen = ({ ground, view }, place) => {
  const [x, y] = ground.places[place];
  return [view.x + view.k * x, view.y + view.k * y];
};

const local = (event, element) => {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

/** The place under a point, or null. */
function nearest(map, geo, x, y) {
  if (!map.ground) return null;
  let best = null;
  let least = Infinity;
  const grow = draw.growth(map.view);
  geo.places.forEach((place, i) => {
    const [px, py] = screen(map, i);
    const away = Math.hypot(px - x, py - y) - draw.placeRadius(place.population) * grow;
    if (away < least) [best, least] = [i, away];
  });
  return least < 7 ? best : null;
}

/** The unit on the road under a point, or null. */
function unitAt(map, { geo, t }, campaign, x, y) {
  if (!map.ground) return null;
  const marks = draw.unitMarks(campaign, geo, map.ground, map.view, t);
  return marks.findLast((mark) => Math.hypot(mark.x - x, mark.y - y) < mark.r + 5) ?? null;
}

/** The nearest place in a direction, within a quarter turn of it; the same place where there is none. */
function neighbourIn(map, from, [dx, dy]) {
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
