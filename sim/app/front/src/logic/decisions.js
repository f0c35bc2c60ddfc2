// What can be decided: each kind of decree with its fields, its defaults and its words.

import { factionName, nameIn, percent, plural, short } from "./format.js";

const faction = { name: "faction", label: "Who", type: "faction" };
const place = { name: "place", label: "Where", type: "place" };
const placeOrAll = { ...place, type: "place_or_all" };
const other = { name: "other", label: "With", type: "faction" };
const backer = { name: "backer", label: "Backer", type: "backer" };
const number = (name, label, low, high, step, initial, unit, optional) => ({ name, label, type: "number", low, high, step, initial, unit, optional });

/** kind -> {group, label, hint, fields, text(event, names), note for the form}. */
export const DECISIONS = {
  pay_rise: {
    group: "Pay", label: "Pay rise", hint: "Decreed now, paid some days later or never",
    fields: [faction, number("share", "Rise", -0.9, 5, 0.05, 0.5, "share of pay"), number("paid_after_days", "Paid after", 0, 365, 1, 0, "days; empty: never", true)],
    text: (e) => `Pay ${e.share >= 0 ? "+" : ""}${percent(e.share)}, ${payDay(e)}`,
    note: "Earlier than day 1: use the lever Pay.",
  },
  order_hold: { group: "Orders", label: "Order to hold", hint: "Stand whatever comes", fields: [faction, placeOrAll], text: (e, n) => `Hold ${n.place}` },
  order_withdraw: { group: "Orders", label: "Order to withdraw", hint: "Leave a place, or everywhere", fields: [faction, placeOrAll], text: (e, n) => `Leave ${n.place}` },
  offensive_start: { group: "Orders", label: "Go on the attack", hint: "A passive faction joins in", fields: [faction], text: () => "Goes on the attack" },
  handover: { group: "Orders", label: "Hand a place over", hint: "Its holder gives it to a faction", fields: [place, { ...faction, label: "To" }], text: (e, n) => `${n.place} to ${n.faction}` },
  reinforcement: {
    group: "Forces", label: "Reinforcement", hint: "Soldiers from outside the map",
    fields: [faction, place, number("soldiers", "Soldiers", 1, 100000, 100, 2000, "men")],
    text: (e, n) => `+${short(e.soldiers)} at ${n.place}`,
  },
  mobilisation: {
    group: "Forces", label: "Mobilisation", hint: "Men are called up",
    fields: [faction, number("soldiers", "Soldiers", 1, 100000, 100, 5000, "men"), { ...place, optional: true, none: "spread like the deployments" }],
    text: (e) => `${short(e.soldiers)} called up`,
  },
  backer_withdrawal: { group: "Backers", label: "Backer leaves", hint: "It gives up and goes", fields: [backer], text: (e, n) => `${n.backer} out` },
  backer_attention: {
    group: "Backers", label: "Backer turns to the war", hint: "Or looks away",
    fields: [backer, number("attention", "Attention", 0, 1, 0.05, 1, "0 elsewhere, 1 full")],
    text: (e, n) => `${n.backer} ${e.attention >= 0.5 ? "in" : "away"} ${percent(e.attention)}`,
  },
  ceasefire: {
    group: "Talks", label: "Ceasefire", hint: "Two sides, with their allies",
    fields: [faction, other, number("duration_days", "Lasts", 1, 365, 1, 7, "days; empty: to the end", true)],
    text: (e, n) => `Ceasefire with ${n.other} and allies`,
    note: "It binds both sides and the allies of each.",
  },
  mediation: {
    group: "Talks", label: "Mediation", hint: "Somebody brings them to talk",
    fields: [faction, { ...other, optional: true, none: "all its enemies" }, number("effort", "Effort", 0, 1, 0.05, 1, "0 none, 1 the most")],
    text: (e) => `Mediation ${percent(e.effort)}`,
  },
  refuse_talks: { group: "Talks", label: "Refuse to talk", hint: "Sign nothing from now on", fields: [faction, { ...other, optional: true, none: "anybody" }], text: () => "Refuses to talk" },
  aid_corridor: {
    group: "Aid", label: "Aid corridor", hint: "Food whoever holds the roads",
    fields: [place, number("rations_per_day", "Rations", 100, 2e6, 100, 20000, "people fed a day"), number("duration_days", "Lasts", 1, 365, 1, 7, "days")],
    text: (e, n) => `Aid to ${n.place}`,
  },
};

/** When a decreed rise is paid; of one that waits for a fall, how long after it. */
function payDay({ day, paid_after_days: after }) {
  if (after === null || after === undefined) return "never paid";
  return day ? `paid day ${day + after}` : `paid ${plural(after, "day")} later`;
}

/** Fields of a kind, with the limits that the server sets. */
export function fieldsOf(kind, limits) {
  const told = new Map((limits?.[kind] ?? []).map((field) => [field.field, field]));
  return (DECISIONS[kind]?.fields ?? []).map((field) => {
    const { low, high } = told.get(field.name) ?? {};
    return field.type === "number" ? { ...field, low: low ?? field.low, high: high ?? field.high } : field;
  });
}

/** Short words for a decision on the timeline; who decides is told by colour there, and in `who`. */
export function decisionText(event, geo) {
  const kind = DECISIONS[event.kind];
  if (!kind) return event.kind.replaceAll("_", " ");
  const find = (list, id) => list.find((item) => item.id === id);
  const named = (id) => (find(geo.factions, id) ? factionName(find(geo.factions, id)) : id);
  const listedName = (list, id) => (find(list, id) ? nameIn(list, find(list, id)) : id ?? "");
  return kind.text(event, {
    faction: named(event.faction),
    other: named(event.other),
    place: event.place === "all" ? "everywhere" : listedName(geo.places, event.place),
    backer: listedName(geo.backers, event.backer),
  });
}

/** Whose decision it is, or "" where it is nobody's. */
export function who(event, geo) {
  const faction = geo.factions.find(({ id }) => id === event.faction);
  return faction ? factionName(faction) : "";
}

/** A new decision with sensible fields: the first side of the case, the selected place or the capital. */
export function newDecision(kind, id, day, geo, selected) {
  const own = geo.factions[0].id;
  const enemy = (geo.factions.find((f) => f.side !== geo.factions[0].side) ?? geo.factions[0]).id;
  const capital = geo.places[selected ?? Math.max(0, geo.places.findIndex((p) => p.kind === "capital"))].id;
  const initial = { faction: own, other: enemy, place: capital, backer: geo.backers[0]?.id };
  const event = { id, kind, day };
  for (const field of DECISIONS[kind].fields) {
    if (field.type === "number" ? field.initial !== null : !field.optional) {
      event[field.name] = field.type === "number" ? field.initial : initial[field.name];
    }
  }
  return event;
}
