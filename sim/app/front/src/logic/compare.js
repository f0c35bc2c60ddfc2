// What if: this world beside the untouched one, under the same random numbers.

import { dayLost, seriesOf } from "./decode.js";
import { nameIn, percent, whole } from "./format.js";
import { heldBy } from "./charts.js";

const NEVER = Infinity;

/** The factions of the government's side; where the case does not say, those of the side "government". */
export const governmentSide = (geo) =>
  geo.factions.map((_, f) => f).filter((f) => (geo.government_side ? geo.government_side.includes(geo.factions[f].id) : geo.factions[f].side === "government"));

const last = (campaign, name, factions) => factions.reduce((sum, f) => sum + (seriesOf(campaign, name, f)?.[campaign.days] ?? 0), 0);

/** Mean of a share over factions at the end, by soldiers. */
function mean(campaign, name, factions) {
  const soldiers = factions.map((f) => seriesOf(campaign, "soldiers", f)[campaign.days]);
  const total = soldiers.reduce((a, b) => a + b, 0);
  return total ? factions.reduce((sum, f, i) => sum + seriesOf(campaign, name, f)[campaign.days] * soldiers[i], 0) / total : 0;
}

/** Rows of the table, of the government's side where nothing else is said: {label, format, base, now}. */
export function differences(geo, baseline, campaign) {
  const side = governmentSide(geo);
  const capital = geo.places.findIndex((p) => p.kind === "capital");
  const rows = [];
  if (capital >= 0) rows.push({ label: `${nameIn(geo.places, geo.places[capital])} falls, day`, format: dayText, ...both((c) => dayLost(c, capital) ?? NEVER) });
  rows.push(
    { label: "Places lost", format: whole, ...both((c) => side.reduce((n, f) => n + heldBy(c, f)[0] - heldBy(c, f)[c.days], 0)) },
    { label: "Soldiers at the end", format: whole, ...both((c) => last(c, "soldiers", side)) },
    { label: "Morale at the end", format: percent, ...both((c) => mean(c, "morale", side)) },
    { label: "Deserted", format: whole, ...both((c) => last(c, "deserted", side)) },
    { label: "Surrendered", format: whole, ...both((c) => last(c, "surrendered", side)) },
    { label: "Killed, all sides", format: whole, ...both((c) => last(c, "killed", geo.factions.map((_, f) => f))) },
    { label: "Displaced at the end", format: whole, ...both((c) => c.columns.displaced_total.data[c.days]) },
  );
  return rows;
  function both(measure) {
    return { base: measure(baseline), now: measure(campaign) };
  }
}

export const dayText = (day) => (day === NEVER ? "never" : `${day}`);

/** Places whose first change of hands comes on another day: [{place, base, now}], the most people first. */
export function shiftedPlaces(geo, baseline, campaign) {
  return geo.places
    .map((p, place) => ({ place, population: p.population, base: dayLost(baseline, place) ?? NEVER, now: dayLost(campaign, place) ?? NEVER }))
    .filter(({ base, now }) => base !== now)
    .sort((a, b) => b.population - a.population);
}
