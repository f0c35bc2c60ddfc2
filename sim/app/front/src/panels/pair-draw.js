// Two curves of the same measure, what lies between them shaded: yours solid, the untouched world dashed.

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { shape } from "../pen/shape.js";
import { MARGIN, dayScale, drawAxes } from "./chart-draw.js";

export function drawPair(pen, { days, base, now, colour, format }, width, height, palette) {
  const x = dayScale(days, width);
  const y = scaleLinear([0, Math.max(...base, ...now, 1)], [height - MARGIN.bottom, MARGIN.top]).nice(3);
  drawAxes(pen, { format }, x, y, width, height, palette);
  const between = area().x((_, d) => x(d)).y0((_, d) => y(base[d])).y1((_, d) => y(now[d]));
  const path = line().x((_, d) => x(d)).y((v) => y(v));
  pen.shape(shape(between(Array.from(base))), { fill: colour, alpha: 0.18 });
  pen.shape(shape(path(Array.from(base))), { stroke: palette.ink, width: 1.4, dash: [4, 3] });
  pen.shape(shape(path(Array.from(now))), { stroke: colour, width: 2.4, cap: "round" });
}
