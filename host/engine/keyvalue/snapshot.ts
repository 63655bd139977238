/** The whole state as bytes, and back. Equal states have equal bytes, whatever way led to them. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { optional, struct } from "../../../protocol/bytes/compound.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { AgreedTime, ascending } from "../../../protocol/message/fields.ts";
import { KEY_COUNT_MAX, KEY_SIZE_MAX, VALUE_SIZE_MAX } from "./limits.ts";
import { compareKeys, type KeyValueState, ownEntry, stateOf } from "./state.ts";

const KeyValueEntry = struct("KeyValueEntry", {
  key: blob(KEY_SIZE_MAX),
  value: blob(VALUE_SIZE_MAX),
  expiresAt: optional(AgreedTime),
});

const KeyValueSnapshot = struct("KeyValueSnapshot", {
  entries: ascending(KeyValueEntry, KEY_COUNT_MAX, (left, right) => compareKeys(left.key, right.key) < 0),
});

export function takeSnapshot({ entries }: KeyValueState): Uint8Array {
  // Room for what there is: for the longest state it would be a hundred times as much at most tables.
  let size = COUNT_SIZE_MAX;
  for (const { key, value } of entries) size += key.length + value.length + ENTRY_OVERHEAD_MAX;
  const out = new Writer(size);
  KeyValueSnapshot.write(out, { entries });
  return out.take();
}

export function restoreSnapshot(bytes: Uint8Array): KeyValueState | undefined {
  const decoded = decode(KeyValueSnapshot, bytes);
  if (!decoded.ok) return undefined;
  return stateOf(decoded.value.entries.map(ownEntry));
}

const ENTRY_OVERHEAD_MAX = KeyValueEntry.sizeMax - KEY_SIZE_MAX - VALUE_SIZE_MAX;
const COUNT_SIZE_MAX = KeyValueSnapshot.sizeMax - KEY_COUNT_MAX * KeyValueEntry.sizeMax;

assert(
  KeyValueSnapshot.sizeMax <= OBJECT_SIZE_MAX * 0.75,
  "the state is one object, with room for what agreement adds",
);
