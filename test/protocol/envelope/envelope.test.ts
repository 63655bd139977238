import fc from "fast-check";
import { expect, test } from "vitest";
import { Said } from "../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  ENVELOPE_SIZE_MAX,
  EPOCH_MAX,
  GATT_VALUE_SIZE_MAX,
  HOPS_MAX,
  SEQUENCE_MAX,
  VIEW_MAX,
  VOTE_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../../protocol/core/limits.ts";
import { epoch, sequence, view } from "../../../protocol/core/units.ts";
import { decrementHops, Envelope, isSaid } from "../../../protocol/envelope/envelope.ts";
import { SAID_REPEAT_MAX } from "../../../protocol/envelope/limits.ts";
import { openSaid } from "../../../protocol/envelope/open-said.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { saidExamples, vote } from "../agreement/examples.ts";
import { epochs, signature } from "../message/arbitrary-fields.ts";
import { examples, rising } from "../message/examples.ts";
import { examples as envelopes, openExamples } from "./examples.ts";
import { context, member, openFresh, sealBy, stranger, TABLE_ID, table } from "./people.ts";

/** A ballot on its way, with these numbers in it and around it. */
function ballotSize(numbers: {
  view: number;
  sequence: number;
  epoch: number;
  repeat: number;
  stable?: Place;
}): number {
  const at = { sequence: sequence(numbers.sequence), history: undefined };
  const ballot = { ...vote, view: view(numbers.view), prepared: at, committed: at, checkpoint: numbers.stable };
  const said = { type: "ballot", ballot, hint: rising(7, 4), proposals: undefined } as const;
  const sealed = sealSaid(said, table(TABLE_ID, epoch(numbers.epoch)), { repeat: numbers.repeat });
  expect(openSaid(sealed.bytes, context([table(TABLE_ID, epoch(numbers.epoch))]))).toMatchObject({ ok: true, said });
  return sealed.bytes.length;
}

