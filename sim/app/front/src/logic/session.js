// The talk with the server. One simulation is asked for at a time; of those that wait only the newest is sent.

import { decodeCampaign, decodeEnsemble } from "./decode.js";
import { createHistory, isUntouched, untouched } from "./request.js";

const ENSEMBLE_RUNS = 200;
const PATIENCE_MS = 20_000;
const SECOND_PART_MS = 3_000;

/**
 * The session of a page. model: anywidget's (get, on, send). Returns the verbs of the page: change, undo, redo,
 * ensemble, cancel, place, download.
 */
export function createSession(model, store, { onFile }) {
  let lastId = 0;
  let pending = null; // {id, timer} of the simulation under way
  let queued = null;
  let history = createHistory(store.state.request);
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
    pending = { id, timer: setTimeout(() => done(["The server does not answer. Change something to ask again, or reload the page."]), PATIENCE_MS) };
    store.set({ busy: true });
  }

  function done(problems) {
    clearTimeout(pending?.timer);
    pending = null;
    store.set({ busy: false, ...(problems ? { problems } : {}) });
    if (queued) simulate();
  }

  /** What cannot be simulated is told; a page that has nothing to show yet goes on as it comes. */
  function refused(lines) {
    const { campaign, request, options } = store.state;
    done(lines);
    if (campaign || pending || isUntouched(request)) return;
    const fresh = untouched(options?.scenario ?? request.scenario, options?.seed ?? 0);
    history = createHistory(fresh);
    store.set({ request: fresh });
    simulate();
  }

  /** The changed world follows the untouched one, unless the server found them to be the same. */
  function waitForSecondPart(baseline) {
    const { id } = pending;
    setTimeout(() => {
      if (pending?.id !== id) return;
      store.set({ campaign: baseline });
      done();
    }, SECOND_PART_MS);
  }

  /** Take over a request: remember the old one, drop what no longer holds, simulate. */
  function apply(request) {
    store.set({ request, canUndo: history.canUndo, canRedo: history.canRedo, problems: [], ensemble: null, ensembleRun: null });
    simulate();
  }

  const receive = {
    campaign(content, buffers) {
      if (content.id !== newest.simulate) return;
      const campaign = decodeCampaign(content, buffers);
      if (campaign.places !== store.state.geo?.places?.length) return;
      const only = content.baseline && (content.alone ?? isUntouched(store.state.request));
      const t = Math.min(store.state.t, campaign.days);
      store.set({
        t, day: Math.floor(t + 1e-6),
        ...(content.baseline ? { baseline: campaign } : {}),
        ...(!content.baseline || only ? { campaign } : {}),
      });
      if (pending && (!content.baseline || only)) done();
      else if (pending) waitForSecondPart(campaign);
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
      store.set({ ensemble: decodeEnsemble(content, buffers), ensembleRun: null });
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
    restart(request) {
      history = createHistory(request);
      apply(request);
    },
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
      clearTimeout(pending?.timer);
      model.off("msg:custom", listener);
    },
  };
}
