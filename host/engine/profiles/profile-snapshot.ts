/** Profiles as bytes, so that they outlive a restart, and back. */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo, varint } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX, TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import {
  ANSWERS_MAX,
  CONTESTED_MAX,
  MOMENTS_MAX,
  ONLINE_PERIODS_MAX,
  PATH_MAX,
  ROUND_MAX,
  SPAN_MAX_MS,
} from "./limits.ts";
import { type Profiles, profiles } from "./profile.ts";

const Span = varint(SPAN_MAX_MS);
const Moment = varint(TIME_MAX_MS);
const Count = varint(CONTESTED_MAX);

export const ProfileLayout = struct("BehaviouralProfile", {
  intervalsMs: list(Span, MOMENTS_MAX - 1),
  lastActMs: optional(Moment),
  answers: list(struct("Answer", { round: varint(ROUND_MAX), spanMs: Span, path: byteUpTo(PATH_MAX) }), ANSWERS_MAX),
  onlinePeriods: list(struct("OnlinePeriod", { fromMs: Moment, toMs: Moment }), ONLINE_PERIODS_MAX),
});

const PairLayout = struct("VotePair", {
  rounds: Count,
  leftAgainst: Count,
  rightAgainst: Count,
  bothAgainst: Count,
  agreementPpm: varint(1_000_000),
});

export const ProfilesLayout = struct("Profiles", {
  peers: list(ProfileLayout, MEMBERS_MAX),
  pairs: list(PairLayout, (MEMBERS_MAX * (MEMBERS_MAX - 1)) / 2),
});

export const takeProfiles = (of: Profiles): Uint8Array => encode(ProfilesLayout, of);

/** Undefined where the bytes are no profiles. */
export function restoreProfiles(snapshot: Uint8Array): Profiles | undefined {
  const decoded = decode(ProfilesLayout, snapshot);
  if (!decoded.ok) return undefined;
  const { peers, pairs } = decoded.value;
  if (peers.length === 0) return undefined;
  const blank = profiles(peers.length);
  if (blank.pairs.length !== pairs.length || pairs.some((pair) => !isSound(pair))) return undefined;
  return {
    peers: peers.map((peer) => ({
      intervalsMs: [...peer.intervalsMs],
      lastActMs: peer.lastActMs,
      answers: [...peer.answers],
      onlinePeriods: peer.onlinePeriods.map((period) => ({ ...period })),
    })),
    pairs: blank.pairs.map((pair, at) => ({ ...pair, ...pairs[at] })),
  };
}

const isSound = (pair: { rounds: number; leftAgainst: number; rightAgainst: number; bothAgainst: number }): boolean =>
  pair.bothAgainst <= Math.min(pair.leftAgainst, pair.rightAgainst) &&
  Math.max(pair.leftAgainst, pair.rightAgainst) <= pair.rounds;
