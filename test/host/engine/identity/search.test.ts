import { describe, expect, test } from "vitest";
import { IdentityClaim } from "../../../../host/engine/identity/record.ts";
import {
  type Chunk,
  checkpointOf,
  claimOf,
  endChunk,
  loseChunk,
  progressOf,
  resume,
  type Search,
  search,
  takeChunk,
  type Wanted,
} from "../../../../host/engine/identity/search.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { keyOf, SCOPE, WALL_MS } from "./records.ts";

const wanted: Wanted = { profile: "bleLight", key: keyOf(1), scope: SCOPE, timestamp: WALL_MS, work: 1000 };

const take = (of: Search): Chunk => {
  const chunk = takeChunk(of);
  if (chunk === undefined) throw new Error("no chunk");
  return chunk;
};

describe("a search", () => {
  test("hands out every nonce once, dear ones one by one", () => {
    const of = search(wanted);
    expect(take(of)).toEqual({ from: 0, count: 128 });
    expect(take(of)).toEqual({ from: 128, count: 128 });
    expect(take(search({ ...wanted, profile: "legacyS0" }))).toEqual({ from: 0, count: 1 });
    expect(take(search({ ...wanted, profile: "ecRust" }))).toEqual({ from: 0, count: 1 });
  });

  test("goes on from its checkpoint wherever it is cut, and leaves out no nonce", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = chance(seed);
      let of = search(wanted);
      const tried = new Set<number>();
      const held: Chunk[] = [];
      for (let turn = 0; turn < 200; turn++) {
        const what = drawBelow(random, 20);
        if (what < 8 && held.length < 6) held.push(take(of));
        else if (what < 16 && held.length > 0) {
          const [chunk] = held.splice(drawBelow(random, held.length), 1);
          for (let nonce = chunk!.from; nonce < chunk!.from + chunk!.count; nonce++) tried.add(nonce);
          endChunk(of, chunk!, undefined);
        } else if (what < 19 && held.length > 0) {
          loseChunk(of, held.splice(drawBelow(random, held.length), 1)[0]!);
        } else {
          const resumed = resume(checkpointOf(of));
          expect(resumed?.wanted).toEqual(wanted);
          of = resumed!;
          held.length = 0;
        }
      }
      const below = resume(checkpointOf(of))!.next;
      expect(below).toBeGreaterThan(0);
      const leftOut = Array.from({ length: below }, (_, nonce) => nonce).filter((nonce) => !tried.has(nonce));
      expect(leftOut).toEqual([]);
    }
  });

  test("ends with a claim of the nonce that was found first, and hands out nothing after it", () => {
    const of = search(wanted);
    const [first, second] = [take(of), take(of)];
    endChunk(of, second, 130);
    endChunk(of, first, 3);
    expect(takeChunk(of)).toBeUndefined();
    const claim = claimOf(of)!;
    expect(claim).toMatchObject({ profile: "bleLight", key: keyOf(1), difficultyBits: 9, timestamp: WALL_MS });
    expect(claim.salt[0]).toBe(130);
    expect(encode(IdentityClaim, claim)).toHaveLength(58);
    expect(of.tried).toBe(3 + 4);
  });

  test("shows what share of searches would be over", () => {
    const of = search(wanted);
    expect(progressOf(of)).toBeCloseTo(0, 12);
    for (let chunk = 0; chunk < 8; chunk++) endChunk(of, take(of), undefined);
    expect(of.tried).toBe(1024);
    expect(progressOf(of)).toBeCloseTo(1 - Math.exp(-1.024), 9);
  });

  test("does not go on from bytes that are no checkpoint", () => {
    const checkpoint = checkpointOf(search(wanted));
    expect(resume(checkpoint)).toBeDefined();
    for (let size = 0; size < checkpoint.length; size++) expect(resume(checkpoint.subarray(0, size))).toBeUndefined();
    expect(resume(new Uint8Array([...checkpoint, 0]))).toBeUndefined();
    expect(resume(checkpointOf({ ...search(wanted), wanted: { ...wanted, work: 0 } }))).toBeUndefined();
  });

  test("holds a bounded number of chunks", () => {
    const of = search(wanted);
    let count = 0;
    while (takeChunk(of) !== undefined) count += 1;
    expect(count).toBe(16);
    expect(takeChunk(search(wanted, 2 ** 52 - 5))).toBeUndefined();
  });
});
