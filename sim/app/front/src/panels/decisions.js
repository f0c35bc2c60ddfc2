// Decisions on the timeline: add from a menu, drag or push to a day, edit in a small form, remove.

import { DECISIONS, decisionText, newDecision, who } from "../logic/decisions.js";
import { eventsOf, firstFreeDay, newId, withEvents } from "../logic/request.js";
import { textWidth } from "../pen/canvas.js";
import { fill, h, icon } from "../ui/dom.js";
import { openPopover } from "../ui/popover.js";
import { decisionForm } from "./decision-form.js";

const ROW_PX = 24;
const MOST_SEEN_ROWS = 5; // beyond these the lane scrolls
const WIDEST_PX = 204;

/** Parts of the timeline: {lane, button, show}. axis: {x(day), day(px), width}. */
export function createDecisions(store, session, axis) {
  const lane = h("div.lane", { role: "group", "aria-label": "Decisions" });
  const button = h("button.add", { "aria-haspopup": "menu", test: "decision-add", onclick: () => menu() }, icon("plus"), "Decision");
  const current = () => eventsOf(store.state.request, store.state.baseline?.events ?? []);
  const set = (events) => session.change(withEvents(store.state.request, events, store.state.baseline?.events ?? []));
  const update = (event) => set(current().map((old) => (old.id === event.id ? event : old)));
  const remove = (id) => set(current().filter((event) => event.id !== id));
  let form = null;
  let dragging = false;

  function menu() {
    const groups = group(Object.entries(DECISIONS));
    const possible = ([kind]) => !kind.startsWith("backer") || store.state.geo.backers.length;
    const content = Object.entries(groups).map(([name, kinds]) => h("section", {}, h("h4", {}, name), kinds.filter(possible).map(([kind, { label, hint }]) =>
      h("button.choice", { onclick: () => add(kind), test: `add-${kind}` }, h("b", {}, label), h("small", {}, hint)))));
    openPopover(button, "Add a decision", content, { className: ".menu" });
  }

  function add(kind) {
    const { geo, day, selected, request } = store.state;
    const when = Math.min(Math.max(day, firstFreeDay(request), 1), geo.days);
    const event = newDecision(kind, newId(kind, current()), when, geo, selected);
    set([...current(), event]);
    edit(event.id);
  }

  function edit(id) {
    const anchor = lane.querySelector(`[data-testid="decision-${CSS.escape(id)}"]`);
    const event = current().find((e) => e.id === id);
    if (!anchor || !event) return;
    showRow(anchor);
    const content = decisionForm(store.state, event, { update, remove: () => { form?.close(false); remove(id); button.focus(); } });
    form = openPopover(anchor, DECISIONS[event.kind]?.label ?? event.kind, content, { className: ".form" });
  }

  /** Scroll the lane to a pin, and only the lane. */
  function showRow(element) {
    const { offsetTop } = element;
    if (offsetTop < lane.scrollTop || offsetTop + ROW_PX > lane.scrollTop + lane.clientHeight) lane.scrollTop = offsetTop;
  }

  /** The button of a decision, `row` rows above the lowest and `above` below the highest. */
  function pin(event, left, row, above, locked) {
    const { geo, palette } = store.state;
    const faction = geo.factions.findIndex((f) => f.id === event.faction);
    const text = decisionText(event, geo);
    const day = event.day ?? null;
    const whole = [who(event, geo), text].filter(Boolean).join(": ");
    const where = day === null ? `some days after ${event.when_fallen} falls` : `day ${day}`;
    const element = h("button.decision", {
      test: `decision-${event.id}`, "aria-disabled": locked ? "true" : null,
      "aria-label": `${whole}, ${where}. ${locked ? "In the fixed past." : "Arrow keys move it, Enter edits, Delete removes."}`,
      title: `${whole}, ${where}`,
      style: `left:${left}px;top:${above * ROW_PX}px;--stem:${axis.x(day ?? 1) - left - 1}px;--reach:${row * ROW_PX + 14}px;--c:${faction < 0 ? palette.muted : palette.factions[faction]}`,
      onkeydown: (e) => onKey(e, event, locked),
    }, h("i"), h("span", {}, text));
    drag(element, event, locked);
    return element;
  }

  function onKey(e, event, locked) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (e.key === "Enter" || e.key === " ") edit(event.id);
    else if (locked) return;
    else if (e.key in steps && event.day) moveTo(event, event.day + steps[e.key], true);
    else if (e.key === "Delete" || e.key === "Backspace") { remove(event.id); button.focus(); } else return;
    e.preventDefault();
    e.stopPropagation();
  }

  function moveTo(event, day, refocus) {
    const { geo, request } = store.state;
    const to = Math.min(Math.max(day, firstFreeDay(request)), geo.days);
    if (to !== event.day) {
      const { date: _, ...rest } = event;
      update({ ...rest, day: to });
    } else show();
    if (refocus) lane.querySelector(`[data-testid="decision-${CSS.escape(event.id)}"]`)?.focus();
  }

  function drag(element, event, locked) {
    let start = null;
    element.addEventListener("pointerdown", (e) => {
      if (e.button) return;
      start = { x: e.clientX, moved: false };
      if (locked || !event.day) return;
      dragging = true;
      element.setPointerCapture(e.pointerId);
    });
    element.addEventListener("pointermove", (e) => {
      if (!start || locked || !event.day) return;
      const shift = e.clientX - start.x;
      if (Math.abs(shift) > 3) start.moved = true;
      if (!start.moved) return;
      const { request, geo } = store.state;
      const day = Math.min(Math.max(axis.day(axis.x(event.day) + shift), firstFreeDay(request)), geo.days);
      element.classList.add("dragged");
      element.style.transform = `translateX(${axis.x(day) - axis.x(event.day)}px)`;
      start.day = day;
    });
    element.addEventListener("pointerup", () => {
      const { moved, day } = start ?? {};
      start = null;
      dragging = false;
      element.classList.remove("dragged");
      element.style.transform = "";
      if (moved) moveTo(event, day ?? event.day);
      else edit(event.id);
    });
    element.addEventListener("pointercancel", () => { start = null; dragging = false; show(); });
  }

  /** Lay the pins out, each in the lowest row where it does not cover another. */
  function show() {
    const { geo, request, palette } = store.state;
    if (!geo?.places || !palette || dragging) return;
    const focused = document.activeElement?.closest?.(".decision")?.dataset.testid;
    const ends = [];
    const first = firstFreeDay(request);
    const placed = [...current()].sort((a, b) => (a.day ?? 0) - (b.day ?? 0)).map((event) => {
      const width = Math.min(textWidth(decisionText(event, geo), 12, 500) + 26, WIDEST_PX);
      const x = Math.min(axis.x(event.day ?? 1) - 6, axis.width - width - 2);
      let row = ends.findIndex((end) => end < x);
      if (row < 0) row = ends.length;
      ends[row] = x + width + 3;
      return { event, x, row };
    });
    const pins = placed.map(({ event, x, row }) => pin(event, x, row, ends.length - 1 - row, event.day !== null && event.day !== undefined && event.day < first));
    const full = ends.length > MOST_SEEN_ROWS;
    lane.style.height = `${(full ? MOST_SEEN_ROWS + 0.5 : Math.max(1, ends.length)) * ROW_PX}px`; // half a row tells of more
    lane.classList.toggle("full", full);
    fill(lane, pins.length ? pins : h("p.none", {}, "No decisions: add one, then drag it to a day"));
    if (focused) lane.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  }

  return { lane, button, show };
}

const group = (entries) => entries.reduce((all, entry) => ({ ...all, [entry[1].group]: [...(all[entry[1].group] ?? []), entry] }), {});
