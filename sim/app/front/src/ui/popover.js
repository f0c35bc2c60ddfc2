// A small dialog beside what opened it: closed by Escape, by a click elsewhere or by its button; focus goes back.

import { h, icon } from "./dom.js";

let open = null;

/** Show content beside an anchor; returns {element, close}. Only one is open at a time. */
export function openPopover(anchor, title, content, { onclose, className = "", focus = true } = {}) {
  open?.close();
  const element = h(`div.popover${className}`, { role: "dialog", "aria-label": title },
    h("header", {}, h("h3", {}, title), h("button.icon-button", { "aria-label": "Close", onclick: () => close() }, icon("close"))),
    h("div.content", {}, content));
  anchor.closest(".hf").append(element);
  place(element, anchor);
  const outside = (event) => {
    if (!element.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const onKey = (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
    if (event.key === "Tab") keepInside(event, element);
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", onKey, true);
  function close(refocus = true) {
    if (open?.element !== element) return;
    open = null;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", onKey, true);
    element.remove();
    anchor.setAttribute?.("aria-expanded", "false");
    onclose?.();
    if (!refocus) return;
    // A control may have been drawn anew while its popover was open.
    const again = anchor.isConnected ? anchor : document.querySelector(`.hf [data-testid="${CSS.escape(anchor.dataset.testid ?? "")}"]`);
    again?.focus();
  }
  anchor.setAttribute("aria-expanded", "true");
  open = { element, close };
  if (focus) (element.querySelector(".content input, .content select, .content button, .content a") ?? element.querySelector("button")).focus();
  return open;
}

/** From the last control Tab goes to the first, and back. */
function keepInside(event, element) {
  const controls = [...element.querySelectorAll("button, input, select, a")].filter((e) => !e.disabled && e.checkVisibility());
  const [first, last] = event.shiftKey ? [controls.at(-1), controls[0]] : [controls[0], controls.at(-1)];
  if (element.contains(document.activeElement) && document.activeElement !== last) return;
  event.preventDefault();
  first.focus();
}

/** Below the anchor, above it where there is more room; never outside the window. */
export function place(element, anchor, gap = 6) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = box.bottom + gap + height <= window.innerHeight - 8;
  const top = below ? box.bottom + gap : Math.max(8, box.top - gap - height);
  const left = Math.min(Math.max(8, box.left), window.innerWidth - width - 8);
  element.style.left = `${Math.round(left)}px`;
  element.style.top = `${Math.round(top)}px`;
}
