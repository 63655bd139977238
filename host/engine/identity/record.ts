/**
 * What a kiosk shows of its identity: its key, what the key cost, and its own signature over both.
 *
 * The first byte is the version: the profile by which the proof was made. Network and beacon are signed and hashed and not
 * carried: who verifies knows them, the beacon by the record's time. So a record is good in one network, and no proof can be
 * laid in store before its beacon was known.
 */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { type Codec, decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { constant } from "../../../protocol/message/constant.ts";
import { Digest, PublicKey, Signature, TableId } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { IDENTITY_SIZE, NONCE_SIZE, SALT_SIZE, WORK_BITS_MAX } from "./limits.ts";
import type { ProfileName } from "./profiles.ts";
import { time64 } from "./time64.ts";

export const ProfileByte: Codec<ProfileName> = choice("IdentityProfile", { legacyS0: 1, ecRust: 2, bleLight: 3 });

export const IdentityClaim = struct("IdentityClaim", {
  profile: ProfileByte,
  key: PublicKey,
  salt: bytes(SALT_SIZE),
  /** Whole bits of work that the proof is said to be worth. */
  difficultyBits: byteUpTo(WORK_BITS_MAX),
  /** Milliseconds since 1970. */
  timestamp: time64,
});
export type IdentityClaim = ValueOf<typeof IdentityClaim>;

export const Identity = struct("Identity", { claim: IdentityClaim, signature: Signature });
export type Identity = ValueOf<typeof Identity>;

/** Where and since when an identity is good. */
export const IdentityScope = struct("IdentityScope", {
  /** Chosen at random when a network is made. */
  network: TableId,
  /** A digest that nobody knew before its time. */
  beacon: Digest,
});
export type IdentityScope = ValueOf<typeof IdentityScope>;

const IdentitySigning = struct("IdentitySigning", {
  domain: constant("hardway identity"),
  scope: IdentityScope,
  claim: IdentityClaim,
});

export const signedBytes = (scope: IdentityScope, claim: IdentityClaim): Uint8Array =>
  encode(IdentitySigning, { domain: "hardway identity", scope, claim });

export type ReadIdentity = { readonly ok: true; readonly identity: Identity } | { readonly ok: false };

/** Views of the bytes. */
export function readIdentity(record: Uint8Array): ReadIdentity {
  if (record.length !== IDENTITY_SIZE) return { ok: false };
  const decoded = decode(Identity, record);
  if (!decoded.ok) return { ok: false };
  const { claim } = decoded.value;
  // Its hash takes eight bytes of nonce: others beside them would make two records of one proof.
  if (claim.profile === "legacyS0" && claim.salt.some((byte, at) => at >= NONCE_SIZE && byte !== 0))
    return { ok: false };
  return { ok: true, identity: decoded.value };
}

/** With the signature of the key that it claims. */
export const writeIdentity = (claim: IdentityClaim, scope: IdentityScope, { sign }: Pick<Ports, "sign">): Uint8Array =>
  encode(Identity, { claim, signature: sign(signedBytes(scope, claim)) });

/** As a search counts: the nonce, least significant byte first, and zeros. */
export function saltOf(nonce: number): Uint8Array {
  assert(Number.isSafeInteger(nonce) && nonce >= 0, "a nonce is counted");
  const salt = new Uint8Array(SALT_SIZE);
  let rest = nonce;
  for (let at = 0; at < NONCE_SIZE; at++, rest = Math.floor(rest / 256)) salt[at] = rest % 256;
  return salt;
}

assert(Identity.sizeMin === IDENTITY_SIZE && Identity.sizeMax === IDENTITY_SIZE, "a record has one size");
