// The day on which a place falls, over an ensemble: a bar a day, never apart, the recorded day marked.

import { dayMonth, chance, rest } from "../logic/format.js";
import { svgPen } from "../pen/svg.js";
import { h } from "../ui/dom.js";

const [WIDTH, HEIGHT, FOOT] = [320, 74, 16];
const NEVER = WIDTH - 23; // the middle of what never falls: "> 99 %" has room there

export function fallHistogram({ geo, ensemble, palette }, place) {
  const counts = ensemble.fallDays(place);
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const days = counts.length - 1;
  const recorded = geo.recorded.fallen_day[place] ?? null;
  const pen = svgPen();
  const slot = (WIDTH - 58) / days;
  const most = Math.max(...counts.slice(0, -1), total / 10);
  const height = (n) => ((HEIGHT - FOOT - 10) * n) / most;
  const base = HEIGHT - FOOT;
  const bar = (left, width, n, fill) => pen.line([[left, base - height(n)], [left + width, base - height(n)], [left + width, base], [left, base]], { fill }, true);
  for (let day = 1; day <= days; day++) if (counts[day - 1]) bar((day - 1) * slot + 1, Math.max(slot - 2, 1.5), counts[day - 1], palette.share(0.62));
  const fallen = 1 - counts[days] / total;
  if (counts[days]) pen.text(NEVER, base - 5, rest(fallen), { size: 11.5, anchor: "middle", weight: 600, fill: palette.ink });
  pen.line([[0, base], [WIDTH - 54, base]], { stroke: palette.axis });
  pen.line([[WIDTH - 44, base], [WIDTH - 2, base]], { stroke: palette.axis });
  const mark = recorded === null ? NEVER : (recorded - 0.5) * slot;
  if (recorded !== null) pen.line([[mark, 7], [mark, base]], { stroke: palette.ink, width: 1.6 });
  pen.line([[mark - 4.5, 1], [mark + 4.5, 1], [mark, 8]], { fill: palette.ink }, true);
  const style = { size: 10.5, fill: palette.muted };
  pen.text(0, HEIGHT - 3, dayMonth(geo.first_day, 1), style);
  pen.text(WIDTH - 58, HEIGHT - 3, dayMonth(geo.first_day, days), { ...style, anchor: "end" });
  pen.text(NEVER, HEIGHT - 3, "never", { ...style, anchor: "middle" });
  const words = `Falls in ${chance(fallen)} of runs; recorded: ${recorded === null ? "did not fall" : `day ${recorded}`}`;
  const holder = h("figure.histogram", {}, h("figcaption", {}, words));
  const picture = h("div");
  picture.innerHTML = pen.document(WIDTH, HEIGHT, words).replace(/ width="\d+" height="\d+"/, "");
  holder.append(picture);
  return holder;
}
