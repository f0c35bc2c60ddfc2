// The legend: factions of the case, what marks mean, and a switch for each layer.

import { chance, factionName } from "../logic/format.js";
import { svgPen } from "../pen/svg.js";
import { fill, h } from "../ui/dom.js";
import { dart, drawPlace, flowWidth } from "./draw.js";

const LAYERS = [["units", "Units on the road"], ["displaced", "Displaced people"], ["names", "Names"]];

/** On a phone, held either way, the legend would cover the map: it is opened by hand. */
export const legendFits = () => window.innerWidth > 700 && window.innerHeight > 560;

export function createLegend(store) {
  const body = h("div");
  const more = h("div");
  const roomy = window.innerWidth >= 1800;
  const details = h("details.more", { open: roomy }, h("summary", {}, "Marks and layers"), more);
  const element = h("details.legend", { open: legendFits(), test: "legend" }, h("summary", {}, "Legend"), body);
  const show = (state) => {
    if (!state.geo?.places || !state.palette) return;
    fill(body, state.mapMode === "chance" ? ramp(state) : factions(state), details);
    fill(more, marks(state), layers(store));
  };
  store.on(["geo", "palette", "campaign", "mapMode", "ensemble"], show);
  store.on(["day"], (state) => { if (state.mapMode === "chance") show(state); });
  return element;
}

/** Factions that hold a place or are on the road at some time. */
function factions(state) {
  const { geo, campaign, palette } = state;
  const seen = geo.factions.map((_, f) => !campaign || ["control", "move_faction"].some((name) => campaign.columns[name].data.includes(f)));
  return h("ul.keys", {}, geo.factions.map((faction, f) =>
    seen[f] ? h("li", { title: faction.name }, h("i", { style: `background:${palette.factions[f]}` }), factionName(faction)) : null));
}

function ramp({ palette, ensemble, day }) {
  const steps = Array.from({ length: 21 }, (_, i) => h("i", { style: `background:${palette.share(i / 20)}` }));
  return h("div.ramp", {},
    h("p", {}, ensemble ? `Share of ${ensemble.runs} runs in which the place has fallen ${day ? `by the end of day ${day}` : "before the first day: none"}` : "No ensemble has been run yet"),
    h("div", { "aria-hidden": "true" }, steps), h("p", {}, h("span", {}, chance(0)), h("span", {}, chance(1))));
}

function marks(state) {
  const { palette, mapMode } = state;
  const [fillColour, other] = [palette.factions[0], palette.factions[1] ?? palette.muted];
  const differs = [(pen) => drawPlace(pen, "city", 11, 9, 5, palette, { fill: other, ringed: true }), "Held otherwise than on the left"];
  const rows = mapMode === "chance"
    ? [[(pen) => drawPlace(pen, "city", 11, 9, 5, palette, { fill: palette.share(0.5), ringed: true }), "Fallen by then in the record"]]
    : [
      ...(mapMode === "compare" ? [differs] : []),
      [(pen) => drawPlace(pen, "capital", 11, 9, 7, palette, { fill: fillColour }), "Capital"],
      [(pen) => drawPlace(pen, "city", 11, 9, 5, palette, { fill: fillColour, contested: true }), "Contested"],
      [(pen) => drawPlace(pen, "city", 11, 9, 4, palette, { fill: other, lostBy: fillColour }), "Just taken: ring of the loser"],
      [(pen) => drawPlace(pen, "base", 11, 9, 4, palette, { fill: fillColour }), "Military base"],
      [(pen) => drawPlace(pen, "crossing", 11, 9, 3.4, palette, { fill: fillColour }), "Border crossing"],
      [(pen) => { dart(pen, 6, 9, 0, 4.5, palette, other, 0.9); dart(pen, 17, 9, 0, 4.5, palette, other, 0.1); }, "Unit, high and low morale"],
      [(pen) => pen.curve([1, 14], [11, 2], [21, 12], { stroke: palette.flow, width: flowWidth(12000), alpha: 0.4 }), "Displaced people that day"],
    ];
  return h("ul.keys.marks", {}, rows.map(([draw, text]) => h("li", {}, sign(draw), text)));
}

function sign(draw) {
  const pen = svgPen();
  draw(pen);
  const holder = h("span.sign", { "aria-hidden": "true" });
  holder.innerHTML = pen.document(22, 18, "");
  return holder;
}

function layers(store) {
  return h("ul.keys.layers", {}, LAYERS.map(([name, text]) =>
    h("li", {}, h("label", {}, h("input", {
      type: "checkbox",
      checked: store.state.layers[name],
      onchange: (event) => store.set({ layers: { ...store.state.layers, [name]: event.target.checked } }),
    }), text))));
}
