// A war of three places, two factions and two days, as a message.
import { decodeCampaign } from "../src/logic/decode.js";

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, f32: Float32Array };

export function message(content, columns) {
  const described = Object.entries(columns).map(([name, [dtype, shape]]) => ({ name, dtype, shape }));
  return [{ ...content, columns: described }, Object.values(columns).map(([dtype, , values]) => new DataView(ARRAYS[dtype].from(values).buffer))];
}

export const COLUMNS = {
  control: ["u8", [3, 3], [0, 0, 1, 0, 1, 1, 1, 1, 1]],
  contested: ["u8", [3, 3], new Array(9).fill(0)],
  soldiers: ["f32", [3, 3, 2], [10, 0, 20, 0, 0, 50, 10, 0, 0, 60, 0, 40, 0, 30, 0, 70, 0, 10]],
  series: ["f32", [3, 2, 2], [30, 0.4, 50, 0.5, 10, 0.3, 100, 0.75, 0, 0, 110, 1]],
  displaced_total: ["f32", [3], [0, 5, 9]],
  move_tick: ["u16", [3], [1, 1, 2]],
  move_from: ["u16", [3], [2, 2, 2]],
  move_to: ["u16", [3], [1, 1, 1]],
  move_faction: ["u8", [3], [1, 1, 1]],
  move_progress: ["u8", [3], [51, 153, 255]],
  move_soldiers: ["f32", [3], [100, 40, 40]],
  move_morale: ["u8", [3], [255, 255, 255]],
  flow_day: ["u16", [0], []],
};

export const campaign = (changes = {}) => decodeCampaign(...message({ series: ["soldiers", "morale"] }, { ...COLUMNS, ...changes }));
