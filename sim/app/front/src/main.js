// The page: an anywidget module. The server simulates whole campaigns; everything else happens here.

import { createClock } from "./logic/clock.js";
import { fromHash, toHash } from "./logic/link.js";
import { untouched } from "./logic/request.js";
import { createSession } from "./logic/session.js";
import { createStore } from "./logic/store.js";
import { watchTheme } from "./logic/theme.js";
import { createStage } from "./map/stage.js";
import { HOME } from "./map/view.js";
import { createCharts } from "./panels/charts.js";
import { createEnsemble } from "./panels/ensemble.js";
import { createHeader } from "./panels/header.js";
import { createLevers } from "./panels/levers.js";
import { createLog } from "./panels/log.js";
import { createPlace } from "./panels/place.js";
import { createPlayback } from "./panels/playback.js";
import { createProblems } from "./panels/problems.js";
import { keepFile } from "./panels/share.js";
import { createTimeline } from "./panels/timeline.js";
import { createWhatIf } from "./panels/whatif.js";
import { h } from "./ui/dom.js";
import { shortcuts } from "./ui/shortcuts.js";
import { createTabs } from "./ui/tabs.js";

const TABS = ["charts", "place", "log", "whatif", "ensemble"];

function render({ model, el }) {
  // Served alone it is the page, and the address is its own; in a notebook it is a guest.
  const alone = "solara_cdn" in window || el.id === "page";
  const root = h(`div.hf${alone ? "" : ".guest"}`, { lang: "en" });
  const opened = alone ? openLink(model.get("options")?.scenarios) : { saved: null, problems: [] };
  const store = createStore(firstState(model, opened));
  const session = createSession(model, store, { onFile: keepFile });
  const clock = createClock(store);
  const theme = watchTheme(store, root);
  const stage = createStage(store, session);
  const timeline = createTimeline(store, session, clock);
  const side = createTabs(store, "Panels", [
    { name: "charts", label: "Charts", element: createCharts(store, clock).element },
    { name: "place", label: "Place", element: createPlace(store, session).element, test: "place-panel" },
    { name: "log", label: "Log", element: createLog(store, clock).element, test: "log" },
    { name: "whatif", label: "What if", element: createWhatIf(store).element, test: "whatif" },
    { name: "ensemble", label: "Chances", element: createEnsemble(store, session).element },
  ]);
  root.append(
    createHeader(store, session, theme, stage).element,
    createProblems(store).element,
    createLevers(store, session).element,
    h("main.centre", {}, stage.element, createPlayback(store, session, clock), timeline.element),
    side.element,
    h("div.busy", { "aria-hidden": "true" }),
  );
  el.append(root);
  store.on(["busy"], ({ busy }) => root.classList.toggle("working", busy));
  store.on(["campaign"], ({ campaign }) => root.classList.toggle("empty", !campaign));
  store.on(["ensembleRun"], ({ ensembleRun: run }) => side.label("ensemble", run ? `Chances ${Math.floor((100 * run.done) / run.total)} %` : "Chances"));
  store.on(["wide"], ({ wide }) => root.classList.toggle("wide", wide));

  const traits = ["geo", "levers", "options"];
  const follow = traits.map((name) => [`change:${name}`, () => takeOver(store, name, model.get(name))]);
  follow.forEach(([event, listener]) => model.on(event, listener));
  const offShortcuts = shortcuts(store, alone ? document : root, clock, session);
  const offLink = alone ? keepLink(store) : () => {};
  store.announce();
  session.simulate();
  return () => {
    follow.forEach(([event, listener]) => model.off(event, listener));
    clock.pause();
    session.destroy();
    theme.destroy();
    stage.main.destroy();
    stage.other.destroy();
    offShortcuts();
    offLink();
    root.remove();
  };
}

/** Another case: what belongs to the last one goes with it. A link's own view stays for the first campaign. */
function takeOver(store, name, value) {
  const fresh = store.state.campaign && { campaign: null, baseline: null, ensemble: null, ensembleRun: null, placeAnswer: null, selected: null, shownFactions: null, zoom: HOME, t: 0, day: 0, speed: speedFor(value) };
  store.set({ ...(name === "geo" ? fresh : null), [name]: value });
}

/** A campaign of months plays faster than one of days. */
const speedFor = (geo) => (geo?.days > 40 ? 4 : 1);

function firstState(model, { saved, problems }) {
  const options = model.get("options") ?? {};
  const { tab, mapMode, zoom } = saved?.view ?? {};
  const t = saved?.day ?? 0;
  return {
    geo: model.get("geo"), levers: model.get("levers") ?? [], options,
    request: saved?.request ?? untouched(options.scenario ?? options.scenarios?.[0]?.name ?? model.get("geo")?.case, options.seed ?? 1),
    t, day: Math.floor(t), playing: false, speed: speedFor(model.get("geo")), busy: false, canUndo: false, canRedo: false,
    campaign: null, baseline: null, ensemble: null, ensembleRun: null, placeAnswer: null, problems,
    selected: Number.isInteger(saved?.view.place) ? saved.view.place : null,
    tab: TABS.includes(tab) ? tab : "charts",
    mapMode: ["control", "compare"].includes(mapMode) ? mapMode : "control",
    layers: { units: true, displaced: true, names: true }, shownFactions: null, moreCharts: false, wide: false, versus: "baseline",
    zoom: zoom && [zoom.k, zoom.cx, zoom.cy].every(Number.isFinite) ? zoom : HOME,
    theme: "light", palette: null,
  };
}

function openLink(scenarios) {
  try {
    const saved = fromHash(location.hash);
    if (saved && scenarios && !scenarios.some(({ name }) => name === saved.request.scenario)) {
      throw new Error(`This link does not fit: there is no scenario ${saved.request.scenario} here.`);
    }
    return { saved, problems: [] };
  } catch (error) {
    return { saved: null, problems: [`${error.message} Here is the page as it comes.`] };
  }
}

/** Keep the address in step with what is shown, some moments after it has come to rest. */
function keepLink(store) {
  let timer;
  const write = () => {
    const { request, day, tab, mapMode, selected, zoom } = store.state;
    const view = { tab, mapMode, ...(selected === null ? {} : { place: selected }), ...(zoom.k === 1 ? {} : { zoom }) };
    history.replaceState(history.state, "", toHash({ request, day, view }));
  };
  const later = () => {
    if (store.state.playing) return;
    clearTimeout(timer);
    timer = setTimeout(write, 150);
  };
  const off = store.on(["request", "day", "tab", "mapMode", "selected", "zoom", "playing"], later);
  return () => { clearTimeout(timer); off(); };
}

export default { render };
