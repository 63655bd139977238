/** How urgent a packet is. A lower number goes first; a class says nothing about trust. */
import type { Codec } from "../bytes/codec.ts";
import { byteUpTo } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import { CLASS_COUNT } from "../core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../core/packet-class.ts";

export { CRITICAL, HIGH, LOW, NORMAL, type PacketClass };

export const CLASS_NAMES = Object.freeze(["critical", "high", "normal", "low"] as const);

export const packetClass = byteUpTo(CLASS_COUNT - 1) as Codec<PacketClass>;

assert(CLASS_NAMES.length === CLASS_COUNT && LOW === CLASS_COUNT - 1, "every class has its name");
