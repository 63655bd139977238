/**
 * Which messages were seen before. Two generations: when the younger is full, or old enough, it becomes the older and the
 * older is forgotten. So the last messages are always known, as many as one generation holds, and at a table's usual pace all
 * of the last minutes; and nothing is searched or moved to make room.
 */
import type { Brand, Millis } from "../../protocol/core/units.ts";
import { MESSAGE_ID_SIZE, SEEN_MAX, SEEN_MS } from "./limits.ts";

/** Of a message: the first half of a digest, as characters of sixteen bits. */
export type MessageId = Brand<string, "MessageId">;

export interface Seen {
  young: Set<MessageId>;
  old: Set<MessageId>;
  youngSince: Millis;
}

export const seen = (at: Millis): Seen => ({ young: new Set(), old: new Set(), youngSince: at });

export function messageId(digest: Uint8Array): MessageId {
  let text = "";
  for (let at = 0; at < MESSAGE_ID_SIZE; at += 2) text += String.fromCharCode((digest[at] << 8) | digest[at + 1]);
  return text as MessageId;
}

export function idBytes(id: MessageId): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_ID_SIZE);
  for (let at = 0; at < MESSAGE_ID_SIZE; at += 2) {
    const pair = id.charCodeAt(at / 2);
    bytes[at] = pair >>> 8;
    bytes[at + 1] = pair;
  }
  return bytes;
}

export const wasSeen = (of: Seen, id: MessageId): boolean => of.young.has(id) || of.old.has(id);

/** Only of what was verified: a forgery must not hide what it imitates. */
export function markSeen(of: Seen, id: MessageId, now: Millis): void {
  if (of.young.size >= SEEN_MAX || now >= of.youngSince + SEEN_MS) {
    of.old = of.young;
    of.young = new Set();
    of.youngSince = now;
  }
  of.young.add(id);
}
