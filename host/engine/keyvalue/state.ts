/** The keys in the order of their bytes, and beside them those that will go, in the order of their going. The second is
 * derived from the first: a snapshot holds the entries alone. */
import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { KEY_COUNT_MAX } from "./limits.ts";

/** Bytes of its own, never a view of somebody's message. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Undefined for a key that stays. */
  readonly expiresAt: AgreedMillis | undefined;
}

export type ExpiringEntry = Entry & { readonly expiresAt: AgreedMillis };

export interface KeyValueState {
  readonly entries: Entry[];
  readonly expiring: ExpiringEntry[];
}

export const emptyState = (): KeyValueState => ({ entries: [], expiring: [] });

/** Copied by `new`: `slice` of a Buffer, which is what a host's message is, would still be a view. */
export const ownEntry = ({ key, value, expiresAt }: Entry): Entry => ({
  key: new Uint8Array(key),
  value: new Uint8Array(value),
  expiresAt,
});

/** Entries in their order. */
export function stateOf(entries: readonly Entry[]): KeyValueState {
  const expiring = entries.filter(isExpiring).sort(compareExpiring);
  return { entries: [...entries], expiring };
}

export function lookUp(state: KeyValueState, key: Uint8Array): Entry | undefined {
  const at = placeOf(state.entries, key);
  return isAt(state.entries, at, key) ? state.entries[at] : undefined;
}

/** False where there is no room for a further key. */
export function put(state: KeyValueState, entry: Entry): boolean {
  const { entries } = state;
  const at = placeOf(entries, entry.key);
  if (isAt(entries, at, entry.key)) {
    forget(state, entries[at]);
    entries[at] = entry;
  } else {
    if (entries.length >= KEY_COUNT_MAX) return false;
    entries.splice(at, 0, entry);
  }
  if (isExpiring(entry)) state.expiring.splice(placeOfExpiring(state.expiring, entry), 0, entry);
  return true;
}

/** False where there is no such key. */
export function remove(state: KeyValueState, key: Uint8Array): boolean {
  const { entries } = state;
  const at = placeOf(entries, key);
  if (!isAt(entries, at, key)) return false;
  forget(state, entries[at]);
  entries.splice(at, 1);
  return true;
}

/** Removes what is due, the earliest first and of one moment in the order of keys. */
export function removeDue(state: KeyValueState, time: AgreedMillis): void {
  const { expiring } = state;
  let due = 0;
  while (due < expiring.length && expiring[due].expiresAt <= time) due += 1;
  for (const { key } of expiring.splice(0, due)) {
    const at = placeOf(state.entries, key);
    assert(isAt(state.entries, at, key), "what will go is there");
    state.entries.splice(at, 1);
  }
}

/** As bytes compare; of two that begin alike the shorter comes first. */
export function compareKeys(left: Uint8Array, right: Uint8Array): number {
  const size = Math.min(left.length, right.length);
  for (let i = 0; i < size; i++) if (left[i] !== right[i]) return left[i] - right[i];
  return left.length - right.length;
}

function forget({ expiring }: KeyValueState, entry: Entry): void {
  if (!isExpiring(entry)) return;
  const at = placeOfExpiring(expiring, entry);
  assert(at < expiring.length && compareExpiring(expiring[at], entry) === 0, "what will go is listed");
  expiring.splice(at, 1);
}

const isExpiring = (entry: Entry): entry is ExpiringEntry => entry.expiresAt !== undefined;

const compareExpiring = (left: ExpiringEntry, right: ExpiringEntry): number =>
  left.expiresAt === right.expiresAt ? compareKeys(left.key, right.key) : left.expiresAt - right.expiresAt;

const isAt = (entries: readonly Entry[], at: number, key: Uint8Array): boolean =>
  at < entries.length && compareKeys(entries[at].key, key) === 0;

/** Where the key is, or would be. */
function placeOf(entries: readonly Entry[], key: Uint8Array): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(entries[middle].key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOfExpiring(line: readonly ExpiringEntry[], entry: ExpiringEntry): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareExpiring(line[middle], entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
