/** What was verified before, good or bad: neither costs a second hash. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { KNOWN_MAX, REFUSED_MAX } from "./limits.ts";

export interface Known {
  readonly key: Uint8Array;
  /** Of the record. */
  readonly digest: string;
  readonly timestamp: number;
  readonly work: number;
  readonly address: Uint8Array;
}

/** The one used last stands last. */
export function find(known: Known[], key: Uint8Array): Known | undefined {
  const index = known.findIndex((each) => bytesEqual(each.key, key));
  if (index < 0) return undefined;
  const [found] = known.splice(index, 1);
  known.push(found);
  return found;
}

export function keep(known: Known[], one: Known): void {
  const index = known.findIndex((each) => bytesEqual(each.key, one.key));
  if (index >= 0) known.splice(index, 1);
  known.push(one);
  if (known.length > KNOWN_MAX) known.shift();
}

export function remember(refused: string[], digest: string): void {
  refused.push(digest);
  if (refused.length > REFUSED_MAX) refused.shift();
}

const DIGITS = "0123456789abcdef";

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += DIGITS[bytes[at] >>> 4] + DIGITS[bytes[at] & 15];
  return text;
}
