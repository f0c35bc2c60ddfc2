import assert from "node:assert/strict";
import { test } from "node:test";
import { dayLost, decodeCampaign, decodeColumns, decodeEnsemble, drawnLever, otherWorld, placesHeld, recordedCampaign, recordedControl, seriesOf } from "../src/logic/decode.js";
import { untouched, withSetting } from "../src/logic/request.js";
import { campaign, message } from "./small.js";

test("columns are typed, shaped and read from views of any alignment", () => {
  const bytes = new Uint8Array([9, 0, 0, 128, 63, 0, 0, 0, 64]);
  const { x } = decodeColumns([{ name: "x", dtype: "f32", shape: [2] }], [new DataView(bytes.buffer, 1, 8)]);
  assert.deepEqual([...x.data], [1, 2]);
});

test("a column of the wrong length or type is refused by name", () => {
  assert.throws(() => decodeColumns([{ name: "x", dtype: "u8", shape: [3] }], [new Uint8Array(2)]), /column x: 2 values, 3 expected/);
  assert.throws(() => decodeColumns([{ name: "x", dtype: "f64", shape: [1] }], [new Uint8Array(8)]), /column x: unknown type f64/);
});

test("a campaign answers for each day", () => {
  const c = campaign();
  assert.equal(c.days, 2);
  assert.deepEqual([...c.row("control", 1)], [0, 1, 1]);
  assert.equal(c.at("soldiers", 2, 1, 1), 70);
  assert.deepEqual(placesHeld(c, 2), [0, 3]);
  assert.deepEqual([0, 1, 2].map((place) => dayLost(c, place)), [2, 1, null]);
  assert.deepEqual([...seriesOf(c, "morale", 1)], [0.5, 0.75, 1]);
  assert.equal(seriesOf(c, "nothing", 0), null);
});

test("moves are found by tick", () => {
  const c = campaign();
  assert.deepEqual(c.moves.get(1), [0, 2]);
  assert.deepEqual(c.moves.get(2), [2, 3]);
  assert.equal(c.moves.get(3), undefined);
});

test("the record starts from the eve of the campaign", () => {
  const geo = { recorded: { control: [{ day: 1, place: 0, faction: 1 }, { day: 2, place: 1, faction: 1 }] } };
  assert.deepEqual(recordedControl(geo, [0, 0, 1], 1), [1, 0, 1]);
});

test("an ensemble: shares, days of fall, bands", () => {
  const [content, buffers] = message({ kind: "ensemble", runs: 4, band_names: ["a.soldiers", "displaced_total"] }, {
    fallen: ["f32", [2, 1], [0.25, 0.5]], fall_day: ["u16", [1, 3], [1, 1, 2]], bands: ["f32", [2, 3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  });
  const e = decodeEnsemble(content, buffers);
  assert.deepEqual([0, 1, 2].map((day) => e.fallen(day, 0)), [0, 0.25, 0.5]);
  assert.deepEqual([...e.fallDays(0)], [1, 1, 2]);
  assert.deepEqual([...e.band("displaced_total").high], [11, 12]);
  assert.equal(e.band("b.soldiers"), null);
});

test("the record takes the place of a campaign: control alone", () => {
  const geo = { recorded: { control: [{ day: 2, place: 0, faction: 1 }] } };
  const c = campaign();
  const record = recordedCampaign(geo, c);
  assert.deepEqual([0, 1, 2].map((day) => record.at("control", day, 0)), [0, 0, 1]);
  assert.equal(record.at("soldiers", 0, 0, 0), 0);
  assert.equal(record.moves.size, 0);
  assert.equal(otherWorld({ geo, campaign: c, baseline: "untouched", versus: "record" }), record);
  assert.equal(otherWorld({ geo, campaign: c, baseline: "untouched", versus: "baseline" }), "untouched");
});

test("a condition rests at what the untouched campaign drew of its range", () => {
  const drawn = { ...campaign({ condition: ["f32", [2, 2], [1, 2, 3, 39.5]] }), conditions: ["cohesion", "pay_usd_month"] };
  const pay = { key: "conditions.b.pay_usd_month", faction: 1, default: 27.5, interval: [15, 40] };
  assert.equal(drawnLever(pay, drawn).default, 39.5);
  assert.equal(drawnLever(pay, null), pay);
  assert.equal(drawnLever({ ...pay, interval: [27.5, 27.5] }, drawn).default, 27.5);
  assert.deepEqual(withSetting(untouched("x", 1), drawnLever(pay, drawn), 27.5).settings, { [pay.key]: 27.5 });
});
