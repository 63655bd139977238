import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import {
  CLASS_COUNT,
  FRAGMENTS_MAX,
  PACKET_SIZE_MAX,
  REASSEMBLY_SIZE_MAX,
  REASSEMBLY_SLOTS,
  REASSEMBLY_TIMEOUT_MS,
} from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import {
  expireSlots,
  forget,
  letGo,
  type Reassembled,
  type Reassembler,
  reassemble,
  reassembler,
  slotDeadline,
} from "../../../protocol/packet/reassembler.ts";
import { partOf } from "../../../protocol/packet/splitter.ts";
import { numbered } from "./air.ts";

interface Part {
  readonly id: number;
  readonly index: number;
  readonly last: boolean;
  readonly payload: Uint8Array;
}

function cut(id: number, packet: Uint8Array, size: number): Part[] {
  const count = Math.ceil(packet.length / size);
  return [...new Array(count).keys()].map((index) => ({
    id,
    index,
    last: index === count - 1,
    payload: partOf(packet, size, index),
  }));
}

const add = (state: Reassembler, part: Part, at = 0): Reassembled =>
  reassemble(state, part.id, part.index, part.last, part.payload, millis(at));

const part = (index: number, last: boolean, size: number, fill = 1, id = 1): Part => ({
  id,
  index,
  last,
  payload: new Uint8Array(size).fill(fill),
});

