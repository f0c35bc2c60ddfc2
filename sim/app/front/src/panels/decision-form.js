// The form of a decision: a field each for who, where, how much and when.

import { DECISIONS, fieldsOf } from "../logic/decisions.js";
import { firstFreeDay } from "../logic/request.js";
import { factionName, nameIn } from "../logic/format.js";
import { h, icon } from "../ui/dom.js";

/** Fields of an event; `update(event)` is called when one has changed and all are valid. */
export function decisionForm(state, event, { update, remove }) {
  const { geo, request } = state;
  const locked = event.day !== null && event.day !== undefined && event.day < firstFreeDay(request);
  let now = { ...event };
  const change = (name, value) => {
    if (!form.checkValidity()) return void form.reportValidity();
    const { [name]: _, ...others } = now;
    now = value === null ? others : { ...others, [name]: value };
    update(now);
  };
  const fields = fieldsOf(event.kind, state.options?.event_kinds).map((field) => row(field.label, input(field, now, geo, change), field.unit));
  const day = event.day === null || event.day === undefined
    ? h("p.hint", {}, `Comes ${event.delay_days ?? 0} days after ${event.when_fallen} has fallen.`)
    : row("Day", h("input", { type: "number", min: firstFreeDay(request), max: geo.days, step: 1, value: event.day, required: true, test: "decision-day", onchange: (e) => change("day", Number(e.target.value)) }), `of ${geo.days}`);
  const { note } = DECISIONS[event.kind] ?? {};
  const form = h("form", { onsubmit: (e) => e.preventDefault() },
    h("fieldset", { disabled: locked }, fields, day),
    note ? h("p.hint", {}, note) : null,
    locked ? h("p.hint", {}, "This lies in the fixed past.") : h("button.danger", { type: "button", onclick: remove, test: "decision-remove" }, icon("close"), "Remove"));
  return form;
}

const row = (label, control, unit) => h("label.field", {}, h("span", {}, label), control, unit ? h("small", {}, unit) : null);

function input(field, event, geo, change) {
  if (field.type === "number") {
    return h("input", {
      type: "number", min: field.low, max: field.high, step: "any", value: event[field.name] ?? "", required: !field.optional,
      onchange: (e) => change(field.name, e.target.value === "" ? null : Number(e.target.value)),
    });
  }
  const choices = {
    faction: () => geo.factions.map((f) => [f.id, factionName(f)]),
    backer: () => geo.backers.map((b) => [b.id, nameIn(geo.backers, b)]),
    place: () => places(geo),
    place_or_all: () => [["all", "everywhere"], ...places(geo)],
  }[field.type]();
  if (field.optional) choices.unshift(["", field.none]);
  return h("select", { onchange: (e) => change(field.name, e.target.value || null) },
    choices.map(([id, name]) => h("option", { value: id, selected: (event[field.name] ?? "") === id }, name)));
}

const places = (geo) => geo.places.map((p) => [p.id, nameIn(geo.places, p)]).sort((a, b) => a[1].localeCompare(b[1]));
