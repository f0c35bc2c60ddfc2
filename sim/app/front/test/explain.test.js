import assert from "node:assert/strict";
import { test } from "node:test";
import { evidenceOf, restingWords } from "../src/panels/explain.js";

test("evidence is told in words: grade A of a case and mark A of the registry are opposites", () => {
  assert.equal(evidenceOf({ key: "conditions.hts.cohesion", evidence: "A" }), "several good sources");
  assert.match(evidenceOf({ key: "morale_news", evidence: "A" }), /^an assumption/);
  assert.equal(evidenceOf({ key: "conditions.hts.cohesion", evidence: "" }), "");
});

test("a range of one value is that value", () => {
  assert.equal(restingWords({ interval: [0, 0], default: 0 }), "0");
  assert.match(restingWords({ interval: [20, 35], default: 27.5 }), /draws from 20 to 35; moved/);
  assert.match(restingWords({ interval: [20, 35], default: 31.23456, drawn: 31.23456 }), /20 to 35, this one 31.2; moved/);
});
