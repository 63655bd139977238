/** A worker's part of a search: every nonce of a chunk, until one is a proof. */
import { PROFILES } from "../../engine/identity/profiles.ts";
import { saltOf } from "../../engine/identity/record.ts";
import type { Chunk, Wanted } from "../../engine/identity/search.ts";
import { isWorth } from "../../engine/identity/work.ts";
import type { Argon2 } from "./argon2.ts";
import { proofInput, proofSecret } from "./proof-input.ts";

export async function tryChunk(wanted: Wanted, { from, count }: Chunk, argon2: Argon2): Promise<number | undefined> {
  const { profile, key, scope, timestamp, work } = wanted;
  const { zeros } = PROFILES[profile];
  const secret = proofSecret(scope, profile);
  for (let nonce = from; nonce < from + count; nonce++) {
    const hash = await argon2.hash(proofInput({ profile, key, salt: saltOf(nonce), timestamp }, secret));
    if (isWorth(hash, zeros, work)) return nonce;
  }
  return undefined;
}
