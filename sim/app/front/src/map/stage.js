// The middle of the page: the day, who holds how much, the map (or two of them), its modes, layers and legend.

import { factionName, longDate, plural } from "../logic/format.js";
import { chanceMap, otherWorld, WORLDS } from "../logic/decode.js";
import { dayWords, heldWords, holders } from "../logic/news.js";
import { textWidth } from "../pen/canvas.js";
import { fill, h, icon } from "../ui/dom.js";
import { CREDIT } from "./draw.js";
import { createLegend, legendFits } from "./legend.js";
import { createTip } from "./tip.js";
import { createMap, HOME } from "./view.js";

const MODES = [
  ["control", "Who holds it", "Who holds each place"],
  ["compare", "Compare", "Your world beside the untouched one, or beside the record"],
  ["chance", "Chance of fall", "Share of an ensemble's runs in which each place has fallen"],
];

export function createStage(store, session) {
  const tip = createTip();
  const main = createMap(store, {
    campaignOf: (state) => state.campaign,
    chance: (state) => state.mapMode === "chance" && Boolean(state.ensemble),
    label: "Map of the campaign. Arrows move from place to place, Enter selects, plus and minus zoom, 0 shows all.",
    test: "map",
    tip,
    covers: () => [...maps.querySelectorAll(".modes, .zooms, .legend, .credit")],
  });
  const other = createMap(store, {
    campaignOf: otherWorld,
    chance: () => false,
    label: "Map of the other world",
    test: "map-baseline",
    tip,
  });
  const versus = h("select", { "aria-label": "What your world is compared with", test: "versus", onchange: (event) => store.set({ versus: event.target.value }) },
    ["baseline", "record"].map((name) => h("option", { value: name }, WORLDS[name])));
  const yours = h("figure.pane", {}, h("figcaption", {}, WORLDS.yours), main.element);
  const shipped = h("figure.pane", { hidden: true }, h("figcaption", {}, versus), other.element);
  const legend = createLegend(store);
  const maps = h("div.maps", {}, shipped, yours, controls(store, session, main), legend,
    h("p.credit", {}, CREDIT));
  const element = h("section.stage", { "aria-label": "Map" }, header(store), maps, tip.element);

  legend.addEventListener("toggle", main.redraw);
  store.on(["mapMode"], ({ mapMode }) => {
    shipped.hidden = mapMode !== "compare";
    maps.classList.toggle("two", mapMode === "compare");
    legend.open = mapMode !== "compare" && legendFits();
  });
  return { element, main, other };
}

function header(store) {
  const day = h("h2", { test: "day" });
  const held = h("div.held", { role: "img" });
  const status = h("p.unseen", { test: "status" });
  function show(state) {
    const { geo, campaign, day: d, playing } = state;
    if (!geo?.places) return;
    fill(day, h("b", {}, d === 0 ? "Eve" : `Day ${d}`), h("span", {}, longDate(geo.first_day, d)));
    if (!campaign) return;
    const order = holders(campaign, d);
    held.setAttribute("aria-label", `Places held: ${heldWords(geo, campaign, d)}`);
    const roomy = ({ n, f }) => (held.clientWidth * n) / geo.places.length > textWidth(`${factionName(geo.factions[f])} ${n}`, 12.5, 600) + 12;
    fill(held, order.map(({ n, f }) =>
      h("span", { style: `flex-grow:${n};background:${state.palette.factions[f]};color:${state.palette.onFactions[f]}`, title: `${factionName(geo.factions[f])}: ${plural(n, "place")}` }, roomy({ n, f }) ? `${factionName(geo.factions[f])} ${n}` : `${n}`)));
    if (!playing) status.textContent = dayWords(state);
  }
  store.on(["day", "campaign", "palette", "playing", "geo"], show);
  return h("header.now", {}, day, held, status);
}

function controls(store, session, main) {
  const modes = MODES.map(([mode, name, title]) =>
    h("button", { onclick: () => choose(store, session, mode), title, test: `mode-${mode}`, "aria-pressed": "false" }, name));
  const show = ({ mapMode }) => modes.forEach((b, i) => b.setAttribute("aria-pressed", `${MODES[i][0] === mapMode}`));
  store.on(["mapMode"], show);
  show(store.state);
  const zoom = (name, label, act) => h("button", { onclick: act, "aria-label": label, title: label }, icon(name));
  return [
    h("div.modes.segmented", { role: "group", "aria-label": "What the map shows" }, modes),
    h("div.zooms", { role: "group", "aria-label": "Zoom" },
      zoom("plus", "Zoom in", () => main.zoomBy(1.6)),
      zoom("minus", "Zoom out", () => main.zoomBy(1 / 1.6)),
      zoom("fit", "Show all", () => store.set({ zoom: HOME })),
      zoom("wide", "Large map (F)", () => store.set({ wide: !store.state.wide }))),
  ];
}

/** A chance needs an ensemble: without one it is begun, and the map changes once it is there. */
function choose(store, session, mode) {
  const { ensemble, ensembleRun, campaign } = store.state;
  if (mode === "chance" && !ensemble) {
    store.set({ tab: "ensemble" });
    if (!ensembleRun && campaign) session.ensemble();
  } else if (mode === "chance") store.set(chanceMap(store.state));
  else store.set({ mapMode: mode, ...(mode === "compare" ? { tab: "whatif" } : {}) });
}
