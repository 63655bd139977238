/** Which protocol a kiosk or a radio speaks. Majors do not understand each other; within a major the features that both have are
 * used, so a minor only says how old the software is. */

/** Part of what is signed: nothing said under one major means anything under another. */
export const PROTOCOL_MAJOR = 1;
export const PROTOCOL_MINOR = 0;

/** One bit each. A bit once given is not given again; an unknown one is kept out by the intersection. */
export const FEATURES = Object.freeze({
  packedBodies: 0x01,
  chunkedObjects: 0x02,
  commitReveal: 0x04,
  distributedRandomness: 0x08,
  spectators: 0x10,
});
export type Feature = keyof typeof FEATURES;

export interface ProtocolVersion {
  readonly major: number;
  readonly minor: number;
  readonly features: number;
}

export type Negotiated =
  | { readonly ok: true; readonly version: ProtocolVersion }
  | { readonly ok: false; readonly why: "other major version" };

/** Both sides come to the same answer. */
export function negotiate(mine: ProtocolVersion, theirs: ProtocolVersion): Negotiated {
  if (mine.major !== theirs.major) return { ok: false, why: "other major version" };
  const minor = Math.min(mine.minor, theirs.minor);
  // The bitwise and of two 32-bit numbers is signed.
  const features = (mine.features & theirs.features) >>> 0;
  return { ok: true, version: { major: mine.major, minor, features } };
}

export function hasFeature(version: ProtocolVersion, feature: Feature): boolean {
  return (version.features & FEATURES[feature]) !== 0;
}
