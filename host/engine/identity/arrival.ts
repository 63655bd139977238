/**
 * What is asked of a record before anything costly is: its size, its layout, its profile, its time, whether it was here before,
 * and what it says that it cost. A lie about that is found out later, at the liar's cost; the truth saves a hash.
 */
import type { Ports } from "../ports.ts";
import { beaconAt } from "./beacons.ts";
import type { IdentityRefusal } from "./events.ts";
import { find, hex, type Known } from "./known.ts";
import { AGE_MAX_MS, FRESH_MS, FUTURE_MAX_MS, QUEUE_LENGTH_MAX, SOURCE_QUEUE_LENGTH_MAX } from "./limits.ts";
import { readIdentity } from "./record.ts";
import { accountOf, type Source, type Waiting } from "./sources.ts";
import { type Identities, isAccepted, workRequired } from "./state.ts";

export type Arrival =
  | { readonly type: "known"; readonly known: Known }
  | {
      readonly type: "waits";
      readonly account: Source;
      readonly waiting: Waiting;
      readonly makesRoom: Source | undefined;
    }
  | {
      readonly type: "refused";
      readonly why: IdentityRefusal;
      readonly isFault: boolean;
      readonly requiredWork?: number;
    };

export function lookAt(
  of: Identities,
  { source, record, wallMs }: { readonly source: string; readonly record: Uint8Array; readonly wallMs: number },
  ports: Pick<Ports, "digest">,
): Arrival {
  // A copy: what is kept must not be a view of bytes that the caller goes on using.
  const read = readIdentity(record.slice());
  if (!read.ok) return { type: "refused", why: "malformed", isFault: true };
  const { identity } = read;
  const { claim } = identity;
  if (!isAccepted(of, claim.profile)) return ignore("another profile");
  const age = wallMs - claim.timestamp;
  if (age < -FUTURE_MAX_MS) return ignore("from the future");
  if (age > AGE_MAX_MS) return ignore("stale");

  const digest = hex(ports.digest("hardway identity record", record));
  const known = find(of.known, claim.key);
  if (known?.digest === digest) return { type: "known", known };
  // A renewal replaces what was there; nothing goes back to it.
  if (known !== undefined && claim.timestamp <= known.timestamp) return ignore("stale");
  const beacon = beaconAt(of.beacons, claim.timestamp);
  if (age > FRESH_MS || beacon === undefined) return ignore("stale");
  if (of.refused.includes(digest)) return ignore("refused before");
  if (isUnderWay(of, digest)) return ignore("under way");

  const account = accountOf(of.sources, source, of.now);
  const requiredWork = workRequired(of, claim.profile, account, claim.key);
  // Whole bits: whoever looked for enough says n, where 2^n is no more than that and 2^(n + 1) is.
  if (2 ** (claim.difficultyBits + 1) <= requiredWork) return { ...ignore("too little work"), requiredWork };
  if (account.waiting.length >= SOURCE_QUEUE_LENGTH_MAX) return ignore("too many from a source");
  const longest = waitingCount(of) < QUEUE_LENGTH_MAX ? undefined : longestOf(of.sources);
  if (longest !== undefined && longest.waiting.length <= account.waiting.length + 1) return ignore("queue full");
  const waiting: Waiting = { source, account: account.name, digest, identity, beacon, since: of.now };
  return { type: "waits", account, waiting, makesRoom: longest };
}

const ignore = (why: IdentityRefusal): Extract<Arrival, { type: "refused" }> => ({
  type: "refused",
  why,
  isFault: false,
});

const waitingCount = ({ sources }: Identities): number => sources.reduce((sum, each) => sum + each.waiting.length, 0);

/** There are more places than sources: so whoever has none finds one that has several. */
const longestOf = (sources: readonly Source[]): Source =>
  sources.reduce((longest, each) => (each.waiting.length > longest.waiting.length ? each : longest));

const isUnderWay = ({ sources, underWay }: Identities, digest: string): boolean =>
  underWay.some((each) => each.digest === digest) ||
  sources.some(({ waiting }) => waiting.some((each) => each.digest === digest));
