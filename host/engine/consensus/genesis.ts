/** Where a table begins: the same for everyone who knows its id and its members. */
import { CheckpointHeader } from "../../../protocol/agreement/certificate.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { agreedMillis, epoch, sequence, view } from "../../../protocol/core/units.ts";
import { objectName } from "../objects/tree.ts";
import type { Ports } from "../ports.ts";
import type { Application, World } from "./state.ts";
import { encodeTable, foundTable } from "./table.ts";

/** What an empty history is called. */
export const genesisHistory = (ports: Pick<Ports, "digest">, table: Uint8Array): Uint8Array =>
  ports.digest("hardway genesis", table);

/** What members sign of a checkpoint. */
export const checkpointDigest = (ports: Ports, header: CheckpointHeader): Uint8Array =>
  ports.digest("hardway checkpoint", encode(CheckpointHeader, header));

export interface Genesis<S> {
  readonly header: CheckpointHeader;
  readonly bytes: Uint8Array;
  readonly state: Application<S>;
}

export function genesis<S>(
  tableId: Uint8Array,
  members: readonly Uint8Array[],
  rules: number,
  world: World<S>,
): Genesis<S> {
  const table = foundTable(members, rules);
  const machine = world.machine.initial();
  const bytes = encodeTable(table, world.machine.snapshot(machine));
  const history = genesisHistory(world.ports, tableId);
  const header: CheckpointHeader = {
    ...{
      sequence: sequence(0),
      history,
      time: agreedMillis(0),
      epoch: epoch(0),
      view: view(0),
      barrier: 0,
      rules,
      members,
    },
    state: objectName(world.ports, bytes),
  };
  return { header, bytes, state: { sequence: 0, history, time: 0, machine, table } };
}
