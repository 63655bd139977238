import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { ENVELOPE_SIZE_MAX, REPLAY_WINDOW, SIGNATURE_SIZE } from "../../../protocol/core/limits.ts";
import { epoch, millis } from "../../../protocol/core/units.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { open, REFUSALS, type RefusalReason } from "../../../protocol/envelope/open.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { messageId } from "../../../protocol/envelope/signing.ts";
import { kindOf, kinds } from "../../../protocol/message/kinds.ts";
import { saidExamples } from "../agreement/examples.ts";
import { anyMessage, arbitraries } from "../message/arbitrary.ts";
import { examples, rising } from "../message/examples.ts";
import {
  context,
  EPOCH,
  hashing,
  MEMBERS,
  member,
  NOW,
  person,
  STRANGER,
  sealBy,
  stranger,
  TABLE_ID,
  table,
  verifying,
} from "./people.ts";

describe("sealed by one, opened by another", () => {
  for (const { type, packetClass, speaker } of kinds) {
    test(`${type}: sender, table, count, class, id, signature and payload arrive, packed or not [H01]`, () => {
      const opener = context();
      let count = 0;
      fc.assert(
        fc.property(arbitraries[type], fc.boolean(), (message, packs) => {
          const senders = speaker === "anyone" ? [member(2, count), stranger(count)] : [member(2, count)];
          for (const sender of senders) {
            const signer = sender.type === "member" ? MEMBERS[2]! : STRANGER;
            const sealed = seal(message, sender, signer.ports, { packAbove: packs ? 0 : ENVELOPE_SIZE_MAX });
            expect(sealed.bytes.length).toBeLessThanOrEqual(ENVELOPE_SIZE_MAX);
            const opened = open(sealed.bytes, opener, verifying());
            expect(opened).toEqual({
              ok: true,
              from: sender,
              message,
              packetClass,
              hops: 8,
              signed: sealed.signed,
              signature: signer.ports.sign(sealed.signed),
            });
            if (!opened.ok) return;
            expect(opened.signature.length).toBe(SIGNATURE_SIZE);
            expect(messageId(opened.signed, hashing).length).toBe(32);
          }
          count += 1;
        }),
        { seed: 1, numRuns: 12 },
      );
    });
  }
});

/** What each refusal needs, and the signature checks that it may cost. */
const honest = sealBy(examples.vote, member(2, 7));
const knocking = sealBy(examples.heartbeat, stranger(7));
function changed(bytes: Uint8Array, change: Partial<Envelope>): Uint8Array {
  const decoded = decode(Envelope, bytes);
  if (!decoded.ok) throw new Error(decoded.why);
  return encode(Envelope, { ...decoded.value, ...change } as Envelope);
}
const cases: {
  readonly [W in RefusalReason]: {
    bytes: Uint8Array;
    now?: number;
    tables?: number;
    before?: readonly Uint8Array[];
    checks: number;
  };
} = {
  "too large": { bytes: new Uint8Array(ENVELOPE_SIZE_MAX + 1).fill(1), checks: 0 },
  "layout broken": { bytes: honest.subarray(0, 60), checks: 0 },
  "too many hops": { bytes: changed(honest, { reach: { sender: 2, hops: 9 } } as Partial<Envelope>), checks: 0 },
  "said openly": { bytes: sealSaid(saidExamples[0]!.value, table()).bytes, checks: 0 },
  "unknown kind": { bytes: changed(honest, { kind: 0xff }), checks: 0 },
  "kind needs a table": { bytes: changed(knocking, { kind: kindOf("vote").tag }), checks: 0 },
  "unknown table": { bytes: sealBy(examples.vote, member(2, 7, rising(1, 16))), checks: 0 },
  "old epoch": { bytes: sealBy(examples.vote, member(2, 7, TABLE_ID, epoch(EPOCH - 1))), checks: 0 },
  "future epoch": { bytes: sealBy(examples.vote, member(2, 7, TABLE_ID, epoch(EPOCH + 1))), checks: 0 },
  "not a member": { bytes: changed(honest, { reach: { sender: 4, hops: 8 } } as Partial<Envelope>), checks: 0 },
  repeated: { bytes: honest, before: [honest], checks: 0 },
  "below the window": {
    bytes: honest,
    before: [sealBy(examples.vote, member(2, 7 + REPLAY_WINDOW))],
    checks: 0,
  },
  "time too far back": { bytes: knocking, now: NOW + 30_001, checks: 0 },
  "time too far ahead": { bytes: knocking, now: NOW - 30_001, checks: 0 },
  busy: {
    bytes: knocking,
    before: Array.from({ length: 128 }, (_, index) => sealBy(examples.heartbeat, stranger(1000 + index))),
    checks: 0,
  },
  "does not unpack": { bytes: changed(honest, { type: "memberPacked", body: Uint8Array.of(0xff) }), checks: 0 },
  "packed in vain": {
    bytes: changed(honest, { type: "memberPacked", body: Uint8Array.of(0x20, 1, 2) }),
    checks: 0,
  },
  "body broken": { bytes: changed(honest, { body: rising(0, 20) }), checks: 0 },
  "bad signature": { bytes: changed(honest, { signature: rising(0, 64) }), checks: 1 },
};

