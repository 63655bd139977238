import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { FRAGMENTS_MAX, MTU_MAX, MTU_MIN, PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { reassemble, reassembler } from "../../../protocol/packet/reassembler.ts";
import { partCount, partOf, partSize } from "../../../protocol/packet/splitter.ts";
import { numbered } from "./air.ts";

const head = { sequence: 200, expected: 17, seen: 0b101 };

describe("a fragment", () => {
  test("costs five bytes whole, seven at most in parts, three to acknowledge, five to cancel", () => {
    const payload = new Uint8Array(10);
    const packet = { class: 3, order: 31 };
    expect(encode(Fragment, { type: "whole", ...head, packet, payload }).length - 10).toBe(5);
    const last = { last: 1, ...packet };
    expect(encode(Fragment, { type: "part", ...head, packet: last, index: 127, payload }).length - 10).toBe(6);
    expect(encode(Fragment, { type: "part", ...head, packet: last, index: 128, payload }).length - 10).toBe(7);
    expect(encode(Fragment, { type: "ack", expected: 1, seen: 0 }).length).toBe(3);
    expect(encode(Fragment, { type: "ask", expected: 1, seen: 0 }).length).toBe(3);
    expect(encode(Fragment, { type: "cancel", ...head, packet }).length).toBe(5);
  });

  test("keeps its bytes for good", () => {
    const payload = Uint8Array.of(0xaa, 0xbb);
    const hex = (fragment: Fragment) => Buffer.from(encode(Fragment, fragment)).toString("hex");
    expect(hex({ type: "whole", ...head, packet: { class: 2, order: 5 }, payload })).toBe("01c8110545aabb");
    expect(hex({ type: "part", ...head, packet: { last: 1, class: 2, order: 5 }, index: 300, payload })).toBe(
      "02c81105c5ac02aabb",
    );
    expect(hex({ type: "ack", expected: 17, seen: 5 })).toBe("031105");
    expect(hex({ type: "cancel", ...head, packet: { class: 0, order: 31 } })).toBe("04c811051f");
    expect(hex({ type: "ask", expected: 17, seen: 5 })).toBe("051105");
  });

  test("is refused as a value whatever bytes come", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 250 }), (bytes) => {
        const got = decode(Fragment, bytes);
        if (got.ok) expect(Buffer.compare(encode(Fragment, got.value), bytes)).toBe(0);
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(decode(Fragment, Uint8Array.of(1, 0, 0, 0, 0x80)).ok).toBe(false);
    expect(decode(Fragment, Uint8Array.of(3, 0, 0, 0)).ok).toBe(false);
    // The index FRAGMENTS_MAX.
    expect(decode(Fragment, Uint8Array.of(2, 0, 0, 0, 0, 0x80 | (FRAGMENTS_MAX & 0x7f), FRAGMENTS_MAX >> 7)).ok).toBe(
      false,
    );
  });
});

describe("a packet", () => {
  test("is cut for every MTU from 23 to 247, fits each GATT value, and comes together again [I01]", () => {
    for (let mtu = MTU_MIN; mtu <= MTU_MAX; mtu++) {
      const value = mtu - 3;
      const edges = [1, value - 6, value - 5, value - 4, value - 7, 2 * (value - 7), 2 * (value - 7) + 1];
      for (const size of [...edges, 110, 1000, PACKET_SIZE_MAX - 1, PACKET_SIZE_MAX]) {
        const packet = numbered(size, size);
        const each = partSize(size, value);
        const count = partCount(size, each);
        expect(count).toBeLessThanOrEqual(FRAGMENTS_MAX);
        expect(count === 1).toBe(size <= value - 5);
        const state = reassembler(PACKET_SIZE_MAX);
        let whole: Uint8Array | undefined;
        for (let index = 0; index < count; index++) {
          const payload = partOf(packet, each, index);
          const last = index === count - 1;
          const fragment: Fragment =
            count === 1
              ? { type: "whole", ...head, packet: { class: 1, order: 0 }, payload }
              : { type: "part", ...head, packet: { class: 1, order: 0, last: last ? 1 : 0 }, index, payload };
          const bytes = encode(Fragment, fragment);
          expect(bytes.length).toBeLessThanOrEqual(value);
          const got = decode(Fragment, bytes);
          if (!got.ok) throw new Error(got.why);
          if (got.value.type === "whole") whole = got.value.payload;
          if (got.value.type !== "part") continue;
          const joined = reassemble(
            state,
            0,
            got.value.index,
            got.value.packet.last === 1,
            got.value.payload,
            millis(0),
          );
          if (joined.type === "complete") whole = joined.bytes;
        }
        expect(Buffer.compare(whole as Uint8Array, packet)).toBe(0);
      }
    }
  });
});
