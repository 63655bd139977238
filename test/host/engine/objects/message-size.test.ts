import { describe, expect, test } from "vitest";
import type { FetchEffect } from "../../../../host/engine/objects/fetch-events.ts";
import { fetches } from "../../../../host/engine/objects/fetch-state.ts";
import { step } from "../../../../host/engine/objects/fetches.ts";
import { MESSAGE_SIZE_MAX } from "../../../../host/engine/objects/limits.ts";
import { decodeMessage, isTooLong, type Subject, sizeMaxOf } from "../../../../host/engine/objects/message-size.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { rest } from "../../../../protocol/bytes/blobs.ts";
import { type Codec, decode, encode } from "../../../../protocol/bytes/codec.ts";
import { chance, draw, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import {
  BATCH_LENGTH_MAX,
  CHUNK_BYTES_MAX,
  CHUNK_PATH_MAX,
  OBJECT_SIZE_MAX,
  OPERATION_SIZE_MAX,
  SIGNATURE_SIZE,
} from "../../../../protocol/core/limits.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import { ObjectName } from "../../../../protocol/message/fields.ts";
import { SyncStep } from "../../../../protocol/message/sync.ts";
import { at, counted, PORTS, someBytes } from "./rig.ts";

const MESSAGES: readonly Subject[] = ["batches", "batch", "certificates", "viewChange", "evidence"];
const HOLDERS = [memberIndex(1), memberIndex(2)];

/** Says when somebody begins to read. */
function watched(sizeMax: number): { readonly codec: Codec<Uint8Array>; readonly reads: number[] } {
  const inner = rest(sizeMax);
  const reads: number[] = [];
  return {
    reads,
    codec: {
      ...inner,
      read(from) {
        reads.push(from.end);
        return inner.read(from);
      },
    },
  };
}

/** The sizes of all byte arrays that are made meanwhile, views left out. */
function allocations(run: () => void): number[] {
  const Real = globalThis.Uint8Array;
  const sizes: number[] = [];
  const spy: typeof Real = new Proxy(Real, {
    construct(target, parameters: [number]): Uint8Array {
      if (typeof parameters[0] === "number") sizes.push(parameters[0]);
      return Reflect.construct(target, parameters) as Uint8Array;
    },
  });
  globalThis.Uint8Array = spy;
  try {
    run();
  } finally {
    globalThis.Uint8Array = Real;
  }
  return sizes;
}

describe("a message", () => {
  test("has at most 65,536 bytes whatever carries it, and a state as many as an object [F06]", () => {
    expect(MESSAGE_SIZE_MAX).toBe(65_536);
    for (const subject of MESSAGES) {
      expect([subject, isTooLong(subject, 65_536), isTooLong(subject, 65_537)]).toEqual([subject, false, true]);
    }
    expect(sizeMaxOf("snapshot")).toBe(OBJECT_SIZE_MAX);
    expect([isTooLong("snapshot", OBJECT_SIZE_MAX), isTooLong("snapshot", OBJECT_SIZE_MAX + 1)]).toEqual([false, true]);
    for (const odd of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(isTooLong("batch", odd)).toBe(true);
  });

  test("of the longest batch fits", () => {
    const request = OPERATION_SIZE_MAX + SIGNATURE_SIZE + 24;
    expect(BATCH_LENGTH_MAX * request).toBeLessThan(MESSAGE_SIZE_MAX - 64);
  });

  test("of 65,536 bytes is parsed, of 65,537 not even begun [F06]", () => {
    for (const subject of MESSAGES) {
      const { codec, reads } = watched(OBJECT_SIZE_MAX);
      expect(decodeMessage(codec, subject, new Uint8Array(65_536)).ok).toBe(true);
      expect(reads).toEqual([65_536]);
      expect(decodeMessage(codec, subject, new Uint8Array(65_537))).toEqual({ ok: false, why: "too long", at: 0 });
      expect(reads).toEqual([65_536]);
    }
  });

  test("that is named too long is not asked for, and leaves no trace [F06]", () => {
    for (const subject of MESSAGES) {
      const state = fetches(at(0), 4, 0);
      const before = structuredClone(state);
      const name = { digest: new Uint8Array(32), size: 65_537 };
      const effects: FetchEffect[] = [];
      const made = allocations(() => {
        step(state, { type: "want", at: at(0), subject, name, holders: HOLDERS }, PORTS, effects);
      });
      expect(effects).toEqual([{ type: "refused", name, why: "too long" }]);
      expect(state).toEqual(before);
      expect(made).toEqual([]);
      effects.length = 0;
      step(
        state,
        { type: "want", at: at(0), subject, name: { ...name, size: 65_536 }, holders: HOLDERS },
        PORTS,
        effects,
      );
      expect(effects.map(({ type }) => type)).toEqual(["send", "send"]);
    }
  });
});

describe("whatever is thrown at it", () => {
  test("bytes of random sizes are refused or parsed, never more than allowed, and nothing throws [F06]", () => {
    const from = chance(6);
    const subjects: readonly Subject[] = [...MESSAGES, "snapshot"];
    for (let round = 0; round < 3000; round++) {
      const subject = subjects[drawBelow(from, subjects.length)];
      const near = draw(from) < 0.3 ? 65_530 + drawBelow(from, 12) : drawBelow(from, draw(from) < 0.1 ? 600_000 : 3000);
      const bytes = near > 10_000 ? new Uint8Array(near) : drawBytes(from, near);
      const { codec, reads } = watched(OBJECT_SIZE_MAX);
      const whole = decodeMessage(codec, subject, bytes);
      expect([whole.ok, reads.length > 0]).toEqual(new Array(2).fill(bytes.length <= sizeMaxOf(subject)));
      // A real layout, which mostly refuses.
      const made = allocations(() => void decodeMessage(SyncStep, subject, bytes));
      expect(made).toEqual([]);
    }
  });

  test("names of random sizes make no room, and random chunks never more than the object's own [F06]", () => {
    const from = chance(7);
    for (let round = 0; round < 400; round++) {
      const state = fetches(at(0), 4, 0);
      const right = someBytes(drawBelow(from, 9000), round);
      const names: ObjectName[] = [objectName(PORTS, right)];
      for (let i = 0; i < 6; i++) names.push({ digest: drawBytes(from, 32), size: drawBelow(from, 900_000) });
      const effects: FetchEffect[] = [];
      const made = allocations(() => {
        for (const name of names) {
          const subject = draw(from) < 0.5 ? "snapshot" : "batch";
          step(state, { type: "want", at: at(0), subject, name, holders: HOLDERS }, PORTS, effects);
        }
      });
      // Each fetch keeps its name: a digest.
      for (const size of made) expect(size).toBeLessThanOrEqual(32);
      for (const { name } of state.fetches) expect(name.size).toBeLessThanOrEqual(OBJECT_SIZE_MAX);
      for (let i = 0; i < 12; i++) {
        const count = drawBelow(from, CHUNK_PATH_MAX + 1);
        const path: Uint8Array[] = [];
        for (let each = 0; each < count; each++) path.push(drawBytes(from, 32));
        const chunk = {
          ...{ type: "chunk" as const, object: names[drawBelow(from, names.length)], path },
          ...{ index: drawBelow(from, 256), bytes: drawBytes(from, drawBelow(from, CHUNK_BYTES_MAX + 1)) },
        };
        step(state, { type: "chunk", at: at(i), from: memberIndex(drawBelow(from, 4)), chunk }, PORTS, effects);
      }
      for (const fetch of state.fetches) expect(fetch.bytes?.length ?? 0).toBeLessThanOrEqual(fetch.name.size);
      expect(effects.some(({ type }) => type === "fetched")).toBe(false);
    }
  });

  test("room is made when the first chunk has proved the object, and then once [F06]", () => {
    const bytes = someBytes(CHUNK_BYTES_MAX);
    const name = objectName(PORTS, bytes);
    const state = fetches(at(0), 4, 0);
    const effects: FetchEffect[] = [];
    const before = state.fetches.map((each) => each.bytes);
    expect(before).toEqual([]);
    step(state, { type: "want", at: at(0), subject: "batch", name, holders: HOLDERS }, PORTS, effects);
    expect(state.fetches[0].bytes).toBeUndefined();
    const wrong = { type: "chunk", object: name, index: 0, path: [], bytes: bytes.map((byte) => byte ^ 1) } as const;
    step(state, { type: "chunk", at: at(0), from: memberIndex(1), chunk: wrong }, PORTS, effects);
    expect(state.fetches[0].bytes).toBeUndefined();
    const counting = counted(PORTS.digest);
    const right = { ...wrong, bytes };
    step(state, { type: "chunk", at: at(0), from: memberIndex(2), chunk: right }, counting, effects);
    expect(effects.at(-1)).toMatchObject({ type: "fetched", bytes });
    expect(counting.domains).toHaveLength(1);
  });

  test("a name larger than any object is no name on the wire [F06]", () => {
    const longest = { digest: new Uint8Array(32), size: OBJECT_SIZE_MAX };
    expect(decode(ObjectName, encode(ObjectName, longest)).ok).toBe(true);
    const bytes = encode(ObjectName, longest).slice();
    // 524,288 is 0x80 0x80 0x20: one more.
    bytes[32] = 0x81;
    expect(decode(ObjectName, bytes)).toMatchObject({ ok: false, why: "out of range" });
  });
});
