/** Who were members when. What somebody signed is judged by the keys of its own epoch, and whoever has left since answers for it
 * as long as its stake is in reach. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, epoch, sequence } from "../../../protocol/core/units.ts";
import { AgreedTime, Epoch, Place, PublicKey } from "../../../protocol/message/fields.ts";
import { genesisHistory } from "../consensus/genesis.ts";
import type { Bench } from "../judge/proof.ts";
import type { Membership } from "../machine.ts";
import { EPOCHS_KEPT_MAX } from "./limits.ts";
import type { TableRules } from "./rules.ts";

export const TableEpoch = struct("TableEpoch", {
  epoch: Epoch,
  members: list(PublicKey, MEMBERS_MAX),
  /** From where its history counts. */
  start: Place,
  /** Nothing of the epoch of now. */
  ended: optional(AgreedTime),
});
export type TableEpoch = ValueOf<typeof TableEpoch>;

type AnyAction = { readonly type: string };

export const firstEpoch = <C, S, A extends AnyAction, O>({
  table,
  members,
  ports,
}: TableRules<C, S, A, O>): TableEpoch => ({
  epoch: epoch(0),
  members: members.map(({ key }) => key),
  start: { sequence: sequence(0), digest: genesisHistory(ports, table) },
  ended: undefined,
});

export function nextEpoch(
  epochs: readonly TableEpoch[],
  { epoch: number, members, start, time }: Membership,
): readonly TableEpoch[] {
  const past = epochs.map((each) => (each.ended === undefined ? { ...each, ended: time } : each));
  return [...past, { epoch: number, members, start, ended: undefined }].slice(-EPOCHS_KEPT_MAX);
}

/** Those that ended so long ago that nobody can be made to answer for them. */
export const forgetEpochs = (
  epochs: readonly TableEpoch[],
  time: AgreedMillis,
  keptMs: number,
): readonly TableEpoch[] => epochs.filter(({ ended }) => ended === undefined || ended > time - keptMs);

export function benchOf(table: Uint8Array, epochs: readonly TableEpoch[], number: number): Bench | undefined {
  const found = epochs.find((each) => each.epoch === number);
  if (found === undefined) return undefined;
  return { table, epoch: found.epoch, members: found.members, epochStart: found.start };
}
