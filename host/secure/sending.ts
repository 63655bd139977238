/** One direction of a session at its sender: a key that is replaced by one that does not lead back to it. */
import { type Millis, millis } from "../../protocol/core/units.ts";
import { nonceOf, rekeyed, wipe } from "./cipher.ts";
import { headOf, type RecordName } from "./frames.ts";
import { KEY_MESSAGES_MAX, KEY_MS, RECORD_HEAD_SIZE, SESSION_MESSAGES_MAX } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { type RecordText, wrap } from "./record.ts";

export interface Sending {
  key: Uint8Array;
  epoch: number;
  counter: number;
  since: Millis;
  /** Over all its keys. */
  count: number;
}

export const sending = (key: Uint8Array, at: Millis): Sending => ({ key, epoch: 0, counter: 0, since: at, count: 0 });

/** Undefined where the session has said all that it may. */
export function sealRecord(
  state: Sending,
  session: number,
  text: RecordText,
  at: Millis,
  ports: NoisePorts,
): Uint8Array | undefined {
  if (state.count === SESSION_MESSAGES_MAX) return undefined;
  if (state.counter === KEY_MESSAGES_MAX || at >= state.since + KEY_MS) {
    const next = rekeyed(state.key, ports);
    wipe(state.key);
    state.key = next;
    state.epoch += 1;
    state.counter = 0;
    state.since = millis(at);
  }
  const name: RecordName = { session, epoch: state.epoch, counter: state.counter };
  state.counter += 1;
  state.count += 1;
  const head = headOf(name);
  const sealed = ports.seal(state.key, recordNonce(name), head, wrap(text));
  const packet = new Uint8Array(RECORD_HEAD_SIZE + sealed.length);
  packet.set(head);
  packet.set(sealed, RECORD_HEAD_SIZE);
  return packet;
}

export const recordNonce = ({ epoch, counter }: RecordName): Uint8Array => nonceOf(epoch * 0x100 + counter);
