/** What each power state means: one row a state, read by the outbox, the modem and the page about power. */
import { assert } from "../core/assert.ts";
import { GATT_VALUE_SIZE_MAX } from "../core/limits.ts";
import { CRITICAL, LOW, NORMAL, type PacketClass } from "../core/packet-class.ts";

export type PowerState = "active" | "powerSaver" | "lowPower" | "sleep";

export interface PowerRules {
  /** One flush of the outbox; also the connection interval to ask for where the board can. */
  readonly intervalMs: number;
  /** Bytes of one GATT value, headers included. */
  readonly valueSizeMax: number;
  /** Messages from this size on are worth compressing. */
  readonly compressFrom: number;
  /** The least urgent class that passes. */
  readonly lastClass: PacketClass;
  /** Share of time that a scanning radio listens. */
  readonly scanDuty: number;
  /** From one advertisement to the next; 20 ms is the standard's least. */
  readonly advertiseMs: number;
}

const rules = (
  intervalMs: number,
  valueSizeMax: number,
  compressFrom: number,
  lastClass: PacketClass,
  scanDuty: number,
  advertiseMs: number,
): PowerRules => Object.freeze({ intervalMs, valueSizeMax, compressFrom, lastClass, scanDuty, advertiseMs });

export const POWER_RULES: { readonly [state in PowerState]: PowerRules } = Object.freeze({
  active: rules(20, GATT_VALUE_SIZE_MAX, 128, LOW, 0.5, 100),
  powerSaver: rules(50, 200, 64, LOW, 0.2, 250),
  lowPower: rules(100, 150, 32, NORMAL, 0.1, 500),
  sleep: rules(200, 100, 32, CRITICAL, 0.05, 1000),
});

export const passes = (state: PowerState, packetClass: PacketClass): boolean =>
  packetClass <= POWER_RULES[state].lastClass;

assert(POWER_RULES.active.valueSizeMax === 244, "nothing is held back in Active");
