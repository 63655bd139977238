/** From the bytes of an envelope to a message that its sender signed, or to the reason why not. Cheap checks come first,
 * the signature last; nothing is remembered of an envelope whose signature did not hold. */
import { decode } from "../bytes/codec.ts";
import { Writer } from "../bytes/cursor.ts";
import { assert } from "../core/assert.ts";
import { ENVELOPE_SIZE_MAX, HOPS_MAX } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import { type MemberIndex, type Millis, memberIndex } from "../core/units.ts";
import { type Kind, kindOfTag, Message } from "../message/kinds.ts";
import { Envelope, type MemberEnvelope, type StrangerEnvelope } from "./envelope.ts";
import { findTable, type TableName } from "./find-table.ts";
import { unpack } from "./pack.ts";
import { lookForReplay, markReplay, type ReplayWindows } from "./replay.ts";
import { type Sender, SigningHead, writeSigningHead } from "./signing.ts";
import { lookForStranger, markStranger, type StrangerReplay } from "./stranger-replay.ts";

/** One table in one epoch, as this kiosk knows it. While an epoch changes there may be two of one table. */
export interface Table extends TableName {
  /** Public keys in the order of the membership. */
  readonly members: readonly Uint8Array[];
  readonly replay: ReplayWindows;
}

export interface OpenContext {
  readonly tables: readonly Table[];
  readonly strangers: StrangerReplay;
  /** This kiosk's own clock, since 1970. */
  readonly now: Millis;
}

export interface OpenPorts {
  /** True where the key made the signature, by the one rule of the project; false for a key that nobody may register. */
  verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
}

export interface Opened {
  readonly ok: true;
  readonly from: Sender;
  readonly message: Message;
  readonly packetClass: PacketClass;
  readonly hops: number;
  /** What the signature is over; the message's byte strings are views of it. */
  readonly signed: Uint8Array;
  /** A view of the envelope, as are a stranger's key and table. */
  readonly signature: Uint8Array;
}

/** None of these is held against the sender that the envelope names, since nobody knows yet who wrote it: `reject` is the
 * link's to pay, `ignore` nobody's. */
export const REFUSALS = Object.freeze({
  "too large": "reject",
  "layout broken": "reject",
  "too many hops": "reject",
  // It goes another way: see open-said.ts.
  "said openly": "ignore",
  // A newer minor version may say more than this one knows.
  "unknown kind": "ignore",
  "kind needs a table": "reject",
  "unknown table": "ignore",
  "old epoch": "ignore",
  "future epoch": "ignore",
  "not a member": "reject",
  repeated: "ignore",
  "below the window": "ignore",
  "time too far back": "ignore",
  "time too far ahead": "ignore",
  busy: "ignore",
  "does not unpack": "reject",
  "packed in vain": "reject",
  "body broken": "reject",
  "bad signature": "reject",
} as const);
export type RefusalReason = keyof typeof REFUSALS;

export interface Refused {
  readonly ok: false;
  readonly verdict: "ignore" | "reject";
  readonly why: RefusalReason;
}

/** `out` saves whoever opens often an allocation. */
export function open(bytes: Uint8Array, context: OpenContext, ports: OpenPorts, out?: Writer): Opened | Refused {
  if (bytes.length > ENVELOPE_SIZE_MAX) return refuse("too large");
  const decoded = decode(Envelope, bytes);
  if (!decoded.ok) return refuse("layout broken");
  const envelope = decoded.value;
  if (envelope.reach.hops > HOPS_MAX) return refuse("too many hops");
  if (envelope.type === "said" || envelope.type === "saidPacked") return refuse("said openly");
  const kind = kindOfTag(envelope.kind);
  if (kind === undefined) return refuse("unknown kind");
  switch (envelope.type) {
    case "member":
    case "memberPacked":
      return openMember(envelope, envelope.type === "memberPacked", kind, context, ports, out);
    case "stranger":
    case "strangerPacked":
      return openStranger(envelope, envelope.type === "strangerPacked", kind, context, ports, out);
  }
}

function openMember(
  envelope: MemberEnvelope,
  packed: boolean,
  kind: Kind,
  context: OpenContext,
  ports: OpenPorts,
  out: Writer | undefined,
): Opened | Refused {
  const table = findTable(context.tables, envelope.table, envelope.epoch);
  if (typeof table === "string") return refuse(table);
  const sender: MemberIndex = memberIndex(envelope.reach.sender);
  const key = table.members[sender];
  if (key === undefined) return refuse("not a member");
  const counter = envelope.counter;
  const look = lookForReplay(table.replay, sender, kind.packetClass, counter);
  if (look !== "fresh") return refuse(look);

  const from: Sender = { type: "member", table: table.id, epoch: table.epoch, sender, counter };
  const opened = openBody(envelope, packed, kind, from, key, ports, out);
  if (opened.ok) markReplay(table.replay, sender, kind.packetClass, counter);
  return opened;
}

function openStranger(
  envelope: StrangerEnvelope,
  packed: boolean,
  kind: Kind,
  context: OpenContext,
  ports: OpenPorts,
  out: Writer | undefined,
): Opened | Refused {
  if (kind.speaker !== "anyone") return refuse("kind needs a table");
  const look = lookForStranger(context.strangers, envelope, context.now);
  if (look !== "fresh") return refuse(look);

  const { key, time, counter, table } = envelope;
  const from: Sender = { type: "stranger", key, time, counter, table };
  const opened = openBody(envelope, packed, kind, from, key, ports, out);
  if (opened.ok) markStranger(context.strangers, envelope);
  return opened;
}

/** What both forms have in common: unpack within the kind's bound, decode, verify. */
function openBody(
  envelope: MemberEnvelope | StrangerEnvelope,
  packed: boolean,
  kind: Kind,
  from: Sender,
  key: Uint8Array,
  ports: OpenPorts,
  out: Writer | undefined,
): Opened | Refused {
  let body = envelope.body;
  if (packed) {
    const unpacked = unpack(body, kind.bodySizeMax);
    if (!unpacked.ok) return refuse(unpacked.why);
    body = unpacked.body;
  }

  const signed = signedBytes(from, kind, body, out);
  const message = decode(Message, signed.subarray(signed.length - body.length - 1));
  if (!message.ok) return refuse("body broken");
  assert(message.value.type === kind.type, "the tag that was looked up is the tag that was read");
  if (!ports.verify(key, signed, envelope.signature)) return refuse("bad signature");
  return {
    ok: true,
    from,
    message: message.value,
    packetClass: kind.packetClass,
    hops: envelope.reach.hops,
    signed,
    signature: envelope.signature,
  };
}

/** The same bytes as the sender signed, for the decoder accepts no second encoding of a body. */
function signedBytes(from: Sender, kind: Kind, body: Uint8Array, out: Writer | undefined): Uint8Array {
  const sizeMax = SigningHead.sizeMax + 1 + body.length;
  const writer = out ?? new Writer(sizeMax);
  writer.reserve(sizeMax);
  writeSigningHead(writer, from);
  writer.u8(kind.tag);
  writer.put(body);
  return writer.take();
}

function refuse(why: RefusalReason): Refused {
  return { ok: false, verdict: REFUSALS[why], why };
}
