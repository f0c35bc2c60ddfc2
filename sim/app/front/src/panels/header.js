// The top line: scenario, seed, undo, theme, keep and share.

import { whole } from "../logic/format.js";
import { untouched } from "../logic/request.js";
import { fill, h, icon } from "../ui/dom.js";
import { openHelp } from "./help.js";
import { openShare } from "./share.js";

const SEEDS = 2 ** 32;

export function createHeader(store, session, theme, pictures) {
  const scenario = h("select", { test: "scenario", "aria-label": "Scenario", onchange: () => session.change(untouched(scenario.value, store.state.request.seed)) });
  const seed = h("input", {
    type: "number", min: 0, max: SEEDS - 1, step: 1, test: "seed", "aria-label": "Seed", title: "Seed of the random numbers: the same seed, the same luck",
    onchange: () => (seed.checkValidity() && seed.value !== "" ? reseed(Number(seed.value)) : refuse(seed.value)),
  });
  const roll = () => reseed(crypto.getRandomValues(new Uint32Array(1))[0] % 100000);
  const reseed = (value) => session.change({ ...store.state.request, seed: value });
  const refuse = (text) => {
    store.set({ problems: [`${text || "Nothing"} is no seed: allowed is a whole number from 0 to ${whole(SEEDS - 1)}. It stays as it was.`] });
    show(store.state);
  };
  const button = (name, label, act, test) => h("button.icon-button", { "aria-label": label, title: label, onclick: act, test }, icon(name));
  const undo = button("undo", "Undo (Ctrl+Z)", session.undo, "undo");
  const redo = button("redo", "Redo (Ctrl+Shift+Z)", session.redo, "redo");
  const help = button("help", "Help", () => openHelp(help, store.state), "help");
  const look = button("moon", "Dark or light", theme.toggle, "theme");
  const share = h("button", { onclick: () => openShare(share, store, session, pictures), test: "share", "aria-haspopup": "dialog" }, icon("share"), "Share", h("span.long", {}, "& save"));
  const element = h("header.top", {},
    h("h1", {}, "Holdfast"), scenario,
    h("label.seed", {}, h("span", {}, "Seed"), seed), button("dice", "Another seed", roll, "dice"),
    h("span.spring"), undo, redo, share, help, look);

  function show({ request, options, canUndo, canRedo, theme: now }) {
    const scenarios = options?.scenarios ?? [];
    if (scenario.childElementCount !== scenarios.length) {
      fill(scenario, scenarios.map(({ name, title }) => h("option", { value: name }, title || name)));
    }
    scenario.value = request.scenario;
    seed.value = request.seed;
    undo.disabled = !canUndo;
    redo.disabled = !canRedo;
    fill(look, icon(now === "dark" ? "sun" : "moon"));
  }
  store.on(["request", "options", "canUndo", "canRedo", "theme"], show);
  show(store.state);
  return { element };
}
