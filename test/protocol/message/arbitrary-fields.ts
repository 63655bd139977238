/** The fields that messages and statements are made of, for properties and fuzzers. */
import fc from "fast-check";
import {
  COUNTER_MAX,
  DIGEST_SIZE,
  EPOCH_MAX,
  MEMBERS_MAX,
  NAME_SIZE_MAX,
  OBJECT_SIZE_MAX,
  REASON_SIZE_MAX,
  SEATS_MAX,
  SEQUENCE_MAX,
  SIGNATURE_SIZE,
  TABLE_ID_SIZE,
  TIME_MAX_MS,
  VIEW_MAX,
} from "../../../protocol/core/limits.ts";
import { agreedMillis, counter, epoch, memberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";

/** Small numbers, whose varints are short, as often as any. */
export const natural = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 0, max: Math.min(max, 300) }), fc.integer({ min: 0, max }), fc.constant(max));
export const exactly = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
/** Short ones as often as any, and sometimes bytes that repeat. */
export const upTo = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: Math.min(size, 40) }),
    fc.uint8Array({ maxLength: size }),
    fc.integer({ min: 0, max: size }).map((length) => new Uint8Array(length).fill(7)),
  );
export const text = (sizeMax: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: "grapheme", maxLength: Math.floor(sizeMax / 4) })
    .filter((value) => new TextEncoder().encode(value).length <= sizeMax);
export const optional = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(item, { nil: undefined });

/** Sets by a key, in their one order. */
export const setBy = <T>(
  item: fc.Arbitrary<T>,
  countMax: number,
  comesBefore: (left: T, right: T) => boolean,
): fc.Arbitrary<T[]> =>
  fc.array(item, { maxLength: countMax }).map((items) => {
    const sorted = items
      .slice()
      .sort((left, right) => (comesBefore(left, right) ? -1 : comesBefore(right, left) ? 1 : 0));
    return sorted.filter((each, index) => index === 0 || comesBefore(sorted[index - 1]!, each));
  });

export const digest = exactly(DIGEST_SIZE);
export const views = natural(VIEW_MAX).map(view);
export const sequences = natural(SEQUENCE_MAX).map(sequence);
export const counters = natural(COUNTER_MAX).map(counter);
export const members = fc.integer({ min: 0, max: MEMBERS_MAX - 1 }).map(memberIndex);
export const epochs = natural(EPOCH_MAX).map(epoch);
export const seat = fc.integer({ min: 0, max: SEATS_MAX - 1 });
export const seats = fc.integer({ min: 0, max: SEATS_MAX });
export const agreedTime = natural(TIME_MAX_MS).map(agreedMillis);
export const ownTime = natural(TIME_MAX_MS).map(millis);
export const reason = text(REASON_SIZE_MAX);
export const name = text(NAME_SIZE_MAX);
export const place: fc.Arbitrary<Place> = fc.record({ sequence: sequences, digest });
export const object: fc.Arbitrary<ObjectName> = fc.record({ digest, size: natural(OBJECT_SIZE_MAX) });
export const tableId = exactly(TABLE_ID_SIZE);
export const signature = exactly(SIGNATURE_SIZE);
