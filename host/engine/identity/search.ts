/**
 * The search for a proof, as what is left to try. Workers take chunks of it and bring them back, in any order; what is needed to
 * go on after a power cut is a few bytes: everything below a nonce was tried, the rest is tried again.
 *
 * Nothing here hashes.
 */
import { decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { PublicKey } from "../../../protocol/message/fields.ts";
import { CHUNK_MEBIBYTE_PASSES, CHUNKS_MAX, NONCE_MAX } from "./limits.ts";
import { PROFILES, verificationCost } from "./profiles.ts";
import { type IdentityClaim, IdentityScope, ProfileByte, saltOf } from "./record.ts";
import { time64 } from "./time64.ts";
import { bitsOf, WORK_MAX } from "./work.ts";

/** For what a proof is looked for. */
export const Wanted = struct("Wanted", {
  profile: ProfileByte,
  key: PublicKey,
  scope: IdentityScope,
  /** Fixed when the search begins, since some profiles hash it. */
  timestamp: time64,
  work: varint(WORK_MAX),
});
export type Wanted = ValueOf<typeof Wanted>;

const SearchCheckpoint = struct("SearchCheckpoint", { wanted: Wanted, below: varint(NONCE_MAX) });

export interface Chunk {
  readonly from: number;
  readonly count: number;
}

export interface Search {
  readonly wanted: Wanted;
  /** The first nonce that nobody has taken. */
  next: number;
  readonly underWay: Chunk[];
  /** Taken by workers that are gone. */
  readonly lost: Chunk[];
  /** Attempts known to be in vain, since the search was begun for the first time. */
  tried: number;
  foundNonce: number | undefined;
}

export function search(wanted: Wanted, below = 0): Search {
  assert(wanted.work >= 1, "some work is wanted");
  return { wanted, next: below, underWay: [], lost: [], tried: below, foundNonce: undefined };
}

/** Undefined where all that may be under way is, or nothing is left to look for. */
export function takeChunk(of: Search): Chunk | undefined {
  if (of.foundNonce !== undefined || of.underWay.length === CHUNKS_MAX) return undefined;
  const again = of.lost.shift();
  if (again !== undefined) {
    of.underWay.push(again);
    return again;
  }
  const { profile } = of.wanted;
  const count = Math.max(1, Math.floor(CHUNK_MEBIBYTE_PASSES / verificationCost(PROFILES[profile])));
  if (of.next + count > NONCE_MAX) return undefined;
  const chunk = { from: of.next, count };
  of.next += count;
  of.underWay.push(chunk);
  return chunk;
}

/** A worker says what came of it: the nonce of a proof, or nothing. */
export function endChunk(of: Search, chunk: Chunk, foundNonce: number | undefined): void {
  drop(of, chunk);
  if (foundNonce === undefined) of.tried += chunk.count;
  else {
    assert(
      foundNonce >= chunk.from && foundNonce < chunk.from + chunk.count,
      "a proof is found where it was looked for",
    );
    of.tried += foundNonce + 1 - chunk.from;
    of.foundNonce ??= foundNonce;
  }
}

/** Its worker is gone: somebody else tries it. */
export function loseChunk(of: Search, chunk: Chunk): void {
  drop(of, chunk);
  of.lost.push(chunk);
}

/** The share of all searches that would be over by now: what a bar shows. It never comes to one by itself. */
export const progressOf = ({ tried, wanted }: Search): number => -Math.expm1(-tried / wanted.work);

/** Enough to go on from. */
export function checkpointOf(of: Search): Uint8Array {
  const below = [...of.underWay, ...of.lost].reduce((least, { from }) => Math.min(least, from), of.next);
  return encode(SearchCheckpoint, { wanted: of.wanted, below });
}

/** Undefined where the bytes are none of ours. */
export function resume(checkpoint: Uint8Array): Search | undefined {
  const decoded = decode(SearchCheckpoint, checkpoint.slice());
  if (!decoded.ok || decoded.value.wanted.work < 1) return undefined;
  return search(decoded.value.wanted, decoded.value.below);
}

/** What is left is to sign it. */
export function claimOf({ wanted, foundNonce }: Search): IdentityClaim | undefined {
  if (foundNonce === undefined) return undefined;
  const { profile, key, timestamp, work } = wanted;
  return { profile, key, salt: saltOf(foundNonce), difficultyBits: bitsOf(work), timestamp };
}

function drop(of: Search, chunk: Chunk): void {
  const index = of.underWay.findIndex(({ from }) => from === chunk.from);
  assert(index >= 0, "what comes back was taken");
  of.underWay.splice(index, 1);
}
