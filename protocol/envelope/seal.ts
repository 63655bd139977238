/** From a message to the bytes of an envelope. */
import { Writer } from "../bytes/cursor.ts";
import { assert } from "../core/assert.ts";
import { ENVELOPE_OVERHEAD_MAX, HOPS_MAX, PACK_ABOVE, SIGNATURE_SIZE } from "../core/limits.ts";
import { kindOf, Message } from "../message/kinds.ts";
import { Envelope, shortTableId } from "./envelope.ts";
import { pack } from "./pack.ts";
import { type Sender, SigningHead, writeSigningHead } from "./signing.ts";

export interface SealPorts {
  /** Ed25519 by the sender's own key. */
  sign(signed: Uint8Array): Uint8Array;
}

export interface SealOptions {
  /** Bodies above this many bytes are packed where that makes them smaller. */
  readonly packAbove?: number;
  readonly hops?: number;
  /** Saves whoever seals often an allocation of the largest size. */
  readonly out?: Writer;
}

export interface Sealed {
  readonly bytes: Uint8Array;
  /** What the signature is over: its digest is the message's id, and with the signature it is evidence. */
  readonly signed: Uint8Array;
}

/** The sender's counter is one that was never used; whoever keeps it reserved it durably before. */
export function seal(message: Message, sender: Sender, ports: SealPorts, options: SealOptions = {}): Sealed {
  const kind = kindOf(message.type);
  assert(kind.speaker === "anyone" || sender.type === "member", "only a member says what members decide");

  const headSizeMax = SigningHead.sizeMax;
  const out = options.out ?? new Writer(headSizeMax + 2 * (1 + kind.bodySizeMax) + ENVELOPE_OVERHEAD_MAX);
  out.reserve(headSizeMax + 1 + kind.bodySizeMax);
  const start = out.offset;
  writeSigningHead(out, sender);
  const bodyAt = out.offset - start + 1;
  Message.write(out, message);
  const signed = out.take();

  const signature = ports.sign(signed);
  assert(signature.length === SIGNATURE_SIZE, "a signature has its size");
  const plain = signed.subarray(bodyAt);
  const packed = pack(plain, options.packAbove ?? PACK_ABOVE);
  const body = packed ?? plain;

  out.reserve(ENVELOPE_OVERHEAD_MAX + body.length);
  const hops = options.hops ?? HOPS_MAX;
  Envelope.write(out, envelopeOf(sender, hops, packed !== undefined, signature, kind.tag, body));
  return { bytes: out.take(), signed };
}

/** As it travels, of parts that are known: what was opened can be shown to others as it came. */
export function envelopeOf(
  sender: Sender,
  hops: number,
  packed: boolean,
  signature: Uint8Array,
  kind: number,
  body: Uint8Array,
): Envelope {
  assert(hops <= HOPS_MAX, "an envelope starts with the hops that are allowed");
  if (sender.type === "member") {
    return {
      type: packed ? "memberPacked" : "member",
      reach: { sender: sender.sender, hops },
      table: shortTableId(sender.table),
      epoch: sender.epoch,
      counter: sender.counter,
      signature,
      kind,
      body,
    };
  }
  const { key, time, counter, table } = sender;
  return {
    type: packed ? "strangerPacked" : "stranger",
    reach: { hops },
    key,
    time,
    counter,
    table,
    signature,
    kind,
    body,
  };
}
