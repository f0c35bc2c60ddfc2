import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, linkOf, toHash } from "../src/logic/link.js";
import { untouched } from "../src/logic/request.js";

const saved = {
  request: { scenario: "syria-2024", seed: 7, settings: { morale_pay: 0.5 }, events: [{ id: "ü-1", kind: "pay_rise", day: 3 }], act: { day: 4, settings: {}, events: null } },
  day: 9,
  view: { tab: "log", zoom: { k: 2, cx: 0.4, cy: 0.5 } },
};

test("a link gives back what was saved, in letters that need no escape", () => {
  const hash = toHash(saved);
  assert.match(hash, /^#s=[A-Za-z0-9_-]+$/);
  assert.deepEqual(fromHash(hash), { ...saved, problems: [] });
});

test("no link is no problem", () => {
  assert.equal(fromHash(""), null);
  assert.equal(fromHash("#elsewhere"), null);
});

test("a bad link is refused with a sentence", () => {
  assert.throws(() => fromHash("#s=%%%"), /damaged/);
  assert.throws(() => fromHash(toHash(saved).slice(0, -9)), /damaged/);
  assert.throws(() => fromHash(`#s=${"A".repeat(200_000)}`), /too long/);
  const bad = (request) => () => fromHash(toHash({ request: { ...saved.request, ...request } }));
  assert.throws(bad({ scenario: "../etc" }), /scenario/);
  assert.throws(bad({ seed: -1 }), /seed/);
  assert.throws(bad({ seed: 1.5 }), /seed/);
  assert.throws(() => fromHash(toHash([1])), /no scenario/);
});

test("of a link that holds what cannot be, scenario and seed are kept", () => {
  const opened = (changes) => fromHash(toHash({ ...saved, ...changes }));
  const request = (changes) => opened({ request: { ...saved.request, ...changes } });
  const wrong = [request({ settings: { morale_pay: "0" } }), request({ events: [{ id: "x" }] }), request({ act: { day: "4" } }), opened({ day: -2 })];
  for (const [i, reason] of [/a setting/, /a decision/, /the day of acting/, /the day is/].entries()) {
    assert.deepEqual(wrong[i].request, untouched("syria-2024", 7));
    assert.match(wrong[i].problems.join("|"), reason);
    assert.match(wrong[i].problems.join("|"), /^[^|]*Here is the untouched campaign\.$/);
  }
  assert.deepEqual(request({ act: { day: 4 } }).request.act, { day: 4, settings: {}, events: null });
});

test("the link of a state of the page restores it", () => {
  const { request, day } = saved;
  const state = { request, day, tab: "log", mapMode: "compare", selected: 3, zoom: { k: 1, cx: 0.5, cy: 0.5 } };
  assert.deepEqual(fromHash(linkOf(state)), { request, day, view: { tab: "log", mapMode: "compare", place: 3 }, problems: [] });
});
