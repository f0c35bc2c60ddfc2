// The card that explains a lever, on hover or focus: meaning, unit, range, default, source, how sure.

import { value } from "../logic/format.js";
import { h } from "../ui/dom.js";
import { place } from "../ui/popover.js";

/** Words for the marks of the registry, and for the grades of case tables: the letter A means the opposite there. */
const MARKS = { V: "read in the source", M: "reported of the source", F: "computed from sources", A: "an assumption: the range is wide for that reason" };
const GRADES = { A: "several good sources", B: "press or secondary reports", C: "weak: an estimate" };

const DELAY_MS = 220;
let shown = null;

/** Give a control the card of the lever that `leverOf()` tells; it stays while the pointer is over either, and closes on Escape. */
export function explain(anchor, leverOf) {
  let timer;
  let moved; // closes the card when its control is scrolled away from it
  const open = () => {
    if (shown?.anchor === anchor) return clearTimeout(timer);
    shown?.close();
    const element = card(leverOf());
    anchor.closest(".hf").append(element);
    place(element, anchor);
    anchor.setAttribute("aria-describedby", element.id);
    element.addEventListener("pointerenter", () => clearTimeout(timer));
    element.addEventListener("pointerleave", soon(close));
    const { top } = anchor.getBoundingClientRect();
    moved = () => { if (Math.abs(anchor.getBoundingClientRect().top - top) > 4) close(); };
    document.addEventListener("scroll", moved, { capture: true, passive: true });
    shown = { anchor, close };
  };
  function close() {
    clearTimeout(timer);
    if (shown?.anchor !== anchor) return;
    shown = null;
    document.removeEventListener("scroll", moved, true);
    document.getElementById("hf-card")?.remove();
    anchor.removeAttribute("aria-describedby");
  }
  const soon = (act) => () => { clearTimeout(timer); timer = setTimeout(act, DELAY_MS); };
  anchor.addEventListener("pointerenter", soon(open));
  anchor.addEventListener("pointerleave", soon(close));
  anchor.addEventListener("focus", open);
  anchor.addEventListener("click", open);
  anchor.addEventListener("blur", close);
  anchor.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) { event.stopPropagation(); close(); }
  });
}

/** Close the card, whosever it is: its control is about to go. */
export const closeCard = () => shown?.close();

function card(lever) {
  const row = (name, text) => (text ? [h("dt", {}, name), h("dd", {}, text)] : null);
  return h("div.card", { id: "hf-card", role: "tooltip" },
    h("h3", {}, lever.label[0].toUpperCase() + lever.label.slice(1)),
    lever.meaning ? h("p", {}, lever.meaning) : null,
    h("dl", {},
      row("Unit", lever.unit.replaceAll("_", " ")),
      row("Range", `${value(lever.low)} to ${value(lever.high)}`),
      row("Default", restingWords(lever)),
      row("", lever.eve_only ? "Shapes the eve alone: not to be changed by acting on a later day." : ""),
      row("Source", lever.source),
      row("Evidence", evidenceOf(lever))),
    h("code", {}, `--set ${lever.key}=`));
}

export const evidenceOf = ({ key, evidence }) => (key.startsWith("conditions.") ? GRADES : MARKS)[evidence] ?? "";

/** What a run takes unless the lever is moved. */
export function restingWords({ interval, default: set, drawn }) {
  if (!interval || interval[0] === interval[1]) return value(set);
  const here = drawn === undefined ? "" : `, this one ${value(drawn)}`;
  return `each run draws from ${interval.map(value).join(" to ")}${here}; moved, it is fixed`;
}
