/** Every path to a verdict on a signature gives the verdict of ZIP 215. */

import { verify as verifyNatively } from "node:crypto";
import { verify as verifyByLibrary } from "@noble/ed25519";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verify } from "../../../host/crypto/ed25519.ts";
import { importPublicKey } from "../../../host/crypto/ed25519-keys.ts";
import { verifyZip215 } from "../../../host/crypto/zip215.ts";
import { craft, hex, ORDER, scalarOf, signatureOf, smallOrderEncodings, unhex } from "./craft.ts";
import { buildEdgeCases, type EdgeCase } from "./edge-cases.ts";
import { type AcceptanceVectors, readVectors, type SmallOrderVectors } from "./vectors.ts";

/** What each path says of one signature. */
interface Verdicts {
  /** What the host uses. */
  rule: boolean;
  /** The second half of the rule alone. */
  zip215: boolean;
  /** The first half alone. */
  native: boolean;
  /** The library by its stricter flag. */
  strict: boolean;
}

describe("acceptance of signatures", () => {
  test("the 14 encodings of small order are those of the curve", () => {
    expect(readVectors<SmallOrderVectors>("ed25519-small-order").encodings).toEqual(smallOrderEncodings().map(hex));
  });

  test("the edge cases in the tree are those that the twelve conditions make", () => {
    const built = buildEdgeCases().map(({ name, publicKey, message, signature, valid }) => {
      return { name, publicKey: hex(publicKey), message: hex(message), signature: hex(signature), valid };
    });
    expect(readVectors<AcceptanceVectors>("ed25519-edge-cases").cases).toEqual(built);
  });

  test("all 196 pairs of small-order key and nonce are valid", () => {
    const cases = smallOrderCases();
    expect(cases.length).toBe(196);
    for (const one of cases) expectRule(one);
  });

  test("the twelve edge cases get the verdict of ZIP 215", () => {
    const cases = edgeCases();
    expect(cases.length).toBe(12);
    for (const one of cases) expectRule(one);
  });

  test("any torsion in key and nonce is accepted; s + L and flipped bits are not", () => {
    const torsion = fc.nat({ max: 7 });
    fc.assert(
      fc.property(
        fc.record({
          label: fc.string({ maxLength: 20 }),
          torsionOfKey: torsion,
          torsionOfNonce: torsion,
          message: fc.uint8Array({ maxLength: 60 }),
          bit: fc.nat({ max: 511 }),
        }),
        ({ label, torsionOfKey, torsionOfNonce, message, bit }) => {
          const [a, r] = [scalarOf(`key ${label}`), scalarOf(`nonce ${label}`)];
          const { publicKey, nonce, s, cofactorless } = craft({ a, torsionOfKey, r, torsionOfNonce, message });
          const one = { name: label, publicKey, message, signature: signatureOf(nonce, s), valid: true };
          // Where no cofactor is needed the native library agrees: its yes is not vacuous.
          expect(expectRule(one).native).toBe(cofactorless);
          expectRule({ ...one, signature: signatureOf(nonce, s + ORDER), valid: false });
          const tampered = one.signature.slice();
          tampered[bit >> 3]! ^= 1 << (bit & 7);
          expectRule({ ...one, signature: tampered, valid: false });
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  test("either library by its own rule would refuse what the table accepts", () => {
    const valid = [...smallOrderCases(), ...edgeCases()].filter((one) => one.valid);
    const verdicts = valid.map(verdictsOn);
    expect(verdicts.filter((one) => one.rule).length).toBe(valid.length);
    expect(verdicts.filter((one) => one.native).length).toBeLessThan(valid.length);
    expect(verdicts.filter((one) => one.strict).length).toBeLessThan(valid.length);
    // The stricter flag is no superset of the native rule either: no order of the two would do.
    expect(verdicts.some((one) => one.native && !one.strict)).toBe(true);
    expect(verdicts.some((one) => one.strict && !one.native)).toBe(true);
  });
});

function expectRule(one: EdgeCase): Verdicts {
  const verdicts = verdictsOn(one);
  const text = `${one.name}: ${hex(one.publicKey)} ${hex(one.signature)}`;
  expect(verdicts.zip215, text).toBe(one.valid);
  expect(verdicts.rule, text).toBe(one.valid);
  // The native library's yes is final, so it must never be a yes to what ZIP 215 refuses.
  expect(verdicts.native && !one.valid, text).toBe(false);
  return verdicts;
}

function verdictsOn({ publicKey, message, signature }: EdgeCase): Verdicts {
  const imported = importPublicKey(publicKey);
  if (!imported.ok) throw new Error(imported.why);
  return {
    rule: verify(imported.key, message, signature),
    zip215: verifyZip215(publicKey, message, signature),
    native: verifyNatively(null, message, imported.key.handle, signature),
    strict: verifyByLibrary(signature, message, publicKey, { zip215: false }),
  };
}

function smallOrderCases(): EdgeCase[] {
  const { message, encodings } = readVectors<SmallOrderVectors>("ed25519-small-order");
  return encodings.flatMap((key, keyIndex) =>
    encodings.map((nonce, nonceIndex) => ({
      name: `A ${keyIndex}, R ${nonceIndex}`,
      publicKey: unhex(key),
      message: unhex(message),
      signature: signatureOf(unhex(nonce), 0n),
      valid: true,
    })),
  );
}

function edgeCases(): EdgeCase[] {
  return readVectors<AcceptanceVectors>("ed25519-edge-cases").cases.map((one) => ({
    name: one.name,
    publicKey: unhex(one.publicKey),
    message: unhex(one.message),
    signature: unhex(one.signature),
    valid: one.valid,
  }));
}
