/** A kiosk's identity record on its disk: the key and what it cost, signed. It is worth what whoever verifies it finds, so that is
 * what is done here too. */
import { join } from "node:path";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { domainDigest } from "../../crypto/domain-digest.ts";
import { openAddresses } from "../../crypto/work/address.ts";
import { judgeIdentity } from "../../crypto/work/judge-identity.ts";
import { openArgon2 } from "../../crypto/work/open-argon2.ts";
import { AGE_MAX_MS, FRESH_MS, FUTURE_MAX_MS } from "../../engine/identity/limits.ts";
import type { ProfileName } from "../../engine/identity/profiles.ts";
import { type IdentityScope, readIdentity } from "../../engine/identity/record.ts";
import { readPrivate } from "../../node/private-file.ts";

export const recordPath = (folder: string): string => join(folder, "identity");
/** How far a search has come. */
export const searchPath = (folder: string): string => join(folder, "identity-search");

/** Whoever has a table's secret knows in which network its identities are good, and since when: the secret was drawn by chance when
 * the table was founded, so nobody laid proofs in store before. */
export const identityScope = (secret: Uint8Array): IdentityScope => ({
  network: domainDigest("hardway network", secret).slice(0, 16),
  beacon: domainDigest("hardway first beacon", secret),
});

export interface RecordFacts {
  readonly profile: ProfileName;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly difficultyBits: number;
  /** Attempts that the proof is worth. */
  readonly work: number;
  readonly address: Uint8Array;
}

export type ReadRecord =
  | { readonly type: "none" }
  | ({ readonly type: "good"; readonly age: RecordAge } & RecordFacts)
  /** For people. */
  | { readonly type: "unfit"; readonly why: string };

/** Who is new at a table shows a fresh one; whoever is known there already may be older. */
export type RecordAge = "fresh" | "known only" | "too old" | "from the future";

export interface RecordWanted {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly scope: IdentityScope;
  readonly wallMs: number;
}

export async function readRecord({ folder, key, scope, wallMs }: RecordWanted): Promise<ReadRecord> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = readPrivate(recordPath(folder));
  } catch (error) {
    return { type: "unfit", why: (error as Error).message };
  }
  if (bytes === undefined) return { type: "none" };
  const read = readIdentity(bytes);
  if (!read.ok) return { type: "unfit", why: "its bytes are no identity record" };
  const { claim } = read.identity;
  if (!bytesEqual(claim.key, key)) return { type: "unfit", why: "it is of another key" };
  const judged = await judgeIdentity(read.identity, scope, await openArgon2(), await openAddresses());
  if (judged.type !== "proved") return { type: "unfit", why: "it is of another table's secret, or changed" };
  const { profile, timestamp, difficultyBits } = claim;
  const { work, address } = judged;
  if (work < 2 ** difficultyBits) return { type: "unfit", why: "its proof is not worth what it says" };
  return { type: "good", age: ageOf(wallMs - timestamp), profile, timestamp, difficultyBits, work, address };
}

function ageOf(ms: number): RecordAge {
  if (ms < -FUTURE_MAX_MS) return "from the future";
  if (ms > AGE_MAX_MS) return "too old";
  return ms > FRESH_MS ? "known only" : "fresh";
}

export const RECORD_AGE_WORDS: { readonly [age in RecordAge]: string } = Object.freeze({
  fresh: "good at any table of this secret",
  "known only": "good where this kiosk is known; a table that is new to it wants a fresh one",
  "too old": "too old everywhere",
  "from the future": "from the future, by this machine's clock",
});
