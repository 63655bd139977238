import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PACKET_SIZES, RECORD_BODY_SIZE_MAX, RECORD_OVERHEAD } from "../../../host/secure/limits.ts";
import { unwrap, wrap } from "../../../host/secure/record.ts";
import {
  ENVELOPE_SIZE_MAX,
  GATT_VALUE_SIZE_MAX,
  VOTE_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../../protocol/core/limits.ts";
import { upTo } from "./numbered.ts";
import { bytes, opened, say } from "./rig.ts";

describe("sizes", () => {
  test("a packet has one of few sizes, whatever it carries [I13]", () => {
    const of = opened();
    const sizes = new Set<number>();
    for (let size = 0; size <= RECORD_BODY_SIZE_MAX; size += 1 + Math.floor(size / 20)) {
      const [effect] = say(of, "client", new Uint8Array(size).fill(0xee));
      if (effect.type === "transmit") sizes.add(effect.packet.length);
    }
    expect([...sizes]).toEqual(PACKET_SIZES);
    expect(PACKET_SIZES).toHaveLength(10);
  });

  test("a vote, a heartbeat and a bet look alike, and two votes still fit one fragment [I13]", () => {
    const of = opened();
    const sizeOf = (size: number): number => {
      const [effect] = say(of, "client", new Uint8Array(size));
      return effect.type === "transmit" ? effect.packet.length : 0;
    };
    expect(upTo(VOTE_SIZE_MAX + 1).map(sizeOf)).toEqual(upTo(VOTE_SIZE_MAX + 1).map(() => 144));
    expect(sizeOf(2 * VOTE_SIZE_MAX)).toBeLessThanOrEqual(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
    expect(sizeOf(ENVELOPE_SIZE_MAX)).toBe(4096);
  });

  test("a body comes back as it was, zeros at its end and all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: RECORD_BODY_SIZE_MAX }), fc.nat(20), (body, zeros) => {
        const whole = bytes(...body, ...new Uint8Array(zeros)).subarray(0, RECORD_BODY_SIZE_MAX);
        expect(unwrap(wrap({ kind: "message", body: whole }))).toEqual({ kind: "message", body: whole });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("padding says nothing in secret: another size, an unknown kind or no kind at all is refused", () => {
    const text = wrap({ kind: "message", body: bytes(1, 2) });
    const longer = new Uint8Array(PACKET_SIZES[1] - RECORD_OVERHEAD + 1);
    longer.set(text);
    const unknown = text.slice();
    unknown[2] = 0x7f;
    for (const wrong of [longer, unknown, new Uint8Array(text.length), new Uint8Array(0)]) {
      expect(unwrap(wrong)).toBeUndefined();
    }
  });
});
