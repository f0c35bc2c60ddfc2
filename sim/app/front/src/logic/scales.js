// Scales of sliders: position 0..STEPS on the track to a value, straight or logarithmic, and round numbers in between.

export const STEPS = 200;

/** Value at a position 0..STEPS, rounded to the lever's step (or to three digits where the scale is logarithmic). */
export function toValue(lever, position) {
  const share = position / STEPS;
  if (position <= 0) return lever.low;
  if (position >= STEPS) return lever.high;
  if (isLog(lever)) return round(lever.low * (lever.high / lever.low) ** share);
  const raw = lever.low + (lever.high - lever.low) * share;
  const step = lever.step || (lever.high - lever.low) / STEPS;
  return clamp(tidy(lever.low + Math.round((raw - lever.low) / step) * step), lever);
}

/** Position 0..STEPS of a value. */
export function toPosition(lever, value) {
  const inside = clamp(value, lever);
  const share = isLog(lever) ? Math.log(inside / lever.low) / Math.log(lever.high / lever.low) : (inside - lever.low) / (lever.high - lever.low || 1);
  return share * STEPS;
}

export const clamp = (value, { low, high }) => Math.min(Math.max(value, low), high);

const isLog = ({ log, low }) => log && low > 0;
const round = (value) => Number(value.toPrecision(3));
/** Without the dust of binary fractions. */
const tidy = (value) => Number(value.toPrecision(10));
