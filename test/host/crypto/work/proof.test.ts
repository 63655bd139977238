import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { sign } from "../../../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../../../host/crypto/ed25519-keys.ts";
import { sha256 } from "../../../../host/crypto/sha256.ts";
import { openAddresses } from "../../../../host/crypto/work/address.ts";
import { judgeIdentity } from "../../../../host/crypto/work/judge-identity.ts";
import { openArgon2 } from "../../../../host/crypto/work/open-argon2.ts";
import { proofInput, proofSecret } from "../../../../host/crypto/work/proof-input.ts";
import { tryChunk } from "../../../../host/crypto/work/try-chunk.ts";
import type { ProfileName } from "../../../../host/engine/identity/profiles.ts";
import {
  type Identity,
  type IdentityClaim,
  type IdentityScope,
  readIdentity,
  saltOf,
  signedBytes,
} from "../../../../host/engine/identity/record.ts";
import { bitsOf } from "../../../../host/engine/identity/work.ts";
import { chiSquareTail } from "../../../../host/engine/judge/tails.ts";
import { hex, smallOrderEncodings } from "../craft.ts";
import { readVectors } from "../vectors.ts";
import { toy } from "./toy.ts";

const NETWORK = new Uint8Array(16).fill(7);
const SCOPE: IdentityScope = { network: NETWORK, beacon: new Uint8Array(32).fill(8) };
const TIME_MS = 1_790_000_000_000;
const PROFILE_NAMES: readonly ProfileName[] = ["legacyS0", "ecRust", "bleLight"];

const pair = keyPairFromSeed(new Uint8Array(32).fill(9));
const key = pair.publicKey.bytes;
const fast = await openArgon2();
const addressOf = await openAddresses();

const signed = (claim: IdentityClaim, scope = SCOPE): Identity => ({
  claim,
  signature: sign(pair.privateKey, signedBytes(scope, claim)),
});

async function mined(profile: ProfileName, work: number): Promise<IdentityClaim> {
  const wanted = { profile, key, scope: SCOPE, timestamp: TIME_MS, work };
  const nonce = await tryChunk(wanted, { from: 0, count: 100 * work }, toy(fast));
  return { profile, key, salt: saltOf(nonce!), difficultyBits: bitsOf(work), timestamp: TIME_MS };
}

interface IdentityVectors {
  readonly cases: readonly {
    readonly profile: ProfileName;
    readonly record: string;
    readonly address: string;
    readonly work: number;
  }[];
}

