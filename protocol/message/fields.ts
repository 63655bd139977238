/** The layouts that several messages are made of. */
import { bytes, text } from "../bytes/blobs.ts";
import type { Codec, ValueOf } from "../bytes/codec.ts";
import { about, branded } from "../bytes/codec.ts";
import { list, struct } from "../bytes/compound.ts";
import { byteUpTo, varint } from "../bytes/numbers.ts";
import { assert } from "../core/assert.ts";
import {
  COUNTER_MAX,
  DIGEST_SIZE,
  EPOCH_MAX,
  MEMBERS_MAX,
  OBJECT_SIZE_MAX,
  PEER_TAG_SIZE,
  PUBLIC_KEY_SIZE,
  REASON_SIZE_MAX,
  SEATS_MAX,
  SEQUENCE_MAX,
  SIGNATURE_SIZE,
  TABLE_ID_SIZE,
  TIME_MAX_MS,
  VIEW_MAX,
} from "../core/limits.ts";
import { agreedMillis, counter, epoch, memberIndex, millis, sequence, view } from "../core/units.ts";

export const Epoch = branded(varint(EPOCH_MAX), epoch);
export const View = branded(varint(VIEW_MAX), view);
export const Sequence = branded(varint(SEQUENCE_MAX), sequence);
export const Counter = branded(varint(COUNTER_MAX), counter);
export const MemberIndex = branded(byteUpTo(MEMBERS_MAX - 1), memberIndex);
/** Seats count from 0; beyond the last of them the kiosk speaks for itself, about the table and not within the game. */
export const KIOSK_SEAT = SEATS_MAX;
export const SeatOrKiosk = about(byteUpTo(KIOSK_SEAT), `${KIOSK_SEAT} is the kiosk itself, about the table`);
/** Agreed time, as a batch fixed it. */
export const AgreedTime = branded(varint(TIME_MAX_MS), agreedMillis);
/** The sender's own clock: milliseconds since 1970, as far as it knows. */
export const OwnTime = branded(varint(TIME_MAX_MS), millis);

/** Always whole: a prefix is only a hint, and half of 64 bits collide by search. */
export const Digest = bytes(DIGEST_SIZE);
export const PublicKey = bytes(PUBLIC_KEY_SIZE);
export const Signature = bytes(SIGNATURE_SIZE);
export const TableId = bytes(TABLE_ID_SIZE);
export const PeerTag = bytes(PEER_TAG_SIZE);
export const Reason = text(REASON_SIZE_MAX);

/** A place in the history: what stands there is what the digest covers. */
export const Place = struct("Place", { sequence: Sequence, digest: Digest });
export type Place = ValueOf<typeof Place>;

/** Something too large for a message, by what it is: the root of its chunks' digests, and its size. */
export const ObjectName = struct("ObjectName", { digest: Digest, size: varint(OBJECT_SIZE_MAX) });
export type ObjectName = ValueOf<typeof ObjectName>;

/** A list whose order says nothing has one order, so that one set has one encoding: `comesBefore` holds between
 * neighbours, which also keeps doubles out. */
export function ascending<T>(
  item: Codec<T>,
  countMax: number,
  comesBefore: (left: T, right: T) => boolean,
): Codec<readonly T[]> {
  const inner = list(item, countMax);
  return {
    ...inner,
    text: `ascending ${inner.text}`,
    write(out, value) {
      assert(ordered(value, comesBefore), "a set is written in its order");
      inner.write(out, value);
    },
    read(from) {
      const value = inner.read(from);
      if (from.fault === undefined && !ordered(value, comesBefore)) from.fail("not canonical");
      return value;
    },
  };
}

function ordered<T>(items: readonly T[], comesBefore: (left: T, right: T) => boolean): boolean {
  for (let i = 1; i < items.length; i++) {
    if (!comesBefore(items[i - 1], items[i])) return false;
  }
  return true;
}

/** As bytes compare, for strings of one length. */
export function bytesComeBefore(left: Uint8Array, right: Uint8Array): boolean {
  for (let i = 0; i < left.length; i++) {
    if (left[i] !== right[i]) return left[i] < right[i];
  }
  return false;
}
