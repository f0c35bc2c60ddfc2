// Levers: those that matter first, and the whole registry behind a search. A release simulates the campaign anew.

import { drawnLever } from "../logic/decode.js";
import { fieldText, plural, shortName, value as show } from "../logic/format.js";
import { changedKeys, isUntouched, restingValue, untouched, valueOf, withSetting } from "../logic/request.js";
import { clamp, STEPS, toPosition, toValue } from "../logic/scales.js";
import { fill, h, icon } from "../ui/dom.js";
import { closeCard, explain } from "./explain.js";

const MOST_FOUND = 40;

export function createLevers(store, session) {
  const search = h("input", { type: "search", placeholder: "Search all levers", "aria-label": "Search all levers", test: "search", oninput: list });
  const summary = h("p.changed-count");
  const holder = h("div.lever-list");
  const element = h("section.levers", { "aria-label": "Levers" }, h("div.search", {}, search), summary, holder);
  const rows = new Map();

  /** Which levers are listed: found ones, or the first and the changed. */
  function list() {
    const { levers, request } = store.state;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const changed = changedKeys(request);
    const found = words.length
      ? levers.filter((lever) => words.every((word) => textOf(lever).includes(word)))
      : levers.filter((lever) => lever.first || changed.has(lever.key));
    rows.clear();
    closeCard();
    const groups = new Map();
    for (const lever of found.slice(0, MOST_FOUND)) {
      if (!groups.has(lever.group)) groups.set(lever.group, []);
      groups.get(lever.group).push(leverRow(lever));
    }
    fill(holder,
      [...groups].map(([name, items]) => h("section.group", {}, h("h3", { title: name }, groupName(name)), items)),
      found.length > MOST_FOUND ? h("p.hint", {}, `and ${found.length - MOST_FOUND} more: add a word`) : null,
      found.length === 0 ? h("p.hint", {}, "No lever with these words.") : null,
      words.length ? null : registry(levers));
    update();
  }

  /** The whole registry, group by group; rows are made when a group is opened. */
  function registry(levers) {
    const groups = new Map();
    for (const lever of levers) if (!rows.has(lever.key)) (groups.get(lever.group) ?? groups.set(lever.group, []).get(lever.group)).push(lever);
    const opened = (event, items) => {
      if (!event.target.open || event.target.childElementCount > 1) return;
      event.target.append(...items.map(leverRow));
      update();
    };
    return h("section.registry", {}, h("h3", {}, `All ${levers.length} levers`), [...groups].map(([name, items]) =>
      h("details", { ontoggle: (event) => opened(event, items) }, h("summary", { title: name }, groupName(name), h("span", {}, items.length)))));
  }

  function leverRow(told) {
    let lever = told; // and, once there is a campaign, what this one drew
    const note = h("p.note", { role: "status", hidden: true });
    const set = (value) => {
      note.hidden = true;
      session.change(withSetting(store.state.request, lever, value));
    };
    const enter = (text) => {
      const value = text === "" ? null : clamp(Number(text), lever);
      set(value);
      note.hidden = value === null || value === Number(text);
      note.textContent = `${text} is out of range: ${show(lever.low)} to ${show(lever.high)}.`;
    };
    const slider = h("input", {
      type: "range", min: 0, max: STEPS, step: "any", test: `lever-${lever.key}`, "aria-label": `${lever.group}: ${lever.label}`,
      oninput: () => preview(toValue(lever, Number(slider.value))),
      onchange: () => set(toValue(lever, Number(slider.value))),
      onkeydown: (event) => nudge(event, lever, slider, set),
    });
    const number = h("input.number", {
      type: "number", step: "any", min: lever.low, max: lever.high, "aria-label": `${lever.label}, ${lever.unit}`, test: `value-${lever.key}`,
      onchange: () => enter(number.value),
    });
    const reset = h("button.icon-button.reset", { "aria-label": `Set ${lever.label} back`, title: "Set back", test: `reset-${lever.key}`, onclick: () => set(null) }, icon("reset"));
    const about = h("button.name", { type: "button" }, h("i.mark", { "aria-hidden": "true" }), capital(lever.label));
    explain(about, () => lever);
    const row = h("div.lever", {}, h("div.head", {}, about, reset, number), slider, h("div.unit", {}, h("span", {}, show(lever.low)), h("span", {}, lever.unit.replaceAll("_", " ")), h("span", {}, show(lever.high))), note);
    if (lever.interval) {
      const [from, to] = lever.interval.map((end) => `${(100 * toPosition(lever, end)) / STEPS}%`);
      slider.before(h("i.interval", { "aria-hidden": "true", style: `--from:${from};--to:${to}` }));
    }

    function preview(value) {
      number.value = fieldText(value);
      number.title = `${show(value)} ${lever.unit.replaceAll("_", " ")}`;
      const [rest, position] = [toPosition(lever, restingValue(store.state.request, lever)), toPosition(lever, value)];
      slider.style.setProperty("--rest", `${(100 * rest) / STEPS}%`);
      slider.style.setProperty("--from", `${(100 * Math.min(rest, position)) / STEPS}%`);
      slider.style.setProperty("--to", `${(100 * Math.max(rest, position)) / STEPS}%`);
      slider.setAttribute("aria-valuetext", `${show(value)} ${lever.unit}`);
    }
    rows.set(lever.key, () => {
      const { request, baseline } = store.state;
      lever = drawnLever(told, baseline);
      const value = valueOf(request, lever);
      slider.value = toPosition(lever, value);
      preview(value);
      const changed = changedKeys(request).has(lever.key);
      const here = Math.abs(value - restingValue(request, lever)) > 1e-12;
      row.classList.toggle("changed", changed);
      slider.disabled = number.disabled = Boolean(lever.eve_only && request.act);
      reset.hidden = !here;
    });
    return row;
  }

  function update() {
    for (const refresh of rows.values()) refresh();
    const { request } = store.state;
    const count = changedKeys(request).size;
    const words = [count ? plural(count, "lever") : "", request.events || request.act?.events ? "decisions" : ""].filter(Boolean).join(", ");
    summary.hidden = isUntouched(request);
    fill(summary, h("span", {}, words.includes(", ") ? words : `${words || "nothing"} changed`), h("button.link", { test: "reset-all", onclick: () => session.change(untouched(request.scenario, request.seed)) }, "Start over"));
  }

  store.on(["levers"], list);
  store.on(["baseline"], update);
  store.on(["request"], () => {
    const shown = [...changedKeys(store.state.request)].every((key) => rows.has(key));
    shown || search.value ? update() : list();
  });
  return { element };
}

/** "Syrian government" rather than all that its name lists in brackets. */
const groupName = (name) => capital(shortName(name));
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Words that people look for in the place of the levers' own. */
const SYNONYMS = [[/\bpay\b/, "salary salaries wage wages"], [/\bbackers?\b/, "sponsor ally allies"]];

const texts = new WeakMap();
function textOf(lever) {
  if (!texts.has(lever)) {
    const own = [lever.key, lever.key.replaceAll("_", " "), lever.label, lever.group, lever.meaning, lever.unit].join(" ").toLowerCase();
    texts.set(lever, [own, ...SYNONYMS.filter(([word]) => word.test(own)).map(([, others]) => others)].join(" "));
  }
  return texts.get(lever);
}

/** Arrow keys go by a hundredth of the range, page keys by a tenth: step "any" alone would not move. */
function nudge(event, lever, slider, set) {
  const by = { ArrowRight: 2, ArrowUp: 2, ArrowLeft: -2, ArrowDown: -2, PageUp: 20, PageDown: -20 }[event.key];
  if (!by) return;
  event.preventDefault();
  slider.value = Math.min(Math.max(Number(slider.value) + by, 0), STEPS);
  set(toValue(lever, Number(slider.value)));
}
