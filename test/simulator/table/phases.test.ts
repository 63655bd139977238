import { describe, expect, test } from "vitest";
import { agreedIn, consensusOf } from "../../../host/cli/kiosk/agreed.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { PHASES, type PhaseName } from "../../../host/config/phases.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { loaded } from "../../bench/targets-load.ts";
import { heal, SCENARIOS } from "../../bench/world-heal.ts";
import { Asker, KIOSKS, linkedTable } from "../../bench/world-table.ts";
import type { Table } from "./table.ts";

/** Each phase's own suite. The last phase is the usual one, which every other test has. */
const SUITES: { readonly [name in PhaseName]: (options: Partial<Options>) => Promise<void> } = {
  basic: messagesAndFailures,
  advanced: checkpointsAndLoad,
  robust: partitions,
};
const NAMES = Object.keys(PHASES) as PhaseName[];

describe.each(NAMES)("a table in the phase %s", (name) => {
  const parsed = parseConfig(`performance: {phase: ${name}}`, nearest);
  if (!parsed.ok) throw new Error(name);
  const options = consensusOf(agreedIn(parsed.config));
  test("passes its own suite [U06]", () => SUITES[name](options), 120_000);
});

/** Consensus over the mesh: what any kiosk asks for is decided at all, and a kiosk that falls silent is noticed and waited for. */
async function messagesAndFailures(consensus: Partial<Options>): Promise<void> {
  const table = await linkedTable({ shape: "ring", consensus });
  const asker = new Asker(table);
  for (let kiosk = 0; kiosk < KIOSKS; kiosk++) {
    asker.ask(kiosk);
    expect(await table.run(10_000, () => asker.latencies.length === kiosk + 1), `kiosk ${kiosk}`).toBe(true);
  }
  expect(await table.run(5_000, () => isOne(table, [0, 1, 2, 3]))).toBe(true);
  const here = () => table.kiosks[0]!.process?.running?.node.standing()?.here;
  expect(await table.run(30_000, () => here() === KIOSKS)).toBe(true);
  table.kill(2);
  expect(await table.run(40_000, () => here() === KIOSKS - 1)).toBe(true);
  asker.ask(0);
  expect(await table.run(20_000, () => asker.latencies.length === KIOSKS + 1), "the rest goes on").toBe(true);
  table.start(2);
  expect(await table.run(60_000, () => isOne(table, [0, 1, 2, 3]) && here() === KIOSKS)).toBe(true);
  table.end();
}

/** A kiosk that lost everything has the state by a checkpoint; and radios carry more requests than one after another. */
async function checkpointsAndLoad(consensus: Partial<Options>): Promise<void> {
  const table = await linkedTable({ shape: "ring", consensus: { ...consensus, checkpointEvery: 8 } });
  const asker = new Asker(table);
  asker.onAnswer = (kiosk) => asker.ask(kiosk);
  for (let kiosk = 0; kiosk < 3; kiosk++) asker.ask(kiosk);
  const [first] = table.kiosks as [Table["kiosks"][number]];
  const stable = () => first.process?.running?.node.replica.stable.header.sequence ?? 0;
  expect(await table.run(30_000, () => stable() >= 16)).toBe(true);
  table.kill(3);
  const comer = table.kiosks[3]!;
  comer.disk = comer.disk.restored(new Map());
  await table.run(1_000);
  table.start(3);
  const goal = stable();
  const executed = () => comer.process?.running?.node.replica.executed ?? 0;
  expect(await table.run(60_000, () => executed() > goal)).toBe(true);
  table.end();
  // One after another there are eight of them in a second.
  const { operationsPerSecond } = await loaded(8, 5_000, consensus);
  expect(operationsPerSecond).toBeGreaterThan(30);
}

/** Cut in two halves and whole again; and while all are here everybody's votes decide early. */
async function partitions(consensus: Partial<Options>): Promise<void> {
  const halves = SCENARIOS.find(({ kind, drawn }) => kind === "partition" && drawn > 0)!;
  expect(await heal(1, { ...halves, lastsMs: 20_000 }, consensus)).toBeLessThan(300);
  const early = await median(consensus);
  expect(early).toBeLessThan(await median({ ...consensus, fastPath: false }));
}

async function median(consensus: Partial<Options>): Promise<number> {
  const table = await linkedTable({ shape: "mesh", consensus });
  const asker = new Asker(table);
  for (let asked = 0; asked < 8; asked++) {
    asker.ask(asked % KIOSKS);
    await table.run(10_000, () => asker.latencies.length > asked);
    await table.run(170 + 13 * asked);
  }
  table.end();
  return asker.latencies.sort((one, other) => one - other)[4]!;
}

function isOne(table: Table, kiosks: readonly number[]): boolean {
  const replicas = kiosks.map((at) => table.kiosks[at]!.process?.running?.node.replica);
  const [first] = replicas;
  return replicas.every(
    (each) =>
      each !== undefined &&
      first !== undefined &&
      each.probing === undefined &&
      bytesEqual(each.state.history, first.state.history),
  );
}
