/** What both ends know of a link before they speak, and what a handshake is worth nothing without: it stands in the prologue. So
 * a handshake fits one table, one protocol and one pair of radios; passed on over other radios it does not open. */
import { encode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { optional, struct } from "../../protocol/bytes/compound.ts";
import { u8 } from "../../protocol/bytes/numbers.ts";
import { PROTOCOL_MAJOR } from "../../protocol/core/version.ts";
import { constant } from "../../protocol/message/constant.ts";
import { TableId } from "../../protocol/message/fields.ts";
import { Address } from "../../protocol/radio/fields.ts";

export const LINK_DOMAIN = "hardway link";

export const LinkBinding = struct("LinkBinding", {
  domain: constant(LINK_DOMAIN),
  major: u8,
  /** Nothing: two who share no table yet. */
  table: optional(TableId),
  /** As either radio's own hello and the other's report of the connection say them. */
  client: Address,
  server: Address,
});

export type RadioAddress = ValueOf<typeof Address>;

export const prologueOf = (table: Uint8Array | undefined, client: RadioAddress, server: RadioAddress): Uint8Array =>
  encode(LinkBinding, { domain: LINK_DOMAIN, major: PROTOCOL_MAJOR, table, client, server });
