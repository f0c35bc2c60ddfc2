// What each layer of a map shows at a moment: ground, what lives on it, names.

import { otherWorld } from "../logic/decode.js";
import { textWidth } from "../pen/canvas.js";
import * as draw from "./draw.js";
import { labelOrder, labelStyle, labelText, placeLabels } from "./labels.js";
import { screen } from "./pick.js";

export const LAYERS = ["ground", "live", "names"];

/** A painter for each layer, closed over the moment. */
export function painterOf(state, map, campaign, showsChance) {
  const { geo, palette, t, layers, ensemble } = state;
  const selected = geo.places[state.selected] ? state.selected : null; // a link may name a place of another case
  const { ground, view } = map;
  const day = Math.floor(t + 1e-6);
  // Side by side, a ring marks what differs.
  const versus = state.mapMode === "compare" && campaign === state.campaign ? otherWorld(state) : null;
  return {
    ground: (pen) => draw.drawGround(pen, ground, view, palette),
    live(pen) {
      const control = campaign && !showsChance ? campaign.row("control", day) : null;
      draw.drawRoads(pen, geo, ground, view, palette, control);
      if (!campaign) return;
      if (!showsChance && layers.displaced) {
        const flowDay = Math.ceil(t - 1e-6);
        draw.drawFlows(pen, campaign, ground, view, palette, flowDay, t === flowDay ? 1 : Math.min(1, 0.25 + (t - flowDay + 1) * 1.5));
      }
      const look = showsChance
        ? (i) => ({ fill: palette.share(ensemble.fallen(day, i)), ringed: recordedFallen(geo, i, day) })
        : (i) => ({ ...draw.placeLook(campaign, i, day, palette), ringed: versus && versus.at("control", day, i) !== campaign.at("control", day, i) });
      draw.drawPlaces(pen, geo, ground, view, palette, look, selected);
      if (!showsChance && layers.units) draw.drawUnits(pen, draw.unitMarks(campaign, geo, ground, view, t), palette);
    },
    names(pen) {
      if (layers.names) draw.drawLabels(pen, labelsFor(geo, map, selected), palette);
      draw.drawScale(pen, 14, view.height - 14, ground.pxPerKm * view.k, palette);
    },
  };
}

function recordedFallen(geo, place, day) {
  const fallen = geo.recorded.fallen_day[place];
  return fallen !== undefined && fallen !== null && fallen <= day;
}

function labelsFor(geo, map, selected) {
  const grow = draw.growth(map.view);
  const marks = geo.places.map((place, index) => {
    const [x, y] = screen(map, index);
    return { index, x, y, radius: draw.placeRadius(place.population) * grow };
  });
  const order = labelOrder(geo.places);
  if (selected !== null) order.unshift(...order.splice(order.indexOf(selected), 1));
  const minor = map.view.k > 1.8;
  const items = order
    .filter((i) => minor || i === selected || !["crossing", "base"].includes(geo.places[i].kind))
    .map((index) => {
      const style = labelStyle(geo.places[index], map.view.size);
      const text = labelText(geo.places[index]);
      return { ...marks[index], ...style, forced: style.weight > 400, text, width: textWidth(text, style.size, style.weight) };
    });
  return placeLabels(items, marks, map.view.width, map.view.height, map.taken);
}
