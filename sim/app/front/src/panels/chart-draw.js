// A chart in words of the pen: lines by faction, the untouched world dashed, bands of the ensemble, the record as rings.

import { scaleLinear } from "d3-scale";
import { line as lineShape, area as areaShape } from "d3-shape";
import { shape } from "../pen/shape.js";

export const MARGIN = { left: 38, right: 9, top: 7, bottom: 17 };

export const dayScale = (days, width) => scaleLinear([0, days], [MARGIN.left, width - MARGIN.right]);

/** Draw {days, top, format, fork, lines, dots} into width x height. */
export function drawChart(pen, chart, width, height, palette) {
  const x = dayScale(chart.days, width);
  const y = scaleLinear([0, chart.top], [height - MARGIN.bottom, MARGIN.top]).nice(3);
  drawAxes(pen, chart, x, y, width, height, palette);
  if (chart.fork) pen.line([[x(chart.fork), MARGIN.top], [x(chart.fork), height - MARGIN.bottom]], { stroke: palette.fork, width: 1, dash: [2, 2] });
  const colour = (line) => (line.faction === null ? palette.flow : palette.factions[line.faction]);
  const path = lineShape().x((_, day) => x(day)).y((value) => y(value));
  for (const line of chart.lines.filter((l) => l.band)) {
    const band = areaShape().x((_, i) => x(i + 1)).y0((_, i) => y(line.band.low[i])).y1((_, i) => y(line.band.high[i]));
    pen.shape(shape(band(Array.from(line.band.low))), { fill: colour(line), alpha: 0.2 });
    pen.shape(shape(lineShape().x((_, i) => x(i + 1)).y((v) => y(v))(Array.from(line.band.mid))), { stroke: colour(line), width: 1, dash: [1, 2.5], cap: "round" });
  }
  for (const line of chart.lines.filter((l) => l.recorded)) {
    const steps = Array.from(line.recorded);
    pen.shape(shape(path(steps)), { stroke: colour(line), width: 1, alpha: 0.55 });
    steps.forEach((value, day) => {
      if (day && value !== steps[day - 1]) pen.disc(x(day), y(value), 2.3, { fill: palette.paper, stroke: colour(line), width: 1.2 });
    });
  }
  for (const line of chart.lines.filter((l) => l.base)) {
    pen.shape(shape(path(Array.from(line.base))), { stroke: colour(line), width: 1.4, dash: [4, 3] });
  }
  for (const line of chart.lines) pen.shape(shape(path(Array.from(line.values))), { stroke: colour(line), width: 2.2, cap: "round" });
  for (const [day, value] of chart.dots) pen.disc(x(day), y(value), 3, { fill: palette.paper, stroke: palette.ink, width: 1.5 });
}

export function drawAxes(pen, chart, x, y, width, height, palette) {
  for (const value of y.ticks(3)) {
    pen.line([[MARGIN.left, y(value)], [width - MARGIN.right, y(value)]], { stroke: value === 0 ? palette.axis : palette.grid, width: 1 });
    pen.text(MARGIN.left - 5, y(value) + 3.5, chart.format(value), { size: 10.5, anchor: "end", fill: palette.muted });
  }
  const count = Math.max(2, Math.min(7, Math.floor(width / 48)));
  for (const day of x.ticks(count).filter(Number.isInteger)) {
    pen.line([[x(day), height - MARGIN.bottom], [x(day), height - MARGIN.bottom + 3]], { stroke: palette.axis, width: 1 });
    pen.text(x(day), height - 3.5, `${day}`, { size: 10.5, anchor: "middle", fill: palette.muted });
  }
}
