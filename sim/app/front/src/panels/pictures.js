// Pictures to take away: a picture is {title, width, height, draw(pen)}, written as PNG or as SVG by the same drawing code.

import { CHARTS, chartOf } from "../logic/charts.js";
import { dayMonth } from "../logic/format.js";
import { canvasPen, textWidth } from "../pen/canvas.js";
import { svgPen } from "../pen/svg.js";
import { save } from "../ui/dom.js";
import { drawChart } from "./chart-draw.js";

const WHAT = { control: "who holds it", compare: "who holds it", chance: "chance of fall" };
const [CHART_WIDTH, CHART_HEIGHT, GAP, HEAD] = [420, 230, 24, 64];

export function mapPicture({ state }, { main }) {
  const { clientWidth: width, clientHeight: height } = main.element;
  const what = WHAT[state.mapMode === "chance" && !state.ensemble ? "control" : state.mapMode];
  return { title: `${state.geo.title}: ${what}`, width, height, draw: (pen) => main.picture(pen, what) };
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
    let x = GAP;
    for (const line of charts[0].lines) {
      pen.disc(x + 5, 51, 5, { fill: palette.factions[line.faction] });
      pen.text(x + 15, 55, line.label, { size: 12, fill: palette.ink });
      x += textWidth(line.label, 12) + 36;
    }
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
