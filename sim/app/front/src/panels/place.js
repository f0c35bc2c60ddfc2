// The selected place: who holds it, who stands there, why their morale moves, the model beside the record.

import { dayMonth, factionName, nameIn, percent, plural, whole } from "../logic/format.js";
import { recordedControl } from "../logic/decode.js";
import { KINDS, swatch } from "../map/tip.js";
import { fill, h, icon } from "../ui/dom.js";
import { fallHistogram } from "./histogram.js";
import { termBars } from "./terms.js";

const REST_MS = 130;

export function createPlace(store, session) {
  const element = h("section", { "aria-label": "Place" });
  const why = h("div.why");
  let timer;

  function show() {
    const { state } = store;
    if (state.tab !== "place" || !state.campaign || !state.palette) return;
    if (state.selected === null) return void fill(element, placeList(store));
    fill(element, ...describe(state, store), why);
    ask();
  }

  /** Ask why morale moves once the day rests: playing never asks. */
  function ask() {
    clearTimeout(timer);
    const { selected, playing, tab } = store.state;
    if (selected === null || tab !== "place") return;
    if (playing) return void why.classList.add("stale");
    timer = setTimeout(() => session.place(store.state.selected, store.state.day), REST_MS);
  }

  function answer() {
    const { placeAnswer, state = store.state } = store.state;
    why.classList.remove("stale");
    fill(why, placeAnswer && placeAnswer.place === state.selected ? termBars(state, placeAnswer) : null);
  }

  store.on(["selected"], () => fill(why));
  store.on(["selected", "campaign", "day", "tab", "palette", "ensemble", "playing"], show);
  store.on(["placeAnswer", "palette"], answer);
  return { element };
}

function describe(state, store) {
  const { geo, campaign, day, selected: place, ensemble } = state;
  const { kind, region, population } = geo.places[place];
  const holder = campaign.at("control", day, place);
  const since = heldSince(campaign, place, day);
  const cause = geo.causes[campaign.at("cause", day, place)];
  const hosted = campaign.at("displaced_hosted", day, place);
  const fled = campaign.at("fled", day, place);
  return [
    h("header.place-head", {}, h("div", {}, h("h2", {}, nameIn(geo.places, geo.places[place])), h("p", {}, [KINDS[kind] ?? kind, region, `${whole(population)} people`].filter(Boolean).join(", "))),
      h("button.icon-button", { "aria-label": "Deselect", title: "All places", onclick: () => store.set({ selected: null }) }, icon("close"))),
    h("p.holder", {}, swatch(state, holder), campaign.at("contested", day, place) ? h("em", {}, "contested") : null,
      h("span", {}, since === 0 ? "since before the campaign" : `since day ${since}${cause ? `, by ${cause}` : ""}`)),
    h("h3", {}, "Who stands there"),
    forces(state, place, day),
    fled >= 50 || hosted >= 50 ? h("p.hint", {}, `${whole(fled)} people have fled from here, ${whole(hosted)} displaced people stay here.`) : null,
    h("h3", {}, "Who holds it, day by day"),
    strips(state, place),
    ensemble ? [h("h3", {}, "Day on which it falls"), fallHistogram(state, place)] : null,
  ];
}

function heldSince(campaign, place, day) {
  const holder = campaign.at("control", day, place);
  let since = day;
  while (since > 0 && campaign.at("control", since - 1, place) === holder) since--;
  return since;
}

/** A bar of soldiers and one of morale for each faction that stands there. */
function forces(state, place, day) {
  const { geo, campaign, palette } = state;
  const rows = geo.factions.map((_, f) => ({ f, soldiers: campaign.at("soldiers", day, place, f), morale: campaign.at("morale", day, place, f) / 255 })).filter((r) => r.soldiers >= 1);
  if (!rows.length) return h("p.hint", {}, "No soldiers.");
  let most = 0;
  for (let d = 0; d <= campaign.days; d++) for (let f = 0; f < campaign.factions; f++) most = Math.max(most, campaign.at("soldiers", d, place, f));
  const bar = (share, f) => h("span.bar", {}, h("i", { style: `width:${100 * share}%;background:${palette.factions[f]}` }));
  return h("table.forces", {},
    h("thead", {}, h("tr", {}, h("th", {}, ""), h("th", { colspan: 2 }, "soldiers"), h("th", { colspan: 2 }, "morale"))),
    h("tbody", {}, rows.sort((a, b) => b.soldiers - a.soldiers).map(({ f, soldiers, morale }) => h("tr", {},
      h("th", { scope: "row" }, swatch(state, f)), h("td.n", {}, whole(soldiers)), h("td", {}, bar(soldiers / most, f)), h("td.n", {}, percent(morale)), h("td", {}, bar(morale, f))))));
}

/** Two rows of cells, a cell a day: the holder in this run, and as recorded. */
function strips(state, place) {
  const { geo, campaign, day, palette } = state;
  const eve = campaign.row("control", 0);
  const days = Array.from({ length: campaign.days + 1 }, (_, d) => d);
  const simulated = days.map((d) => campaign.at("control", d, place));
  const recorded = days.map((d) => recordedControl(geo, eve, d)[place]);
  const row = (name, holders) => h(`div.strip${holders.length > 30 ? ".dense" : ""}`, { role: "img", "aria-label": `${name}: ${spans(holders, geo)}` }, h("span", {}, name),
    h("div", {}, holders.map((f, d) => h("i", { class: d === day ? "of-day" : null, style: `background:${palette.factions[f]}`, title: `${d ? `Day ${d}, ${dayMonth(geo.first_day, d)}` : "Eve"}: ${factionName(geo.factions[f])}` }))));
  return h("div.strips", {}, row("this run", simulated), row("recorded", recorded),
    h("div.strip.days", { "aria-hidden": "true" }, h("span"), h("div", {}, h("b", {}, "eve"), h("b", {}, dayMonth(geo.first_day, campaign.days)))));
}

function spans(holders, geo) {
  const parts = [];
  holders.forEach((f, d) => { if (d === 0 || f !== holders[d - 1]) parts.push(`${factionName(geo.factions[f])} from ${d ? `day ${d}` : "the eve"}`); });
  return parts.join(", ");
}

/** All places as a list: the map for those who do not see it, and a way to find one. */
function placeList(store) {
  const { geo, campaign, day } = store.state;
  const order = geo.places.map((_, i) => i).sort((a, b) => geo.places[b].population - geo.places[a].population);
  return [
    h("p.hint", {}, `Click a place on the map, or choose one of ${plural(order.length, "place")}.`),
    h("ul.places", {}, order.map((i) => h("li", {}, h("button", { onclick: () => store.set({ selected: i }) },
      h("b", {}, nameIn(geo.places, geo.places[i])), campaign.at("contested", day, i) ? h("em", {}, "contested") : null, swatch(store.state, campaign.at("control", day, i)))))),
  ];
}
