/**
 * What a kiosk calls itself in the air: eight bytes that say, to those who have the table's key, who it is and in which part
 * of the mesh, and to everybody else nothing.
 *
 *     kiosk = salt        component = (member ‖ part) ⊕ PRF(key, salt)
 *
 * A salt is used by one radio for one rotation. Friends need no clock to read it, and one hash an advert whoever it may be.
 * A tag proves nothing: anybody can send one again, and only the handshake tells who answers.
 */
import { assert } from "../../protocol/core/assert.ts";
import { PUBLIC_KEY_SIZE } from "../../protocol/core/limits.ts";
import { COMPONENT_TAG_MAX, MEMBER_TAG_SIZE, SALT_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { ascii } from "./symmetric.ts";

/** The service data's two fields of the same names. */
export interface AdvertTag {
  readonly kiosk: Uint8Array;
  readonly component: Uint8Array;
}

export interface Called {
  /** By its place in the list that was given. */
  readonly member: number;
  readonly part: number;
}

/** Of an identity, under the table's key: the same in every advert, and never in the clear. */
export function memberTag(key: Uint8Array, identity: Uint8Array, ports: NoisePorts): Uint8Array {
  assert(identity.length === PUBLIC_KEY_SIZE, "an identity is a public key");
  return ports.hmac(key, ascii("member"), identity).slice(0, MEMBER_TAG_SIZE);
}

export function advertTag(
  key: Uint8Array,
  salt: Uint8Array,
  member: Uint8Array,
  part: number,
  ports: NoisePorts,
): AdvertTag {
  assert(salt.length === SALT_SIZE && member.length === MEMBER_TAG_SIZE, "a tag's parts have their sizes");
  assert(Number.isInteger(part) && part >= 0 && part <= COMPONENT_TAG_MAX, "a part of the mesh has a short name");
  const plain = Uint8Array.of(member[0], member[1], part >> 8, part & 0xff);
  return { kiosk: salt.slice(), component: masked(plain, key, salt, ports) };
}

/** Undefined of a stranger, and of a tag that is made of nothing. */
export function readAdvertTag(
  { kiosk, component }: AdvertTag,
  key: Uint8Array,
  members: readonly Uint8Array[],
  ports: NoisePorts,
): Called | undefined {
  const plain = masked(component, key, kiosk, ports);
  const member = members.findIndex((each) => each[0] === plain[0] && each[1] === plain[1]);
  return member < 0 ? undefined : { member, part: plain[2] * 0x100 + plain[3] };
}

function masked(bytes: Uint8Array, key: Uint8Array, salt: Uint8Array, ports: NoisePorts): Uint8Array {
  const mask = ports.hmac(key, ascii("mask"), salt);
  return bytes.map((byte, at) => byte ^ mask[at]);
}
