/** What one GATT value holds. Two neighbouring radios say nothing else to each other.
 *
 * Every fragment but `ack` and `ask` takes a sequence of its link. Every fragment acknowledges: `expected` is the first sequence of
 * the other way that is not acknowledged, and bit i of `seen` says that sequence `expected + i` has arrived. A sequence
 * that arrived and yet is not acknowledged completed a packet that the host has not taken. */
import { bits } from "../bytes/bits.ts";
import { rest } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { struct, union } from "../bytes/compound.ts";
import { u8, varint } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import { FRAGMENTS_MAX, GATT_VALUE_SIZE_MAX, ORDER_COUNT, PART_OVERHEAD_MAX, WHOLE_OVERHEAD } from "../core/limits.ts";

const sequence = about(u8, "of this link and direction");
const expected = about(u8, "the first sequence not acknowledged");
const seen = about(u8, "bit i: sequence expected + i has arrived");
/** Packets of one class of one link are numbered as they are begun, and delivered in this order. */
const packet = about(bits({ class: 2, order: 5 }), "the packet: its class, its place among the packets of that class");

/** Tags are numbers for good. */
export const Fragment = union("Fragment", {
  whole: [
    0x01,
    struct("Whole", { sequence, expected, seen, packet, payload: rest(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD) }),
  ],
  part: [
    0x02,
    struct("Part", {
      sequence,
      expected,
      seen,
      packet: about(bits({ last: 1, class: 2, order: 5 }), "last: no part has a higher index"),
      index: about(varint(FRAGMENTS_MAX - 1), "times the payload size of the packet's parts: its place in the packet"),
      payload: rest(GATT_VALUE_SIZE_MAX - PART_OVERHEAD_MAX),
    }),
  ],
  ack: [0x03, struct("Ack", { expected, seen })],
  cancel: [0x04, struct("Cancel", { sequence, expected, seen, packet })],
  /** The neighbour acknowledges again: its last acknowledgement may be lost, and nothing else is under way. */
  ask: [0x05, struct("Ask", { expected, seen })],
});
export type Fragment = ValueOf<typeof Fragment>;

/** The number of a packet within its link: what parts of one packet have in common. */
export const packetId = (packetClass: number, order: number): number => packetClass * ORDER_COUNT + order;

assert(Fragment.sizeMax <= GATT_VALUE_SIZE_MAX, "every fragment fits one GATT value");
assert(ORDER_COUNT === 1 << 5, "an order is five bits");
