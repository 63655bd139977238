/**
 * Who speaks, said within a handshake: the kiosk's identity, and its signature over all that both have said so far.
 *
 * The keys of the exchange are the process's own and mean nothing to anybody. The signed transcript holds both ends' fresh
 * keys, the signer's static one and the prologue, so the signature fits no other link, table, attempt or end.
 */
import { decode, encode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { choice, struct } from "../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { u8 } from "../../protocol/bytes/numbers.ts";
import { negotiate, PROTOCOL_MAJOR, type ProtocolVersion } from "../../protocol/core/version.ts";
import { constant } from "../../protocol/message/constant.ts";
import { Digest, PublicKey, Signature } from "../../protocol/message/fields.ts";
import { Version } from "../../protocol/message/join.ts";
import type { NoiseRole } from "./noise.ts";
import type { SecurePorts } from "./ports.ts";

export const INTRODUCTION_DOMAIN = "hardway introduction";

/** The payload of the second and the third message. */
export const Introduction = struct("Introduction", { version: Version, key: PublicKey, signature: Signature });
export type Introduction = ValueOf<typeof Introduction>;

export const IntroductionSigning = struct("IntroductionSigning", {
  domain: constant(INTRODUCTION_DOMAIN),
  major: u8,
  role: choice("NoiseRole", { initiator: 1, responder: 2 }),
  version: Version,
  key: PublicKey,
  transcript: Digest,
});

export interface Introduced {
  readonly ok: true;
  readonly peer: Uint8Array;
  /** What both can do. */
  readonly version: ProtocolVersion;
}

export type IntroductionFault = "introduction broken" | "own identity" | "bad signature" | "other version";

export function introduce(
  role: NoiseRole,
  version: ProtocolVersion,
  transcript: Uint8Array,
  ports: SecurePorts,
): Uint8Array {
  const signature = ports.sign(signed(role, version, ports.identity, transcript));
  return encode(Introduction, { version, key: ports.identity, signature });
}

/** `role`: of the one who introduces itself. */
export function meet(
  payload: Uint8Array,
  role: NoiseRole,
  mine: ProtocolVersion,
  transcript: Uint8Array,
  ports: SecurePorts,
): Introduced | { readonly ok: false; readonly why: IntroductionFault } {
  const decoded = decode(Introduction, payload);
  if (!decoded.ok) return { ok: false, why: "introduction broken" };
  const { version, key, signature } = decoded.value;
  // A kiosk has no link to itself: this is its own radio, or its own words come back.
  if (bytesEqual(key, ports.identity)) return { ok: false, why: "own identity" };
  if (!ports.verify(key, signed(role, version, key, transcript), signature)) return { ok: false, why: "bad signature" };
  const common = negotiate(mine, version);
  if (!common.ok) return { ok: false, why: "other version" };
  return { ok: true, peer: key.slice(), version: common.version };
}

const signed = (role: NoiseRole, version: ProtocolVersion, key: Uint8Array, transcript: Uint8Array): Uint8Array =>
  encode(IntroductionSigning, {
    ...{ domain: INTRODUCTION_DOMAIN, major: PROTOCOL_MAJOR },
    ...{ role, version, key, transcript },
  });
