import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Certificate, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { Batch } from "../../../protocol/agreement/request.ts";
import { Said, saidKindOf, saidKindOfTag, saidKinds } from "../../../protocol/agreement/said.ts";
import { Statement } from "../../../protocol/agreement/statement.ts";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  anyBatch,
  anySaid,
  anyStatement,
  anyViewChangeBody,
  evidenceArbitraries,
  saidOf,
  sayingArbitraries,
  statementsOf,
} from "./arbitrary.ts";
import { objectExamples, saidExamples } from "./examples.ts";

function expectRoundTrip<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(codec, value);
      expect(bytes.length).toBeLessThanOrEqual(codec.sizeMax);
      expect(decode(codec, bytes)).toEqual({ ok: true, value });
      expect(decode(codec, Uint8Array.of(...bytes, 0))).toMatchObject({ ok: false });
      expect(decode(codec, bytes.subarray(0, -1))).toMatchObject({ ok: false });
    }),
    { seed: 1, numRuns: 40 },
  );
}

describe("what is written is read", () => {
  for (const { type, tag, sizeMax } of saidKinds) {
    test(`${type}, as it is said: round trip, and no byte more or less [B03]`, () => {
      expectRoundTrip(Said, saidOf(type));
      const bytes = encode(Said, saidExamples.find(({ value }) => value.type === type)!.value);
      expect(bytes[0]).toBe(tag);
      expect(bytes.length).toBeLessThanOrEqual(sizeMax);
    });
  }
  for (const [type, saying] of Object.entries(sayingArbitraries)) {
    test(`${type}, as it is signed: round trip, and no byte more or less [B03]`, () => {
      expectRoundTrip(Statement, statementsOf(saying as Parameters<typeof statementsOf>[0]));
    });
  }
  for (const [type, values] of Object.entries(evidenceArbitraries)) {
    test(`${type}, as it is shown: round trip, and no byte more or less`, () => {
      expectRoundTrip(Evidence, values as fc.Arbitrary<Evidence>);
    });
  }
  test("a batch and the body of a view change, as they are named: round trip, and no byte more or less", () => {
    expectRoundTrip(Batch, anyBatch);
    expectRoundTrip(ViewChangeBody, anyViewChangeBody);
  });
});

describe("damaged, it is refused or is another's one encoding, and nothing throws", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  function expectCanonical<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
    let taken = 0;
    fc.assert(
      fc.property(values, damage, fc.nat(), (value, edits, cut) => {
        const bytes = encode(codec, value).slice();
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        const shorter = cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
        const decoded = decode(codec, shorter);
        if (!decoded.ok) return;
        taken += 1;
        expect(encode(codec, decoded.value)).toEqual(shorter);
      }),
      { seed: 1, numRuns: 1000 },
    );
    // Otherwise the property says little.
    expect(taken).toBeGreaterThan(100);
  }

  test("what is said [B03]", () => expectCanonical(Said, anySaid));
  test("what is signed [B03]", () => expectCanonical(Statement, anyStatement));
  test("what is shown", () => {
    expectCanonical(Evidence, fc.oneof(...Object.values(evidenceArbitraries)) as fc.Arbitrary<Evidence>);
  });
});

test("tags are what they always were, and find what has them", () => {
  expect(Object.fromEntries(saidKinds.map(({ type, tag }) => [type, tag]))).toEqual({
    ...{ requests: 0x01, ballot: 0x02, viewChange: 0x03, newView: 0x04, certificate: 0x05, checkpoint: 0x06 },
  });
  for (let tag = 0; tag <= 0xff; tag++) expect(saidKindOfTag(tag)).toBe(saidKinds.find((each) => each.tag === tag));
  for (const kind of saidKinds) expect(saidKindOf(kind.type)).toBe(kind);
});

test("a set out of its order, or with one of its members twice, is refused", () => {
  const { ballots } = objectExamples.body.certificates[0]!;
  const certificate = { ...objectExamples.body.certificates[0]!, ballots: ballots.slice(1) };
  const bytes = encode(Certificate, certificate);
  const size = 1 + 64 + 1 + 1 + (1 + 3 + 1) + 1 + 1;
  const at = bytes.length - 2 * size;
  const [first, second] = [bytes.subarray(at, at + size), bytes.subarray(at + size)];
  expect([first[0], second[0]]).toEqual([ballots[1]!.sender, ballots[2]!.sender]);
  for (const wrong of [
    [second, first],
    [first, first],
  ]) {
    const forged = Uint8Array.of(...bytes.subarray(0, at), ...wrong[0]!, ...wrong[1]!);
    expect(decode(Certificate, forged)).toMatchObject({ ok: false, why: "not canonical" });
  }
  expect(() => encode(Certificate, { ...certificate, ballots: ballots.slice().reverse() })).toThrow(
    "a set is written in its order",
  );
});
