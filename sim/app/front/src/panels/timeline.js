// The time axis under the map: decisions, the day slider, and between them what changed hands - simulated above, recorded below.

import { scaleLinear } from "d3-scale";
import { dayMonth, factionName, nameIn, plural } from "../logic/format.js";
import { svgPen } from "../pen/svg.js";
import { fill, h } from "../ui/dom.js";
import { mix } from "../map/palette.js";
import { createDecisions } from "./decisions.js";

const PAD = 18;
const BAR_HEIGHT = 26;

export function createTimeline(store, session, clock) {
  const scrub = h("input.scrub", {
    type: "range", min: 0, step: "any", value: 0, "aria-label": "Day", test: "scrub",
    oninput: (event) => clock.goTo(Math.round(Number(event.target.value))),
    onkeydown: (event) => onKey(event, clock),
  });
  const above = h("div.changes", { "aria-hidden": "true" });
  const below = h("div.changes", { "aria-hidden": "true" });
  const dates = h("div.dates", { "aria-hidden": "true" });
  const head = h("div.playhead", { "aria-hidden": "true" });
  const past = h("div.past", { "aria-hidden": "true", hidden: true });
  const axis = { x: (day) => day, day: (px) => px, width: 0 };
  let shown = null;
  const decisions = createDecisions(store, session, axis);
  const body = h("div.time", {}, past, decisions.lane, above, scrub, below, dates, head);
  const element = h("section.timeline", { "aria-label": "Timeline" },
    h("div.captions", { "aria-hidden": "true" }, decisions.button, h("span", {}, "simulated"), h("span.days", {}, "day"), h("span", {}, "recorded")), body);

  function layout() {
    const { geo } = store.state;
    axis.width = body.clientWidth;
    if (!geo?.places || axis.width < 50) return;
    const scale = scaleLinear([0, geo.days], [PAD, axis.width - PAD]);
    axis.x = scale;
    axis.day = (px) => Math.round(scale.invert(px));
    scrub.max = geo.days;
    drawBars(store.state, axis, above, below);
    fill(dates, tickDays(geo.days, axis.width).map((day) =>
      h("span", { style: `left:${scale(day)}px` }, day === 0 ? "eve" : dayMonth(geo.first_day, day))));
    decisions.show();
    showPast();
    move();
  }

  function move() {
    const { t, day, geo } = store.state;
    if (!geo?.places) return;
    head.style.transform = `translateX(${axis.x(t)}px)`;
    scrub.value = t; // between two days while it plays
    if (shown === day) return;
    shown = day;
    scrub.setAttribute("aria-valuetext", day === 0 ? "the eve" : `day ${day}, ${dayMonth(geo.first_day, day)}`);
  }

  function showPast() {
    const { act } = store.state.request;
    past.hidden = !act;
    if (act) past.style.width = `${axis.x(act.day)}px`;
  }

  new ResizeObserver(layout).observe(body);
  store.on(["geo", "campaign", "palette", "request"], layout);
  store.on(["t"], move);
  return { element };
}

/** Whole days by arrow: the slider itself knows fractions. */
function onKey(event, clock) {
  const act = {
    ArrowRight: () => clock.step(1), ArrowUp: () => clock.step(1), ArrowLeft: () => clock.step(-1), ArrowDown: () => clock.step(-1),
    PageUp: () => clock.step(7), PageDown: () => clock.step(-7), Home: () => clock.goTo(0), End: () => clock.goTo(Infinity),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Days that get a label: every day, or as many as have room. */
export function tickDays(days, width) {
  const step = [1, 2, 3, 5, 7, 10, 14, 20, 30, 60, 90].find((s) => (width / days) * s > 52) ?? 180;
  const ticks = [];
  for (let day = 0; day <= days; day += step) ticks.push(day);
  return ticks;
}

/** Changes of control by day and taker: [{day, faction, places: [names]}]. */
export function changesByDay(changes, geo) {
  const groups = new Map();
  for (const { day, faction, place } of changes) {
    const key = `${day}|${faction}`;
    if (!groups.has(key)) groups.set(key, { day, faction, places: [] });
    groups.get(key).places.push(nameIn(geo.places, geo.places[place]));
  }
  return [...groups.values()].sort((a, b) => a.day - b.day || a.faction - b.faction);
}

export function simulatedChanges(campaign) {
  const changes = [];
  for (let day = 1; day <= campaign.days; day++) {
    const [now, before] = [campaign.row("control", day), campaign.row("control", day - 1)];
    now.forEach((faction, place) => { if (faction !== before[place]) changes.push({ day, faction, place }); });
  }
  return changes;
}

function drawBars({ geo, campaign, palette }, axis, above, below) {
  const simulated = campaign ? changesByDay(simulatedChanges(campaign), geo) : [];
  const recorded = changesByDay(geo.recorded.control.filter((c) => c.day >= 1 && c.day <= geo.days), geo);
  const totals = [simulated, recorded].map((groups) => groups.reduce((sum, g) => sum.set(g.day, (sum.get(g.day) ?? 0) + g.places.length), new Map()));
  const most = Math.max(6, ...totals[0].values(), ...totals[1].values());
  const width = Math.max(2, Math.min(22, (axis.width / geo.days) * 0.6));
  const unit = BAR_HEIGHT / most;
  const draw = (groups, holder, up) => {
    const pen = svgPen();
    const filled = new Map();
    for (const { day, faction, places } of groups) {
      const from = filled.get(day) ?? 0;
      filled.set(day, from + places.length);
      const [a, b] = [from * unit, (from + places.length) * unit].map((v) => (up ? BAR_HEIGHT - v : v));
      const [left, right] = [axis.x(day) - width / 2, axis.x(day) + width / 2];
      const colour = palette.factions[faction];
      const style = up ? { fill: colour } : { fill: mix(palette.paper, colour, 0.4), stroke: colour, width: 1 };
      pen.line([[left, a], [right, a], [right, b], [left, b]], style, true);
    }
    holder.innerHTML = pen.document(axis.width, BAR_HEIGHT, "");
    holder.append(...[...filled.keys()].map((day) => h("i", {
      style: `left:${axis.x(day) - width / 2}px;width:${width}px`,
      title: groups.filter((g) => g.day === day).map((g) => `${plural(g.places.length, "place")} to ${factionName(geo.factions[g.faction])}: ${g.places.join(", ")}`).join("\n"),
    })));
  };
  draw(simulated, above, true);
  draw(recorded, below, false);
}
