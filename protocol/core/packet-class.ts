/** How urgent a packet is, on the serial wire and in the air. A lower number goes first; a class says nothing about trust. */
import { assert } from "./assert.ts";
import { CLASS_COUNT } from "./limits.ts";

export const CRITICAL = 0;
export const HIGH = 1;
export const NORMAL = 2;
export const LOW = 3;

export type PacketClass = typeof CRITICAL | typeof HIGH | typeof NORMAL | typeof LOW;

export const CLASS_NAMES = Object.freeze(["critical", "high", "normal", "low"] as const);

assert(CLASS_NAMES.length === CLASS_COUNT && LOW === CLASS_COUNT - 1, "every class has its name");
