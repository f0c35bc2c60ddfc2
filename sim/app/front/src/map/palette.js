// Colours of the drawn map and charts, light and dark. Factions bring their own (colour-blind-safe) colours.

const MAPS = {
  light: {
    paper: "#ffffff", ink: "#16191d", muted: "#59606a", grid: "#e4e7ea", axis: "#8b929b",
    sea: "#dbe7ee", abroad: "#eceae4", land: "#fbf9f4", border: "#9a927f", inner: "#ddd7c8", water: "#a9cbdc",
    road: "#c3b8a1", casing: "#fbf9f4", ring: "#16191d", halo: "#fbf9f4", name: "#23272c", foreign: "#65635b", flow: "#3d3350", fork: "#a34400",
  },
  dark: {
    paper: "#14171b", ink: "#eceff2", muted: "#a9b1bb", grid: "#2b3138", axis: "#6d7680",
    sea: "#10202c", abroad: "#1c1f23", land: "#292c30", border: "#7d8083", inner: "#3d4146", water: "#2f5f7a",
    road: "#5d594f", casing: "#292c30", ring: "#f4f6f8", halo: "#202327", name: "#eceff2", foreign: "#9a9fa5", flow: "#d9cff2", fork: "#f0a35e",
  },
};

// After inferno (van der Walt & Smith 2015), always away from the paper; the same anchors as the report's.
const RAMPS = {
  light: ["#FFFBE8", "#FBEDA6", "#F8D558", "#FBB01E", "#F5861A", "#E3602F", "#C7424C", "#A32F62", "#7B1D6D", "#53106D", "#2F0A5B"],
  dark: ["#2A1A4A", "#46156B", "#6A176E", "#902568", "#B73557", "#D84C3E", "#EE6A24", "#F98E09", "#FAB62F", "#F6DC66", "#FCFFB4"],
};

const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
const toHex = (rgb) => `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;

/** A colour between two, weight 0..1 of the second. */
export function mix(a, b, weight) {
  const [from, to] = [channels(a), channels(b)];
  return toHex(from.map((c, i) => c + (to[i] - c) * weight));
}

/** Relative luminance 0..1 after WCAG 2.2. */
export function luminance(colour) {
  const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast 1..21 of two colours after WCAG 2.2. */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever reads better on a colour. */
export const inkOn = (colour) => (luminance(colour) > 0.179 ? "#000000" : "#ffffff");

/** A colour moved away from its ground until it stands out from it. */
export function legible(colour, ground, least = 3) {
  const away = luminance(ground) > 0.4 ? "#000000" : "#ffffff";
  for (let weight = 0; weight < 1; weight += 0.06) {
    const moved = mix(colour, away, weight);
    if (contrast(moved, ground) >= least) return moved;
  }
  return away;
}

/** The colours of a theme: drawn things, a colour for each faction (marks), the same for text, the ramp of shares. */
export function paletteOf(theme, factions) {
  const map = MAPS[theme];
  const ramp = RAMPS[theme];
  const marks = factions.map((faction) => legible(faction.colour, map.land, theme === "dark" ? 3 : 1.9));
  return {
    ...map,
    theme,
    factions: marks,
    roads: marks.map((colour) => mix(map.road, colour, 0.55)),
    onFactions: marks.map(inkOn),
    factionText: factions.map((faction) => legible(faction.colour, theme === "dark" ? "#1c2026" : "#f6f7f8", 4.6)),
    share(p) {
      const position = Math.min(Math.max(p, 0), 1) * (ramp.length - 1);
      const left = Math.min(Math.floor(position), ramp.length - 2);
      return mix(ramp[left], ramp[left + 1], position - left);
    },
  };
}
