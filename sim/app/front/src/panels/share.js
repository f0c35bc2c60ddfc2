// Keep and share: the link, files of the server, pictures of the browser.

import { linkOf } from "../logic/link.js";
import { h, save } from "../ui/dom.js";
import { openPopover } from "../ui/popover.js";
import { chartsPicture, mapPicture, toPng, toSvg } from "./pictures.js";

const FILES = [
  ["scenario", "Scenario", "TOML: `holdfast run FILE` gives the same campaign"],
  ["csv", "Results, CSV", "tables of this run, zipped"],
  ["parquet", "Results, Parquet", "the same, as the command line writes them"],
];

/** Why a file cannot be made, or nothing: a scenario file holds levers from the first day on alone. */
const refusal = (what, { act }) => (what === "scenario" && act && Object.keys(act.settings).length ? `Not with levers moved on day ${act.day}: keep the link instead` : null);

export function openShare(anchor, store, session, pictures) {
  const link = h("input", { readonly: true, value: location.href.split("#")[0] + linkOf(store.state), "aria-label": "Link", test: "link", onfocus: (e) => e.target.select() });
  const copy = h("button", { test: "copy", onclick: async () => { copy.textContent = (await copied(link)) ? "Copied" : "Press Ctrl+C"; } }, "Copy");
  const picture = (what, name, make) => h("button.choice", { test: `download-${what}`, onclick: () => make() }, h("b", {}, name));
  const stem = () => `${store.state.request.scenario}-day${store.state.day}`;
  openPopover(anchor, "Share & save", [
    h("section", {}, h("h4", {}, "Link to this scenario, levers, decisions, seed and day"), h("div.link", {}, link, copy)),
    h("section", {}, h("h4", {}, "Files"), FILES.map(([what, name, hint]) => {
      const reason = refusal(what, store.state.request);
      return h("button.choice", { test: `download-${what}`, disabled: Boolean(reason), onclick: () => session.download(what) }, h("b", {}, name), h("small", {}, reason ?? hint));
    })),
    h("section.pictures", {}, h("h4", {}, "Pictures"),
      picture("map-png", "Map, PNG", () => toPng(mapPicture(store, pictures), `${stem()}-map.png`, store.state.palette)),
      picture("map-svg", "Map, SVG", () => toSvg(mapPicture(store, pictures), `${stem()}-map.svg`, store.state.palette)),
      picture("charts-png", "Charts, PNG", () => toPng(chartsPicture(store.state), `${stem()}-charts.png`, store.state.palette)),
      picture("charts-svg", "Charts, SVG", () => toSvg(chartsPicture(store.state), `${stem()}-charts.svg`, store.state.palette))),
  ], { className: ".share", focus: false });
  link.focus();
}

/** Copy the text of a field; pages without the clipboard's permission keep it selected for Ctrl+C. */
async function copied(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return false;
  }
}

/** Save a file that the server has sent. */
export function keepFile({ name, mime }, buffer) {
  save(name, buffer, mime);
}
