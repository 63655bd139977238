/** How much shorter packing makes what a table really says, class by class: its messages as they leave, and its state. What is signed, a
 * digest or a key is as random as chance can make it, and no packer makes that shorter: the best that is known is measured beside. */
import { brotliCompressSync } from "node:zlib";
import type { Effect } from "../../host/engine/consensus/events.ts";
import { tableMachine } from "../../host/engine/table/table-machine.ts";
import { compress } from "../../protocol/bytes/lz4-compress.ts";
import { counter, epoch, memberIndex } from "../../protocol/core/units.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { Players } from "../simulator/table/players.ts";
import type { Table } from "../simulator/table/table.ts";
import { linkedTable } from "./world-table.ts";

export interface Packed {
  readonly name: string;
  readonly count: number;
  /** Of all together, in bytes. */
  readonly plain: number;
  readonly packed: number;
  /** What a packer makes of it that has all the time in the world; where it was measured. */
  readonly best?: number;
}

export const saved = (of: Packed): number => 1 - of.packed / of.plain;
export const savable = (of: Packed): number => 1 - (of.best ?? of.packed) / of.plain;

const PACE_MS = 2_450;
const COMER = 3;
const AWAY_MS = 1_000;

/** A table plays for so long; then one of its kiosks comes back with an empty card, so that its state is carried as well. */
export async function packedClasses(playMs: number, backMs: number): Promise<Packed[]> {
  const table = await linkedTable({ shape: "ring", consensus: { checkpointEvery: 20 } });
  const players = new Players(table, PACE_MS);
  const classes = new Map<string, Packed>();
  table.onEffect = (of, effect) => {
    players.sees(of, effect);
    if (effect.type !== "say" && effect.type !== "send") return;
    const { name, plain, packed } = weighed(effect);
    const before = classes.get(name) ?? { count: 0, plain: 0, packed: 0 };
    const { count } = before;
    classes.set(name, { name, count: count + 1, plain: before.plain + plain, packed: before.packed + packed });
  };
  await table.run(playMs);
  table.kill(COMER);
  const comer = table.kiosks[COMER]!;
  comer.disk = comer.disk.restored(new Map());
  await table.run(AWAY_MS);
  table.start(COMER);
  await table.run(backMs);
  const state = stateOf(table);
  table.end();
  return [state, ...[...classes.values()].sort((one, other) => (one.name < other.name ? -1 : 1))];
}

/** As it leaves, and as it would without packing. */
function weighed(effect: Extract<Effect, { type: "say" | "send" }>): Omit<Packed, "count"> {
  const [plain, packed] = [NEVER, {}].map((options) =>
    effect.type === "say"
      ? sealSaid(effect.said, TABLE, options).bytes.length
      : seal(effect.message, { type: "member", ...PLACE }, UNSIGNED, options).bytes.length,
  ) as [number, number];
  return { name: effect.type === "say" ? effect.said.type : effect.message.type, plain, packed };
}

const NEVER = { packAbove: Number.POSITIVE_INFINITY };
const TABLE = { id: new Uint8Array(16).fill(7), epoch: epoch(0) };
const PLACE = { table: TABLE.id, epoch: TABLE.epoch, sender: memberIndex(1), counter: counter(1_000_000) };
const UNSIGNED = { sign: () => new Uint8Array(64) };

/** Of a whole table, as a snapshot has it. */
function stateOf(table: Table): Packed {
  const [{ rules }] = table.kiosks as [Table["kiosks"][number]];
  const plain = tableMachine(rules).snapshot(table.stateOf(0)!);
  const [packed, best] = [compress(plain).length, brotliCompressSync(plain).length];
  return { name: "state", count: 1, plain: plain.length, packed, best };
}
