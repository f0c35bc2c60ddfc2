// Messages of the server: typed columns, and a campaign that answers questions about any day.

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, i32: Int32Array, f32: Float32Array };

/** Columns of a message as {name: {data, shape}}; buffers are ArrayBuffers or views of any alignment. */
export function decodeColumns(descriptions, buffers) {
  const columns = {};
  descriptions.forEach(({ name, dtype, shape }, i) => {
    const type = ARRAYS[dtype];
    if (!type) throw new Error(`column ${name}: unknown type ${dtype}`);
    const buffer = buffers[i];
    const bytes = buffer.buffer
      ? buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength)
      : buffer;
    const data = new type(bytes);
    const size = shape.reduce((a, b) => a * b, 1);
    if (data.length !== size) throw new Error(`column ${name}: ${data.length} values, ${size} expected`);
    columns[name] = { data, shape };
  });
  return columns;
}

/** A campaign: days, places, factions, and readers for its columns. Row d is the end of day d, 0 the eve. */
export function decodeCampaign(content, buffers) {
  const columns = decodeColumns(content.columns, buffers);
  const [rows, places] = columns.control.shape;
  const factions = columns.soldiers.shape[2];
  const row = (name, day) => {
    const { data, shape } = columns[name];
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    return data.subarray(day * width, (day + 1) * width);
  };
  return {
    ...content,
    columns,
    days: rows - 1,
    places,
    factions,
    row,
    at: (name, day, place, faction) =>
      faction === undefined ? row(name, day)[place] : row(name, day)[place * factions + faction],
    moves: groupBy(columns.move_tick),
    flows: groupBy(columns.flow_day),
  };
}

/** Index ranges of a sorted column by value: ranges.get(value) = [first, end]. */
export function groupBy(column) {
  const ranges = new Map();
  const data = column?.data ?? [];
  for (let i = 0; i < data.length; ) {
    let end = i + 1;
    while (end < data.length && data[end] === data[i]) end++;
    ranges.set(data[i], [i, end]);
    i = end;
  }
  return ranges;
}

/** One column of `series` for a faction, days 0..n. */
export function seriesOf(campaign, name, faction) {
  const [rows, factions, width] = campaign.columns.series.shape;
  const column = campaign.series.indexOf(name);
  if (column < 0) return null;
  return Float32Array.from(
    { length: rows },
    (_, day) => campaign.columns.series.data[(day * factions + faction) * width + column],
  );
}

/** A lever at what the untouched campaign drew of it: a parameter, or a condition with a range. */
export function drawnLever(lever, untouched) {
  const { interval, faction, key } = lever;
  const parameter = untouched?.parameters?.[key];
  if (parameter !== undefined) return { ...lever, default: parameter };
  const { data, shape } = untouched?.columns.condition ?? {};
  if (!data || !interval || interval[0] === interval[1]) return lever;
  const drawn = data[faction * shape[1] + untouched.conditions.indexOf(key.split(".").at(-1))];
  return { ...lever, default: drawn, drawn };
}

/** Number of places that each faction holds at the end of a day. */
export function placesHeld(campaign, day) {
  const held = new Array(campaign.factions).fill(0);
  for (const faction of campaign.row("control", day)) held[faction]++;
  return held;
}

/** First day on which a place is out of the hands that held it on the eve; null if never. */
export function dayLost(campaign, place) {
  const eve = campaign.at("control", 0, place);
  for (let day = 1; day <= campaign.days; day++) if (campaign.at("control", day, place) !== eve) return day;
  return null;
}

/** Holder of every place at the end of a day as the record has it: eve of the campaign plus recorded changes. */
export function recordedControl(geo, eve, day) {
  const holders = Array.from(eve);
  for (const change of geo.recorded.control) if (change.day <= day) holders[change.place] = change.faction;
  return holders;
}

const histories = new WeakMap();

/** The record in the place of a campaign: who held what at the end of each day, and nothing else. */
export function recordedCampaign(geo, campaign) {
  if (!histories.has(campaign)) {
    const eve = campaign.row("control", 0);
    const rows = Array.from({ length: campaign.days + 1 }, (_, day) => recordedControl(geo, eve, day));
    histories.set(campaign, {
      ...campaign,
      row: (name, day) => (name === "control" ? rows[day] : new Uint8Array(campaign.places)),
      at: (name, day, place) => (name === "control" ? rows[day][place] : 0),
      moves: new Map(),
      flows: new Map(),
    });
  }
  return histories.get(campaign);
}

/** Names of what a map shows. */
export const WORLDS = { yours: "Your world", baseline: "Untouched world", record: "As recorded" };

/** What the second map shows: the untouched world, or the record. */
export const otherWorld = ({ geo, baseline, campaign, versus }) => (versus === "record" && campaign ? recordedCampaign(geo, campaign) : baseline);

/** What the state becomes to show the map of chances: on the eve nothing has fallen in any run, so it is that of the last day. */
export const chanceMap = ({ day, playing, campaign }) => ({ mapMode: "chance", ...(day === 0 && !playing ? { t: campaign.days, day: campaign.days } : {}) });

/** An ensemble: share of runs in which a place has fallen, histograms of the day, bands of the series. */
export function decodeEnsemble(content, buffers) {
  const columns = decodeColumns(content.columns, buffers);
  const [days, places] = columns.fallen.shape;
  return {
    ...content,
    columns,
    days,
    places,
    /** Share 0..1 of runs in which the place has fallen by the end of the day; 0 on the eve. */
    fallen: (day, place) => (day < 1 ? 0 : columns.fallen.data[(Math.min(day, days) - 1) * places + place]),
    /** Runs by day of fall, days 1..n, and those in which it never fell. */
    fallDays: (place) => columns.fall_day.data.subarray(place * (days + 1), (place + 1) * (days + 1)),
    /** {low, mid, high} over days 1..n of a series, or null. */
    band(name) {
      const i = content.band_names.indexOf(name);
      if (i < 0) return null;
      const cut = (q) => columns.bands.data.subarray((i * 3 + q) * days, (i * 3 + q + 1) * days);
      return { low: cut(0), mid: cut(1), high: cut(2) };
    },
  };
}
