// Light or dark: as the system has it, until the reader chooses.

import { paletteOf } from "../map/palette.js";

const KEY = "holdfast-theme";

export function watchTheme(store, root) {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = read();
  const apply = () => {
    const theme = chosen ?? (system.matches ? "dark" : "light");
    root.dataset.theme = theme;
    store.set({ theme, palette: paletteOf(theme, store.state.geo?.factions ?? []) });
  };
  system.addEventListener("change", apply);
  const off = store.on(["geo"], apply);
  apply();
  return {
    toggle() {
      chosen = store.state.theme === "dark" ? "light" : "dark";
      write(chosen);
      apply();
    },
    destroy() {
      system.removeEventListener("change", apply);
      off();
    },
  };
}

// Storage may be forbidden; the choice then lasts as long as the page.
function read() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}
function write(theme) {
  try { localStorage.setItem(KEY, theme); } catch { /* as above */ }
}
