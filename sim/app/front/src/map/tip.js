// What hovering over a place tells, and the small card that shows it.

import { chance, factionName, nameIn, percent, short, whole } from "../logic/format.js";
import { fill, h } from "../ui/dom.js";

export const KINDS = {
  capital: "Capital", regional_capital: "Regional capital", city: "City", town: "Town", crossing: "Border crossing", base: "Military base",
};

/** A card that follows the place, never leaves the window and takes no clicks. */
export function createTip() {
  const element = h("div.tip", { role: "status", hidden: true });
  return {
    element,
    show(content, x, y) {
      fill(element, content);
      element.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = element;
      const left = x + 16 + width > window.innerWidth ? x - width - 16 : x + 16;
      const top = Math.min(Math.max(y - height / 2, 8), window.innerHeight - height - 8);
      element.style.transform = `translate(${Math.round(left)}px,${Math.round(top)}px)`;
    },
    hide() { element.hidden = true; },
  };
}

/** A coloured square with a name. */
export const swatch = (state, faction, name = factionName(state.geo.factions[faction])) =>
  h("span.swatch", {}, h("i", { style: `background:${state.palette.factions[faction]}` }), name);

/** A unit, or several that march together. */
export function describeUnit(state, { faction, soldiers, morale, from, to }) {
  const name = (place) => nameIn(state.geo.places, state.geo.places[place]);
  return [
    h("b", {}, swatch(state, faction)),
    h("div", {}, `${whole(soldiers)} soldiers, morale ${percent(morale)}`),
    h("small", {}, `on the road from ${name(from)} to ${name(to)}`),
  ];
}

export function describePlace(state, campaign, index) {
  const { geo, ensemble, mapMode } = state;
  const place = geo.places[index];
  const day = Math.floor(state.t + 1e-6);
  const holder = campaign.at("control", day, index);
  const contested = campaign.at("contested", day, index) > 0;
  const forces = geo.factions
    .map((_, f) => ({ f, soldiers: campaign.at("soldiers", day, index, f), morale: campaign.at("morale", day, index, f) / 255 }))
    .filter(({ soldiers }) => soldiers >= 1)
    .sort((a, b) => b.soldiers - a.soldiers);
  const hosted = campaign.at("displaced_hosted", day, index);
  return [
    h("b", {}, nameIn(geo.places, place)),
    h("small", {}, `${KINDS[place.kind] ?? place.kind}, ${short(place.population)} people`),
    h("div", {}, swatch(state, holder), contested ? h("em", {}, " contested") : null),
    forces.map(({ f, soldiers, morale }) =>
      h("div.force", {}, swatch(state, f, ""), `${whole(soldiers)} soldiers, morale ${percent(morale)}`)),
    hosted >= 100 ? h("div", {}, `${whole(hosted)} displaced people here`) : null,
    ensemble && mapMode === "chance" ? h("div", {}, `Fallen in ${chance(ensemble.fallen(day, index))} of ${ensemble.runs} runs`) : null,
  ];
}
