/** Which key a dealing is for: what every hash and proof of it is bound to. */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { Digest, Epoch, TableId } from "../../../protocol/message/fields.ts";
import { Element } from "./element.ts";
import { Holder, KeyNumber } from "./partial.ts";
import type { DicePorts } from "./ports.ts";

export const DealContext = struct("DealContext", {
  table: TableId,
  epoch: Epoch,
  number: KeyNumber,
  /** Of the dice keys of all who are dealt to, in their order. */
  holders: Digest,
});
export type DealContext = ValueOf<typeof DealContext>;

/** One dealer's part in it. */
export const DealerContext = struct("DealerContext", { deal: DealContext, dealer: Holder });
export type DealerContext = ValueOf<typeof DealerContext>;

const Holders = struct("Holders", { keys: list(Element, MEMBERS_MAX) });

export const holdersDigest = (ports: DicePorts, keys: readonly Uint8Array[]): Uint8Array =>
  ports.digest("hardway dice holders", encode(Holders, { keys }));
