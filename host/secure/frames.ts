/** What a packet between two hosts is, by its first byte: a handshake, or a record of a session. An envelope
 * in the clear, or what else neighbours say to each other within a session, has a tag below all of these: no link takes it. */
import { bits } from "../../protocol/bytes/bits.ts";
import { rest } from "../../protocol/bytes/blobs.ts";
import { about, decode, encode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { struct, union } from "../../protocol/bytes/compound.ts";
import { byteUpTo, u8 } from "../../protocol/bytes/numbers.ts";
import { assert } from "../../protocol/core/assert.ts";
import { KEY_MESSAGES_MAX, NOISE_MESSAGE_SIZE_MAX, PACKET_SIZES, RECORD_HEAD_SIZE, SESSION_NUMBERS } from "./limits.ts";

/** How a session is agreed on. A number once given is not given again. */
export const SUITES = Object.freeze({
  /** No encryption: never agreed to. */
  plain: 0,
  /** Noise_XX_25519_ChaChaPoly_SHA256: two who share no secret. */
  open: 1,
  /** Noise_XXpsk0_25519_ChaChaPoly_SHA256: two of a table. */
  table: 2,
});

const SessionNumber = byteUpTo(SESSION_NUMBERS - 1);
const Noise = rest(NOISE_MESSAGE_SIZE_MAX);

export const HandshakeFrame = union("HandshakeFrame", {
  first: [0x61, struct("First", { session: SessionNumber, suite: u8, noise: Noise })],
  second: [0x62, struct("Second", { session: SessionNumber, noise: Noise })],
  third: [0x63, struct("Third", { session: SessionNumber, noise: Noise })],
  wanted: [0x64, about(struct("Wanted", {}), "a server has no session and cannot begin one")],
});
export type HandshakeFrame = ValueOf<typeof HandshakeFrame>;

/** Two bytes, so that two votes still fit one fragment. Together they are the nonce: they never come twice under one key. */
export const RecordHead = struct("RecordHead", { name: bits({ record: 1, session: 2, epoch: 5 }), counter: u8 });

export interface RecordName {
  readonly session: number;
  /** Of the key: each is made of the one before. */
  readonly epoch: number;
  /** Of messages under that key. */
  readonly counter: number;
}

export type Frame =
  | { readonly type: "handshake"; readonly frame: HandshakeFrame }
  | { readonly type: "record"; readonly name: RecordName }
  | { readonly type: "refused"; readonly why: FrameFault };

export type FrameFault = "plaintext" | "unknown frame" | "layout broken" | "odd size" | "out of range";

export function frameOf(packet: Uint8Array): Frame {
  if (packet.length === 0) return refuse("layout broken");
  if (packet[0] >= RECORD) {
    if (!PACKET_SIZES.includes(packet.length)) return refuse("odd size");
    const head = decode(RecordHead, packet.subarray(0, RECORD_HEAD_SIZE));
    if (!head.ok) return refuse("layout broken");
    const { name, counter } = head.value;
    if (counter >= KEY_MESSAGES_MAX) return refuse("out of range");
    return { type: "record", name: { session: name.session, epoch: name.epoch, counter } };
  }
  if (packet[0] < HANDSHAKES) return refuse("plaintext");
  const decoded = decode(HandshakeFrame, packet);
  if (!decoded.ok) return refuse(decoded.why === "unknown tag" ? "unknown frame" : "layout broken");
  return { type: "handshake", frame: decoded.value };
}

export const headOf = ({ session, epoch, counter }: RecordName): Uint8Array =>
  encode(RecordHead, { name: { record: 1, session, epoch }, counter });

const refuse = (why: FrameFault): Frame => ({ type: "refused", why });

const RECORD = 0x80;
const HANDSHAKES = 0x60;

assert(RecordHead.sizeMax === RECORD_HEAD_SIZE && SESSION_NUMBERS === 4, "a record's head has its size");
