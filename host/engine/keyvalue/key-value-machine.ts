/** A replicated table of keys and values: the smallest machine that is worth agreeing on, and the one by which agreement is
 * tried. A read is an operation and changes nothing; what is no operation changes nothing either, and is answered. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, agreedMillis } from "../../../protocol/core/units.ts";
import type { Machine, Operation } from "../machine.ts";
import { KeyValueOperation, KeyValueResult } from "./operation.ts";
import { restoreSnapshot, takeSnapshot } from "./snapshot.ts";
import { emptyState, type KeyValueState, lookUp, ownEntry, put, remove, removeDue } from "./state.ts";

export const keyValueMachine: Machine<KeyValueState> = Object.freeze({
  initial: emptyState,
  execute,
  snapshot: takeSnapshot,
  restore: restoreSnapshot,
  deadline,
  advance: removeDue,
});

function execute(state: KeyValueState, { time, bytes }: Operation): Uint8Array {
  const due = deadline(state);
  assert(due === undefined || due > time, "what was due is gone before anything is executed");
  const decoded = decode(KeyValueOperation, bytes);
  return answer(decoded.ok ? apply(state, decoded.value, time) : INVALID);
}

/** In room of its own size: replies are kept, and with each the room it was written in. */
function answer(result: KeyValueResult): Uint8Array {
  const out = new Writer(result.type === "value" ? 1 + result.value.length : 1);
  KeyValueResult.write(out, result);
  return out.take();
}

function apply(state: KeyValueState, operation: KeyValueOperation, time: AgreedMillis): KeyValueResult {
  switch (operation.type) {
    case "set":
      return store(state, operation.key, operation.value, undefined);
    case "setForTime": {
      const expiresAt = agreedMillis(time + operation.timeToLiveMs);
      if (expiresAt > TIME_MAX_MS) return INVALID;
      return store(state, operation.key, operation.value, expiresAt);
    }
    case "get": {
      const found = lookUp(state, operation.key);
      return found === undefined ? NOT_FOUND : { type: "value", value: found.value };
    }
    case "delete":
      return remove(state, operation.key) ? DELETED : NOT_FOUND;
    default:
      return unreachable(operation);
  }
}

function store(
  state: KeyValueState,
  key: Uint8Array,
  value: Uint8Array,
  expiresAt: AgreedMillis | undefined,
): KeyValueResult {
  return put(state, ownEntry({ key, value, expiresAt })) ? OK : FULL;
}

function deadline(state: KeyValueState): AgreedMillis | undefined {
  return state.expiring.length === 0 ? undefined : state.expiring[0].expiresAt;
}

const OK: KeyValueResult = Object.freeze({ type: "ok" });
const NOT_FOUND: KeyValueResult = Object.freeze({ type: "notFound" });
const DELETED: KeyValueResult = Object.freeze({ type: "deleted" });
const INVALID: KeyValueResult = Object.freeze({ type: "invalidOperation" });
const FULL: KeyValueResult = Object.freeze({ type: "full" });
