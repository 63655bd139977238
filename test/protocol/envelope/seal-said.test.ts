import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Said, saidKindOf, saidKinds } from "../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { compress } from "../../../protocol/bytes/lz4-compress.ts";
import {
  COUNTER_MAX,
  ENVELOPE_SIZE_MAX,
  OPERATION_SIZE_MAX,
  SEQUENCE_MAX,
  VIEW_MAX,
} from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, NORMAL } from "../../../protocol/core/packet-class.ts";
import { counter, epoch, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { decrementHops, Envelope } from "../../../protocol/envelope/envelope.ts";
import { SAID_REPEAT_MAX, SAID_SIZE_MAX } from "../../../protocol/envelope/limits.ts";
import { openSaid, SAID_REFUSALS, type SaidRefusalReason } from "../../../protocol/envelope/open-said.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { anySaid, saidOf } from "../agreement/arbitrary.ts";
import { batch, saidExamples } from "../agreement/examples.ts";
import { examples, rising } from "../message/examples.ts";
import { context, EPOCH, member, sealBy, TABLE_ID, table } from "./people.ts";

const fits = (said: Said): boolean => encode(Said, said).length <= SAID_SIZE_MAX;
const ballot = saidExamples.find(({ value }) => value.type === "ballot")!.value;
const wish = saidExamples.find(({ value }) => value.type === "viewChange")!.value as Extract<
  Said,
  { type: "viewChange" }
>;
const repeating: Said = { ...wish, body: new Uint8Array(1000).fill(7) };

const form = (bytes: Uint8Array): string => {
  const decoded = decode(Envelope, bytes);
  return decoded.ok ? decoded.value.type : decoded.why;
};

describe("said by one, heard by another", () => {
  for (const { type, packetClass } of saidKinds) {
    test(`${type}: what was said, its class, table, hops and repeat arrive, packed or not`, () => {
      const here = context();
      fc.assert(
        fc.property(
          saidOf(type).filter(fits),
          fc.boolean(),
          fc.integer({ min: 0, max: 300 }),
          (said, packs, repeat) => {
            const packAbove = packs ? 0 : ENVELOPE_SIZE_MAX;
            const sealed = sealSaid(said, table(), { packAbove, repeat, hops: repeat % 9 });
            expect(sealed.packetClass).toBe(packetClass);
            expect(sealed.bytes.length).toBeLessThanOrEqual(ENVELOPE_SIZE_MAX);
            const opened = openSaid(sealed.bytes, here);
            const body = encode(Said, said);
            expect(opened).toEqual({
              ...{ ok: true, table: here.tables[0], said, packetClass, hops: repeat % 9, repeat, body },
            });
          },
        ),
        { seed: 1, numRuns: 20 },
      );
    });
  }

  test("a writer of one's own changes no byte, however small it was", () => {
    for (const out of [new Writer(100), new Writer(100_000)]) {
      for (const { value } of [...saidExamples, ...saidExamples]) {
        expect(sealSaid(value, table(), { out })).toEqual(sealSaid(value, table()));
      }
    }
  });
});

test("the longest ballot and the longest requests are written whole, in no more room than they may take", () => {
  const place = { sequence: sequence(SEQUENCE_MAX), digest: rising(1, 32) };
  const whole = { sequence: place.sequence, history: place.digest };
  const longest: Said = {
    type: "ballot",
    ballot: {
      ...{ sender: memberIndex(9), signature: rising(2, 64), view: view(VIEW_MAX) },
      ...{ proposed: whole, prepared: whole, committed: whole, checkpoint: place },
    },
    hint: rising(3, 4),
    proposals: undefined,
  };
  const request = { seat: 8, number: counter(COUNTER_MAX), operation: new Uint8Array(OPERATION_SIZE_MAX).fill(1) };
  const asked = { sender: memberIndex(9), signature: rising(4, 64), request };
  for (const said of [longest, { type: "requests", requests: [asked, asked, asked] } as const]) {
    // A writer of one byte makes room for what is asked of it and no more.
    const sealed = sealSaid(said, table(), { out: new Writer(1), packAbove: ENVELOPE_SIZE_MAX });
    expect(openSaid(sealed.bytes, context())).toMatchObject({ ok: true, said });
  }
});

test("votes and wishes for a view are critical; proofs and new views high; requests normal [H04]", () => {
  const inClass = (packetClass: number): string[] =>
    saidKinds.filter((kind) => kind.packetClass === packetClass).map((kind) => kind.type);
  expect(inClass(CRITICAL)).toEqual(["ballot", "viewChange"]);
  expect(inClass(HIGH)).toEqual(["newView", "certificate", "checkpoint"]);
  expect(inClass(NORMAL)).toEqual(["requests"]);
});

describe("said again", () => {
  test("the same has other bytes, for the mesh has seen the first, and is the same when it is heard", () => {
    const repeats = [0, 1, 127, 128, SAID_REPEAT_MAX];
    const all = repeats.map((repeat) => sealSaid(ballot, table(), { repeat }).bytes);
    expect(new Set(all.map(String)).size).toBe(repeats.length);
    const heard = all.map((bytes) => openSaid(bytes, context()));
    for (const each of heard) expect(each).toMatchObject({ ok: true, said: ballot, body: encode(Said, ballot) });
    expect(heard.map((each) => each.ok && each.repeat)).toEqual(repeats);
  });

  test("more often than can be counted is our mistake", () => {
    expect(() => sealSaid(ballot, table(), { repeat: SAID_REPEAT_MAX + 1 })).toThrow("a number fits its layout");
  });
});

describe("packed [H05]", () => {
  test("it is where that makes it smaller: a ballot never, a long body that repeats always [H05]", () => {
    expect(form(sealSaid(ballot, table()).bytes)).toBe("said");
    expect(form(sealSaid(ballot, table(), { packAbove: 0 }).bytes)).toBe("said");
    expect(form(sealSaid(repeating, table()).bytes)).toBe("saidPacked");
    expect(form(sealSaid(repeating, table(), { packAbove: 2000 }).bytes)).toBe("said");
    expect(openSaid(sealSaid(repeating, table()).bytes, context())).toMatchObject({ said: repeating });
  });

  test("a relay may pack and unpack on the way, and what arrives is the same [H05]", () => {
    const stored = decode(Envelope, sealSaid(repeating, table(), { packAbove: ENVELOPE_SIZE_MAX }).bytes);
    if (!stored.ok || stored.value.type !== "said") throw new Error("it is stored");
    const repacked = encode(Envelope, { ...stored.value, type: "saidPacked", body: compress(stored.value.body) });
    expect(openSaid(repacked, context())).toEqual(openSaid(sealSaid(repeating, table()).bytes, context()));
  });

  test("a bomb is refused at a packet's size, with nothing unpacked [H05]", () => {
    for (const size of [SAID_SIZE_MAX + 1, 900_000]) {
      const bomb = changed(sealSaid(repeating, table()).bytes, { body: compress(new Uint8Array(size)) });
      expect(openSaid(bomb, context())).toEqual({ ok: false, verdict: "reject", why: "does not unpack" });
    }
    const most = changed(sealSaid(repeating, table()).bytes, { body: compress(new Uint8Array(SAID_SIZE_MAX).fill(1)) });
    expect(openSaid(most, context())).toMatchObject({ why: "body broken" });
  });
});

function changed(bytes: Uint8Array, change: object): Uint8Array {
  const decoded = decode(Envelope, bytes);
  if (!decoded.ok) throw new Error(decoded.why);
  return encode(Envelope, { ...decoded.value, ...change } as Envelope);
}

const honest = sealSaid(ballot, table()).bytes;
const cases: { readonly [W in SaidRefusalReason]: Uint8Array } = {
  "too large": new Uint8Array(ENVELOPE_SIZE_MAX + 1).fill(5),
  "layout broken": honest.subarray(0, 4),
  "too many hops": changed(honest, { reach: { hops: 9 } }),
  sealed: sealBy(examples.vote, member(2, 7)),
  "unknown table": sealSaid(ballot, table(rising(1, 16))).bytes,
  "old epoch": sealSaid(ballot, table(TABLE_ID, epoch(EPOCH - 1))).bytes,
  "future epoch": sealSaid(ballot, table(TABLE_ID, epoch(EPOCH + 1))).bytes,
  "does not unpack": changed(honest, { type: "saidPacked", body: Uint8Array.of(0xff) }),
  "packed in vain": changed(honest, { type: "saidPacked", body: Uint8Array.of(0x20, 1, 2) }),
  "unknown kind": changed(honest, { body: Uint8Array.of(0x7f, 1, 2) }),
  "body broken": changed(honest, { body: encode(Said, ballot).subarray(0, -1) }),
};

describe("a refusal has a name and a verdict", () => {
  for (const [why, bytes] of Object.entries(cases)) {
    const verdict = SAID_REFUSALS[why as SaidRefusalReason];
    test(`${why}: ${verdict}`, () => {
      expect(openSaid(bytes, context())).toEqual({ ok: false, verdict, why });
    });
  }

  test("nothing at all, a byte too many and a number not in its shortest form are a broken body", () => {
    const body = encode(Said, ballot);
    // The view stands after tag, sender and signature.
    const longer = Uint8Array.of(...body.subarray(0, 66), 0x82, 0x00, ...body.subarray(67));
    expect(body[66]).toBe(2);
    for (const broken of [new Uint8Array(0), Uint8Array.of(...body, 0), longer]) {
      expect(openSaid(changed(honest, { body: broken }), context())).toMatchObject({ why: "body broken" });
    }
  });
});

test("while an epoch changes, what is said in both is heard, each in its own", () => {
  const old = table(TABLE_ID, epoch(EPOCH - 1));
  const both = { tables: [old, table()] };
  expect(openSaid(sealSaid(ballot, old).bytes, both)).toMatchObject({ ok: true, table: { epoch: EPOCH - 1 } });
  expect(openSaid(honest, both)).toMatchObject({ ok: true, table: { epoch: EPOCH } });
});

test("only where a table is and which epoch it has is looked at: no key, no window", () => {
  const here = { tables: [{ id: TABLE_ID, epoch: EPOCH }] };
  expect(openSaid(honest, here)).toMatchObject({ ok: true, table: here.tables[0] });
});

describe("more than a packet", () => {
  /** Requests with operations of these sizes. */
  const asking = (...sizes: number[]): Said => {
    const one = batch.requests[0]!;
    const requests = sizes.map((size) => ({ ...one, request: { ...one.request, operation: new Uint8Array(size) } }));
    return { type: "requests", requests };
  };
  const LONGEST = OPERATION_SIZE_MAX;

  test("is refused to be sealed, even if it packs well: that would be our own mistake", () => {
    expect(() => sealSaid(asking(LONGEST, LONGEST, LONGEST, LONGEST), table())).toThrow("what is said fits a packet");
  });

  test("begins one byte after a packet", () => {
    const size = 200 + SAID_SIZE_MAX - encode(Said, asking(LONGEST, LONGEST, LONGEST, 200)).length;
    const full = asking(LONGEST, LONGEST, LONGEST, size);
    for (const packAbove of [0, ENVELOPE_SIZE_MAX]) {
      const sealed = sealSaid(full, table(), { packAbove });
      expect(openSaid(sealed.bytes, context())).toMatchObject({ ok: true, said: full });
    }
    const more = asking(LONGEST, LONGEST, LONGEST, size + 1);
    expect(() => sealSaid(more, table())).toThrow("what is said fits a packet");
  });

  test("is nothing that ends a view or a checkpoint", () => {
    for (const type of ["viewChange", "newView", "checkpoint"] as const) {
      expect(saidKindOf(type).sizeMax).toBeLessThanOrEqual(SAID_SIZE_MAX);
    }
  });
});

test("junk and damaged envelopes are refused without an exception, or say what somebody may have said", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      anySaid.filter(fits),
      edits,
      fc.uint8Array({ maxLength: 300 }),
      fc.boolean(),
      (said, flips, junk, packs) => {
        const damaged = sealSaid(said, table(), { packAbove: packs ? 0 : ENVELOPE_SIZE_MAX }).bytes.slice();
        for (const [at, flip] of flips) damaged[at % damaged.length]! ^= flip;
        const opened = openSaid(damaged, context());
        if (opened.ok) {
          expect(encode(Said, opened.said)).toEqual(opened.body);
          const relayed = decrementHops(damaged);
          if (relayed !== "exhausted") expect(openSaid(relayed, context())).toMatchObject({ ok: true });
        }
        expect(openSaid(junk, context()).ok).toBe(false);
      },
    ),
    { seed: 1, numRuns: 400 },
  );
});
