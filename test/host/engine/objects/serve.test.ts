import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Chunks } from "../../../../host/engine/objects/fetch-events.ts";
import {
  ANSWER_OVERHEAD_SIZE,
  COLLECTED_NAMES_MAX,
  HELD_OBJECTS_MAX,
  HELD_SIZE_MAX,
  SERVE_BURST_SIZE,
  SERVE_BYTES_PER_SECOND,
} from "../../../../host/engine/objects/limits.ts";
import {
  answer,
  type Holdings,
  hold,
  holdings,
  isHeld,
  letGo,
  type ServeEffect,
  setAskers,
} from "../../../../host/engine/objects/serve.ts";
import { objectName, verifyChunk } from "../../../../host/engine/objects/tree.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import {
  CHUNK_BYTES_MAX,
  CHUNK_COUNT_MAX,
  ENVELOPE_OVERHEAD_MAX,
  OBJECT_SIZE_MAX,
} from "../../../../protocol/core/limits.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import type { ObjectName } from "../../../../protocol/message/fields.ts";
import { SyncStep } from "../../../../protocol/message/sync.ts";
import { at, PORTS, someBytes } from "./rig.ts";

const ONE = memberIndex(1);
const TWO = memberIndex(2);

function holding(...objects: Uint8Array[]): { readonly store: Holdings; readonly names: ObjectName[] } {
  const store = holdings(at(0), 4);
  const names = objects.map((bytes) => objectName(PORTS, bytes));
  objects.forEach((bytes, i) => {
    expect(hold(store, names[i], bytes)).toBe(true);
  });
  return { store, names };
}

const wish = (object: ObjectName, index: number, count: number): Chunks => ({
  ...{ type: "requestChunks", object, index, count },
});

function asked(store: Holdings, ms: number, chunks: Chunks, from = ONE): [string, ...string[]] {
  const effects: ServeEffect[] = [];
  const verdict = answer(store, at(ms), from, chunks, PORTS, effects);
  for (const { to } of effects) expect(to).toBe(from);
  return [verdict, ...effects.map(({ step }) => (step.type === "chunk" ? `${step.index}` : step.reason))];
}

/** What an answer weighs in the air. */
const weight = ({ step }: ServeEffect): number => encode(SyncStep, step).length + ENVELOPE_OVERHEAD_MAX;

describe("a holder", () => {
  test("serves the chunks that were asked for, each with the path that proves it", () => {
    const bytes = someBytes(10_000);
    const { store, names } = holding(bytes);
    const effects: ServeEffect[] = [];
    expect(answer(store, at(0), ONE, wish(names[0], 1, 3), PORTS, effects)).toBe("served");
    expect(effects).toHaveLength(3);
    for (const { step } of effects) {
      if (step.type !== "chunk") throw new Error("a chunk was asked for");
      expect(verifyChunk(PORTS, names[0], step.index, step.path, step.bytes)).toEqual({ ok: true });
    }
  });

  test("stops at the object's end, and says nothing to who asks beyond it", () => {
    const { store, names } = holding(someBytes(10_000));
    expect(asked(store, 0, wish(names[0], 3, 256))).toEqual(["served", "3", "4"]);
    expect(asked(store, 0, wish(names[0], 5, 1))).toEqual(["ignored: nothing asked"]);
    expect(asked(store, 0, wish(names[0], 255, 256))).toEqual(["ignored: nothing asked"]);
    expect(asked(store, 0, wish(names[0], 0, 0))).toEqual(["ignored: nothing asked"]);
  });

  test("says which objects it never had, and which it let go", () => {
    const { store, names } = holding(someBytes(100), someBytes(200));
    expect(asked(store, 0, wish(objectName(PORTS, someBytes(9)), 0, 1))).toEqual(["refused", "unknown"]);
    // The digest alone is not the name.
    expect(asked(store, 0, wish({ ...names[0], size: 101 }, 0, 1))).toEqual(["refused", "unknown"]);
    expect([letGo(store, names[0]), letGo(store, names[0]), isHeld(store, names[0])]).toEqual([true, false, false]);
    expect(asked(store, 0, wish(names[0], 0, 1))).toEqual(["refused", "collected"]);
    expect(asked(store, 0, wish(names[1], 0, 1))).toEqual(["served", "0"]);
    expect(hold(store, names[0], someBytes(100))).toBe(true);
    expect(asked(store, 0, wish(names[0], 0, 1))).toEqual(["served", "0"]);
  });

  test("has bounds: of objects, of bytes, and of names it remembers", () => {
    const store = holdings(at(0), 4);
    const names: ObjectName[] = [];
    for (let i = 0; i < HELD_OBJECTS_MAX; i++) {
      const bytes = new Uint8Array([i >> 8, i]);
      names.push(objectName(PORTS, bytes));
      expect(hold(store, names[i], bytes)).toBe(true);
    }
    const more = new Uint8Array(3);
    expect(hold(store, objectName(PORTS, more), more)).toBe(false);
    expect(hold(store, names[0], new Uint8Array(2))).toBe(true);
    expect(store.held).toHaveLength(HELD_OBJECTS_MAX);
    for (const name of names) letGo(store, name);
    expect([store.size, store.held.length, store.collected.length]).toEqual([0, 0, COLLECTED_NAMES_MAX]);
    // The first ones are forgotten.
    expect(asked(store, 0, wish(names[0], 0, 1))).toEqual(["refused", "unknown"]);
    expect(asked(store, 0, wish(names[HELD_OBJECTS_MAX - 1], 0, 1))).toEqual(["refused", "collected"]);

    const many = HELD_SIZE_MAX / OBJECT_SIZE_MAX;
    const long = new Uint8Array(OBJECT_SIZE_MAX);
    const name = (i: number): ObjectName => ({ digest: new Uint8Array(32).fill(i), size: OBJECT_SIZE_MAX });
    for (let i = 0; i < many; i++) expect(hold(store, name(i), long)).toBe(true);
    expect(hold(store, objectName(PORTS, more), more)).toBe(false);
    expect(store.size).toBe(HELD_SIZE_MAX);
  });

  test("that holds an object by another's name finds its own mistake before anybody else does", () => {
    const { store, names } = holding(someBytes(100));
    expect(() => hold(store, names[0], someBytes(101))).toThrow("an object has the size of its name");
    hold(store, { ...names[0], digest: new Uint8Array(32) }, someBytes(100));
    expect(() => asked(store, 0, wish({ ...names[0], digest: new Uint8Array(32) }, 0, 1))).toThrow(
      "an object is held by its own name",
    );
  });
});

