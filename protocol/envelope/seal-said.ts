/** From what is said openly to the bytes of an envelope. Every statement in it was signed by whoever made it, so that nothing
 * is signed here, and who passes it on puts it on its way as well as its signer. */
import { Proposals, SignedRequest } from "../agreement/request.ts";
import { Said, saidKindOf } from "../agreement/said.ts";
import { Writer } from "../bytes/cursor.ts";
import { assert } from "../core/assert.ts";
import { ENVELOPE_OVERHEAD_MAX, HOPS_MAX, OPERATION_SIZE_MAX } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import { Envelope, shortTableId } from "./envelope.ts";
import type { TableName } from "./find-table.ts";
import { SAID_PACK_ABOVE, SAID_SIZE_MAX } from "./limits.ts";
import { pack } from "./pack.ts";

export interface SealSaidOptions {
  /** Rises when the same is said again: the mesh passes on what it has not seen. */
  readonly repeat?: number;
  /** What is above this many bytes is packed where that makes it smaller. */
  readonly packAbove?: number;
  readonly hops?: number;
  /** Saves whoever seals often an allocation. */
  readonly out?: Writer;
}

export interface SealedSaid {
  readonly bytes: Uint8Array;
  /** What is said, before it was packed. */
  readonly body: Uint8Array;
  readonly packetClass: PacketClass;
}

/** Whoever says it keeps it within a packet. */
export function sealSaid(said: Said, table: TableName, options: SealSaidOptions = {}): SealedSaid {
  const hops = options.hops ?? HOPS_MAX;
  assert(hops <= HOPS_MAX, "an envelope starts with the hops that are allowed");
  const roomSize = roomFor(said);
  const out = options.out ?? new Writer(2 * roomSize + ENVELOPE_OVERHEAD_MAX);
  out.reserve(roomSize);
  Said.write(out, said);
  const plain = out.take();
  assert(plain.length <= SAID_SIZE_MAX, "what is said fits a packet");

  const packed = pack(plain, options.packAbove ?? SAID_PACK_ABOVE);
  const body = packed ?? plain;
  out.reserve(ENVELOPE_OVERHEAD_MAX + body.length);
  Envelope.write(out, {
    type: packed === undefined ? "said" : "saidPacked",
    reach: { hops },
    table: shortTableId(table.id),
    epoch: table.epoch,
    repeat: options.repeat ?? 0,
    body,
  });
  return { bytes: out.take(), body: plain, packetClass: saidKindOf(said.type).packetClass };
}

/** The most that it can take. Most of what is said is one request or one ballot, and a layout's worst size is that of fifty
 * requests, or of proposals for two windows. */
function roomFor(said: Said): number {
  const { sizeMax } = saidKindOf(said.type);
  if (said.type === "ballot" && said.proposals === undefined) return sizeMax - Proposals.sizeMax;
  if (said.type !== "requests") return sizeMax;
  const operations = said.requests.reduce((total, { request }) => total + request.operation.length, 0);
  return LIST_HEAD_SIZE + said.requests.length * REQUEST_OVERHEAD_SIZE + operations;
}

/** Tag and count. */
const LIST_HEAD_SIZE = 3;
const REQUEST_OVERHEAD_SIZE = SignedRequest.sizeMax - OPERATION_SIZE_MAX;
