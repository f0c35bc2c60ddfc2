// The page: an anywidget module. The server simulates whole campaigns; everything else happens here.

import { keepAddress } from "./logic/address.js";
import { createClock } from "./logic/clock.js";
import { fromHash } from "./logic/link.js";
import { untouched } from "./logic/request.js";
import { createSession } from "./logic/session.js";
import { createStore } from "./logic/store.js";
import { watchTheme } from "./logic/theme.js";
import { createStage } from "./map/stage.js";
import { HOME, NEAREST } from "./map/view.js";
import { createCharts } from "./panels/charts.js";
import { createEnsemble } from "./panels/ensemble.js";
import { createHeader } from "./panels/header.js";
import { createLevers } from "./panels/levers.js";
import { createLog } from "./panels/log.js";
import { createNews } from "./panels/news.js";
import { createPlace } from "./panels/place.js";
import { createPlayback } from "./panels/playback.js";
import { createProblems } from "./panels/problems.js";
import { keepFile } from "./panels/share.js";
import { createTimeline } from "./panels/timeline.js";
import { createWhatIf } from "./panels/whatif.js";
import { h } from "./ui/dom.js";
import { shortcuts } from "./ui/shortcuts.js";
import { createTabs } from "./ui/tabs.js";
import { keepTitle } from "./ui/title.js";

const TABS = ["charts", "place", "log", "whatif", "ensemble"];

function render({ model, el }) {
  // Served alone it is the page, and the address is its own; in a notebook it is a guest.
  const alone = "solara_cdn" in window || el.id === "page";
  const root = h(`div.hf${alone ? "" : ".guest"}`, { lang: "en" });
  const opened = alone ? openLink(location.hash, model.get("options")?.scenarios, "Here is the page as it comes.") : NO_LINK;
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
  const playback = createPlayback(store, session, clock);
  root.append(
    h("button.skip", { onclick: () => playback.querySelector(".play").focus() }, "Skip to playback"),
    createHeader(store, session, theme, stage).element,
    createProblems(store).element,
    createLevers(store, session).element,
    h("main.centre", {}, stage.element, playback, timeline.element),
    side.element,
    h("div.busy", { "aria-hidden": "true" }),
    createNews(store).element,
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
  const offTitle = alone ? keepTitle(store) : () => {};
  const offLink = alone ? keepAddress(store, openAddress) : () => {};
  store.announce();
  session.simulate();

  /** Show what a link says that was put in the place of this one. */
  function openAddress(hash) {
    const { saved, problems } = openLink(hash, store.state.options.scenarios, "The page stays as it was.");
    clock.pause();
    if (saved) {
      const elsewhere = saved.request.scenario !== store.state.request.scenario;
      store.set({ ...(elsewhere ? NOTHING_SHOWN : null), ...viewOf(saved) });
      session.change(saved.request);
    }
    store.set({ problems });
  }

  return () => {
    follow.forEach(([event, listener]) => model.off(event, listener));
    clock.pause();
    session.destroy();
    theme.destroy();
    stage.main.destroy();
    stage.other.destroy();
    offShortcuts();
    offTitle();
    offLink();
    root.remove();
  };
}

/** Before there is a campaign of a case. */
const NOTHING_SHOWN = { campaign: null, baseline: null, ensemble: null, ensembleRun: null, placeAnswer: null, shownFactions: null };

/** Another case: what is shown of the last one goes with it. The view that a link asks for stays. */
function takeOver(store, name, value) {
  const other = name === "geo" && { ...(store.state.campaign ? { ...NOTHING_SHOWN, selected: null, zoom: HOME, t: 0, day: 0 } : null), speed: speedFor(value) };
  store.set({ ...other, [name]: value });
}

/** A campaign of months plays faster than one of days. */
const speedFor = (geo) => (geo?.days > 40 ? 4 : 1);

const NO_LINK = { saved: null, problems: [] };

function firstState(model, { saved, problems }) {
  const options = model.get("options") ?? {};
  return {
    ...NOTHING_SHOWN, ...viewOf(saved),
    geo: model.get("geo"), levers: model.get("levers") ?? [], options,
    request: saved?.request ?? untouched(options.scenario ?? options.scenarios?.[0]?.name ?? model.get("geo")?.case, options.seed ?? 1),
    playing: false, speed: speedFor(model.get("geo")), busy: false, canUndo: false, canRedo: false, problems, untouchedEnsembles: {},
    layers: { units: true, displaced: true, names: true }, moreCharts: false, wide: false, versus: "baseline",
    theme: "light", palette: null,
  };
}

const FARTHEST_DAY = 10_000; // until it is known how long the campaign is

/** The view that a link asks for, as far as there is one. */
function viewOf(saved) {
  const { tab, mapMode, zoom, place } = saved?.view ?? {};
  const t = Math.min(saved?.day ?? 0, FARTHEST_DAY);
  return {
    t, day: Math.floor(t),
    selected: Number.isInteger(place) && place >= 0 ? place : null,
    tab: TABS.includes(tab) ? tab : "charts",
    mapMode: ["control", "compare"].includes(mapMode) ? mapMode : "control",
    zoom: zoom && [zoom.k, zoom.cx, zoom.cy].every(Number.isFinite) && zoom.k >= 1 && zoom.k <= NEAREST ? zoom : HOME,
  };
}

/** What a hash holds; where that is nothing, the reader is told why and what is shown instead. */
function openLink(hash, scenarios, instead) {
  try {
    const saved = fromHash(hash);
    if (saved && scenarios && !scenarios.some(({ name }) => name === saved.request.scenario)) {
      throw new Error(`This link does not fit: there is no scenario ${saved.request.scenario} here.`);
    }
    return saved ? { saved, problems: saved.problems } : NO_LINK;
  } catch (error) {
    return { saved: null, problems: [`${error.message} ${instead}`] };
  }
}

export default { render };
