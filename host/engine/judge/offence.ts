/** What was done, apart from how it is told: one offence has one name, however many proofs of it there are. It is punished once. */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { COUNTER_MAX } from "../../../protocol/core/limits.ts";
import { epoch, memberIndex } from "../../../protocol/core/units.ts";
import { CheatKind as CheatKindLayout } from "../../../protocol/message/alert.ts";
import { Digest, Epoch, MemberIndex, PublicKey, TableId } from "../../../protocol/message/fields.ts";
import type { Signers } from "../consensus/statements.ts";
import type { Ports } from "../ports.ts";
import type { CheatKind } from "./cheat.ts";

const MatterType = choice("MatterType", {
  votes: 1,
  checkpoint: 2,
  viewChange: 3,
  newView: 4,
  request: 5,
  proposal: 6,
  roll: 7,
});

/** What it was about: which view's votes, which request. */
export interface Matter {
  readonly type: ValueOf<typeof MatterType>;
  readonly number: number;
}

const OffenceNamed = struct("OffenceNamed", {
  table: TableId,
  epoch: Epoch,
  suspect: PublicKey,
  kind: CheatKindLayout,
  type: MatterType,
  number: varint(COUNTER_MAX),
});

export const Offence = struct("Offence", {
  id: Digest,
  epoch: Epoch,
  suspect: MemberIndex,
  /** Places change with members; keys do not. */
  key: PublicKey,
  kind: CheatKindLayout,
});
export type Offence = ValueOf<typeof Offence>;

export function offence(of: Signers, ports: Ports, member: number, kind: CheatKind, matter: Matter): Offence {
  const suspect = of.members[member];
  const named = { table: of.table, epoch: epoch(of.epoch), suspect, kind, ...matter };
  const id = ports.digest("hardway offence", encode(OffenceNamed, named));
  return { id, epoch: named.epoch, suspect: memberIndex(member), key: suspect, kind };
}
