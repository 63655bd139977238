import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { proveVrf, VRF_PROOF_SIZE, verifyVrf } from "../../../host/crypto/ecvrf.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { hex, smallOrderEncodings, unhex } from "./craft.ts";

interface VrfVectors {
  cases: { name: string; seed: string; publicKey: string; alpha: string; proof: string; output: string }[];
}

const { cases }: VrfVectors = JSON.parse(readFileSync(new URL("./ecvrf-rfc9381.json", import.meta.url), "utf8"));
const [first] = cases as [VrfVectors["cases"][number]];
const [key, alpha, proof] = [unhex(first.publicKey), unhex(first.alpha), unhex(first.proof)];

describe("the verifiable random function", () => {
  test("gives the proofs and the outputs of RFC 9381 [K06]", () => {
    expect(cases).toHaveLength(3);
    for (const vector of cases) {
      const seed = unhex(vector.seed);
      expect(hex(keyPairFromSeed(seed).publicKey.bytes), vector.name).toBe(vector.publicKey);
      expect(hex(proveVrf(seed, unhex(vector.alpha))), vector.name).toBe(vector.proof);
      const verified = verifyVrf(unhex(vector.publicKey), unhex(vector.alpha), unhex(vector.proof));
      expect(verified.ok && hex(verified.output), vector.name).toBe(vector.output);
    }
  });

  test("is not proved under another key, nor for another input [K06]", () => {
    for (const other of cases.slice(1)) {
      expect(verifyVrf(unhex(other.publicKey), alpha, proof).ok).toBe(false);
      expect(verifyVrf(key, unhex(other.alpha), proof).ok).toBe(false);
    }
  });

  test("is not proved where a bit of any byte of the proof was flipped [K06]", () => {
    for (let bit = 0; bit < 8 * VRF_PROOF_SIZE; bit += 7) {
      const flipped = Uint8Array.from(proof);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyVrf(key, alpha, flipped).ok).toBe(false);
    }
  });

  test("has no second proof: a number above the order is refused, and so are other lengths", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const bytes = Uint8Array.from(proof);
    let number = order;
    for (let at = 48; at < 80; at++) {
      number += BigInt(bytes[at]!);
      bytes[at] = Number(number & 0xffn);
      number >>= 8n;
    }
    expect(verifyVrf(key, alpha, bytes)).toEqual({ ok: false, why: "bad number" });
    expect(verifyVrf(key, alpha, proof.subarray(1))).toEqual({ ok: false, why: "wrong length" });
    expect(verifyVrf(key.subarray(1), alpha, proof)).toEqual({ ok: false, why: "wrong length" });
  });

  test("refuses keys of small order, under which one proof would fit every input", () => {
    for (const bytes of smallOrderEncodings()) {
      expect(verifyVrf(bytes, alpha, proof)).toEqual({ ok: false, why: "bad key" });
    }
  });
});
