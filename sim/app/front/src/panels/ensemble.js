// Chances: many campaigns of the same world with other luck; bands, the map of chances, the day of fall of each place.

import { chanceMap } from "../logic/decode.js";
import { chance, nameIn, plural } from "../logic/format.js";
import { luckOf } from "../logic/request.js";
import { fill, h } from "../ui/dom.js";
import { fallHistogram } from "./histogram.js";

const MOST_PLACES = 60;

export function createEnsemble(store, session) {
  const start = h("button.primary", { test: "ensemble", onclick: session.ensemble });
  const stop = h("button", { test: "ensemble-cancel", onclick: session.cancel }, "Stop");
  const bar = h("progress", { test: "ensemble-progress", max: 1, value: 0, "aria-label": "Campaigns simulated" });
  const count = h("span.hint");
  const running = h("div.running", { hidden: true }, bar, count, stop);
  const body = h("div");
  const element = h("section.ensemble", { "aria-label": "Chances" }, h("div.start", {}, start, running), body);

  function progress({ ensembleRun, options }) {
    start.textContent = `Run ${plural(options?.limits?.ensemble_runs ?? 200, "campaign")}`;
    start.hidden = Boolean(ensembleRun);
    running.hidden = !ensembleRun;
    if (!ensembleRun) return;
    bar.max = ensembleRun.total;
    bar.value = ensembleRun.done;
    count.textContent = `${ensembleRun.done} of ${ensembleRun.total}`;
  }

  function show() {
    const { state } = store;
    progress(state);
    if (state.tab !== "ensemble" || !state.palette) return;
    if (!state.ensemble) {
      return void fill(body, h("p.hint", {}, "One campaign is one draw of luck. Many of them, with this scenario, these levers and these decisions, show what follows from the rules and what from chance: bands on the charts, the chance of fall on the map, and for each place the day on which it falls beside the recorded day."));
    }
    fill(body, headline(state), h("h3", {}, "Day of fall, place by place"), h("p.hint", {}, "Bars: runs by day; on the right, the share in which it never falls. Mark: the day on record."), list(state, store));
  }

  // A finished ensemble is worth looking at: the map shows it when this tab is open.
  store.on(["ensemble"], (state) => {
    if (state.ensemble && state.tab === "ensemble") store.set(chanceMap(state));
    else if (!state.ensemble && state.mapMode === "chance") store.set({ mapMode: "control" });
  });
  store.on(["ensemble", "ensembleRun", "tab", "palette", "options", "geo"], show);
  return { element };
}

function headline({ geo, ensemble, untouchedEnsembles, request }) {
  const capital = geo.places.findIndex((p) => p.kind === "capital");
  if (capital < 0) return null;
  const counts = Array.from(ensemble.fallDays(capital));
  const fallen = counts.slice(0, -1).reduce((a, b) => a + b, 0);
  const untouched = untouchedEnsembles[luckOf(request)];
  const recorded = geo.recorded.fallen_day[capital] ?? null;
  const half = medianDay(counts, fallen);
  const beside = untouched && untouched !== ensemble ? h("small", { test: "untouched-chance" }, `untouched ${chance(untouched.fallen(untouched.days, capital))}`) : null;
  return h("p.headline", {}, h("strong", {}, chance(fallen / ensemble.runs), beside),
    h("span", {}, `of ${ensemble.runs} runs: ${nameIn(geo.places, geo.places[capital])} falls${half ? `, in half of these by day ${half}` : ""}. ${recorded === null ? "In history it did not." : `In history it fell on day ${recorded}.`}`));
}

function medianDay(counts, fallen) {
  let sum = 0;
  for (let i = 0; i < counts.length - 1; i++) if ((sum += counts[i]) >= fallen / 2 && fallen) return i + 1;
  return null;
}

/** Places that fall in some run or in the record, the recorded first in their order. */
function list(state, store) {
  const { geo, ensemble } = state;
  const recorded = (i) => geo.recorded.fallen_day[i] ?? Infinity;
  const places = geo.places.map((_, i) => i)
    .filter((i) => recorded(i) < Infinity || ensemble.fallDays(i).slice(0, -1).some((n) => n))
    .sort((a, b) => recorded(a) - recorded(b) || geo.places[b].population - geo.places[a].population);
  return h("ul.falls", {}, places.slice(0, MOST_PLACES).map((i) => h("li", {},
    h("button", { onclick: () => store.set({ selected: i, tab: "place" }) }, nameIn(geo.places, geo.places[i])), fallHistogram(state, i))));
}
