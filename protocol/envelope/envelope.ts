/**
 * What carries a message through the mesh: who said it, where and when in its own count, under which signature.
 *
 * Members of a table are indexes and the table a short id; peers who share no table yet are keys. A packed body is LZ4;
 * the signature is over the body as it was before. What members say to agree is signed in itself, each statement for all
 * time, and goes in a form that adds no more than where it belongs. All forms have their hop count in the second byte, so
 * that a relay changes one byte and reads nothing.
 */
import { bits } from "../bytes/bits.ts";
import { rest } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { optional, struct, union } from "../bytes/compound.ts";
import { u8, u16, varint } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import { BODY_SIZE_MAX, ENVELOPE_OVERHEAD_MAX, ENVELOPE_SIZE_MAX } from "../core/limits.ts";
import { Counter, Epoch, OwnTime, PublicKey, Signature, TableId } from "../message/fields.ts";
import { SAID_REPEAT_MAX, SAID_SIZE_MAX } from "./limits.ts";

const MemberEnvelope = struct("MemberEnvelope", {
  /** The sender's place among the members, and the relays that may still pass this on. */
  reach: bits({ sender: 4, hops: 4 }),
  table: u16,
  epoch: Epoch,
  counter: Counter,
  signature: Signature,
  kind: u8,
  body: rest(BODY_SIZE_MAX),
});
export type MemberEnvelope = ValueOf<typeof MemberEnvelope>;

const StrangerEnvelope = struct("StrangerEnvelope", {
  reach: bits({ hops: 4 }),
  key: PublicKey,
  time: OwnTime,
  counter: Counter,
  table: optional(TableId),
  signature: Signature,
  kind: u8,
  body: rest(BODY_SIZE_MAX),
});
export type StrangerEnvelope = ValueOf<typeof StrangerEnvelope>;

const SaidEnvelope = struct("SaidEnvelope", {
  reach: bits({ hops: 4 }),
  table: u16,
  epoch: Epoch,
  repeat: about(
    varint(SAID_REPEAT_MAX),
    "another number where the same is said again, since the mesh drops what it saw",
  ),
  body: about(rest(SAID_SIZE_MAX), "what is said, with its tag"),
});
export type SaidEnvelope = ValueOf<typeof SaidEnvelope>;

export const Envelope = union("Envelope", {
  member: [0x01, MemberEnvelope],
  memberPacked: [0x02, MemberEnvelope],
  stranger: [0x03, StrangerEnvelope],
  strangerPacked: [0x04, StrangerEnvelope],
  said: [0x05, SaidEnvelope],
  saidPacked: [0x06, SaidEnvelope],
});
export type Envelope = ValueOf<typeof Envelope>;

assert(Envelope.sizeMax <= ENVELOPE_SIZE_MAX, "an envelope with the largest body fits a packet");
assert(Envelope.sizeMax - BODY_SIZE_MAX <= ENVELOPE_OVERHEAD_MAX, "the overhead is what the limits say");

/** How a table is called inside its envelopes. A kiosk sits at no two tables with one short id; the whole id is signed. */
export function shortTableId(table: Uint8Array): number {
  return (table[0] << 8) | table[1];
}

const REACH_AT = 1;
const HOPS_MASK = 0x0f;

/** Which way in an envelope takes: `openSaid` for what is said openly, `open` for all else. */
export function isSaid(bytes: Uint8Array): boolean {
  return SAID_TAGS.includes(bytes[0]);
}

const SAID_TAGS: readonly number[] = Object.freeze([0x05, 0x06]);

/** A relay's copy of an envelope that was opened before. The original stays as it is for whoever else sends it. */
export function decrementHops(bytes: Uint8Array): Uint8Array | "exhausted" {
  assert(bytes.length >= Envelope.sizeMin, "only what was opened is relayed");
  if ((bytes[REACH_AT] & HOPS_MASK) === 0) return "exhausted";
  const relayed = bytes.slice();
  relayed[REACH_AT] -= 1;
  return relayed;
}
