// What went wrong, one clear line each, until it is dismissed or mended.

import { fill, h, icon } from "../ui/dom.js";

export function createProblems(store) {
  const element = h("div.problems", { role: "alert", test: "problem", hidden: true });
  store.on(["problems"], show);
  show(store.state);
  function show({ problems }) {
    element.hidden = !problems.length;
    fill(element, h("ul", {}, problems.map((line) => h("li", {}, line))),
      h("button.icon-button", { "aria-label": "Dismiss", onclick: () => store.set({ problems: [] }) }, icon("close")));
  }
  return { element };
}
