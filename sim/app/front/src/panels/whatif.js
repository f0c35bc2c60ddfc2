// What if: the changed world beside the untouched one, as a table, paired curves and places that fall on other days.

import { heldBy } from "../logic/charts.js";
import { dayText, differences, governmentSide, shiftedPlaces } from "../logic/compare.js";
import { recordedCampaign, seriesOf } from "../logic/decode.js";
import { nameIn, percent, short, signed, plural } from "../logic/format.js";
import { svgPen } from "../pen/svg.js";
import { fill, h } from "../ui/dom.js";
import { drawPair } from "./pair-draw.js";

export function createWhatIf(store) {
  const element = h("section", { "aria-label": "What if" });
  const record = h("p.agreement");
  const show = () => {
    const { state } = store;
    if (state.tab !== "whatif" || !state.campaign || !state.palette) return;
    const { baseline, campaign } = state;
    fill(record, agreement(state));
    if (!baseline) return void fill(element, h("p.hint", {}, "The untouched world is on its way."));
    if (same(baseline, campaign)) return void fill(element, record, nothing());
    const width = element.parentElement.clientWidth - 34; // none while the page is laid out
    fill(element, intro(store), record, table(state), width < 60 ? null : pairs(state, width), shifted(state));
  };
  new ResizeObserver(show).observe(element);
  store.on(["day"], ({ tab, campaign }) => { if (tab === "whatif" && campaign) fill(record, agreement(store.state)); });
  store.on(["tab", "campaign", "baseline", "palette", "mapMode"], show);
  return { element };
}

const same = (a, b) => a === b || (a.days === b.days && ["control", "series"].every((name) => equal(a.columns[name].data, b.columns[name].data)));
const equal = (a, b) => a.length === b.length && a.every((x, i) => x === b[i] || (x !== x && b[i] !== b[i]));

/** How far a day is as the record has it. */
function agreement({ geo, campaign, day }) {
  const history = recordedCampaign(geo, campaign).row("control", day);
  const alike = campaign.row("control", day).reduce((n, f, place) => n + (f === history[place]), 0);
  return [h("b", {}, `${alike} of ${campaign.places}`), ` places are held as recorded ${day ? `on day ${day}` : "on the eve"}.`];
}

const nothing = () => [
  h("p", {}, "This is the untouched world."),
  h("p.hint", {}, "Change a lever or a decision: the campaign is simulated again with the same random numbers - every soldier meets the same luck - so what differs is what you did."),
];

function intro(store) {
  const { mapMode } = store.state;
  const two = mapMode === "compare";
  return h("p.whatif-head", {}, h("span", {}, "Your world beside the untouched one, under the same random numbers."),
    h("button", { test: "two-maps", "aria-pressed": `${two}`, onclick: () => store.set({ mapMode: two ? "control" : "compare" }) }, two ? "One map" : "Two maps"));
}

function table({ geo, baseline, campaign }) {
  return h("table.differences", {},
    h("thead", {}, h("tr", {}, ["", "untouched", "yours", "difference"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, differences(geo, baseline, campaign).map(({ label, base, now, format }) => h("tr", {},
      h("th", { scope: "row" }, label), h("td", {}, format(base)), h("td", {}, h("b", {}, format(now))), h("td", {}, gap(base, now, format))))),
    h("tfoot", {}, h("tr", {}, h("td", { colspan: 4 }, "Of the government's side, where nothing else is said."))));
}

function gap(base, now, format) {
  if (base === now) return "=";
  if (format === dayText) return Number.isFinite(base) && Number.isFinite(now) ? `${signed(now - base)} days` : now > base ? "held" : "lost";
  if (format === percent) return `${signed(100 * (now - base), (x) => x.toFixed(0).replace("-", "−"))} pts`;
  return signed(now - base);
}

/** Two pairs of curves for the government's side: soldiers, and places held. */
function pairs(state, width) {
  const { geo, baseline, campaign, palette } = state;
  const side = governmentSide(geo);
  const sum = (curves) => curves[0].map((_, day) => curves.reduce((total, c) => total + c[day], 0));
  const measures = [
    ["Soldiers, government's side", (c) => sum(side.map((f) => seriesOf(c, "soldiers", f)))],
    ["Places held, government's side", (c) => sum(side.map((f) => heldBy(c, f)))],
  ];
  return measures.map(([title, measure]) => {
    const pen = svgPen();
    drawPair(pen, { days: campaign.days, base: measure(baseline), now: measure(campaign), colour: palette.factions[side[0]], format: short }, width, 132, palette);
    const picture = h("div");
    picture.innerHTML = pen.document(width, 132, title);
    return h("figure.pair", {}, h("figcaption", {}, h("b", {}, title)), picture);
  });
}

function shifted(state) {
  const rows = shiftedPlaces(state.geo, state.baseline, state.campaign);
  if (!rows.length) return h("p.hint", {}, "Every place changes hands on the same day as in the untouched world.");
  return [
    h("h3", {}, `${plural(rows.length, "place")} first ${rows.length === 1 ? "changes" : "change"} hands on another day`),
    h("table.differences", {},
      h("thead", {}, h("tr", {}, ["", "untouched", "yours"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.map(({ place, base, now }) => h("tr", {},
        h("th", { scope: "row" }, nameIn(state.geo.places, state.geo.places[place])), h("td", {}, dayText(base)), h("td", {}, h("b", {}, dayText(now))))))),
  ];
}
