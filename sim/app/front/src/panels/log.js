// The log in plain words, by day: the day of the map is marked, a click goes to a day.

import { longDate, plainText } from "../logic/format.js";
import { fill, h } from "../ui/dom.js";

export function createLog(store, clock) {
  const list = h("ol.log");
  const element = h("section", { "aria-label": "Log" }, list);
  let days = [];

  function show() {
    const { campaign, geo, palette } = store.state;
    if (!campaign || !palette) return;
    const byDay = new Map();
    for (const entry of campaign.log) (byDay.get(entry.day) ?? byDay.set(entry.day, []).get(entry.day)).push(entry);
    days = [...byDay].sort(([a], [b]) => a - b).map(([day, entries]) => {
      const items = entries.map((entry) => h("li", {}, h("i", { style: `background:${colourOf(entry, store.state)}` }), plainText(entry.text, geo)));
      const head = h("button", { onclick: () => clock.goTo(day), "aria-label": `Go to day ${day}` }, h("b", {}, `Day ${day}`), h("span", {}, longDate(geo.first_day, day)));
      return { day, element: h("li", {}, head, h("ul", {}, items)) };
    });
    fill(list, days.map((d) => d.element), days.length ? null : h("li", {}, h("p.hint", {}, "Nothing happens in this campaign.")));
    mark();
  }

  function mark() {
    const { day, tab } = store.state;
    for (const entry of days) {
      entry.element.classList.toggle("today", entry.day === day);
      entry.element.classList.toggle("future", entry.day > day);
    }
    const last = days.findLast((entry) => entry.day <= day);
    // Only the panel scrolls: scrollIntoView would move the page around it as well.
    if (tab === "log" && last) element.scrollTo({ top: Math.max(0, last.element.offsetTop - element.clientHeight / 3) });
  }

  store.on(["campaign", "palette"], show);
  store.on(["day", "tab"], mark);
  return { element };
}

/** The colour of who holds the place afterwards; grey where no place is concerned. */
function colourOf({ place, day }, { campaign, geo, palette }) {
  const index = typeof place === "string" ? geo.places.findIndex((p) => p.id === place) : place;
  if (index === null || index === undefined || index < 0) return palette.muted;
  return palette.factions[campaign.at("control", Math.min(day, campaign.days), index)];
}
