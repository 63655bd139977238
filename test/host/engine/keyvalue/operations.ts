/** Operations on the key–value machine in words, and what came of them. */

import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import { KeyValueOperation, KeyValueResult } from "../../../../host/engine/keyvalue/operation.ts";
import type { KeyValueState } from "../../../../host/engine/keyvalue/state.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { utf8Decode, utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { type Chance, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { agreedMillis, memberIndex, millis } from "../../../../protocol/core/units.ts";

export const START = 1_767_225_600_000;

export const set = (key: string, value: string): Uint8Array =>
  encode(KeyValueOperation, { type: "set", key: utf8Encode(key), value: utf8Encode(value) });
export const setFor = (timeToLiveMs: number, key: string, value: string): Uint8Array =>
  encode(KeyValueOperation, {
    type: "setForTime",
    timeToLiveMs: millis(timeToLiveMs),
    key: utf8Encode(key),
    value: utf8Encode(value),
  });
export const get = (key: string): Uint8Array => encode(KeyValueOperation, { type: "get", key: utf8Encode(key) });
export const remove = (key: string): Uint8Array => encode(KeyValueOperation, { type: "delete", key: utf8Encode(key) });

/** The answer as a word, or a value in quotation marks. */
export function execute(state: KeyValueState, bytes: Uint8Array, time: number = START): string {
  const result = keyValueMachine.execute(state, {
    client: memberIndex(0),
    seat: 0,
    rules: 1,
    time: agreedMillis(time),
    bytes,
  });
  const decoded = decode(KeyValueResult, result);
  if (!decoded.ok) return decoded.why;
  return decoded.value.type === "value" ? `"${utf8Decode(decoded.value.value)}"` : decoded.value.type;
}

export const advance = (state: KeyValueState, time: number): void => keyValueMachine.advance(state, agreedMillis(time));

export const hashOf = (state: KeyValueState): string =>
  Buffer.from(domainDigest("test", keyValueMachine.snapshot(state))).toString("hex");

/** Keys with their values, and when they go, in the order of the state. */
export const contents = (state: KeyValueState): readonly (readonly [string, string, number | undefined])[] =>
  state.entries.map(({ key, value, expiresAt }) => [utf8Decode(key)!, utf8Decode(value)!, expiresAt]);

/** Sets until the snapshot has at least so many bytes: for whoever wants a state that takes a while to send. */
export function bulkOperations(snapshotSizeMin: number): readonly Uint8Array[] {
  const value = "v".repeat(VALUE_SIZE);
  const operations: Uint8Array[] = [];
  for (let size = 0; size < snapshotSizeMin; size += VALUE_SIZE)
    operations.push(set(`bulk ${operations.length}`, value));
  return operations;
}

const VALUE_SIZE = 250;

/** Operations of every kind on few keys, and bytes that are none. */
export function anyOperation(from: Chance, keyCount: number): Uint8Array {
  const key = `key ${drawBelow(from, keyCount)}`;
  const value = `value ${drawBelow(from, 1000)}`;
  const kind = drawBelow(from, 100);
  if (kind < 40) return set(key, value);
  if (kind < 60) return setFor(1 + drawBelow(from, 500), key, value);
  if (kind < 80) return get(key);
  if (kind < 98) return remove(key);
  return drawBytes(from, drawBelow(from, 20));
}
