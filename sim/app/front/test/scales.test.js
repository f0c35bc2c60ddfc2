import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, chance, dayMonth, factionName, fieldText, nameIn, percent, plainText, rest, short, shortName, signed, value } from "../src/logic/format.js";
import { STEPS, toPosition, toValue } from "../src/logic/scales.js";
import { contrast, paletteOf } from "../src/map/palette.js";

test("a slider reaches both ends and keeps to its step", () => {
  const lever = { low: -1, high: 1, step: 0.1, log: false };
  assert.deepEqual([toValue(lever, 0), toValue(lever, STEPS)], [-1, 1]);
  assert.equal(toValue(lever, toPosition(lever, 0.3)), 0.3);
  assert.equal(toValue(lever, toPosition(lever, 0.34)), 0.3);
  assert.equal(toPosition(lever, 99), STEPS);
});

test("a logarithmic slider gives each power of ten as much room", () => {
  const lever = { low: 1e-4, high: 1e-2, step: 1e-4, log: true };
  assert.equal(toPosition(lever, 1e-3), STEPS / 2);
  assert.equal(toValue(lever, STEPS / 2), 1e-3);
});

test("every position of a slider is a value in its range, and positions rise with values", () => {
  for (const lever of [{ low: 0, high: 400, step: 1, log: false }, { low: 3, high: 3650, step: 1, log: true }]) {
    let before = -Infinity;
    for (let position = 0; position <= STEPS; position++) {
      const x = toValue(lever, position);
      assert.ok(x >= lever.low && x <= lever.high && x >= before);
      before = x;
    }
  }
});

test("numbers as people write them", () => {
  assert.deepEqual([short(41300), short(1.5e6), short(-0.25), brief(101234), brief(9374), brief(870)], ["41.3k", "1.5M", "−0.25", "101k", "9.4k", "870"]);
  assert.deepEqual([chance(0), chance(0.001), chance(0.999), chance(1), percent(-0.5)], ["0 %", "< 1 %", "> 99 %", "100 %", "−50 %"]);
  assert.deepEqual([value(0.00071), value(27.5), signed(3), signed(-1200)], ["7.1e−4", "27.5", "+3", "−1,200"]);
  assert.deepEqual([dayMonth("2024-11-27", 0), dayMonth("2024-11-27", 8), dayMonth("2019-12-19", 79)], ["26 Nov", "4 Dec", "6 Mar"]);
});

test("a field shows as many digits as it has room for", () => {
  assert.deepEqual([1.7331, 0.00029412, 0.0029412, -0.55, 120000, 1.5e9, -0.00012].map(fieldText), ["1.733", "2.94e-4", "0.00294", "-0.55", "120000", "1.50e9", "-1.2e-4"]);
});

test("a chance and the rest add to a hundred", () => {
  for (let runs = 2; runs <= 198; runs++) {
    assert.equal(Number.parseFloat(chance(runs / 200)) + Number.parseFloat(rest(runs / 200)), 100);
  }
  assert.deepEqual([rest(0.765), rest(0.001), rest(1), rest(0), rest(0.995)], ["23 %", "> 99 %", "0 %", "100 %", "< 1 %"]);
});

test("names as the map has them", () => {
  assert.equal(shortName("Quneitra (Madinat al-Baath and Khan Arnabah)"), "Quneitra");
  assert.equal(factionName({ id: "hts", name: "Hay'at Tahrir al-Sham and the Military Operations Command" }), "HTS");
  const backers = ["Iran", "Iran (support to the government)", "Pakistan (sanctuary)"].map((name) => ({ name }));
  assert.deepEqual(backers.map((backer) => nameIn(backers, backer)), ["Iran", "Iran (support to the government)", "Pakistan"]);
  const factions = [{ id: "sna", name: "Syrian National Army (Turkish-backed)" }];
  assert.equal(plainText("Syrian National Army took Azaz.", { factions, backers, places: [] }), "SNA took Azaz.");
  assert.equal(factionName({ id: "syrian_government", name: "Syrian government (Syrian Arab Army)" }), "Syrian government");
});

test("text has a contrast of at least 4.5 in both themes, factions on the map of 1.9 (light) and 3 (dark)", () => {
  const colours = ["#0072B2", "#D55E00", "#E69F00", "#009E73", "#9C3A16", "#C9A227", "#B5649A", "#4FA3D9", "#174A7E", "#F0B08A"];
  for (const theme of ["light", "dark"]) {
    const palette = paletteOf(theme, colours.map((colour) => ({ colour })));
    for (const [ink, ground] of [["ink", "paper"], ["muted", "paper"], ["name", "land"], ["name", "halo"], ["foreign", "abroad"], ["ink", "halo"]]) {
      assert.ok(contrast(palette[ink], palette[ground]) >= 4.5, `${theme}: ${ink} on ${ground}`);
    }
    palette.factions.forEach((c, i) => {
      assert.ok(contrast(c, palette.land) >= (theme === "dark" ? 3 : 1.9));
      assert.ok(contrast(palette.onFactions[i], c) >= 4.5);
      assert.ok(contrast(palette.factionText[i], theme === "dark" ? "#1c2026" : "#f6f7f8") >= 4.5);
    });
  }
});
