/** How much a radio spends: Active, PowerSaver, LowPower or Sleep, by battery, quality and idleness. Every threshold has
 * two sides and every state a least stay, because a change itself costs more than a while in the wrong state. */
import { assert, unreachable } from "../core/assert.ts";
import {
  BATTERY_FINE_PERCENT,
  BATTERY_LOW_PERCENT,
  POWER_DWELL_MS,
  POWER_EVALUATION_MS,
  RELIABILITY_FINE,
  RELIABILITY_POOR,
  SAVE_AFTER_IDLE_MS,
  SLEEP_AFTER_IDLE_MS,
} from "../core/limits.ts";
import { LOW, type PacketClass } from "../core/packet-class.ts";
import { type Millis, millis } from "../core/units.ts";
import type { PowerState } from "./rules.ts";

export interface Power {
  now: Millis;
  state: PowerState;
  enteredAt: Millis;
  forced: PowerState | undefined;
  lastOperationAt: Millis;
  batteryLow: boolean;
  /** Packets get lost: a slower state would lose more time on each. */
  poor: boolean;
  evaluateAt: Millis;
}

export type PowerEvent =
  /** A packet was submitted, or came and was delivered. Low ones, heartbeats, are no operation. */
  | { readonly type: "operation"; readonly at: Millis; readonly class: PacketClass }
  | { readonly type: "battery"; readonly at: Millis; readonly percent: number }
  | { readonly type: "quality"; readonly at: Millis; readonly reliability: number }
  | { readonly type: "force"; readonly at: Millis; readonly state: PowerState }
  | { readonly type: "unforce"; readonly at: Millis }
  | { readonly type: "tick"; readonly at: Millis };

export interface PowerEffect {
  readonly type: "entered";
  readonly state: PowerState;
}

export const power = (at: Millis): Power => ({
  now: at,
  state: "active",
  enteredAt: at,
  forced: undefined,
  lastOperationAt: at,
  batteryLow: false,
  poor: false,
  evaluateAt: millis(at + POWER_EVALUATION_MS),
});

export function step(state: Power, event: PowerEvent, effects: PowerEffect[]): void {
  assert(event.at >= state.now, "time runs forward");
  state.now = event.at;
  switch (event.type) {
    case "operation":
      if (event.class < LOW) state.lastOperationAt = event.at;
      break;
    case "battery":
      if (event.percent < BATTERY_LOW_PERCENT) state.batteryLow = true;
      else if (event.percent >= BATTERY_FINE_PERCENT) state.batteryLow = false;
      break;
    case "quality":
      if (event.reliability < RELIABILITY_POOR) state.poor = true;
      else if (event.reliability >= RELIABILITY_FINE) state.poor = false;
      break;
    case "force":
      state.forced = event.state;
      break;
    case "unforce":
      state.forced = undefined;
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  if (state.now >= state.evaluateAt) state.evaluateAt = millis(state.now + POWER_EVALUATION_MS);
  evaluate(state, effects);
  assert(state.forced === undefined || state.state === state.forced, "what the host forces holds");
}

export const nextDeadline = (state: Power): Millis => state.evaluateAt;

function evaluate(state: Power, effects: PowerEffect[]): void {
  const target = state.forced ?? fitting(state);
  if (target === state.state || (state.forced === undefined && mustStay(state))) return;
  state.state = target;
  state.enteredAt = state.now;
  effects.push({ type: "entered", state: target });
}

function fitting(state: Power): PowerState {
  const idleMs = state.now - state.lastOperationAt;
  // A poor link holds idleness back, not an empty battery.
  if (idleMs >= SLEEP_AFTER_IDLE_MS && !state.poor) return "sleep";
  if (state.batteryLow) return "lowPower";
  return idleMs >= SAVE_AFTER_IDLE_MS && !state.poor ? "powerSaver" : "active";
}

/** Sleep passes nothing but votes, so an operation ends it whenever it comes. */
function mustStay(state: Power): boolean {
  if (state.state === "sleep" && state.lastOperationAt === state.now) return false;
  return state.now < state.enteredAt + POWER_DWELL_MS;
}
