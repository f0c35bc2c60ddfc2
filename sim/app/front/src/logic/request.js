// What is asked of the server, as plain data: {scenario, seed, settings, events, act}. Every function returns a new one.

export const untouched = (scenario, seed) => ({ scenario, seed, settings: {}, events: null, act: null });

export const isUntouched = ({ settings, events, act }) =>
  Object.keys(settings).length === 0 && events === null && (act === null || isIdle(act));

/** The same for all worlds that share their untouched one. */
export const luckOf = ({ scenario, seed }) => `${scenario}|${seed}`;

const isIdle = (act) => Object.keys(act.settings).length === 0 && act.events === null;

/** The value in force of a lever, as the future has it: act over request over default. */
export const valueOf = (request, lever) =>
  request.act?.settings[lever.key] ?? request.settings[lever.key] ?? lever.default;

/** What a lever goes back to on reset: its default, or under "act now" the value of the fixed past. */
export const restingValue = (request, lever) =>
  request.act ? (request.settings[lever.key] ?? lever.default) : lever.default;

/** Set a lever, or with value null set it back; under "act now" the future alone. */
export function withSetting(request, lever, value) {
  const change = (settings) => {
    const { [lever.key]: _, ...others } = settings;
    return value === null || same(value, restingValue(request, lever)) ? others : { ...others, [lever.key]: value };
  };
  return request.act
    ? { ...request, act: { ...request.act, settings: change(request.act.settings) } }
    : { ...request, settings: change(request.settings) };
}

const same = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** The decrees in force in the request, given those of the shipped scenario. */
export const eventsOf = (request, shipped) => request.act?.events ?? request.events ?? shipped;

/** Replace the decrees, given those of the shipped scenario; back at those is null. Under "act now" only the future differs. */
export function withEvents(request, told, shipped) {
  const resting = request.act ? eventsOf({ ...request, act: null }, shipped) : shipped;
  const events = alike(told, resting) ? null : asked(told);
  return request.act ? { ...request, act: { ...request.act, events } } : { ...request, events };
}

/** The server also tells on which day each came true: nothing that can be asked for. */
const asked = (events) => events.map(({ fired_day: _, ...event }) => event);

const sorted = (events) => JSON.stringify(asked(events).map((event) => Object.entries(event).sort()));
const alike = (a, b) => sorted(a) === sorted(b);

/** Fix the past up to the end of a day. What was done at an earlier fork stays, in the future of this one. */
export const actFrom = (request, day) => ({
  ...request,
  act: { day, settings: request.act?.settings ?? {}, events: request.act?.events ?? null },
});

export const withoutAct = (request) => ({ ...request, act: null });

/** Keys that differ from the shipped scenario, past or future. */
export const changedKeys = (request) =>
  new Set([...Object.keys(request.settings), ...Object.keys(request.act?.settings ?? {})]);

/** First day on which a decree may be put. */
export const firstFreeDay = (request) => (request.act ? request.act.day + 1 : 1);

/** A short id that no other decree has. */
export function newId(kind, events) {
  const stem = kind.replaceAll("_", "-");
  const taken = new Set(events.map((event) => event.id));
  for (let n = 1; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`;
}

/** A stack of requests with undo and redo. */
export function createHistory(first) {
  let past = [];
  let future = [];
  let now = first;
  return {
    get now() { return now; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
    push(request) {
      if (JSON.stringify(request) === JSON.stringify(now)) return now;
      past = [...past.slice(-99), now];
      future = [];
      return (now = request);
    },
    /** What is asked for now was refused: this takes its place, and what came after it is forgotten. */
    replace(request) {
      if (past.includes(request)) past = past.slice(0, past.lastIndexOf(request));
      return (now = request);
    },
    undo() {
      if (past.length) { future.push(now); now = past.pop(); }
      return now;
    },
    redo() {
      if (future.length) { past.push(now); now = future.pop(); }
      return now;
    },
  };
}
