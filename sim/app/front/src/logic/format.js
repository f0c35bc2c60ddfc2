// Numbers, days and names as people write them.

const EN = "en-GB";
const MINUS = "−";

export const whole = (x) => (Number.isFinite(x) ? Math.round(x).toLocaleString(EN).replace("-", MINUS) : "–");
export const percent = (x, digits = 0) => (Number.isFinite(x) ? `${(100 * x).toFixed(digits).replace("-", MINUS)} %` : "–");

/** "never" and "always" are said only where nothing else is true. */
export function chance(share) {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share >= 0.995) return "> 99 %";
  return percent(share);
}

/** What is left of a chance, as words that add to a hundred with it: "24 %" beside "76 %". */
export function rest(share) {
  const shown = chance(share);
  return { "< 1 %": "> 99 %", "> 99 %": "< 1 %" }[shown] ?? percent(1 - Number.parseFloat(shown) / 100);
}

/** An axis label: 40k, 1.5M. */
export function short(x) {
  if (!Number.isFinite(x)) return "–";
  const size = Math.abs(x);
  const text = size >= 1e6 ? `${+(x / 1e6).toFixed(2)}M` : size >= 1e4 ? `${+(x / 1e3).toFixed(1)}k` : size >= 1000 ? whole(x) : `${+x.toPrecision(3)}`;
  return text.replace("-", MINUS);
}

/** A number that changes while one looks: 101k, 9.4k, 870. */
export function brief(x) {
  const size = Math.abs(x);
  if (size >= 9.995e5) return `${(x / 1e6).toFixed(2)}M`;
  if (size >= 1000) return `${(x / 1e3).toFixed(size >= 99_950 ? 0 : 1)}k`;
  return whole(x);
}

/** A value of a lever: three or four digits that matter. */
export function value(x) {
  if (!Number.isFinite(x)) return "–";
  const size = Math.abs(x);
  if (size !== 0 && size < 0.001) return x.toExponential(1).replace("-", MINUS);
  return `${+x.toPrecision(size >= 1000 ? 5 : 3)}`.replace("-", MINUS);
}

/** A value for a field of seven characters, with as many digits as fit: 1.733, 0.00294, 2.94e-4. */
export function fieldText(x) {
  const texts = [4, 3].map((digits) => `${Number(x.toPrecision(digits))}`);
  return [...texts, x.toExponential(2), x.toExponential(1)].map((text) => text.replace("e+", "e")).find((text) => text.length <= 7) ?? `${x}`;
}

export const signed = (x, format = whole) => (x > 0 ? "+" : "") + format(x);

/** Date of day d (1 = the first day, 0 the eve). */
export function dateOf(firstDay, day) {
  const date = new Date(`${firstDay}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day - 1);
  return date;
}

const formatter = (options) => {
  const format = new Intl.DateTimeFormat(EN, { ...options, timeZone: "UTC" });
  return (firstDay, day) => format.format(dateOf(firstDay, day));
};
export const dayMonth = formatter({ day: "numeric", month: "short" });
export const longDate = formatter({ weekday: "short", day: "numeric", month: "long", year: "numeric" });

/** The name without what stands in brackets, after a comma or after a stroke. */
export const shortName = (name) => name.split(/ \(|, | \/ /)[0];

/** A faction's name for a chart: short where people know it by its initials. */
export function factionName(faction) {
  const initials = faction.id.length <= 4 && !faction.id.includes("_") ? faction.id.toUpperCase() : null;
  return initials ?? shortName(faction.name).replace(/ (and|cells|or|\u2013) .*$/, "");
}

const listed = new WeakMap();

/** The name of one of the places or backers: short, but whole where two would become the same. */
export function nameIn(list, { name }) {
  if (!listed.has(list)) {
    const short = list.map((item) => shortName(item.name));
    const count = (brief) => short.filter((other) => other === brief).length;
    listed.set(list, new Map(list.map((item, i) => [item.name, count(short[i]) === 1 ? short[i] : item.name])));
  }
  return listed.get(list).get(name);
}

/** A sentence of the server with names as the map has them: "HTS took Hama", not all that stands in the case. */
export function plainText(text, geo) {
  for (const faction of geo.factions) for (const name of [faction.name, shortName(faction.name)]) text = text.replaceAll(name, factionName(faction));
  for (const list of [geo.places, geo.backers]) for (const item of list) text = text.replaceAll(item.name, nameIn(list, item));
  return text;
}

export const plural = (n, noun, nouns = `${noun}s`) => `${whole(n)} ${n === 1 ? noun : nouns}`;
