// The link: all that is needed to see the same again, in the part of the address that never leaves the browser.

import { untouched } from "./request.js";

const PREFIX = "#s=";
const LONGEST = 100_000;

/** "#s=..." for {request, day, view}. */
export function toHash(saved) {
  const bytes = new TextEncoder().encode(JSON.stringify(saved));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The link to what the page shows. */
export const linkOf = ({ request, day, tab, mapMode, selected, zoom }) =>
  toHash({ request, day, view: { tab, mapMode, ...(selected === null ? {} : { place: selected }), ...(zoom.k === 1 ? {} : { zoom }) } });

/**
 * What a hash holds, or null where there is none: {request, day, view, problems}. What cannot be is dropped, with a
 * sentence for the reader; where not even scenario and seed can be read, that sentence is thrown as an Error.
 */
export function fromHash(hash) {
  if (!hash || hash === "#") return null;
  if (!hash.startsWith(PREFIX)) return null;
  if (hash.length > LONGEST) throw new Error("This link is too long to be one of ours.");
  let saved;
  try {
    const binary = atob(hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
    saved = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
  } catch {
    throw new Error("This link is damaged: perhaps a part of it was lost on the way.");
  }
  const unusable = problemOfWorld(saved);
  if (unusable) throw new Error(`This link does not fit: ${unusable}.`);
  const { scenario, seed, settings, events, act } = saved.request;
  const view = isTable(saved.view) ? saved.view : {};
  const wrong = problemOfChanges(saved);
  if (wrong) return { request: untouched(scenario, seed), day: 0, view, problems: [dropped(wrong)] };
  const acted = act ? { day: act.day, settings: act.settings ?? {}, events: act.events ?? null } : null;
  return { request: { scenario, seed, settings: settings ?? {}, events: events ?? null, act: acted }, day: saved.day ?? 0, view, problems: [] };
}

/** What the reader is told of a link of which scenario and seed alone can be used. */
export const dropped = (reason) => `This link does not fit: ${reason.replace(/\.$/, "")}. Here is the untouched campaign.`;

function problemOfWorld(saved) {
  if (!isTable(saved) || !isTable(saved.request)) return "it holds no scenario";
  const { scenario, seed } = saved.request;
  if (typeof scenario !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(scenario)) return "the name of the scenario is none";
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) return "the seed is not a whole number from 0 to 4294967295";
  return null;
}

function problemOfChanges({ day, request: { settings, events, act } }) {
  if (settings !== undefined && !areSettings(settings)) return "a setting is not a number";
  if (events !== undefined && events !== null && !areEvents(events)) return "a decision has no kind";
  if (act !== undefined && act !== null) {
    if (!isTable(act) || !Number.isInteger(act.day) || act.day < 0) return "the day of acting is not a whole number";
    if (!areSettings(act.settings ?? {}) || (act.events != null && !areEvents(act.events))) return "the acts are damaged";
  }
  if (day !== undefined && !(Number.isFinite(day) && day >= 0)) return "the day is not a number";
  return null;
}

const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const areSettings = (value) => isTable(value) && Object.values(value).every((v) => typeof v === "number" && Number.isFinite(v));
const areEvents = (value) =>
  Array.isArray(value) && value.every((e) => isTable(e) && typeof e.kind === "string" && typeof e.id === "string");
