/**
 * What is hashed for a proof. Passwords and salts are those that each profile has always had; network, beacon and profile stand
 * in Argon2's own key, so that a proof of one network or of one time is none of another.
 */
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { NONCE_SIZE, SALT_SIZE } from "../../engine/identity/limits.ts";
import { PROFILES } from "../../engine/identity/profiles.ts";
import { type IdentityClaim, IdentityScope, ProfileByte } from "../../engine/identity/record.ts";
import { domainDigest } from "../domain-digest.ts";
import { sha256 } from "../sha256.ts";
import type { Argon2Input } from "./argon2.ts";

const ProofScope = struct("ProofScope", { profile: ProfileByte, scope: IdentityScope });

/** Once for a whole search. */
export const proofSecret = (scope: IdentityScope, profile: IdentityClaim["profile"]): Uint8Array =>
  domainDigest("hardway identity proof", encode(ProofScope, { profile, scope }));

export type ProofClaim = Omit<IdentityClaim, "difficultyBits">;

export function proofInput({ profile, key, salt, timestamp }: ProofClaim, secret: Uint8Array): Argon2Input {
  const { memoryKibibytes, passes, lanes } = PROFILES[profile];
  const cost = { memoryKibibytes, passes, lanes };
  if (profile !== "legacyS0") return { password: key, salt, secret, ...cost };
  const password = new Uint8Array(key.length + 2 * NONCE_SIZE);
  password.set(key);
  password.set(salt.subarray(0, NONCE_SIZE), key.length);
  new DataView(password.buffer).setBigUint64(key.length + NONCE_SIZE, BigInt(timestamp), true);
  return { password, salt: sha256(key).subarray(0, SALT_SIZE), secret, ...cost };
}
