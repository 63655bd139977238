/** What the machine of identities remembers, all of it plain data. */
import { assert } from "../../../protocol/core/assert.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { type Allowance, allowance } from "./allowance.ts";
import type { Beacon } from "./beacons.ts";
import { networkBits, requiredWork } from "./difficulty.ts";
import { hex, type Known } from "./known.ts";
import { MEBIBYTE_PASSES_BURST_MAX, MEBIBYTE_PASSES_PER_SECOND, VERIFIERS_MAX } from "./limits.ts";
import { PROFILES, type ProfileName } from "./profiles.ts";
import { identitiesBefore, type Source, type Waiting } from "./sources.ts";

export interface IdentitySettings {
  /** By which an identity may be paid for here, and what it costs at least where that is not the profile's own base. */
  readonly profiles: readonly { readonly name: ProfileName; readonly baseBits?: number }[];
  readonly networkSize: number;
  /** The first of the network. */
  readonly beacon: Beacon;
  /** Records under verification at a time. */
  readonly verifierCount: number;
}

export interface Identities {
  now: Millis;
  readonly settings: IdentitySettings;
  networkSize: number;
  readonly beacons: Beacon[];
  readonly sources: Source[];
  /** Of all strangers together. */
  readonly allowance: Allowance;
  readonly underWay: UnderWay[];
  nextTicket: number;
  readonly known: Known[];
  /** Digests of records. */
  readonly refused: string[];
}

export interface UnderWay extends Waiting {
  readonly ticket: number;
  readonly deadline: Millis;
}

export function identities(settings: IdentitySettings, at: Millis): Identities {
  const { verifierCount, networkSize, beacon } = settings;
  assert(verifierCount >= 1 && verifierCount <= VERIFIERS_MAX, "somebody verifies");
  return {
    now: at,
    settings,
    networkSize,
    beacons: [beacon],
    sources: [],
    allowance: allowance(MEBIBYTE_PASSES_PER_SECOND, MEBIBYTE_PASSES_BURST_MAX, at),
    underWay: [],
    nextTicket: 1,
    known: [],
    refused: [],
  };
}

export const isAccepted = ({ settings }: Identities, profile: ProfileName): boolean =>
  settings.profiles.some(({ name }) => name === profile);

/** What an identity of this key has to be worth now, from there; a source that is not known yet has brought none. */
export function workRequired(of: Identities, name: ProfileName, source: Source | undefined, key: Uint8Array): number {
  const accepted = of.settings.profiles.find((each) => each.name === name);
  assert(accepted !== undefined, "the profile is one that is accepted here");
  const profile = PROFILES[name];
  const bits = networkBits(profile, accepted.baseBits ?? profile.baseBits, of.networkSize);
  return requiredWork(bits, source === undefined ? 0 : identitiesBefore(source, hex(key), of.now));
}