test("a ballot that prepares and commits is 91 bytes with its signature, and never more than 110, so that two fit one fragment [H10]", () => {
  // Three bytes of varint end at 2^21 − 1. Rotation brings a view every 30 s: two bytes of it last five days.
  const young = { view: 2 ** 14 - 1, sequence: 2 ** 21 - 1, epoch: 127, repeat: 127 };
  const oldest = { view: VIEW_MAX, sequence: SEQUENCE_MAX, epoch: EPOCH_MAX, repeat: SAID_REPEAT_MAX };
  expect(ballotSize(young)).toBe(91);
  expect(ballotSize(oldest)).toBe(103);
  expect(ballotSize(oldest)).toBeLessThanOrEqual(VOTE_SIZE_MAX);
  expect(2 * VOTE_SIZE_MAX).toBeLessThanOrEqual(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
});

test("a ballot with a checkpoint beside both votes is one fragment too [H10]", () => {
  const stable = { sequence: sequence(2 ** 21 - 1), digest: rising(3, 32) };
  const size = ballotSize({ view: 2 ** 14 - 1, sequence: 2 ** 21 - 1, epoch: 127, repeat: 0, stable });
  expect(size).toBe(91 + 3 + 32);
  expect(size).toBeLessThanOrEqual(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
});

test("what an envelope adds to a body is 73 bytes in a young table, for a stranger 109, or 125 with a table; to what is said openly 6 [H10]", () => {
  const reply = { ...examples.reply, result: rising(1, 10) };
  const replySize = 1 + 3 + 32 + 1 + 1 + 2 + 1 + reply.result.length;
  expect(sealBy(reply, member(0, 2 ** 21 - 1)).length - replySize).toBe(73);
  const accept = { ...examples.leaderAccept, term: view(1) };
  expect(sealBy(accept, member(0, 2 ** 21 - 1)).length - 4).toBe(73);
  const heartbeat = { ...examples.heartbeat, peers: [] };
  const heartbeatSize = 6 + 2 + 35 + 1 + 2 + 1;
  expect(sealBy(heartbeat, stranger(2 ** 21 - 1)).length - heartbeatSize).toBe(109);
  expect(sealBy(heartbeat, stranger(2 ** 21 - 1, undefined, TABLE_ID)).length - heartbeatSize).toBe(125);
  for (const { value } of saidExamples) {
    const { bytes } = sealSaid(value, table(), { packAbove: ENVELOPE_SIZE_MAX });
    expect(bytes.length - encode(Said, value).length).toBe(6);
  }
});

test("every layout is read as it was written, and no byte more or less", () => {
  const reach = fc.record({ sender: fc.integer({ min: 0, max: 15 }), hops: fc.integer({ min: 0, max: 15 }) });
  const any = fc.record({
    type: fc.constantFrom("member" as const, "memberPacked" as const),
    reach,
    table: fc.integer({ min: 0, max: 0xffff }),
    epoch: fc.nat().map(epoch),
    counter: fc
      .nat()
      .map((each) => member(0, each))
      .map((each) => each.counter),
    signature,
    kind: fc.integer({ min: 0, max: 255 }),
    body: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(any, (envelope) => {
      const bytes = encode(Envelope, envelope);
      expect(decode(Envelope, bytes)).toEqual({ ok: true, value: envelope });
      const headSize = bytes.length - envelope.body.length;
      for (let size = 0; size < headSize; size++) expect(decode(Envelope, bytes.subarray(0, size)).ok).toBe(false);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("what is said openly is read as it was written, and no byte more or less", () => {
  const any = fc.record({
    type: fc.constantFrom("said" as const, "saidPacked" as const),
    reach: fc.record({ hops: fc.integer({ min: 0, max: 15 }) }),
    table: fc.integer({ min: 0, max: 0xffff }),
    epoch: epochs,
    repeat: fc.integer({ min: 0, max: SAID_REPEAT_MAX }),
    body: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(any, (envelope) => {
      const bytes = encode(Envelope, envelope);
      expect(isSaid(bytes)).toBe(true);
      expect(decode(Envelope, bytes)).toEqual({ ok: true, value: envelope });
      const headSize = bytes.length - envelope.body.length;
      for (let size = 0; size < headSize; size++) expect(decode(Envelope, bytes.subarray(0, size)).ok).toBe(false);
      // The four bits above the hops are nobody's.
      bytes[1]! |= 0x10;
      expect(decode(Envelope, bytes)).toMatchObject({ ok: false, why: "not canonical" });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("an envelope shows by its first byte whether it is said openly or sealed", () => {
  for (const { message, sender, options } of envelopes) expect(isSaid(sealBy(message, sender, options))).toBe(false);
  for (const { said, options } of openExamples) expect(isSaid(sealSaid(said, table(), options).bytes)).toBe(true);
  expect(isSaid(new Uint8Array(0))).toBe(false);
});

test("an envelope passes eight relays with its signature valid, and no ninth [H06]", () => {
  for (const sealed of [
    sealBy(examples.vote, member(2, 7)),
    sealBy(examples.proposal, member(2, 7)),
    sealBy(examples.joinRequest, stranger(7)),
    sealBy(examples.joinRequest, stranger(7), { packAbove: 0 }),
  ]) {
    const original = sealed.slice();
    let bytes = sealed;
    for (let relays = 1; relays <= HOPS_MAX; relays++) {
      const relayed = decrementHops(bytes);
      if (relayed === "exhausted") throw new Error(`stopped at relay ${relays}`);
      expect(openFresh(relayed)).toMatchObject({ ok: true, hops: HOPS_MAX - relays });
      bytes = relayed;
    }
    expect(decrementHops(bytes)).toBe("exhausted");
    expect(sealed).toEqual(original);
    expect(openFresh(bytes)).toMatchObject({ ok: true, message: expect.anything(), hops: 0 });
  }
});

test("what is said openly passes eight relays, and no ninth [H06]", () => {
  for (const { said } of openExamples) {
    const sealed = sealSaid(said, table()).bytes;
    const original = sealed.slice();
    let bytes = sealed;
    for (let relays = 1; relays <= HOPS_MAX; relays++) {
      const relayed = decrementHops(bytes);
      if (relayed === "exhausted") throw new Error(`stopped at relay ${relays}`);
      expect(openSaid(relayed, context())).toMatchObject({ ok: true, said, hops: HOPS_MAX - relays });
      bytes = relayed;
    }
    expect(decrementHops(bytes)).toBe("exhausted");
    expect(sealed).toEqual(original);
  }
});

test("a relay cannot lend an envelope more hops than the mesh allows [H06]", () => {
  const bytes = sealBy(examples.vote, member(2, 7)).slice();
  expect(bytes[1]! & 0x0f).toBe(HOPS_MAX);
  bytes[1]! += 1;
  expect(openFresh(bytes)).toEqual({ ok: false, verdict: "reject", why: "too many hops" });
});

test("the largest envelope fits a packet with room for the encryption of a hop", () => {
  expect(Envelope.sizeMax).toBeLessThanOrEqual(ENVELOPE_SIZE_MAX);
});
