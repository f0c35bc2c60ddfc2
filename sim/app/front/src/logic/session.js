// The talk with the server. One simulation is asked for at a time; of those that wait only the newest is sent.

import { decodeCampaign, decodeEnsemble } from "./decode.js";
import { dropped } from "./link.js";
import { createHistory, isUntouched, luckOf, untouched } from "./request.js";

const ENSEMBLE_RUNS = 200;
const SLOW_MS = 6_000;
const PATIENCE_MS = 120_000;
const SLOW = "Still working: this change needs a new program, up to a minute and a half the first time.";
const SILENT = "The server does not answer. Change something to ask again, or reload the page.";

/**
 * The session of a page. model: anywidget's (get, on, send). Returns the verbs of the page: change, undo, redo,
 * ensemble, cancel, place, download.
 */
export function createSession(model, store, { onFile }) {
  let lastId = 0;
  let asked = {}; // {id, request} of the newest simulation
  let pending = null; // {id, timers} of the simulation under way
  let accepted = null; // the request of the campaign that is shown
  let queued = null;
  const history = createHistory(store.state.request);
  const newest = {}; // kind -> id of the newest question

  function send(kind, content) {
    const id = ++lastId;
    newest[kind] = id;
    model.send({ kind, id, ...content }, undefined, []);
    return id;
  }

  function simulate() {
    const { request } = store.state;
    if (pending) return void (queued = request);
    queued = null;
    const id = send("simulate", { request });
    asked = { id, request };
    pending = { id, timers: [setTimeout(() => tell([SLOW]), SLOW_MS), setTimeout(() => done([SILENT]), PATIENCE_MS)] };
    store.set({ busy: true });
  }

  /** Show lines in the place of those on waiting. */
  function tell(lines) {
    const { problems } = store.state;
    const others = problems.filter((line) => line !== SLOW && line !== SILENT);
    if (lines.length || others.length < problems.length) store.set({ problems: [...others, ...lines] });
  }

  function done(lines = []) {
    pending?.timers.forEach(clearTimeout);
    pending = null;
    tell(lines);
    store.set({ busy: false });
    if (queued) simulate();
  }

  /** What cannot be simulated is told. The page goes back to what it shows, or where it shows nothing, to the untouched campaign. */
  function refused(lines) {
    const { campaign, request } = store.state;
    done(campaign ? [...lines, "This change was not made: here is the campaign as it was before it."] : lines);
    if (pending) return;
    if (campaign) return void store.set({ request: history.replace(accepted), canUndo: history.canUndo, canRedo: history.canRedo });
    if (isUntouched(request) && !request.act) return;
    apply(history.replace(untouched(request.scenario, request.seed)));
    tell([dropped(lines.join("; "))]);
  }

  /** Take over a request: remember the old one, drop what no longer holds, simulate. */
  function apply(request) {
    store.set({ request, canUndo: history.canUndo, canRedo: history.canRedo, problems: [], ensemble: null, ensembleRun: null });
    simulate();
  }

  const receive = {
    campaign(content, buffers) {
      if (content.id !== asked.id) return;
      const campaign = decodeCampaign(content, buffers);
      if (campaign.places !== store.state.geo?.places?.length) return;
      const only = content.baseline && (content.alone ?? isUntouched(asked.request));
      const shown = !content.baseline || only;
      const t = Math.min(store.state.t, campaign.days);
      const { selected } = store.state;
      if (shown) accepted = asked.request;
      store.set({
        t, day: Math.floor(t + 1e-6), selected: selected < campaign.places ? selected : null,
        ...(content.baseline ? { baseline: campaign } : {}),
        ...(shown ? { campaign } : {}),
      });
      if (shown) done();
    },
    problem(content) {
      if (content.id === pending?.id) refused(content.lines);
      else store.set({ problems: content.lines, ...(content.id === newest.ensemble ? { ensembleRun: null } : {}) });
    },
    place(content) {
      if (content.id === newest.place) store.set({ placeAnswer: content });
    },
    progress(content) {
      if (content.id === newest.ensemble && store.state.ensembleRun) store.set({ ensembleRun: { done: content.done, total: content.total } });
    },
    ensemble(content, buffers) {
      if (content.id !== newest.ensemble || !store.state.ensembleRun) return;
      const { request, untouchedEnsembles } = store.state;
      const ensemble = decodeEnsemble(content, buffers);
      store.set({
        ensemble, ensembleRun: null,
        ...(isUntouched(request) ? { untouchedEnsembles: { ...untouchedEnsembles, [luckOf(request)]: ensemble } } : {}),
      });
    },
    file: (content, buffers) => onFile(content, buffers[0]),
  };
  const listener = (content, buffers) => receive[content.kind]?.(content, buffers ?? []);
  model.on("msg:custom", listener);

  return {
    simulate,
    change: (request) => apply(history.push(request)),
    undo: () => apply(history.undo()),
    redo: () => apply(history.redo()),
    ensemble() {
      const runs = store.state.options?.limits?.ensemble_runs ?? ENSEMBLE_RUNS;
      store.set({ ensembleRun: { done: 0, total: runs }, ensemble: null, problems: [] });
      send("ensemble", { request: store.state.request, runs });
    },
    cancel() {
      if (!store.state.ensembleRun) return;
      model.send({ kind: "cancel", id: newest.ensemble }, undefined, []);
      store.set({ ensembleRun: null });
    },
    place: (place, day) => send("place", { place, day, request: store.state.request }),
    download(what) {
      store.set({ problems: [] });
      send("download", { request: store.state.request, what });
    },
    destroy() {
      pending?.timers.forEach(clearTimeout);
      model.off("msg:custom", listener);
    },
  };
}
