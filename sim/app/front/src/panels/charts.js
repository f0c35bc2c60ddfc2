// Charts of the campaign, small multiples on one clock; a click or a drag on any of them goes to that day.

import { CHARTS, chartOf, MORE_CHARTS, shownFactions } from "../logic/charts.js";
import { factionName } from "../logic/format.js";
import { svgPen } from "../pen/svg.js";
import { fill, h } from "../ui/dom.js";
import { dayScale, drawChart, MARGIN } from "./chart-draw.js";

export function createCharts(store, clock) {
  const chips = h("div.chips", { role: "group", "aria-label": "Factions in the charts" });
  const figures = [...CHARTS, ...MORE_CHARTS].map((chart) => createFigure(chart, clock));
  const more = h("button.link", { test: "more-charts", onclick: () => store.set({ moreCharts: !store.state.moreCharts }) });
  const key = h("p.chart-key");
  const element = h("section.charts", { "aria-label": "Charts" }, chips, h("div.grid", {}, figures.map((f) => f.element)), h("footer", {}, key, more));

  function show() {
    const { state } = store;
    if (!state.campaign || !state.palette || !element.clientWidth) return;
    showChips(chips, store);
    element.classList.toggle("all", state.moreCharts);
    more.textContent = state.moreCharts ? "Fewer charts" : "More charts";
    figures.forEach((figure, i) => { figure.element.hidden = i >= CHARTS.length && !state.moreCharts; });
    for (const figure of figures) if (!figure.element.hidden) figure.show(chartOf(figure.chart, state), state);
    fill(key, keyOf(state));
    move();
  }
  function move() {
    const { t, day, campaign } = store.state;
    if (campaign) for (const figure of figures) if (!figure.element.hidden) figure.move(t, day, store.state);
  }
  new ResizeObserver(show).observe(element);
  store.on(["campaign", "baseline", "ensemble", "palette", "shownFactions", "moreCharts"], show);
  store.on(["t"], move);
  return { element };
}

function keyOf({ campaign, baseline, ensemble, request }) {
  return [
    h("span", {}, h("i.solid"), "this run"),
    baseline && baseline !== campaign ? h("span", {}, h("i.dashed"), "untouched world") : null,
    h("span", {}, h("i.ring"), "recorded"),
    request.act ? h("span", {}, h("i.fork"), "acted from here") : null,
    ensemble ? h("span", {}, h("i.band"), `5-95 % of ${ensemble.runs} runs`) : null,
    ensemble ? h("span", {}, h("i.dotted"), "their median") : null,
  ];
}

function showChips(chips, store) {
  const { geo, campaign, palette } = store.state;
  const shown = shownFactions(store.state);
  const soldiers = campaign.series.indexOf("soldiers");
  const present = geo.factions.map((_, f) => f).filter((f) => shown.includes(f) || campaign.columns.series.data[f * campaign.series.length + soldiers] > 0);
  const listed = chips.dataset.all ? present : shown;
  fill(chips, listed.map((f) => h("button.chip", {
    "aria-pressed": `${shown.includes(f)}`, title: geo.factions[f].name, style: `--c:${palette.factions[f]}`,
    onclick: () => {
      const next = shown.includes(f) ? shown.filter((g) => g !== f) : [...shown, f].sort((a, b) => a - b);
      store.set({ shownFactions: next });
    },
  }, h("i"), factionName(geo.factions[f]))), present.length > listed.length ? h("button.chip.more", {
    onclick: () => { chips.dataset.all = "yes"; showChips(chips, store); chips.children[shown.length]?.focus(); },
  }, `${present.length - listed.length} more`) : null);
}

/** One chart with its cursor and the values of the day. */
function createFigure(chart, clock) {
  const values = h("span.values");
  const plot = h("div.svg");
  const cursor = h("div.cursor", { "aria-hidden": "true" });
  const area = h("div.plot", {}, plot, cursor);
  const element = h("figure.chart", { test: `chart-${chart.name}` }, h("figcaption", {}, h("b", {}, chart.title), values), area);
  let data = null;
  let x = null; // scale of days; kept, since asking the page for its layout in every frame is dear

  const goTo = (event) => {
    if (!data) return;
    clock.goTo(Math.round(x.invert(event.clientX - area.getBoundingClientRect().left)));
  };
  area.addEventListener("pointerdown", (event) => { area.setPointerCapture(event.pointerId); goTo(event); });
  area.addEventListener("pointermove", (event) => { if (event.buttons & 1) goTo(event); });

  return {
    chart,
    element,
    show(spec, { palette }) {
      const { clientWidth: width, clientHeight: height } = area;
      if (width < 60 || height < 40) return;
      data = spec;
      x = dayScale(spec.days, width);
      const pen = svgPen();
      drawChart(pen, spec, width, height, palette);
      plot.innerHTML = pen.document(width, height, describe(spec));
      cursor.style.top = `${MARGIN.top}px`;
      cursor.style.height = `${height - MARGIN.top - MARGIN.bottom}px`;
    },
    move(t, day, { palette }) {
      if (!data) return;
      cursor.style.transform = `translateX(${x(t)}px)`;
      if (values.dataset.day === `${day}` && values.data === data) return;
      values.dataset.day = day;
      values.data = data;
      fill(values, data.lines.map((line) => h("span", { style: line.faction === null ? "" : `color:${palette.factionText[line.faction]}` }, data.reading(line.values[day]))));
    },
  };
}

/** A chart in a sentence, for those who do not see it. */
function describe({ title, lines, format, days }) {
  return `${title}. ${lines.map((l) => `${l.label}: ${format(l.values[0])} on the eve, ${format(l.values[days])} at the end`).join("; ")}.`;
}
