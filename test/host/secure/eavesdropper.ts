/** Somebody who wrote down everything that flew by, and comes by secrets afterwards. It tries every key that can be computed
 * from what it has: each secret with each public key, in each place of the handshake. */
import { noise } from "../../../host/crypto/noise.ts";
import { rekeyed } from "../../../host/secure/cipher.ts";
import { frameOf } from "../../../host/secure/frames.ts";
import { DH_SIZE, KEY_EPOCH_MAX, RECORD_HEAD_SIZE, TAG_SIZE } from "../../../host/secure/limits.ts";
import { protocolName } from "../../../host/secure/noise.ts";
import { unwrap } from "../../../host/secure/record.ts";
import { recordNonce } from "../../../host/secure/sending.ts";
import {
  decryptAndHash,
  type Mixed,
  mixHash,
  mixKey,
  mixKeyAndHash,
  type Symmetric,
  split,
  symmetric,
} from "../../../host/secure/symmetric.ts";
import type { Passing } from "./rig.ts";

export interface Known {
  /** X25519, of whatever use. */
  readonly secrets: readonly Uint8Array[];
  readonly tableSecret: Uint8Array | undefined;
  readonly prologue: Uint8Array;
  /** Of a session, as they lay in memory. */
  readonly keys?: readonly Uint8Array[];
}

export interface Read {
  /** Parts of the handshake that opened: two static keys, two introductions. */
  readonly openedCount: number;
  /** Of the messages that were said: their bodies. */
  readonly bodies: readonly Uint8Array[];
}

export function eavesdrop(heard: readonly Passing[], known: Known): Read {
  const { keys, openedCount } = handshakeKeys(heard, known);
  const bodies: Uint8Array[] = [];
  const all = [...keys, ...(known.keys ?? [])].flatMap(onward);
  for (const { packet } of heard) {
    const frame = frameOf(packet);
    if (frame.type !== "record") continue;
    for (const key of all) {
      const head = packet.subarray(0, RECORD_HEAD_SIZE);
      const text = noise.unseal(key, recordNonce(frame.name), head, packet.subarray(RECORD_HEAD_SIZE));
      const read = text === undefined ? undefined : unwrap(text);
      if (read?.kind === "message") bodies.push(read.body.slice());
      if (text !== undefined) break;
    }
  }
  return { openedCount, bodies };
}

/** A key, and all that are made of it. */
function onward(key: Uint8Array): Uint8Array[] {
  const keys = [key];
  while (keys.length <= KEY_EPOCH_MAX) keys.push(rekeyed(keys[keys.length - 1], noise));
  return keys;
}

function handshakeKeys(heard: readonly Passing[], known: Known): { keys: Uint8Array[]; openedCount: number } {
  const [first, second, third] = ["first", "second", "third"].map((type) => {
    for (const { packet } of heard) {
      const frame = frameOf(packet);
      if (frame.type === "handshake" && frame.frame.type === type && "noise" in frame.frame) return frame.frame.noise;
    }
    throw new Error(`no ${type} message was heard`);
  });
  const { tableSecret: secret } = known;
  const publics = [first.subarray(0, DH_SIZE), second.subarray(0, DH_SIZE), ...known.secrets.map(noise.publicOf)];
  const shared = (): Uint8Array[] => {
    const all = known.secrets.flatMap((own) => publics.map((other) => noise.agree(own, other)));
    return [new Uint8Array(DH_SIZE), ...all.filter((each) => each !== undefined)];
  };
  let openedCount = 0;

  const onKey = (state: Symmetric, key: Uint8Array): Symmetric => {
    const mixed = mixHash(state, key, noise);
    return secret === undefined ? mixed : mixKey(mixed, key, noise);
  };
  /** With whichever of the shared keys the next part opens. */
  const tryAll = (state: Symmetric, sealed: Uint8Array): Mixed | undefined => {
    for (const each of shared()) {
      const opened = decryptAndHash(mixKey(state, each, noise), sealed, noise);
      if (opened === undefined) continue;
      openedCount += 1;
      return opened;
    }
    return undefined;
  };

  let state = mixHash(symmetric(protocolName(secret === undefined ? [] : [0]), noise), known.prologue, noise);
  if (secret !== undefined) state = mixKeyAndHash(state, secret, noise);
  state = onKey(state, first.subarray(0, DH_SIZE));
  const begun = decryptAndHash(state, first.subarray(DH_SIZE), noise);
  if (begun === undefined) return { keys: [], openedCount };
  state = onKey(begun.state, second.subarray(0, DH_SIZE));
  const size = DH_SIZE + TAG_SIZE;
  const serverStatic = tryAll(state, second.subarray(DH_SIZE, DH_SIZE + size));
  if (serverStatic === undefined) return { keys: [], openedCount };
  publics.push(serverStatic.bytes);
  const server = tryAll(serverStatic.state, second.subarray(DH_SIZE + size));
  if (server === undefined) return { keys: [], openedCount };
  const clientStatic = decryptAndHash(server.state, third.subarray(0, size), noise);
  if (clientStatic === undefined) return { keys: [], openedCount };
  openedCount += 1;
  publics.push(clientStatic.bytes);
  const client = tryAll(clientStatic.state, third.subarray(size));
  if (client === undefined) return { keys: [], openedCount };
  return { keys: [...split(client.state, noise)], openedCount };
}
