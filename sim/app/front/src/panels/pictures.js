// Pictures to take away: a picture is {title, width, height, draw(pen)}, written as PNG or as SVG by the same drawing code.

import { CHARTS, chartOf, shownFactions } from "../logic/charts.js";
import { otherWorld, WORLDS } from "../logic/decode.js";
import { dayMonth, factionName } from "../logic/format.js";
import { CREDIT } from "../map/draw.js";
import { canvasPen, textWidth } from "../pen/canvas.js";
import { svgPen } from "../pen/svg.js";
import { save } from "../ui/dom.js";
import { drawChart } from "./chart-draw.js";

const WHAT = { control: "who holds it", chance: "chance of fall" };
const [CHART_WIDTH, CHART_HEIGHT, GAP, HEAD] = [420, 230, 24, 64];

/** The map, or both, under lines that say what, when and who. */
export function mapPicture({ state }, { main, other }) {
  const { geo, palette, day, ensemble } = state;
  const shares = state.mapMode === "chance" && ensemble;
  const maps = state.mapMode === "compare" ? [[other, WORLDS[state.versus]], [main, WORLDS.yours]] : [[main, ""]];
  const { clientWidth: pane, clientHeight: height } = main.element;
  const width = maps.length * pane;
  const title = `${geo.title}: ${shares ? WHAT.chance : WHAT.control}, ${day ? `day ${day}, ${dayMonth(geo.first_day, day)}` : "the eve"}`;
  const lines = broken(title, width - 28, 16, 600);
  const credit = broken(`Holdfast. ${CREDIT}`, width - 28, 10.5);
  const legend = shares ? [] : legendRows(heldFactions(state), geo, width - 28);
  const top = 28 + 21 * lines.length; // of the legend
  const head = top - 9 + 20 * Math.max(legend.length, 1);
  function draw(pen) {
    lines.forEach((line, i) => pen.text(14, 27 + 21 * i, line, { size: 16, weight: 600, fill: palette.ink }));
    if (shares) rampLegend(pen, top, ensemble, palette);
    else drawLegend(pen, 14, top, legend, palette);
    maps.forEach(([map, name], i) => pen.group({ x: i * pane, y: head }, () => {
      map.picture(pen);
      pen.text(14, 24, name, { size: 14, weight: 600, fill: palette.ink, halo: palette.halo });
    }));
    if (maps.length > 1) pen.line([[pane, head], [pane, head + height]], { stroke: palette.ink });
    credit.forEach((line, i) => pen.text(14, head + height + 16 + 13 * i, line, { size: 10.5, fill: palette.muted }));
  }
  return { title, width, height: head + height + 11 + 13 * credit.length, draw };
}

const heldFactions = (state) => {
  const shown = [state.campaign, ...(state.mapMode === "compare" ? [otherWorld(state)] : [])];
  return state.geo.factions.map((_, f) => f).filter((f) => shown.some((campaign) => campaign.row("control", state.day).includes(f)));
};

/** A text in as many lines as a width asks for. */
function broken(text, width, size, weight) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, size, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Factions in as many rows as a width asks for: [[{f, name, x}]]. */
function legendRows(factions, geo, width) {
  const rows = [[]];
  let x = 0;
  for (const f of factions) {
    const name = factionName(geo.factions[f]);
    const step = textWidth(name, 12) + 34;
    if (x && x + step > width) { rows.push([]); x = 0; }
    rows.at(-1).push({ f, name, x });
    x += step;
  }
  return rows;
}

function drawLegend(pen, left, top, rows, palette) {
  rows.forEach((row, i) => {
    for (const { f, name, x } of row) {
      pen.disc(left + x + 5, top + 20 * i - 4, 5, { fill: palette.factions[f] });
      pen.text(left + x + 15, top + 20 * i, name, { size: 12, fill: palette.ink });
    }
  });
}

function rampLegend(pen, top, ensemble, palette) {
  pen.text(14, top, "0 %", { size: 12, fill: palette.ink });
  for (let i = 0; i < 50; i++) pen.line([[42 + 3 * i, top - 10], [45.3 + 3 * i, top - 10], [45.3 + 3 * i, top + 2], [42 + 3 * i, top + 2]], { fill: palette.share(i / 49) }, true);
  pen.text(200, top, `100 % of ${ensemble.runs} runs`, { size: 12, fill: palette.ink });
}

/** All charts on a sheet with title and legend. */
export function chartsPicture(state) {
  const { geo, palette } = state;
  const charts = CHARTS.map((chart) => chartOf(chart, state));
  const columns = 2;
  const rows = Math.ceil(charts.length / columns);
  const width = columns * (CHART_WIDTH + GAP) + GAP;
  const height = HEAD + rows * (CHART_HEIGHT + 40) + 24;
  function draw(pen) {
    pen.text(GAP, 32, geo.title, { size: 18, weight: 600, fill: palette.ink });
    drawLegend(pen, GAP, 55, legendRows(shownFactions(state), geo, Infinity), palette);
    charts.forEach((chart, i) => {
      const left = GAP + (i % columns) * (CHART_WIDTH + GAP);
      const top = HEAD + Math.floor(i / columns) * (CHART_HEIGHT + 40);
      pen.text(left, top + 24, chart.title, { size: 13.5, weight: 600, fill: palette.ink });
      pen.group({ x: left, y: top + 30 }, () => drawChart(pen, chart, CHART_WIDTH, CHART_HEIGHT, palette));
    });
    const span = `${dayMonth(geo.first_day, 1)} to ${dayMonth(geo.first_day, geo.days)}, by day. Dashed: the untouched world. Rings: recorded. Holdfast`;
    pen.text(GAP, height - 10, span, { size: 11, fill: palette.muted });
  }
  return { title: geo.title, width, height, draw };
}

export function toSvg({ title, width, height, draw }, name, palette) {
  const pen = svgPen();
  draw(pen);
  save(name, pen.document(width, height, title, palette.paper), "image/svg+xml");
}

/** At twice the size on screen, for print and slides. */
export function toPng({ width, height, draw }, name, palette) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = palette.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.scale(2, 2);
  draw(canvasPen(ctx));
  canvas.toBlob((blob) => save(name, blob, "image/png"), "image/png");
}
