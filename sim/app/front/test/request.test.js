import assert from "node:assert/strict";
import { test } from "node:test";
import * as r from "../src/logic/request.js";
import { createStore } from "../src/logic/store.js";

const pay = { key: "pay", default: 30 };
const start = r.untouched("syria-2024", 7);

test("a lever is set, and back at its default is no setting", () => {
  const changed = r.withSetting(start, pay, 50);
  assert.deepEqual(changed.settings, { pay: 50 });
  assert.equal(r.valueOf(changed, pay), 50);
  assert.ok(!r.isUntouched(changed));
  assert.deepEqual(r.withSetting(changed, pay, 30).settings, {});
  assert.ok(r.isUntouched(r.withSetting(changed, pay, null)));
  assert.deepEqual(start.settings, {});
});

test("acting now leaves the past alone", () => {
  const acting = r.actFrom(r.withSetting(start, pay, 50), 4);
  const changed = r.withSetting(acting, pay, 80);
  assert.deepEqual(changed.settings, { pay: 50 });
  assert.deepEqual(changed.act, { day: 4, settings: { pay: 80 }, events: null });
  assert.equal(r.restingValue(changed, pay), 50);
  assert.deepEqual(r.withSetting(changed, pay, 50).act.settings, {});
  assert.equal(r.firstFreeDay(changed), 5);
  assert.equal(r.withoutAct(changed).act, null);
  assert.ok(r.isUntouched(r.actFrom(start, 3)));
});

test("decrees: of the scenario, of the request, of the act, in that order", () => {
  const shipped = [{ id: "a", kind: "pay_rise", day: 2, fired_day: 2 }];
  assert.equal(r.eventsOf(start, shipped), shipped);
  const changed = r.withEvents(start, [...shipped, { id: "b", kind: "ceasefire", day: 3 }], shipped);
  assert.deepEqual(changed.events, [{ id: "a", kind: "pay_rise", day: 2 }, { id: "b", kind: "ceasefire", day: 3 }]);
  const acted = r.withEvents(r.actFrom(changed, 5), [], shipped);
  assert.equal(r.withEvents(changed, [{ day: 2, kind: "pay_rise", id: "a" }], shipped).events, null);
  assert.equal(r.withEvents(r.actFrom(changed, 5), changed.events, shipped).act.events, null);
  assert.deepEqual(r.eventsOf(acted, shipped), []);
  assert.equal(acted.events.length, 2);
});

test("ids of decrees are new and fit a file", () => {
  assert.equal(r.newId("order_hold", [{ id: "order-hold-1" }]), "order-hold-2");
});

test("history undoes and redoes, and forgets a future that was left", () => {
  const history = r.createHistory(1);
  history.push(2);
  history.push(2);
  history.push(3);
  assert.equal(history.undo(), 2);
  assert.equal(history.redo(), 3);
  history.undo();
  history.push(4);
  assert.ok(!history.canRedo);
  assert.deepEqual([history.undo(), history.undo(), history.undo()], [2, 1, 1]);
  assert.ok(!history.canUndo);
});

test("a store tells those who listen to what has changed, once", () => {
  const store = createStore({ a: 1, b: 2 });
  const heard = [];
  const off = store.on(["a", "b"], ({ a, b }) => heard.push([a, b]));
  store.on(["c"], () => heard.push("c"));
  store.set({ a: 1 });
  store.set({ a: 3, b: 4 });
  off();
  store.set({ a: 5 });
  assert.deepEqual(heard, [[3, 4]]);
  store.announce();
  assert.deepEqual(heard, [[3, 4], "c"]);
});
