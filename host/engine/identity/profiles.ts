/**
 * By which rules an identity was paid for. A profile is one way to spend work, with all its parameters: they are part of
 * what is hashed, so a proof by one profile is none by another.
 *
 * The two of 64 MiB are what older networks agreed on; they take a kiosk half a second to verify. The light one is for
 * tables over BLE: five milliseconds.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { SOURCE_MEBIBYTE_PASSES_BURST_MAX } from "./limits.ts";

export type ProfileName = "legacyS0" | "ecRust" | "bleLight";

export interface Profile {
  /** Argon2id, version 1.3, 32 bytes of output. */
  readonly memoryKibibytes: number;
  readonly passes: number;
  readonly lanes: number;
  /** At which end of the hash its zeros are counted. */
  readonly zeros: "leading" | "trailing";
  /** Expected attempts, as a power of two. */
  readonly baseBits: number;
  /** Kiosks in the network up to which the base holds; each ten times as many cost one bit more. */
  readonly baseNetworkSize: number | undefined;
}

export const PROFILES: { readonly [name in ProfileName]: Profile } = Object.freeze({
  legacyS0: Object.freeze({
    ...{ memoryKibibytes: 65_536, passes: 10, lanes: 4 },
    ...{ zeros: "leading", baseBits: 20, baseNetworkSize: undefined },
  }),
  ecRust: Object.freeze({
    ...{ memoryKibibytes: 65_536, passes: 10, lanes: 1 },
    ...{ zeros: "trailing", baseBits: 17, baseNetworkSize: 1000 },
  }),
  bleLight: Object.freeze({
    ...{ memoryKibibytes: 4096, passes: 1, lanes: 1 },
    ...{ zeros: "leading", baseBits: 16, baseNetworkSize: 100 },
  }),
});

/** What the light profile asks where people watch: a second or two on a Pi. */
export const DEMONSTRATION_BITS = 8;

/** What one verification costs, in mebibytes times passes. */
export const verificationCost = ({ memoryKibibytes, passes }: Profile): number => (memoryKibibytes / 1024) * passes;

for (const name of ["legacyS0", "ecRust", "bleLight"] as const) {
  assert(verificationCost(PROFILES[name]) <= SOURCE_MEBIBYTE_PASSES_BURST_MAX, "a source can pay for any profile");
}
