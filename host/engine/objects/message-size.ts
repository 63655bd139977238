/** How long a thing may be, decided by its name or its bytes' length alone: before anything is fetched, given room or parsed. */
import { type Codec, type Decoded, decode } from "../../../protocol/bytes/codec.ts";
import { unreachable } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { ObjectSubject } from "../../../protocol/message/sync.ts";
import { MESSAGE_SIZE_MAX } from "./limits.ts";

export type Subject = Parameters<(typeof ObjectSubject)["write"]>[1];

/** A state may be as long as an object can be; all else is a message, whatever carries it. */
export function sizeMaxOf(subject: Subject): number {
  switch (subject) {
    case "snapshot":
      return OBJECT_SIZE_MAX;
    case "batches":
    case "batch":
    case "certificates":
    case "viewChange":
    case "evidence":
      return MESSAGE_SIZE_MAX;
    default:
      return unreachable(subject);
  }
}

export const isTooLong = (subject: Subject, size: number): boolean => !(size >= 0 && size <= sizeMaxOf(subject));

/** The way in for a message that came as an object: one that is too long is not looked into. */
export function decodeMessage<T>(codec: Codec<T>, subject: Subject, bytes: Uint8Array): Decoded<T> {
  if (isTooLong(subject, bytes.length)) return { ok: false, why: "too long", at: 0 };
  return decode(codec, bytes);
}
