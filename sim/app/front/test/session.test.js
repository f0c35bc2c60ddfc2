import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { untouched } from "../src/logic/request.js";
import { createSession } from "../src/logic/session.js";
import { createStore } from "../src/logic/store.js";
import { COLUMNS, message } from "./small.js";

mock.timers.enable({ apis: ["setTimeout"] });

const start = untouched("one", 7);
const better = { ...start, settings: { pay: 50 } };

/** A session whose server answers when it is told to. */
function open(request = start) {
  const sent = [];
  let hear;
  const model = { send: (content) => sent.push(content), on: (_, listener) => { hear = listener; }, off() {} };
  const store = createStore({ request, problems: [], geo: { places: [1, 2, 3] }, t: 0, day: 0, selected: null, campaign: null, untouchedEnsembles: {} });
  const session = createSession(model, store, {});
  session.simulate();
  const answer = (content = {}) => hear(...message({ kind: "campaign", id: sent.at(-1).id, series: ["soldiers", "morale"], baseline: false, ...content }, COLUMNS));
  return { ...session, sent, answer, state: store.state, set: store.set, refuse: (line) => hear({ kind: "problem", id: sent.at(-1).id, lines: [line] }) };
}

test("a refused change goes back to what is shown, and says so", () => {
  const page = open();
  page.answer();
  page.change(better);
  page.answer();
  page.change({ ...better, settings: { pay: -50 } });
  page.refuse("pay: too low");
  assert.equal(page.state.request, better);
  assert.match(page.state.problems.join(" "), /too low.*was not made/);
  page.undo();
  assert.equal(page.state.request, start);
  assert.ok(!page.state.canUndo);
});

test("of a link that is refused scenario and seed are kept", () => {
  const page = open({ ...start, act: { day: 99, settings: {}, events: null } });
  page.refuse("act.day: 99");
  assert.deepEqual(page.sent.at(-1).request, start);
  page.answer();
  assert.deepEqual(page.state.problems, ["This link does not fit: act.day: 99. Here is the untouched campaign."]);
});

test("a place that the case does not have is not selected", () => {
  const page = open();
  page.set({ selected: 9999 });
  page.answer();
  assert.equal(page.state.selected, null);
});

test("another scenario can be undone, with all that was done in the last", () => {
  const page = open(better);
  page.answer();
  page.change(untouched("two", 7));
  page.answer();
  page.undo();
  assert.equal(page.sent.at(-1).request, better);
});

test("what is said of waiting goes when the answer comes", () => {
  const page = open();
  page.set({ problems: ["another line"] });
  mock.timers.tick(10_000);
  assert.match(page.state.problems.join(), /another line.*Still working/);
  page.answer();
  assert.deepEqual(page.state.problems, ["another line"]);
  page.change(better);
  mock.timers.tick(119_000);
  assert.match(page.state.problems.join(), /^Still working/);
  mock.timers.tick(2_000);
  assert.match(page.state.problems.join(), /^The server does not answer/);
  page.answer({ baseline: true, alone: false });
  assert.match(page.state.problems.join(), /does not answer/);
  page.answer();
  assert.deepEqual(page.state.problems, []);
});
