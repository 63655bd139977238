/** What is encrypted: a body, one byte that says of which kind it is, and zeros up to one of few sizes. The kind ends the body,
 * so that it costs no length of its own. */
import { assert } from "../../protocol/core/assert.ts";
import { PACKET_SIZES, RECORD_BODY_SIZE_MAX, RECORD_HEAD_SIZE, RECORD_OVERHEAD, TAG_SIZE } from "./limits.ts";

/** Numbers from 1: a zero is padding. One once given is not given again. */
const KINDS = Object.freeze({
  /** An envelope. */
  message: 1,
  /** A server has the third message. */
  confirm: 2,
  /** A server's session nears its end: the client is to begin the next. */
  renew: 3,
  /** Two people compare a code. */
  pairing: 4,
});
export type RecordKind = keyof typeof KINDS;

const WORDS = Object.keys(KINDS) as RecordKind[];

export interface RecordText {
  readonly kind: RecordKind;
  readonly body: Uint8Array;
}

export function wrap({ kind, body }: RecordText): Uint8Array {
  const text = new Uint8Array(textSize(body.length));
  text.set(body);
  text[body.length] = KINDS[kind];
  return text;
}

/** Undefined of what no honest end makes: a larger size than the body needs would tell something in secret. */
export function unwrap(text: Uint8Array): RecordText | undefined {
  let end = text.length - 1;
  while (end >= 0 && text[end] === 0) end -= 1;
  if (end < 0 || textSize(end) !== text.length) return undefined;
  const kind = WORDS.find((word) => KINDS[word] === text[end]);
  return kind === undefined ? undefined : { kind, body: text.subarray(0, end) };
}

function textSize(bodySize: number): number {
  assert(bodySize <= RECORD_BODY_SIZE_MAX, "a body fits the largest size");
  const size = PACKET_SIZES.find((each) => bodySize + RECORD_OVERHEAD <= each);
  assert(size !== undefined, "the largest size is the last");
  return size - RECORD_HEAD_SIZE - TAG_SIZE;
}