describe("a member's measure", () => {
  test("is what it may draw at once; then it is busy, then nothing is said, and time gives it back", () => {
    const { store, names } = holding(new Uint8Array(OBJECT_SIZE_MAX));
    const chunkWeight = CHUNK_BYTES_MAX + 8 * 32 + ANSWER_OVERHEAD_SIZE;
    const burst = Math.floor(SERVE_BURST_SIZE / chunkWeight);
    const [verdict, ...said] = asked(store, 0, wish(names[0], 0, CHUNK_COUNT_MAX));
    expect([verdict, said.length, said.at(-1)]).toEqual(["served in part", burst + 1, "busy"]);
    let refused = 0;
    while (refused < 100 && asked(store, 0, wish(names[0], 9, 1))[0] === "refused") refused += 1;
    expect(refused).toBeLessThanOrEqual(Math.floor(chunkWeight / ANSWER_OVERHEAD_SIZE));
    expect(asked(store, 0, wish(names[0], 9, 1))).toEqual(["ignored: too much asked"]);
    const fullAfterMs = (1000 * SERVE_BURST_SIZE) / SERVE_BYTES_PER_SECOND;
    expect(asked(store, fullAfterMs, wish(names[0], 0, burst))[0]).toBe("served");
    // No more than the burst, however long the silence.
    expect(asked(store, 3_600_000, wish(names[0], 0, CHUNK_COUNT_MAX))).toHaveLength(burst + 2);
  });

  test("is its own: who asks without end takes nothing from another", () => {
    const { store, names } = holding(new Uint8Array(100_000));
    for (let ms = 0; ms < 1000; ms++) asked(store, ms, wish(names[0], 0, 40), ONE);
    expect(asked(store, 1000, wish(names[0], 0, 4), TWO)).toEqual(["served", "0", "1", "2", "3"]);
  });

  test("covers all that leaves, refusals too, whoever asks for what and when", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(400), fc.nat(3), fc.nat(60), fc.nat(20)), { minLength: 1, maxLength: 120 }),
        (wishes) => {
          const { store, names } = holding(new Uint8Array(100_000), someBytes(700), someBytes(5));
          const all = [...names, { digest: new Uint8Array(32), size: 77 }];
          let ms = 0;
          let sent = 0;
          for (const [gap, which, index, count] of wishes) {
            ms += gap;
            const effects: ServeEffect[] = [];
            answer(store, at(ms), ONE, wish(all[which], index, count), PORTS, effects);
            for (const effect of effects) sent += weight(effect);
            expect(sent).toBeLessThanOrEqual(SERVE_BURST_SIZE + (ms * SERVE_BYTES_PER_SECOND) / 1000);
          }
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  test("begins anew with another membership", () => {
    const { store, names } = holding(new Uint8Array(100_000));
    for (let i = 0; i < 100; i++) asked(store, 0, wish(names[0], 0, 9));
    expect(asked(store, 0, wish(names[0], 0, 9))).toEqual(["ignored: too much asked"]);
    setAskers(store, at(0), 3);
    expect(asked(store, 0, wish(names[0], 0, 2))).toEqual(["served", "0", "1"]);
    expect(() => asked(store, 0, wish(names[0], 0, 2), memberIndex(3))).toThrow("who asks is a member");
  });

  test("a flood of wishes for the longest object costs its tree once", () => {
    const { store, names } = holding(new Uint8Array(OBJECT_SIZE_MAX));
    let digests = 0;
    const ports = {
      digest(domain: string, bytes: Uint8Array): Uint8Array {
        digests += 1;
        return PORTS.digest(domain, bytes);
      },
    };
    for (let ms = 0; ms < 500; ms++) answer(store, at(ms), ONE, wish(names[0], 0, CHUNK_COUNT_MAX), ports, []);
    expect(digests).toBe(2 * CHUNK_COUNT_MAX - 1);
  });
});
