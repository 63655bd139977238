/** What a handshake leaves: who is at the other end, and a key for each direction. */
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../protocol/core/version.ts";
import { wipe } from "./cipher.ts";
import type { RecordName } from "./frames.ts";
import { RENEW_ASK_MESSAGES, SESSION_IDLE_MS, SESSION_MS, SESSION_RENEW_MESSAGES, SESSION_RENEW_MS } from "./limits.ts";
import { finish, type Handshake } from "./noise.ts";
import type { NoisePorts, SecurePorts } from "./ports.ts";
import { forgetLate, openRecord, type ReadRecord, type Receiving, receiving } from "./receiving.ts";
import type { RecordText } from "./record.ts";
import { type Sending, sealRecord, sending } from "./sending.ts";

export interface Session {
  readonly number: number;
  readonly peer: Uint8Array;
  readonly version: ProtocolVersion;
  /** The handshake's hash: no two sessions share one, and no third party can choose it. */
  readonly transcript: Uint8Array;
  readonly beganAt: Millis;
  readonly sending: Sending;
  readonly receiving: Receiving;
  receivedCount: number;
  /** When something was last sent or opened. */
  livedAt: Millis;
  /** Of a session that was replaced: until when what is late is opened. */
  retiredAt: number;
}

export function session(
  number: number,
  done: Handshake,
  peer: Uint8Array,
  version: ProtocolVersion,
  at: Millis,
  ports: NoisePorts,
): Session {
  const keys = finish(done, ports);
  return {
    ...{ number, peer, version, transcript: done.symmetric.transcript, beganAt: at },
    ...{ sending: sending(keys.send, at), receiving: receiving(keys.receive) },
    ...{ receivedCount: 0, livedAt: at, retiredAt: Number.POSITIVE_INFINITY },
  };
}

/** Undefined where the session has said all that it may. */
export function seal(of: Session, text: RecordText, at: Millis, ports: SecurePorts): Uint8Array | undefined {
  const packet = sealRecord(of.sending, of.number, text, at, ports);
  if (packet !== undefined) of.livedAt = at;
  return packet;
}

export function open(of: Session, name: RecordName, packet: Uint8Array, at: Millis, ports: NoisePorts): ReadRecord {
  const read = openRecord(of.receiving, name, packet, at, ports);
  if (read.ok) {
    of.receivedCount += 1;
    of.livedAt = at;
  }
  return read;
}

export const endsAt = (of: Session): Millis => millis(Math.min(of.beganAt + SESSION_MS, of.livedAt + SESSION_IDLE_MS));

/** Early enough that another is there before this one ends. */
export const isWorn = (of: Session): boolean =>
  of.sending.count >= SESSION_RENEW_MESSAGES || of.receivedCount >= SESSION_RENEW_MESSAGES;

export const renewsAt = (of: Session): Millis => millis(of.beganAt + SESSION_RENEW_MS);

/** A server asks now and then, for what it asks with may be lost. */
export const asksToRenew = ({ sending: { count } }: Session): boolean =>
  count >= SESSION_RENEW_MESSAGES && (count - SESSION_RENEW_MESSAGES) % RENEW_ASK_MESSAGES === 0;

export function forget(of: Session | undefined): void {
  if (of === undefined) return;
  wipe(of.sending.key);
  for (const each of of.receiving.keys) wipe(each.key);
}

export const tidy = (of: Session | undefined, at: Millis): void => {
  if (of !== undefined) forgetLate(of.receiving, at);
};
