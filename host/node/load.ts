/** A player who never tires: keeps a few requests under way at one seat, mostly sets, sometimes a read or a removal, and takes
 * the time of each. */
import { encode } from "../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../protocol/bytes/utf8.ts";
import { type Chance, chance, drawBelow } from "../../protocol/core/chance.ts";
import { KeyValueOperation } from "../engine/keyvalue/operation.ts";

export interface Load {
  readonly source: Chance;
  readonly kiosk: number;
  /** When each request was made that has no number yet, and that was not answered yet. */
  readonly submitted: number[];
  readonly waiting: Map<number, number>;
  count: number;
  /** Of the requests answered since somebody asked, in milliseconds. */
  readonly latencies: number[];
}

/** Requests of one kiosk without an answer: two seats' worth. */
const UNDER_WAY = 2;
/** That nobody has answered for so long is forgotten here; the table forgets nothing. */
const FORGOTTEN_MS = 30_000;
const LATENCIES_MAX = 1000;
const KEYS = 40;

export const load = (kiosk: number, seed: number): Load => ({
  source: chance(seed + kiosk),
  kiosk,
  submitted: [],
  waiting: new Map(),
  count: 0,
  latencies: [],
});

/** The next of its requests, if it is to ask at all. */
export function nextOperation(of: Load, now: number): Uint8Array | undefined {
  for (const [number, since] of of.waiting) if (now - since > FORGOTTEN_MS) of.waiting.delete(number);
  if (of.submitted.length + of.waiting.size >= UNDER_WAY) return undefined;
  of.submitted.push(now);
  of.count += 1;
  const key = utf8Encode(`key ${drawBelow(of.source, KEYS)}`);
  const kind = drawBelow(of.source, 10);
  if (kind === 0) return encode(KeyValueOperation, { type: "delete", key });
  if (kind < 3) return encode(KeyValueOperation, { type: "get", key });
  return encode(KeyValueOperation, { type: "set", key, value: utf8Encode(`kiosk ${of.kiosk}, ${of.count}`) });
}

/** It has its number; or there was no room for it. Both in the order of asking. */
export function onNumbered(of: Load, number: number): void {
  const since = of.submitted.shift();
  if (since !== undefined) of.waiting.set(number, since);
}

export function onFull(of: Load): void {
  of.submitted.shift();
}

export function onAnswered(of: Load, number: number, now: number): void {
  const since = of.waiting.get(number);
  if (since === undefined) return;
  of.waiting.delete(number);
  if (of.latencies.length < LATENCIES_MAX) of.latencies.push(now - since);
}