describe("a refusal has a name, a verdict and a price", () => {
  for (const [why, { bytes, now, before, checks }] of Object.entries(cases)) {
    test(`${why}: ${REFUSALS[why as RefusalReason]}, after ${checks} signature checks`, () => {
      const opener = { ...context(), now: millis(now ?? NOW) };
      for (const each of before ?? []) expect(open(each, opener, verifying())).toMatchObject({ ok: true });
      const stateBefore = structuredClone([opener.tables.map((each) => each.replay), opener.strangers.seen]);
      const ports = verifying();
      expect(open(bytes, opener, ports)).toEqual({ ok: false, verdict: REFUSALS[why as RefusalReason], why });
      expect(ports.checks).toBe(checks);
      expect([opener.tables.map((each) => each.replay), opener.strangers.seen]).toEqual(stateBefore);
    });
  }
});

test("a body with a byte too many, or a number not in its shortest form, is refused before its signature is looked at", () => {
  const reply = sealBy(examples.reply, member(2, 7));
  const decoded = decode(Envelope, reply);
  if (!decoded.ok) throw new Error(decoded.why);
  const body = decoded.value.body;
  for (const broken of [
    Uint8Array.of(...body, 0),
    body.subarray(0, -1),
    // View 2 as 82 00.
    Uint8Array.of(0x82, 0x00, ...body.subarray(1)),
    new Uint8Array(kindOf("reply").bodySizeMax + 1),
  ]) {
    const ports = verifying();
    expect(open(changed(reply, { body: broken }), context(), ports)).toMatchObject({ why: "body broken" });
    expect(ports.checks).toBe(0);
  }
});

test("while an epoch changes, envelopes of both are opened, each in its own", () => {
  const both = context([table(TABLE_ID, epoch(EPOCH - 1)), table()]);
  const old = sealBy(examples.vote, member(2, 7, TABLE_ID, epoch(EPOCH - 1)));
  expect(open(old, both, verifying())).toMatchObject({ ok: true, from: { epoch: EPOCH - 1 } });
  expect(open(honest, both, verifying())).toMatchObject({ ok: true, from: { epoch: EPOCH } });
  expect(open(old, both, verifying())).toMatchObject({ ok: false, why: "repeated" });
});

test("a forged counter does not shut out the honest envelope [H07]", () => {
  const opener = context();
  const forger = person(77);
  for (const count of [7, 8, 5000]) {
    const forged = seal(examples.vote, member(2, count), forger.ports).bytes;
    expect(open(forged, opener, verifying())).toMatchObject({ ok: false, why: "bad signature" });
  }
  expect(open(honest, opener, verifying())).toMatchObject({ ok: true });
});

test("junk and damaged envelopes are refused without an exception, and only what was signed opens", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(anyMessage, edits, fc.uint8Array({ maxLength: 300 }), (message, changes, junk) => {
      const sealed = sealBy(message, member(1, 3));
      const damaged = sealed.slice();
      // The second byte's low half is the hops', which no signature covers.
      for (const [at, flip] of changes) damaged[at % damaged.length]! ^= at % damaged.length === 1 ? flip & 0xf0 : flip;
      const opened = open(damaged, context(), {
        verify: (key, signed, signature) => verifying().verify(key, signed, signature),
      });
      if (opened.ok) expect(opened.message).toEqual(message);
      expect(open(junk, context(), verifying()).ok).toBe(false);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("nobody but a member seals what members decide: that would be our own mistake", () => {
  expect(() => seal(examples.vote, stranger(1), STRANGER.ports)).toThrow("only a member says what members decide");
});
