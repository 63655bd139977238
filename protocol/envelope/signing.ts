/**
 * What is signed. Everything that gives a message its meaning is in it, so that a signature fits no other phase, view,
 * table, epoch, sender or protocol; hop count and packing, which relays may change, are not.
 *
 * The domain with its length comes first: no other use of the same key starts with these bytes.
 */
import type { ValueOf } from "../bytes/codec.ts";
import { optional, struct, union } from "../bytes/compound.ts";
import type { Writer } from "../bytes/cursor.ts";
import { u8 } from "../bytes/numbers.ts";
import { PROTOCOL_MAJOR } from "../core/version.ts";
import { constant } from "../message/constant.ts";
import { Counter, Epoch, MemberIndex, OwnTime, PublicKey, TableId } from "../message/fields.ts";
import { Message } from "../message/kinds.ts";

export const SIGNING_DOMAIN = "hardway";

/** Who says something, and which of its sayings it is. The union's tag is the form. */
export const Sender = union("Sender", {
  member: [0x01, struct("Member", { table: TableId, epoch: Epoch, sender: MemberIndex, counter: Counter })],
  stranger: [0x02, struct("Stranger", { key: PublicKey, time: OwnTime, counter: Counter, table: optional(TableId) })],
});
export type Sender = ValueOf<typeof Sender>;

export const SigningHead = struct("SigningHead", {
  domain: constant(SIGNING_DOMAIN),
  major: u8,
  sender: Sender,
});

export const Signing = struct("Signing", { head: SigningHead, message: Message });
export type Signing = ValueOf<typeof Signing>;

/** The head before a message; what follows it in `out` is the message's tag and body. */
export function writeSigningHead(out: Writer, sender: Sender): void {
  SigningHead.write(out, { domain: SIGNING_DOMAIN, major: PROTOCOL_MAJOR, sender });
}

/** What an envelope is known by, whatever way it came and however it was packed. Two messages differ at least in their
 * counter. */
export function messageId(signed: Uint8Array, ports: { hash(bytes: Uint8Array): Uint8Array }): Uint8Array {
  return ports.hash(signed);
}
