import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  ENVELOPE_SIZE_MAX,
  GATT_VALUE_SIZE_MAX,
  HOPS_MAX,
  VOTE_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../../protocol/core/limits.ts";
import { epoch, sequence, view } from "../../../protocol/core/units.ts";
import { decrementHops, Envelope } from "../../../protocol/envelope/envelope.ts";
import { anySignature } from "../message/arbitrary.ts";
import { examples, rising } from "../message/examples.ts";
import { member, openFresh, sealBy, stranger, TABLE_ID } from "./people.ts";

test("a vote with counter and sequence of three bytes is at most 110 bytes with its signature, and two fit one fragment [H10]", () => {
  // Three bytes of varint end at 2^21 − 1. Rotation brings a view every 30 s: two bytes of it last five days.
  for (const type of ["prepare", "commit"] as const) {
    const young = sealBy(
      { ...examples[type], view: view(127), sequence: sequence(2 ** 21 - 1) },
      member(3, 2 ** 21 - 1),
    );
    const old = sealBy(
      { ...examples[type], view: view(2 ** 14 - 1), sequence: sequence(2 ** 21 - 1) },
      member(3, 2 ** 21 - 1),
    );
    expect(young.length).toBe(109);
    expect(old.length).toBe(VOTE_SIZE_MAX);
    expect(2 * old.length).toBeLessThanOrEqual(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
  }
});

test("what an envelope adds to a body is 73 bytes in a young table, for a stranger 109, or 125 with a table [H10]", () => {
  const operation = rising(1, 40);
  const request = { ...examples.request, operation };
  const bodySize = 1 + 2 + 1 + operation.length;
  expect(sealBy(request, member(0, 2 ** 21 - 1)).length - bodySize).toBe(73);
  const bare = sealBy({ type: "checkpoint", sequence: sequence(1), digest: rising(0, 32) }, member(0, 2 ** 21 - 1));
  expect(bare.length - 33).toBe(73);
  const heartbeat = { ...examples.heartbeat, peers: [] };
  const heartbeatSize = 6 + 2 + 35 + 1 + 2 + 1;
  expect(sealBy(heartbeat, stranger(2 ** 21 - 1)).length - heartbeatSize).toBe(109);
  expect(sealBy(heartbeat, stranger(2 ** 21 - 1, undefined, TABLE_ID)).length - heartbeatSize).toBe(125);
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
    signature: anySignature,
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

test("an envelope passes eight relays with its signature valid, and no ninth [H06]", () => {
  for (const sealed of [
    sealBy(examples.prepare, member(2, 7)),
    sealBy(examples.prePrepare, member(2, 7)),
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

test("a relay cannot lend an envelope more hops than the mesh allows [H06]", () => {
  const bytes = sealBy(examples.prepare, member(2, 7)).slice();
  expect(bytes[1]! & 0x0f).toBe(HOPS_MAX);
  bytes[1]! += 1;
  expect(openFresh(bytes)).toEqual({ ok: false, verdict: "reject", why: "too many hops" });
});

test("the largest envelope fits a packet with room for the encryption of a hop", () => {
  expect(Envelope.sizeMax).toBeLessThanOrEqual(ENVELOPE_SIZE_MAX);
});
