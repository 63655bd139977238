/** One number at a place within bytes, for those who look into what others hashed. */
import { Reader } from "../../protocol/bytes/cursor.ts";
import { SEQUENCE_MAX } from "../../protocol/core/limits.ts";

export function decodePrefix(bytes: Uint8Array, offset: number): number {
  const reader = new Reader(bytes);
  reader.offset = offset;
  return reader.varint(SEQUENCE_MAX);
}