describe("a proof", () => {
  test("hashes what its profile says: in the old one key, nonce and time under the key's own salt [A02]", () => {
    const secret = proofSecret(SCOPE, "legacyS0");
    const claim = { profile: "legacyS0", key, salt: saltOf(0x0102), timestamp: 0x0304 } as const;
    const input = proofInput(claim, secret);
    expect(input).toMatchObject({ memoryKibibytes: 65_536, passes: 10, lanes: 4, secret });
    expect(hex(input.password)).toBe(`${hex(key)}0201000000000000${"0403000000000000"}`);
    expect(input.salt).toEqual(sha256(key).subarray(0, 16));
  });

  test("hashes in the later ones the key under a salt that is searched for [A03]", () => {
    const salt = saltOf(77);
    const claim = { key, salt, timestamp: 5 };
    const ecRust = proofInput({ ...claim, profile: "ecRust" }, new Uint8Array(32));
    expect(ecRust).toMatchObject({ password: key, salt, memoryKibibytes: 65_536, passes: 10, lanes: 1 });
    const light = proofInput({ ...claim, profile: "bleLight" }, new Uint8Array(32));
    expect(light).toMatchObject({ password: key, salt, memoryKibibytes: 4096, passes: 1, lanes: 1 });
  });

  test.each(PROFILE_NAMES)(
    "by %s is found, and holds for its network, beacon and profile alone [A02] [A03]",
    async (profile) => {
      const claim = await mined(profile, 200);
      const argon2 = toy(fast);
      const judgement = await judgeIdentity(signed(claim), SCOPE, argon2, addressOf);
      expect(judgement).toMatchObject({ type: "proved" });
      expect(judgement.type === "proved" && judgement.work).toBeGreaterThanOrEqual(200);
      const works = await Promise.all(
        [
          { network: new Uint8Array(16), beacon: SCOPE.beacon },
          { network: NETWORK, beacon: new Uint8Array(32) },
        ].map((scope) => judgeIdentity(signed(claim, scope), scope, argon2, addressOf)),
      );
      const others = PROFILE_NAMES.filter((each) => each !== profile);
      for (const other of others) {
        works.push(await judgeIdentity(signed({ ...claim, profile: other }), SCOPE, argon2, addressOf));
      }
      // Each by itself is worth something else: chance may give it as much, but never the same address.
      const addresses = [judgement, ...works].map((each) => (each.type === "proved" ? hex(each.address) : each.type));
      expect(new Set(addresses).size).toBe(5);
    },
  );

  test("has another hash when any field changes that its profile hashes [A02]", async () => {
    const argon2 = toy(fast);
    const claim = await mined("legacyS0", 50);
    const changes: readonly Partial<IdentityClaim>[] = [
      {},
      { salt: saltOf(123_456) },
      { timestamp: TIME_MS + 1 },
      { profile: "ecRust" },
    ];
    const hashes = new Set<string>();
    for (const change of changes) {
      const judged = await judgeIdentity(signed({ ...claim, ...change }), SCOPE, argon2, addressOf);
      hashes.add(judged.type === "proved" ? hex(judged.address) : judged.type);
    }
    const other = keyPairFromSeed(new Uint8Array(32).fill(10));
    const theirs = { ...claim, key: other.publicKey.bytes };
    const stolen = { claim: theirs, signature: sign(other.privateKey, signedBytes(SCOPE, theirs)) };
    const judged = await judgeIdentity(stolen, SCOPE, argon2, addressOf);
    hashes.add(judged.type === "proved" ? hex(judged.address) : judged.type);
    expect(hashes.size).toBe(5);
  });

  test("of a record with any byte changed is not even hashed: the signature comes first [A10] [A12]", async () => {
    const argon2 = toy(fast);
    const good = signed(await mined("bleLight", 16));
    argon2.inputs.length = 0;
    const record = new Uint8Array(122);
    record.set([3, ...good.claim.key, ...good.claim.salt, good.claim.difficultyBits]);
    new DataView(record.buffer).setBigUint64(50, BigInt(TIME_MS));
    record.set(good.signature, 58);
    const seen = new Map<string, number>();
    for (let at = 0; at < record.length; at++) {
      const changed = record.slice();
      changed[at]! ^= 1;
      const read = readIdentity(changed);
      const word = read.ok ? (await judgeIdentity(read.identity, SCOPE, argon2, addressOf)).type : "malformed";
      seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    expect(argon2.inputs).toEqual([]);
    expect([...seen.keys()].sort()).toEqual(["forged", "malformed", "unfit key"]);
    expect(await judgeIdentity(good, SCOPE, argon2, addressOf)).toMatchObject({ type: "proved" });
    expect(argon2.inputs).toHaveLength(1);
  });

  test("of a key under which anyone can sign is refused before its signature is looked at [A11]", async () => {
    const claim = await mined("bleLight", 16);
    for (const small of smallOrderEncodings()) {
      const odd = { claim: { ...claim, key: small }, signature: new Uint8Array(64) };
      expect(await judgeIdentity(odd, SCOPE, toy(fast), addressOf)).toEqual({ type: "unfit key" });
    }
  });

  test("takes as many attempts as its work says, by the law of waiting: 200 identities at 4 to 7 trailing bits [A03]", async () => {
    const argon2 = toy(fast);
    // Where a law of waiting has its fifths.
    const cells = [0, 0, 0, 0, 0];
    const expected = [0, 0, 0, 0, 0];
    let attempts = 0;
    let mean = 0;
    for (const bits of [4, 5, 6, 7]) {
      const misses = 1 - 2 ** -bits;
      const borders = [0, ...[0.2, 0.4, 0.6, 0.8].map((share) => Math.round(Math.log(1 - share) / Math.log(misses)))];
      for (let number = 0; number < 50; number++) {
        const wanted = { profile: "ecRust", key: sha256(Uint8Array.of(bits, number)), scope: SCOPE } as const;
        const nonce = await tryChunk({ ...wanted, timestamp: 0, work: 2 ** bits }, { from: 0, count: 4096 }, argon2);
        const tries = nonce! + 1;
        cells[borders.filter((border) => tries > border).length - 1]! += 1;
        attempts += tries;
      }
      mean += 50 * 2 ** bits;
      for (const [cell, border] of borders.entries()) {
        const next = borders[cell + 1];
        expected[cell]! += 50 * (misses ** border - (next === undefined ? 0 : misses ** next));
      }
    }
    const statistic = cells.reduce((sum, count, cell) => sum + (count - expected[cell]!) ** 2 / expected[cell]!, 0);
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(chiSquareTail(4, statistic)).toBeGreaterThan(0.001);
    // The mean of 200 waits is within four of its own deviations.
    expect(Math.abs(attempts / mean - 1)).toBeLessThan(0.4);
    expect(argon2.inputs.length).toBe(attempts);
  }, 120_000);

  test("is what it was, byte for byte, in its full size and by every library [A02] [A03]", async () => {
    const libraries = [fast, (await openArgon2("portable"))!];
    const { cases } = readVectors<IdentityVectors>("identity");
    expect(cases.map(({ profile }) => profile)).toEqual(PROFILE_NAMES);
    for (const { record, address, work } of cases) {
      const read = readIdentity(new Uint8Array(Buffer.from(record, "hex")));
      if (!read.ok) throw new Error("a vector is a record");
      for (const argon2 of libraries) {
        const judged = await judgeIdentity(read.identity, SCOPE, argon2, addressOf);
        expect(judged.type === "proved" && [hex(judged.address), judged.work]).toEqual([address, work]);
      }
    }
  });
});

describe("an address", () => {
  test("is BLAKE3 over proof and key, and keeps none of the proof's zeros [A07]", () => {
    // The first of BLAKE3's published vectors is of no bytes at all.
    expect(hex(addressOf(new Uint8Array(0), new Uint8Array(0)))).toBe(
      "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    );
    const proof = new Uint8Array(32);
    expect(addressOf(proof, key)).toHaveLength(32);
    expect(addressOf(proof, key)).not.toEqual(addressOf(proof, sha256(key)));
  });

  test("falls on every neighbourhood alike, though all proofs end in zeros: ten thousand identities, a thousand and one places [A07]", () => {
    for (const places of [16, 1001]) {
      const counts = new Array<number>(places).fill(0);
      for (let number = 0; number < 10_000; number++) {
        const proof = sha256(Uint8Array.of(number >> 8, number));
        proof.fill(0, 29);
        const address = addressOf(proof, domainDigest("key", Uint8Array.of(number >> 8, number)));
        counts[Number(BigInt(`0x${hex(address)}`) % BigInt(places))]! += 1;
      }
      const mean = 10_000 / places;
      const statistic = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
      expect(chiSquareTail(places - 1, statistic)).toBeGreaterThan(0.001);
      expect(chiSquareTail(places - 1, statistic)).toBeLessThan(0.999);
    }
  });
});
