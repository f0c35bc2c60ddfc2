// What the charts show: each as plain data, so that the screen, PNG and SVG draw the same.

import { seriesOf } from "./decode.js";
import { brief, factionName, percent, short, whole } from "./format.js";

const MOST_SHOWN = 4;

export const CHARTS = [
  { name: "soldiers", title: "Soldiers", series: "soldiers", format: short, reading: brief },
  { name: "morale", title: "Morale", series: "morale", format: percent, reading: (x) => whole(100 * x), top: 1 },
  { name: "desertion", title: "Deserted so far", series: "deserted", format: short, reading: brief },
  { name: "prospect", title: "Belief in victory", series: "prospect", format: percent, reading: (x) => whole(100 * x), top: 1 },
  { name: "control", title: "Places held", format: short, reading: brief },
  { name: "displaced", title: "Displaced people", format: short, reading: brief },
];

export const MORE_CHARTS = [
  { name: "killed", title: "Killed so far", series: "killed", format: short, reading: brief },
  { name: "surrendered", title: "Surrendered so far", series: "surrendered", format: short, reading: brief },
  { name: "pay", title: "Pay felt, USD/month", series: "pay_received_usd_month", format: short, reading: brief },
  { name: "arrears", title: "Arrears, days", series: "arrears_days", format: short, reading: brief },
  { name: "treasury", title: "Treasury, USD", series: "treasury_usd", format: short, reading: brief },
  { name: "backers", title: "Backers' commitment", format: percent, reading: (x) => whole(100 * x), top: 1 },
];

/** Factions drawn unless the reader chooses: those with most soldiers that ever gain or lose a place, at most four. */
export function mainFactions(campaign) {
  const soldiers = (f) => campaign.columns.series.data[f * campaign.series.length + campaign.series.indexOf("soldiers")];
  const moved = new Set();
  const [first, last] = [campaign.row("control", 0), campaign.row("control", campaign.days)];
  first.forEach((holder, place) => { if (holder !== last[place]) moved.add(holder).add(last[place]); });
  const rank = (f) => (moved.has(f) ? 1e9 : 0) + soldiers(f);
  const all = Array.from({ length: campaign.factions }, (_, f) => f).filter((f) => soldiers(f) > 0 || moved.has(f));
  return all.sort((a, b) => rank(b) - rank(a)).slice(0, MOST_SHOWN).sort((a, b) => a - b);
}

export const shownFactions = (state) => state.shownFactions ?? (state.baseline || state.campaign ? mainFactions(state.baseline ?? state.campaign) : []);

/** Number of places held by a faction, days 0..n. */
export function heldBy(campaign, faction) {
  return Float32Array.from({ length: campaign.days + 1 }, (_, day) => campaign.row("control", day).reduce((n, f) => n + (f === faction), 0));
}

/** The same as recorded, up to the end of the case. */
export function recordedHeld(geo, campaign, faction) {
  const holders = Array.from(campaign.row("control", 0));
  const held = new Float32Array(campaign.days + 1);
  for (let day = 0; day <= campaign.days; day++) {
    for (const change of geo.recorded.control) if (change.day === day || (day === 0 && change.day < 0)) holders[change.place] = change.faction;
    held[day] = holders.filter((f) => f === faction).length;
  }
  return held;
}

/** One chart: {name, title, format, days, top, fork, lines: [{faction, label, values, base, band, recorded}], dots: [[day, value]]}. */
export const chartOf = (chart, state) => ({ ...dataOf(chart, state), fork: state.request?.act?.day ?? null });

function dataOf(chart, state) {
  const { geo, campaign, baseline, ensemble } = state;
  const versus = baseline && baseline !== campaign ? baseline : null;
  if (chart.name === "displaced") {
    const line = {
      faction: null, label: "Displaced", values: campaign.columns.displaced_total.data, base: versus?.columns.displaced_total.data,
      band: ensemble?.band("displaced_total"),
    };
    const dots = geo.recorded.displaced.filter((d) => d.cumulative && d.day >= 0 && d.day <= campaign.days).map((d) => [d.day, d.people]);
    return finish(chart, campaign.days, [line], dots);
  }
  if (chart.name === "backers") return finish(chart, campaign.days, backerLines(state, versus), []);
  const lines = shownFactions(state).map((faction) => ({
    faction,
    label: factionName(geo.factions[faction]),
    values: chart.series ? seriesOf(campaign, chart.series, faction) : heldBy(campaign, faction),
    base: versus && (chart.series ? seriesOf(versus, chart.series, faction) : heldBy(versus, faction)),
    recorded: chart.series ? null : recordedHeld(geo, campaign, faction),
    band: ensemble?.band(`${geo.factions[faction].id}.${chart.series ?? "held"}`),
  }));
  return finish(chart, campaign.days, lines, []);
}

/** Commitment of each backer of a faction that is shown, in its client's colour. */
function backerLines(state, versus) {
  const { geo, campaign } = state;
  const [, , width] = campaign.columns.backers.shape;
  const values = (c, b) => Float32Array.from({ length: c.days + 1 }, (_, day) => c.row("backers", day)[b * width + 1]);
  return geo.backers
    .map((backer, b) => ({ faction: geo.factions.findIndex((f, i) => f.id === backer.faction || i === backer.faction), label: backer.name, values: values(campaign, b), base: versus && values(versus, b) }))
    .filter(({ faction }) => shownFactions(state).includes(faction));
}

function finish(chart, days, lines, dots) {
  const values = lines.flatMap((l) => [l.values, l.base, l.recorded, l.band?.high]).filter(Boolean);
  const highest = Math.max(...values.map((v) => v.reduce((a, b) => Math.max(a, b), 0)), ...dots.map(([, v]) => v), 1e-9);
  return { ...chart, days, lines, dots, top: chart.top ?? highest };
}
