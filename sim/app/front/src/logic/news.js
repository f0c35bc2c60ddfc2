// What a campaign and a day come to, in a sentence: for those who do not see the page.

import { dayLost, placesHeld } from "./decode.js";
import { dayMonth, factionName, nameIn } from "./format.js";

/** Factions that hold places at the end of a day, most first: [{f, n}]. */
export const holders = (campaign, day) => placesHeld(campaign, day).map((n, f) => ({ n, f })).filter(({ n }) => n).sort((a, b) => b.n - a.n);

export const heldWords = (geo, campaign, day) => holders(campaign, day).map(({ n, f }) => `${factionName(geo.factions[f])} ${n}`).join(", ");

export const dayWords = ({ geo, campaign, day }) =>
  `${day === 0 ? "The eve" : `Day ${day}, ${dayMonth(geo.first_day, day)}`}. Places held: ${heldWords(geo, campaign, day)}.`;

/** "Damascus falls on day 12", of the capital. */
export function fallWords(geo, campaign) {
  const capital = geo.places.findIndex((p) => p.kind === "capital");
  if (capital < 0) return "";
  const day = dayLost(campaign, capital);
  return `${nameIn(geo.places, geo.places[capital])} ${day === null ? "does not fall" : `falls on day ${day}`}`;
}
