/** What a worker is asked about a record, the cheapest question first: a forged one never costs a hash. */
import type { Judgement } from "../../engine/identity/events.ts";
import { PROFILES } from "../../engine/identity/profiles.ts";
import { type Identity, type IdentityScope, signedBytes } from "../../engine/identity/record.ts";
import { worthOf } from "../../engine/identity/work.ts";
import { verify } from "../ed25519.ts";
import { registerPublicKey } from "../register-key.ts";
import type { AddressOf } from "./address.ts";
import type { Argon2 } from "./argon2.ts";
import { proofInput, proofSecret } from "./proof-input.ts";

export async function judgeIdentity(
  { claim, signature }: Identity,
  scope: IdentityScope,
  argon2: Argon2,
  addressOf: AddressOf,
): Promise<Judgement> {
  const registered = registerPublicKey(claim.key);
  if (!registered.ok) return { type: "unfit key" };
  if (!verify(registered.key, signedBytes(scope, claim), signature)) return { type: "forged" };
  const proof = await argon2.hash(proofInput(claim, proofSecret(scope, claim.profile)));
  const work = worthOf(proof, PROFILES[claim.profile].zeros);
  return { type: "proved", work, address: addressOf(proof, claim.key) };
}
