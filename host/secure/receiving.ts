/**
 * One direction of a session at its receiver.
 *
 * Packets of a class arrive in order, but for retransmission; classes overtake each other without bound, and any packet may be
 * lost. So each key's messages have their own map of what was seen, whole: nothing is out of a window, and a key that
 * was replaced is kept only as long as something under it can honestly be late.
 */
import { assert } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { rekeyed, wipe } from "./cipher.ts";
import type { RecordName } from "./frames.ts";
import { KEY_MESSAGES_MAX, LATE_MAX_MS, RECORD_HEAD_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { type RecordText, unwrap } from "./record.ts";
import { recordNonce } from "./sending.ts";

export interface Receiving {
  /** Ascending, without gaps; the last is the newest that was heard of. */
  readonly keys: ReceivingKey[];
}

interface ReceivingKey {
  readonly epoch: number;
  readonly key: Uint8Array;
  /** A bit each message. */
  readonly seen: number[];
  /** When it is forgotten. Infinite of the newest. */
  lateUntil: number;
}

export type RecordFault = "too late" | "repeated" | "does not open" | "record broken";

export type ReadRecord =
  | { readonly ok: true; readonly text: RecordText }
  | { readonly ok: false; readonly why: RecordFault };

export const receiving = (key: Uint8Array): Receiving => ({ keys: [receivingKey(0, key)] });

const receivingKey = (epoch: number, key: Uint8Array): ReceivingKey => ({
  epoch,
  key,
  seen: new Array<number>(Math.ceil(KEY_MESSAGES_MAX / WORD_BITS)).fill(0),
  lateUntil: Number.POSITIVE_INFINITY,
});

/** Nothing is remembered of a packet that does not open: a forged number must not shut out the honest one. */
export function openRecord(
  state: Receiving,
  name: RecordName,
  packet: Uint8Array,
  at: Millis,
  ports: NoisePorts,
): ReadRecord {
  forgetLate(state, at);
  const { keys } = state;
  const offset = name.epoch - keys[0].epoch;
  if (offset < 0) return { ok: false, why: "too late" };
  const ahead = keysAhead(keys[keys.length - 1], name.epoch, ports);
  const of = keys[offset] ?? ahead[ahead.length - 1];
  assert(of.epoch === name.epoch, "keys have no gaps");
  if (isSeen(of, name.counter)) return { ok: false, why: "repeated" };
  const head = packet.subarray(0, RECORD_HEAD_SIZE);
  const opened = ports.unseal(of.key, recordNonce(name), head, packet.subarray(RECORD_HEAD_SIZE));
  if (opened === undefined) {
    for (const each of ahead) wipe(each.key);
    return { ok: false, why: "does not open" };
  }
  keys.push(...ahead);
  for (let i = 0; i < keys.length - 1; i++) keys[i].lateUntil = Math.min(keys[i].lateUntil, at + LATE_MAX_MS);
  of.seen[name.counter >>> 5] |= 1 << (name.counter & 31);
  const text = unwrap(opened);
  return text === undefined ? { ok: false, why: "record broken" } : { ok: true, text };
}

export function forgetLate({ keys }: Receiving, at: Millis): void {
  while (at >= keys[0].lateUntil) wipe(keys.shift()?.key);
}

/** When the next key is forgotten; infinite where there is only one. */
export const lateDeadline = ({ keys }: Receiving): number => keys[0].lateUntil;

/** Every key between, for what is under one of them may yet come. */
function keysAhead(newest: ReceivingKey, epoch: number, ports: NoisePorts): ReceivingKey[] {
  const ahead: ReceivingKey[] = [];
  for (let last = newest; last.epoch < epoch; ) {
    last = receivingKey(last.epoch + 1, rekeyed(last.key, ports));
    ahead.push(last);
  }
  return ahead;
}

const isSeen = ({ seen }: ReceivingKey, counter: number): boolean =>
  (seen[counter >>> 5] & (1 << (counter & 31))) !== 0;

const WORD_BITS = 32;
