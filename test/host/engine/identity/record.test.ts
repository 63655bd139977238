import { describe, expect, test } from "vitest";
import { IDENTITY_SIZE } from "../../../../host/engine/identity/limits.ts";
import { Identity, readIdentity, saltOf, signedBytes, writeIdentity } from "../../../../host/engine/identity/record.ts";
import { describe as describeLayout } from "../../../../protocol/bytes/describe.ts";
import { claimOf, keyOf, ports, recordOf, SCOPE, WALL_MS } from "./records.ts";

describe("an identity record", () => {
  test("is version, key, salt, bits, time and signature, in 122 bytes, and reads as it was written [A10]", () => {
    for (const [profile, version] of [
      ["legacyS0", 1],
      ["ecRust", 2],
      ["bleLight", 3],
    ] as const) {
      const claim = claimOf(5, { profile, salt: saltOf(0x0102030405) });
      const record = writeIdentity(claim, SCOPE, ports);
      expect(record).toHaveLength(122);
      expect(record[0]).toBe(version);
      expect(record.subarray(1, 33)).toEqual(keyOf(5));
      expect([...record.subarray(33, 49)]).toEqual([5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      expect(record[49]).toBe(16);
      expect(new DataView(record.buffer, record.byteOffset).getBigUint64(50)).toBe(BigInt(WALL_MS));
      expect(record.subarray(58)).toEqual(ports.sign(signedBytes(SCOPE, claim)));
      expect(readIdentity(record)).toEqual({ ok: true, identity: { claim, signature: record.subarray(58) } });
    }
    expect(describeLayout(Identity)).toContain("122 bytes");
  });

  test("of another size, another version, too many bits or no time of a clock is none [A10]", () => {
    const record = recordOf(1);
    for (const size of [0, 1, 57, 121]) expect(readIdentity(record.subarray(0, size)).ok).toBe(false);
    expect(readIdentity(new Uint8Array([...record, 0])).ok).toBe(false);
    const changed = (at: number, byte: number): boolean => {
      const other = record.slice();
      other[at] = byte;
      return readIdentity(other).ok;
    };
    expect([0, 1, 3, 4, 255].map((version) => changed(0, version))).toEqual([false, true, true, false, false]);
    expect([48, 49, 255].map((bits) => changed(49, bits))).toEqual([true, false, false]);
    expect([50, 51].map((at) => changed(at, 0x40))).toEqual([false, false]);
    expect(IDENTITY_SIZE).toBe(122);
  });

  test("of the old profile has a nonce of eight bytes and nothing beside it: one proof has one record [A10]", () => {
    const salt = saltOf(9);
    salt[8] = 1;
    expect(readIdentity(recordOf(1, { profile: "legacyS0", salt })).ok).toBe(false);
    expect(readIdentity(recordOf(1, { profile: "ecRust", salt })).ok).toBe(true);
  });

  test("is signed for its network and its beacon: no byte of either, nor of the claim, can change", () => {
    const claim = claimOf(1);
    const signed = signedBytes(SCOPE, claim).slice();
    const seen = new Set([`${signed}`]);
    const others = [
      signedBytes({ ...SCOPE, network: new Uint8Array(16) }, claim),
      signedBytes({ ...SCOPE, beacon: new Uint8Array(32) }, claim),
      ...[claimOf(2), claimOf(1, { profile: "ecRust" }), claimOf(1, { difficultyBits: 17 })].map((each) =>
        signedBytes(SCOPE, each),
      ),
      signedBytes(SCOPE, claimOf(1, { timestamp: WALL_MS + 1 })),
      signedBytes(SCOPE, claimOf(1, { salt: saltOf(2) })),
    ];
    for (const other of others) seen.add(`${other}`);
    expect(seen.size).toBe(8);
    // No other use of a key begins so.
    expect(Buffer.from(signed.subarray(0, 17)).toString("latin1")).toBe("\x10hardway identity");
  });
});
