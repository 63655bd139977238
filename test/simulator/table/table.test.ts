import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { TUNED } from "../../bench/consensus-load.ts";
import { orderOf } from "../order.ts";
import { Checker } from "./checker.ts";
import { TABLE_ATTACKS, TABLE_FAULTS, type TableFault } from "./kinds.ts";
import { type TableMishap, tablePlan } from "./plan.ts";
import { Players } from "./players.ts";
import { runTable, type TableOutcome } from "./run.ts";
import { asJson, runTables } from "./summary.ts";
import { Table } from "./table.ts";

const told = ({ violation, rolls, decided, epochs }: TableOutcome) => ({
  ...{ violation, epochs, hasRolled: rolls > 0, hasDecided: decided > 10 },
});

const mishap = (kind: TableFault, kiosk: number, atS: number, lastsMs = 3_000): TableMishap => ({
  ...{ kind, kiosk, at: 1000 * atS, lastsMs, drawn: 0.3 },
});

const ringOf = (count: number): Table =>
  new Table({
    ...{ seed: 3, consensus: TUNED, isReal: false, syncMs: () => 8 },
    boards: Array.from({ length: count }, () => [boards.esp32, boards.esp32]),
  });

test("a table loses a process within a write, a board, its neighbours, and at last all power, and has one state and all its chips when it is over [U02]", async () => {
  const mishaps = [
    ...[mishap("killAtDisk", 1, 10), mishap("brownOut", 2, 15), mishap("partition", 0, 18), mishap("cable", 3, 24)],
    ...[mishap("failingDisk", 0, 28), mishap("bootIn1970", 2, 30), mishap("powerCut", 0, 38)],
  ];
  const outcome = await runTable(6, { n: 4, playMs: 45_000, liars: [], mishaps, without: ["burstyAir", "wireNoise"] });
  expect(told(outcome)).toEqual({ violation: undefined, epochs: 0, hasRolled: true, hasDecided: true });
  expect(mishaps.map(({ kind }) => outcome.faults[kind])).toEqual(mishaps.map(() => 1));
}, 60_000);

test("a kiosk that tells each half of the table another history loses its seat, and nobody else does [U03]", async () => {
  const outcome = await runTable(101, {
    ...{ n: 4, playMs: 45_000, liars: [{ kiosk: 1, kind: "equivocation" }], mishaps: [] },
    without: ["burstyAir", "wireNoise"],
  });
  expect(told(outcome)).toEqual({ violation: undefined, epochs: 1, hasRolled: true, hasDecided: true });
}, 60_000);

test("a fourth asks for a place while dice are on their way, loses its process while it sits down, and plays with the others in the end [H12]", async () => {
  const mishaps = [mishap("joining", 2, 12), mishap("kill", 2, 32)];
  const outcome = await runTable(6, { n: 4, playMs: 45_000, liars: [], mishaps, without: ["burstyAir", "wireNoise"] });
  expect(told(outcome)).toEqual({ violation: undefined, epochs: 1, hasRolled: true, hasDecided: true });
  expect(outcome.faults["joining"]).toBe(1);
}, 60_000);

test("one seed is one evening, from the dice down to the wires", async () => {
  const wish = { n: 3, playMs: 12_000 };
  const [first, again] = [await runTable(6, wish), await runTable(6, wish)];
  expect([again.digest, again.events]).toEqual([first.digest, first.events]);
}, 60_000);

test("whoever has told of what a card then forgets is found out", async () => {
  const table = ringOf(2);
  const checker = new Checker(table, () => false);
  const players = new Players(table, 1_000);
  table.onEffect = (of, effect) => {
    players.sees(of, effect);
    checker.sees(of, effect);
  };
  table.onStarted = (of, running) => checker.started(of, running);
  for (const { at } of table.kiosks) table.start(at);
  await table.run(5_000);
  const image = table.kiosks[0].disk.image();
  await table.run(10_000);
  expect([checker.failure, checker.told > 5]).toEqual([undefined, true]);
  table.kill(0);
  table.kiosks[0].disk = table.kiosks[0].disk.restored(image);
  table.start(0);
  await table.run(1_000);
  expect(checker.failure?.rule).toBe("what was told is durable");
  table.end();
}, 60_000);

test("a seed is ten minutes and more; one in fifty is signed for real", () => {
  const plans = Array.from({ length: 200 }, (_, at) => tablePlan(at + 1));
  expect(plans.every(({ playMs }) => playMs >= 600_000)).toBe(true);
  expect(plans.filter(({ isReal }) => isReal).length).toBe(4);
  const met = (kind: string): boolean =>
    plans.some(({ mishaps, liars }) => [...mishaps, ...liars].some((each) => each.kind === kind));
  expect([...TABLE_FAULTS, ...TABLE_ATTACKS].filter((kind) => kind !== "burstyAir" && !met(kind))).toEqual([]);
});

test("many seeds are summed up as those of the engine are", async () => {
  const sum = await runTables({ first: 5, seeds: 1, step: 1, wish: { playMs: 5_000 } });
  const json = JSON.parse(asJson(sum)) as { [name: string]: unknown };
  expect(json).toMatchObject({ seeds: 1, violations: 0, epochs: 0 });
  expect(Object.keys(json)).toEqual(expect.arrayContaining(["decided", "faults", "attackers", "rolls", "measures"]));
  expect(orderOf(["--scope", "table", "--seeds", "500", "--json"])).toMatchObject({ scope: "table", seeds: 500 });
  expect(orderOf(["--scope", "table", "--without", "twins,powerCut"])?.wish.without).toEqual(["twins", "powerCut"]);
  expect(orderOf(["--scope", "table", "--without", "amnesiac"])).toBeUndefined();
}, 60_000);
