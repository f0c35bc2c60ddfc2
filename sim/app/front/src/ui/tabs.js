// Tabs after the ARIA pattern: arrows move between them, one panel is shown.

import { h } from "./dom.js";

/** panels: [{name, label, element, test}]; the open one is `store.state.tab`. */
export function createTabs(store, label, panels) {
  const tabs = panels.map(({ name, label: text, element, test }) => {
    element.id = `hf-panel-${name}`;
    element.setAttribute("role", "tabpanel");
    element.setAttribute("aria-labelledby", `hf-tab-${name}`);
    if (test) element.dataset.testid = test;
    return h("button", { id: `hf-tab-${name}`, role: "tab", "aria-controls": element.id, test: `tab-${name}`, onclick: () => store.set({ tab: name }) }, text);
  });
  const list = h("div.tabs", { role: "tablist", "aria-label": label, onkeydown: onKey }, tabs);
  const element = h("section.side", { "aria-label": label }, list, h("div.panels", {}, panels.map((p) => p.element)));

  function show() {
    panels.forEach(({ name, element: panel }, i) => {
      const on = name === store.state.tab;
      tabs[i].setAttribute("aria-selected", `${on}`);
      tabs[i].tabIndex = on ? 0 : -1;
      panel.hidden = !on;
    });
  }
  function onKey(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (panels.findIndex((p) => p.name === store.state.tab) + by + panels.length) % panels.length;
    store.set({ tab: panels[next].name });
    tabs[next].focus();
  }
  store.on(["tab"], show);
  show();
  return { element, label: (name, text) => { tabs[panels.findIndex((p) => p.name === name)].textContent = text; } };
}
