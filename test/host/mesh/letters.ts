/** Envelopes of a world that only tests live in: a signer, a number and a body under a keyed hash that nobody there forges. Their
 * hops lie where an envelope's do. Real envelopes have room for ten members, and a mesh for fifty kiosks. */
import type { Judged, MeshPorts, Misjudged } from "../../../host/mesh/events.ts";
import { type PeerName, peerName } from "../../../host/mesh/peer-name.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { HOPS_MAX } from "../../../protocol/core/limits.ts";
import { LOW, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { Heartbeat } from "../../../protocol/message/presence.ts";

export interface Letter {
  readonly origin: number;
  readonly number: number;
  readonly packetClass: PacketClass;
  readonly body: Uint8Array;
}

/** As long as a vote with its signature is. */
export const VOTE_BODY_SIZE = 80;
const HEAD_SIZE = 10;
const MAC_SIZE = 16;
/** With as many zeros behind it as make it as long as a signature. */
const SIGNATURE_SIZE = 64;
const TAG = 0x03;
const STRANGER_TAG = 0x04;

export const tagOf = (kiosk: number): Uint8Array => Uint8Array.of(0xa0, kiosk >>> 8, kiosk & 0xff, 7, 7, 7, 7, 7);
export const nameOf = (kiosk: number): PeerName => NAMES[kiosk]!;
export const kioskOf = (name: PeerName): number => NAMES.indexOf(name);
const NAMES: readonly PeerName[] = [...Array(256).keys()].map((kiosk) => peerName(tagOf(kiosk)));

/** Tag, hops, signer, number, class, body, and a hash over all of it but the hops. */
export function seal(letter: Letter, isStranger = false, hops = HOPS_MAX): Uint8Array {
  const { origin, number, packetClass, body } = letter;
  const bytes = new Uint8Array(HEAD_SIZE + body.length + SIGNATURE_SIZE);
  bytes[0] = isStranger ? STRANGER_TAG : TAG;
  bytes[1] = hops;
  bytes[2] = origin;
  new DataView(bytes.buffer).setUint32(3, number);
  bytes[7] = packetClass;
  bytes.set(body, HEAD_SIZE);
  bytes.set(hash128(bytes, 2, HEAD_SIZE + body.length, 0x5eed ^ origin), HEAD_SIZE + body.length);
  return bytes;
}

/** After something in it was changed, by whoever may. */
export function signAgain(envelope: Uint8Array): Uint8Array {
  const end = envelope.length - SIGNATURE_SIZE;
  envelope.set(hash128(envelope, 2, end, 0x5eed ^ envelope[2]), end);
  return envelope;
}

/** Its name: what is signed, not what it came as. */
export const digestOf = (envelope: Uint8Array): Uint8Array => hash128(envelope, 2, envelope.length - SIGNATURE_SIZE, 1);

export const heartbeat = (at: number, peers: Heartbeat["peers"]): Uint8Array =>
  encode(Heartbeat, {
    time: at as Heartbeat["time"],
    view: 1 as Heartbeat["view"],
    executed: { sequence: 1000 as Heartbeat["executed"]["sequence"], digest: new Uint8Array(32) },
    power: "active",
    batteryPercent: 80,
    peers,
  });

export const ports: MeshPorts<Letter> = {
  hash: (bytes) => hash128(bytes, 0, bytes.length, 2),
  judge,
};

export function judge(bytes: Uint8Array): Judged<Letter> | Misjudged {
  if (bytes.length < HEAD_SIZE + SIGNATURE_SIZE || (bytes[0] !== TAG && bytes[0] !== STRANGER_TAG)) {
    return { ok: false, verdict: "reject", why: "layout broken" };
  }
  if ((bytes[1]! & 0x0f) > HOPS_MAX) return { ok: false, verdict: "reject", why: "too many hops" };
  const end = bytes.length - SIGNATURE_SIZE;
  const mac = hash128(bytes, 2, end, 0x5eed ^ bytes[2]!);
  for (let at = 0; at < SIGNATURE_SIZE; at++) {
    if ((mac[at] ?? 0) !== bytes[end + at]) return { ok: false, verdict: "reject", why: "bad signature" };
  }
  const packetClass = bytes[7] as PacketClass;
  const body = bytes.subarray(HEAD_SIZE, end);
  const said = packetClass === LOW && body.length > 40 ? decode(Heartbeat, body) : undefined;
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(3);
  return {
    ok: true,
    isCertain: bytes[9] !== 1,
    digest: digestOf(bytes),
    origin: nameOf(bytes[2]!),
    isMember: bytes[0] === TAG,
    packetClass,
    isRepeat: bytes[8] === 1,
    heartbeat: said?.ok ? said.value : undefined,
    what: { origin: bytes[2]!, number, packetClass, body },
  };
}

/** Four lanes of multiply and rotate: fast, and as good as tests need. */
function hash128(bytes: Uint8Array, from: number, to: number, key: number): Uint8Array {
  let a = key | 0;
  let b = 0x9e3779b9 | 0;
  let c = to - from;
  let d = 0x85ebca6b | 0;
  for (let at = from; at < to; at++) {
    a = Math.imul(a ^ bytes[at]!, 0x01000193);
    b = Math.imul(b + a, 0x85ebca6b) ^ (a >>> 15);
    c = (c + b) | 0;
    d = Math.imul(d ^ c, 0xc2b2ae35) ^ (b >>> 13);
  }
  const out = new Uint8Array(MAC_SIZE);
  const view = new DataView(out.buffer);
  view.setInt32(0, a ^ (d >>> 16));
  view.setInt32(4, b ^ Math.imul(c, 0x27d4eb2f));
  view.setInt32(8, c ^ (a >>> 11));
  view.setInt32(12, d ^ Math.imul(a, 0x165667b1));
  return out;
}
