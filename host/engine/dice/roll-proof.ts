/** What is stored with every roll: enough for anyone who has the members' keys to throw the dice again. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../../protocol/bytes/compound.ts";
import { u8 } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { Digest, Epoch, MemberIndex, TableId } from "../../../protocol/message/fields.ts";
import { BetLock } from "./bet-lock.ts";
import { Commitment, Opening } from "./commitment.ts";
import { Element } from "./element.ts";
import { THRESHOLD_MAX } from "./limits.ts";
import { HeldPartial, KeyNumber } from "./partial.ts";

const Secret = struct("ProvedSecret", { member: MemberIndex, commitment: Commitment, opening: Opening });

export const Randomness = union("Randomness", {
  distributed: [
    0x01,
    struct("Distributed", { key: KeyNumber, output: Element, partials: list(HeldPartial, THRESHOLD_MAX) }),
  ],
  revealed: [0x02, struct("RevealedByAll", { secrets: list(Secret, MEMBERS_MAX) })],
});
export type Randomness = ValueOf<typeof Randomness>;

export const RollProof = struct("RollProof", {
  table: TableId,
  epoch: Epoch,
  lock: BetLock,
  /** Of all of the above: if they were altered, this is where it shows. */
  input: Digest,
  randomness: Randomness,
  /** The first two dice of the seed, as people saw them. */
  first: u8,
  second: u8,
});
export type RollProof = ValueOf<typeof RollProof>;
