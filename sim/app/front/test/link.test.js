import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, toHash } from "../src/logic/link.js";

const saved = {
  request: { scenario: "syria-2024", seed: 7, settings: { morale_pay: 0.5 }, events: [{ id: "ü-1", kind: "pay_rise", day: 3 }], act: { day: 4, settings: {}, events: null } },
  day: 9,
  view: { tab: "log", zoom: { k: 2, cx: 0.4, cy: 0.5 } },
};

test("a link gives back what was saved, in letters that need no escape", () => {
  const hash = toHash(saved);
  assert.match(hash, /^#s=[A-Za-z0-9_-]+$/);
  assert.deepEqual(fromHash(hash), saved);
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
  assert.throws(bad({ settings: { morale_pay: "0" } }), /setting/);
  assert.throws(bad({ events: [{ id: "x" }] }), /decision/);
  assert.throws(bad({ act: { day: "4" } }), /day of acting/);
  assert.throws(() => fromHash(toHash({ ...saved, day: -2 })), /day/);
  assert.throws(() => fromHash(toHash([1])), /no scenario/);
});
