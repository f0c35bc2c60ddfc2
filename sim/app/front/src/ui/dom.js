// Elements without ceremony: h("button.primary", {onclick, "aria-label": ...}, children...).

/** An element; text becomes text, never markup. Attributes with on... are listeners, others attributes or properties. */
export function h(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "test") element.dataset.testid = value;
    else if (name in PROPERTIES) element[name] = value;
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
const PROPERTIES = { value: 1, checked: 1, disabled: 1, hidden: 1, selected: 1, textContent: 1 };

/** Put children in the place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  back: "M3 2.5h2v11H3zM13 2.5v11L6 8z",
  forward: "M11 2.5h2v11h-2zM3 2.5v11L10 8z",
  undo: "M6.5 3 2.5 6.5l4 3.5V7.6c3.5 0 5.4 1.2 6.6 3.9C13 7.8 10.8 5.4 6.5 5.3z",
  redo: "M9.5 3l4 3.5-4 3.5V7.6c-3.5 0-5.4 1.2-6.6 3.9C3 7.8 5.2 5.4 9.5 5.3z",
  reset: "M8 3a5 5 0 1 1-4.7 3.3l1.4.5A3.5 3.5 0 1 0 8 4.5V7L4.5 3.7 8 .5z",
  info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.2 4.2h1.6v1.6H7.2zM7.2 7h1.6v4.8H7.2z",
  close: "M3.5 2.4 8 6.9l4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5z",
  plus: "M7.2 2.5h1.6v4.7h4.7v1.6H8.8v4.7H7.2V8.8H2.5V7.2h4.7z",
  minus: "M2.5 7.2h11v1.6h-11z",
  fit: "M2 2h4.5v1.6H3.6v2.9H2zM9.5 2H14v4.5h-1.6V3.6H9.5zM2 9.5h1.6v2.9h2.9V14H2zM12.4 9.5H14V14H9.5v-1.6h2.9z",
  wide: "M6.5 3.5v9L2 8zM9.5 3.5v9L14 8z",
  dice: "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm2.3 1.9a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8zM8 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8zm2.7 2.7a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z",
  sun: "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM7.3.5h1.4v2.3H7.3zm0 12.7h1.4v2.3H7.3zM.5 7.3h2.3v1.4H.5zm12.7 0h2.3v1.4h-2.3zM2.2 3.2l1-1 1.6 1.6-1 1zm9 9 1-1 1.6 1.6-1 1zM12.2 3.8l1.6-1.6 1 1-1.6 1.6zM2.2 12.8l1.6-1.6 1 1-1.6 1.6z",
  moon: "M6 1.5A6.5 6.5 0 1 0 14.5 10 5.6 5.6 0 0 1 6 1.5z",
  help: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3zM7.3 10.6h1.5v1.5H7.3zM5.5 6.3C5.5 4.9 6.6 4 8 4s2.6.9 2.6 2.2c0 1-.6 1.5-1.2 2-.5.4-.7.6-.7 1.2v.3H7.3v-.5c0-1.1.6-1.6 1.2-2.1.5-.4.7-.6.7-.9 0-.5-.5-.8-1.2-.8s-1.1.4-1.1.9z",
  share: "M8 1l3.6 3.6-1.1 1.1-1.75-1.75V10h-1.5V3.95L5.5 5.7 4.4 4.6zM2.5 9H4v4.5h8V9h1.5v6h-11z",
};

/** A small drawn sign, hidden from screen readers: the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** Save bytes or text as a file of the reader's. */
export function save(name, content, mime) {
  const url = URL.createObjectURL(new Blob([content], { type: mime }));
  const link = h("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
