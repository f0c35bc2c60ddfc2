import assert from "node:assert/strict";
import { test } from "node:test";
import { chartOf, CHARTS, mainFactions } from "../src/logic/charts.js";
import { differences, shiftedPlaces } from "../src/logic/compare.js";
import { placeLabels } from "../src/map/labels.js";
import { journeys, unitsAt } from "../src/map/units.js";
import { svgPen } from "../src/pen/svg.js";
import { campaign } from "./small.js";

const geo = {
  factions: [{ id: "gov", name: "Government", side: "government" }, { id: "reb", name: "Rebels", side: "rebel" }],
  places: [{ name: "Seat", kind: "capital", population: 9 }, { name: "Town", kind: "town", population: 5 }, { name: "Base", kind: "base", population: 1 }],
  recorded: { control: [{ day: 2, place: 1, faction: 1 }], displaced: [{ day: 2, people: 8, cumulative: true }, { day: 9, people: 9, cumulative: true }], fallen_day: { 1: 2 } },
};

test("units move between ticks; who overtakes nobody is matched from the front", () => {
  const c = campaign();
  const pairs = journeys(c, 1);
  assert.deepEqual(pairs.map(({ now, next }) => [now?.progress, next?.progress]), [[153, 255], [51, undefined]]);
  const [front] = unitsAt(c, 1.5);
  assert.ok(Math.abs(front.progress - (153 + 255) / 2 / 255) < 1e-9);
  assert.equal(front.soldiers, 40);
});

test("at a tick the units stand where the server has them; who has arrived is no longer on the road", () => {
  assert.deepEqual(unitsAt(campaign(), 1).map((u) => u.progress), [0.2, 0.6]);
  assert.deepEqual(unitsAt(campaign(), 2), []);
  assert.deepEqual(unitsAt(campaign(), 2.5), []);
});

test("between ticks nobody jumps: positions tend to those of the next tick", () => {
  const progress = (time) => unitsAt(campaign(), time).map((u) => u.progress).sort();
  assert.ok(Math.abs(progress(0.9999)[1] - progress(1)[1]) < 0.001);
});

test("names cover neither each other nor other marks; the forced may cover marks", () => {
  const item = (index, x, forced) => ({ index, text: "n", x, y: 50, radius: 4, size: 10, weight: 400, width: 40, forced });
  const ring = [[100, 45], [100, 55], [120, 50], [80, 50], [110, 40], [90, 40], [110, 62], [90, 62], [100, 36], [100, 66]].map(([x, y], i) => ({ index: 90 + i, x, y, radius: 9 }));
  assert.equal(placeLabels([item(1, 100)], ring, 300, 100).length, 0);
  assert.equal(placeLabels([item(1, 100, true)], ring, 300, 100).length, 1);
  const two = placeLabels([item(1, 100), item(2, 104)], [], 300, 100);
  assert.equal(two.length, 2);
  assert.notEqual(two[0].anchor, two[1].anchor);
});

test("a chart has the run, the untouched world and the record of the days there are", () => {
  const [now, before] = [campaign(), campaign({ displaced_total: ["f32", [3], [0, 1, 2]] })];
  const chart = chartOf(CHARTS.find((c) => c.name === "displaced"), { geo, campaign: now, baseline: before, ensemble: null });
  assert.deepEqual([...chart.lines[0].values], [0, 5, 9]);
  assert.deepEqual([...chart.lines[0].base], [0, 1, 2]);
  assert.deepEqual(chart.dots, [[2, 8]]);
  assert.equal(chart.top, 9);
  const held = chartOf(CHARTS.find((c) => c.name === "control"), { geo, campaign: now, baseline: now, ensemble: null });
  assert.deepEqual(held.lines.map((line) => [...line.recorded]), [[2, 2, 1], [1, 1, 2]]);
  assert.deepEqual(mainFactions(now), [0, 1]);
});

test("what if: differences and places that fall on another day", () => {
  const small = (control) => campaign({
    control: ["u8", [3, 3], control], series: ["f32", [3, 2, 3], new Array(18).fill(1)],
  });
  const withSeries = (c) => ({ ...c, series: ["soldiers", "morale", "deserted"] });
  const base = withSeries(small([0, 0, 1, 0, 1, 1, 1, 1, 1]));
  const now = withSeries(small([0, 0, 1, 0, 0, 1, 0, 1, 1]));
  const rows = differences(geo, base, now);
  assert.deepEqual([rows[0].label, rows[0].base, rows[0].now], ["Seat falls, day", 2, Infinity]);
  assert.deepEqual([rows[1].base, rows[1].now], [2, 1]);
  assert.deepEqual(shiftedPlaces(geo, base, now).map((p) => [p.place, p.base, p.now]), [[0, 2, Infinity], [1, 1, 2]]);
});

test("SVG text is escaped", () => {
  const pen = svgPen();
  pen.text(0, 0, `<b>"&`, { fill: "#000" });
  assert.match(pen.document(1, 1, "a<b"), /&lt;b&gt;&quot;&amp;/);
  assert.ok(!pen.document(1, 1, "a<b").includes("a<b"));
});
