/** What the helper behind a pseudo terminal says on its standard output: a letter, the size in two bytes, the contents. */
import { assert } from "../../../protocol/core/assert.ts";

export interface PtyMessage {
  /** R ready, O opened, C closed, B speed, D bytes, L bytes lost. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

const HEAD_SIZE = 3;
/** Far above what a helper puts into one. */
const SIZE_MAX = 4096;

export interface PtyMessages {
  left: Uint8Array;
}

export const ptyMessages = (): PtyMessages => ({ left: new Uint8Array(0) });

/** Those that are whole by now. */
export function take(messages: PtyMessages, bytes: Uint8Array): PtyMessage[] {
  let all = bytes;
  if (messages.left.length > 0) {
    all = new Uint8Array(messages.left.length + bytes.length);
    all.set(messages.left);
    all.set(bytes, messages.left.length);
  }
  const whole: PtyMessage[] = [];
  let at = 0;
  while (all.length - at >= HEAD_SIZE) {
    const size = (all[at + 1] << 8) | all[at + 2];
    assert(size <= SIZE_MAX, "our own helper keeps its bound");
    if (all.length - at < HEAD_SIZE + size) break;
    whole.push({
      type: String.fromCharCode(all[at]),
      bytes: all.subarray(at + HEAD_SIZE, at + HEAD_SIZE + size),
    });
    at += HEAD_SIZE + size;
  }
  messages.left = all.slice(at);
  return whole;
}
