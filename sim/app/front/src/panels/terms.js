// Why morale moves: the terms of its target, a bar each, to the right what lifts, to the left what lowers.

import { factionName, nameIn, percent, plainText, value, whole } from "../logic/format.js";
import { h } from "../ui/dom.js";

const SMALLEST = 0.005;

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

export function termBars(state, { terms, units, note }) {
  const { geo } = state;
  const tables = Object.entries(terms ?? {});
  if (!tables.length) return [h("h3", {}, "Why their morale moves"), h("p.hint", {}, note ? plainText(note, geo) : "Nobody stands here whose morale could move.")];
  const most = Math.max(...tables.flatMap(([, t]) => Object.values(t).map(Math.abs)), 0.5);
  return [
    h("h3", {}, "Why their morale moves"),
    h("p.hint", {}, note ? plainText(note, geo) : "Each term of the target that morale drifts to, in logits: right lifts, left lowers."),
    tables.map(([faction, table]) => block(faction, table, most, state)),
    units?.length ? unitTable(units, geo) : null,
  ];
}

function block(id, table, most, state) {
  const { geo, palette } = state;
  const f = geo.factions.findIndex((faction) => faction.id === id);
  const sum = Object.values(table).reduce((a, b) => a + b, 0);
  const rows = Object.entries(table).filter(([, x]) => Math.abs(x) >= SMALLEST).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  return h("table.terms", {},
    h("caption", {}, h("i", { style: `background:${palette.factions[f]}` }), f < 0 ? id : factionName(geo.factions[f]), h("span", {}, `heads for ${percent(sigmoid(sum))}`)),
    h("tbody", {}, rows.map(([name, x]) => h("tr", {},
      h("th", { scope: "row" }, name.replaceAll("_", " ")),
      h("td.bar", {}, h("i", { class: x < 0 ? "down" : "up", style: `width:${(50 * Math.abs(x)) / most}%` })),
      h("td.n", {}, (x > 0 ? "+" : "") + value(Number(x.toFixed(2))))))));
}

function unitTable(units, geo) {
  const names = new Map(geo.places.flatMap((p, i) => [p.id, i].map((key) => [key, nameIn(geo.places, p)])));
  const faction = (f) => geo.factions[f] ?? geo.factions.find(({ id }) => id === f);
  return h("details.units", {}, h("summary", {}, `Unit by unit (${units.length})`),
    h("table", {},
      h("thead", {}, h("tr", {}, ["", "soldiers", "morale", "home", "order"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, units.map((u) => h("tr", {},
        h("td", {}, faction(u.faction) ? factionName(faction(u.faction)) : ""), h("td.n", {}, whole(u.soldiers)), h("td.n", {}, percent(u.morale)),
        h("td", {}, names.get(u.home) ?? "elsewhere"), h("td", {}, [u.mobile ? "mobile" : "static", u.order].filter(Boolean).join(", ")))))));
}
