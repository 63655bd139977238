/** From the bytes of an envelope to what somebody says openly, or to the reason why not. All checks here are cheap. No
 * signature is looked at: the engine verifies what matters to it, when it does. */
import { Said, saidKindOf, saidKindOfTag } from "../agreement/said.ts";
import { decode } from "../bytes/codec.ts";
import { ENVELOPE_SIZE_MAX, HOPS_MAX } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import { Envelope } from "./envelope.ts";
import { findTable, type TableName } from "./find-table.ts";
import { SAID_SIZE_MAX } from "./limits.ts";
import { unpack } from "./pack.ts";

export interface SaidContext<T extends TableName> {
  /** While an epoch changes there may be two of one table. */
  readonly tables: readonly T[];
}

export interface OpenedSaid<T extends TableName> {
  readonly ok: true;
  /** By its short id: that it is this one is known when a signature in it holds. */
  readonly table: T;
  /** Its byte strings are views of `body`. */
  readonly said: Said;
  readonly packetClass: PacketClass;
  readonly hops: number;
  readonly repeat: number;
  /** The one encoding of what is said, whatever way it came and however it was packed. */
  readonly body: Uint8Array;
}

/** Nobody's name is known yet: `reject` is the link's to pay, `ignore` nobody's. */
export const SAID_REFUSALS = Object.freeze({
  "too large": "reject",
  "layout broken": "reject",
  "too many hops": "reject",
  // It goes another way: see open.ts.
  sealed: "ignore",
  "unknown table": "ignore",
  "old epoch": "ignore",
  "future epoch": "ignore",
  "does not unpack": "reject",
  "packed in vain": "reject",
  // A newer minor version may say more than this one knows.
  "unknown kind": "ignore",
  "body broken": "reject",
} as const);
export type SaidRefusalReason = keyof typeof SAID_REFUSALS;

export interface RefusedSaid {
  readonly ok: false;
  readonly verdict: "ignore" | "reject";
  readonly why: SaidRefusalReason;
}

export function openSaid<T extends TableName>(bytes: Uint8Array, context: SaidContext<T>): OpenedSaid<T> | RefusedSaid {
  if (bytes.length > ENVELOPE_SIZE_MAX) return refuse("too large");
  const decoded = decode(Envelope, bytes);
  if (!decoded.ok) return refuse("layout broken");
  const envelope = decoded.value;
  if (envelope.reach.hops > HOPS_MAX) return refuse("too many hops");
  if (envelope.type !== "said" && envelope.type !== "saidPacked") return refuse("sealed");
  const table = findTable(context.tables, envelope.table, envelope.epoch);
  if (typeof table === "string") return refuse(table);

  let body = envelope.body;
  if (envelope.type === "saidPacked") {
    const unpacked = unpack(body, SAID_SIZE_MAX);
    if (!unpacked.ok) return refuse(unpacked.why);
    body = unpacked.body;
  }
  if (body.length > 0 && saidKindOfTag(body[0]) === undefined) return refuse("unknown kind");
  const said = decode(Said, body);
  if (!said.ok) return refuse("body broken");
  const { packetClass } = saidKindOf(said.value.type);
  const { reach, repeat } = envelope;
  return { ok: true, table, said: said.value, packetClass, hops: reach.hops, repeat, body };
}

function refuse(why: SaidRefusalReason): RefusedSaid {
  return { ok: false, verdict: SAID_REFUSALS[why], why };
}
