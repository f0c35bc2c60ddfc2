// One map on the page: three canvases (ground, what lives, names), zoom, hover, selection, keyboard.

import { select } from "d3-selection";
import { zoom as zoomBehaviour, zoomIdentity } from "d3-zoom";
import { canvasPen } from "../pen/canvas.js";
import { h } from "../ui/dom.js";
import { projectGround } from "./ground.js";
import { labelOrder } from "./labels.js";
import { LAYERS, painterOf } from "./paint.js";
import { local, nearest, neighbourIn, relative, screen, unitAt } from "./pick.js";
import { describePlace, describeUnit } from "./tip.js";

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * A map of `campaignOf(state)`. options: {campaignOf, chance: state => bool, label, test, tip, covers: () => elements
 * that lie over it}.
 * Returns {element, redraw, zoomBy(factor), picture(pen), destroy}.
 */
export function createMap(store, { campaignOf, chance, label, test, tip, covers = () => [] }) {
  const canvases = Object.fromEntries(LAYERS.map((name) => [name, h("canvas", { "aria-hidden": "true" })]));
  const element = h(
    "div.map",
    { tabindex: 0, role: "application", "aria-label": label, "aria-roledescription": "map", test },
    Object.values(canvases),
  );
  const map = { ground: null, view: null, taken: [], hovered: null, frame: 0 };
  const dirty = new Set();
  let programmatic = false;

  const behaviour = zoomBehaviour()
    .scaleExtent([1, NEAREST])
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
    if (dirty.has("names")) map.taken = covers().map((other) => relative(other, element));
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
    store.on(["t", "campaign", "baseline", "ensemble", "mapMode", "layers", "versus"], () => redraw("live")),
    store.on(["palette", "selected"], () => redraw(...LAYERS)),
  ];

  return {
    element,
    redraw: () => redraw(...LAYERS),
    zoomBy: (factor) => selection.call(behaviour.scaleBy, factor),
    /** The map as it stands, drawn with any pen at the size on screen. */
    picture(pen) {
      const { state } = store;
      const painters = painterOf(state, map, campaignOf(state), chance(state));
      pen.group({ clip: [0, 0, map.view.width, map.view.height] }, () => LAYERS.forEach((layer) => painters[layer](pen)));
    },
    destroy() {
      observer.disconnect();
      cancelAnimationFrame(map.frame);
      offs.forEach((off) => off());
    },
  };
}

export const NEAREST = 14; // how many times the map is enlarged at most
export const HOME = { k: 1, cx: 0.5, cy: 0.5 };

const pick = ({ k, x, y }) => ({ k, x, y });

function toShared({ view, ground }) {
  return { k: view.k, cx: (ground.width / 2 - view.x) / view.k / ground.width, cy: (ground.height / 2 - view.y) / view.k / ground.height };
}

/** The basemap's extent, and never less than the panel: d3-zoom would else pull the map about. */
function widened({ extent: [[left, top], [right, bottom]] }, width, height) {
  return [[Math.min(left, 0), Math.min(top, 0)], [Math.max(right, width), Math.max(bottom, height)]];
}
