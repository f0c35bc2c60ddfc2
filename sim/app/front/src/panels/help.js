// Help: what one sees, what one can do, the keys, and where the data come from.

import { h } from "../ui/dom.js";
import { openPopover } from "../ui/popover.js";

const STEPS = [
  ["Play", "The whole campaign is simulated before it plays: play, step or drag the day as you like."],
  ["Change", "Let go of a lever, or drag a decision to a day: the campaign is simulated anew with the same luck."],
  ["Act now", "Stop at a day and change something: the past stays, the future is recomputed."],
  ["What if", "Your world beside the untouched one. A difference is your doing, not chance."],
  ["Chances", "Two hundred campaigns with other luck, beside the recorded day."],
];
const KEYS = [
  ["Space", "play, pause"], ["← →", "a day back, a day on"], ["Home End", "first day, last day"], ["F", "large map"],
  ["Ctrl Z", "undo; with Shift redo"], ["on the map", "arrows go from place to place, Enter selects, + − 0 zoom"], ["on a decision", "arrows move it, Enter edits, Delete removes"],
];

export function openHelp(anchor, { geo, options }) {
  const list = (rows, mark) => h("dl", {}, rows.map(([name, text]) => [h("dt", {}, mark(name)), h("dd", {}, text)]));
  openPopover(anchor, "How to use this page", [
    list(STEPS, (name) => h("b", {}, name)),
    h("h4", {}, "Keys"),
    list(KEYS, (name) => h("kbd", {}, name)),
    h("h4", {}, "Data"),
    h("p.hint", {}, geo?.sources ?? "", " Borders are drawn by de facto control as in Natural Earth: no statement on status."),
    h("p.hint", {}, `Holdfast ${options?.version ?? ""}: a tool for research and teaching about published history. It forecasts no current war.`),
  ], { className: ".help", focus: false });
}