describe("the reassembler", () => {
  test("joins interleaved packets from parts in any order, repeated as often as they like [I02]", () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 2, max: PACKET_SIZE_MAX }), fc.integer({ min: 1, max: 237 })), {
      minLength: 1,
      // The longest of each find room.
      maxLength: CLASS_COUNT,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1e6 }), (list, seed) => {
        const from = chance(seed);
        const packets = list.map(([size], id) => numbered(id, size));
        const parts = list.flatMap(([size, asked], id) => {
          const each = Math.min(size - 1, Math.max(asked, Math.ceil(size / FRAGMENTS_MAX)));
          return cut(id, packets[id], each);
        });
        const stream = parts.flatMap((one) => (drawBelow(from, 3) === 0 ? [one, one] : [one]));
        for (let i = stream.length - 1; i > 0; i--) {
          const j = drawBelow(from, i + 1);
          [stream[i], stream[j]] = [stream[j], stream[i]];
        }
        const state = reassembler(REASSEMBLY_SIZE_MAX);
        const done = new Set<number>();
        for (const one of stream) {
          // Behind a window, what is complete does not come again.
          if (done.has(one.id)) continue;
          const got = add(state, one);
          expect(got.type).not.toBe("refused");
          if (got.type !== "complete") continue;
          done.add(one.id);
          expect(Buffer.compare(got.bytes, packets[one.id])).toBe(0);
          letGo(state, got.claimed);
        }
        expect(done.size).toBe(packets.length);
        expect(state.size).toBe(0);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("never completes a packet of which one part is missing", () => {
    const packet = numbered(3, 1000);
    for (let missing = 0; missing < 10; missing++) {
      const state = reassembler(PACKET_SIZE_MAX);
      for (const one of cut(1, packet, 100)) if (one.index !== missing) expect(add(state, one).type).toBe("kept");
      expect(state.slots.length).toBe(1);
    }
  });

  test("refuses each contradiction by its name, and the packet completes all the same", () => {
    const packet = numbered(7, 950);
    const parts = cut(1, packet, 100);
    const state = reassembler(PACKET_SIZE_MAX);
    const refuse = (one: Part, why: string): void => {
      const before = structuredClone(state);
      expect(add(state, one)).toEqual({ type: "refused", why });
      expect(state).toEqual(before);
    };
    refuse(part(0, false, 0), "empty");
    refuse(part(0, true, 20), "single");
    refuse(part(FRAGMENTS_MAX, false, 1), "too long");
    refuse(part(17, false, 237), "too long");
    expect(add(state, parts[2]).type).toBe("kept");
    refuse(part(3, false, 99), "size differs");
    refuse(part(3, false, 101), "size differs");
    refuse(part(9, true, 101), "size differs");
    refuse(part(2, false, 100, 0xee), "bytes differ");
    refuse(part(1, true, 50), "beyond last");
    refuse(part(2, true, 50), "beyond last");
    refuse(part(41, true, 100), "too long");
    expect(add(state, parts[9]).type).toBe("kept");
    refuse(part(8, true, 50), "second last");
    refuse(part(10, true, 50), "second last");
    refuse(part(9, false, 100), "beyond last");
    refuse(part(12, false, 100), "beyond last");
    refuse(part(9, true, 50, 0xee), "bytes differ");
    refuse(part(9, true, 49), "bytes differ");
    for (const one of parts.slice(0, 8)) expect(add(state, one).type).toBe(one.index === 2 ? "repeated" : "kept");
    const got = add(state, parts[8]);
    expect(got.type === "complete" && Buffer.compare(got.bytes, packet)).toBe(0);
  });

  test("keeps a last part that comes first until another says where it belongs", () => {
    const state = reassembler(REASSEMBLY_SIZE_MAX);
    expect(add(state, part(2, true, 60)).type).toBe("kept");
    expect(state.size).toBe(60);
    expect(add(state, part(2, true, 60)).type).toBe("repeated");
    expect(add(state, part(2, true, 60, 9))).toEqual({ type: "refused", why: "bytes differ" });
    expect(add(state, part(1, false, 59))).toEqual({ type: "refused", why: "size differs" });
    expect(add(state, part(1, false, 2018))).toEqual({ type: "kept" });
    const full = reassembler(PACKET_SIZE_MAX);
    expect(add(full, part(2, true, 61)).type).toBe("kept");
    expect(add(full, part(1, false, 2018))).toEqual({ type: "refused", why: "too long" });
  });

  test("a packet nobody finishes is forgotten after 30 s, one that grows is not", () => {
    const state = reassembler(REASSEMBLY_SIZE_MAX);
    add(state, part(0, false, 100, 1, 1), 0);
    add(state, part(0, false, 100, 1, 2), 0);
    add(state, part(1, false, 100, 1, 2), 20_000);
    expect(slotDeadline(state)).toBe(REASSEMBLY_TIMEOUT_MS);
    expireSlots(state, millis(REASSEMBLY_TIMEOUT_MS - 1));
    expect(state.slots.length).toBe(2);
    expireSlots(state, millis(REASSEMBLY_TIMEOUT_MS));
    expect(state.slots.map(({ id }) => id)).toEqual([2]);
    expect(state.timedOut).toBe(1);
    forget(state, 2);
    expect(state.size).toBe(0);
  });

  test("when its slots are full, the one that waited longest goes, and that is counted [I02]", () => {
    const state = reassembler(REASSEMBLY_SIZE_MAX);
    for (let id = 0; id < REASSEMBLY_SLOTS; id++) add(state, part(0, false, 100, 1, id), id);
    add(state, part(1, false, 100, 1, 0), 100);
    add(state, part(0, false, 100, 1, 77), 101);
    const left = Array.from({ length: REASSEMBLY_SLOTS }, (_, id) => id).filter((id) => id !== 1);
    expect(new Set(state.slots.map(({ id }) => id))).toEqual(new Set([...left, 77]));
    expect(state.evicted).toBe(1);
  });

  test("a flood of any parts throws nothing and stays within its memory [I02]", () => {
    const any = fc.record({
      id: fc.integer({ min: 0, max: 6 }),
      index: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 400 })),
      last: fc.boolean(),
      payload: fc
        .oneof(fc.constantFrom(1, 13, 100, 237), fc.integer({ min: 0, max: 237 }))
        .map((n) => new Uint8Array(n)),
    });
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 200 }),
        fc.constantFrom(600, 5000, REASSEMBLY_SIZE_MAX),
        (flood, sizeMax) => {
          const state = reassembler(sizeMax);
          for (let i = 0; i < flood.length; i++) {
            const got = add(state, flood[i], i * 100);
            const held = state.slots.reduce((sum, slot) => sum + slot.bytes.length + (slot.tail?.length ?? 0), 0);
            expect(state.slots.length).toBeLessThanOrEqual(REASSEMBLY_SLOTS);
            if (got.type === "complete") {
              expect(got.bytes.length).toBeLessThanOrEqual(PACKET_SIZE_MAX);
              letGo(state, got.claimed);
            }
            expect(held).toBe(state.size);
            expect(state.size).toBeLessThanOrEqual(sizeMax);
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a flood against other packets does not touch one that is under way", () => {
    const packet = numbered(9, 2000);
    const parts = cut(1, packet, 100);
    const state = reassembler(REASSEMBLY_SIZE_MAX);
    const from = chance(5);
    let got: Reassembled = { type: "kept" };
    for (const one of parts) {
      for (let i = 0; i < 20; i++) {
        add(
          state,
          part(drawBelow(from, 300), drawBelow(from, 2) === 0, drawBelow(from, 238), i, 2 + drawBelow(from, 3)),
        );
        if (one.index > 0) add(state, part(one.index, false, 99, i));
      }
      got = add(state, one);
    }
    expect(got.type === "complete" && Buffer.compare(got.bytes, packet)).toBe(0);
  });
});
