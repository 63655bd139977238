/**
 * When a radio changes the name under which it advertises.
 *
 * All kiosks of a table change at the same moments of the table's time, and fall silent first, each for a while of its own.
 * One that changed alone, or without a silence, would be known by it: a name that ends and a name that begins a tenth of a
 * second later are the same kiosk. What comes back is as many new names as there were old ones, in no order.
 */
import { unreachable } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { type AdvertTag, advertTag, memberTag } from "./advert-tag.ts";
import { ROTATION_MS, ROTATION_SILENCE_MAX_MS, ROTATION_SILENCE_MIN_MS, SALT_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { ascii } from "./symmetric.ts";

export interface RotationOptions {
  /** Of the table: see `table-secret.ts`. */
  readonly key: Uint8Array;
  readonly identity: Uint8Array;
  /** 32 bytes that this process drew and nobody else has: salts and silences are made of them. */
  readonly own: Uint8Array;
  /** Of a kiosk's radios, which are not to be known for one another's. */
  readonly radio: number;
  readonly periodMs?: number;
}

export interface Rotation {
  now: Millis;
  readonly options: RotationOptions;
  part: number;
  isOn: boolean;
  /** Of the name in use; undefined before the first. */
  index: number | undefined;
  /** Until then nothing is advertised. */
  silentUntil: number;
  tag: AdvertTag | undefined;
}

/** Time is the table's, or the host's own guess before it has one. */
export type RotationEvent =
  | { readonly type: "advertise"; readonly at: Millis; readonly on: boolean }
  /** The kiosk is in another part of the mesh now. */
  | { readonly type: "part"; readonly at: Millis; readonly part: number }
  | { readonly type: "tick"; readonly at: Millis };

export type RotationEffect = { readonly type: "advertise"; readonly tag: AdvertTag } | { readonly type: "silence" };

export const rotation = (options: RotationOptions, at: Millis, part = 0): Rotation => ({
  ...{ now: at, options, part, isOn: false, index: undefined },
  ...{ silentUntil: Number.NEGATIVE_INFINITY, tag: undefined },
});

export function step(state: Rotation, event: RotationEvent, effects: RotationEffect[], ports: NoisePorts): void {
  // The table's time may lie before what the host took for it.
  state.now = event.at;
  state.silentUntil = Math.min(state.silentUntil, event.at + ROTATION_SILENCE_MAX_MS);
  switch (event.type) {
    case "advertise":
      if (!event.on && state.tag !== undefined) fallSilent(state, effects);
      state.isOn = event.on;
      break;
    case "part":
      // The salt stays: one that changes at once would only tell that the two are the same.
      if (event.part !== state.part) state.tag = undefined;
      state.part = event.part;
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  turn(state, effects, ports);
}

export function nextDeadline(state: Rotation): Millis | undefined {
  if (!state.isOn) return undefined;
  if (state.tag === undefined) return millis(Math.max(state.now, state.silentUntil));
  return millis((indexAt(state) + 1) * periodOf(state));
}

function turn(state: Rotation, effects: RotationEffect[], ports: NoisePorts): void {
  if (!state.isOn) return;
  const index = indexAt(state);
  if (index !== state.index) {
    if (state.tag !== undefined) fallSilent(state, effects);
    state.index = index;
    state.silentUntil = state.now + silenceMs(state, index, ports);
  }
  if (state.tag !== undefined || state.now < state.silentUntil) return;
  const { key, identity } = state.options;
  const salt = drawn(state, "salt", index, ports).slice(0, SALT_SIZE);
  state.tag = advertTag(key, salt, memberTag(key, identity, ports), state.part, ports);
  effects.push({ type: "advertise", tag: state.tag });
}

function fallSilent(state: Rotation, effects: RotationEffect[]): void {
  state.tag = undefined;
  effects.push({ type: "silence" });
}

function silenceMs(state: Rotation, index: number, ports: NoisePorts): number {
  const [high, low] = drawn(state, "silence", index, ports);
  const share = (high * 0x100 + low) / 0x10000;
  return ROTATION_SILENCE_MIN_MS + Math.floor(share * (ROTATION_SILENCE_MAX_MS - ROTATION_SILENCE_MIN_MS));
}

/** Of this radio and this rotation: the same when asked again, and unlike any other. */
function drawn(state: Rotation, use: string, index: number, ports: NoisePorts): Uint8Array {
  const { own, radio } = state.options;
  return ports.hmac(own, ascii(`${use} ${radio} ${index}`));
}

const periodOf = ({ options }: Rotation): number => options.periodMs ?? ROTATION_MS;
const indexAt = (state: Rotation): number => Math.floor(state.now / periodOf(state));
