/** A table to be measured: four kiosks with boards that take 5 ms for a full packet, cards that take 8 ms for a sync, and a pace that
 * whoever measures sets. */
import type { Board } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import type { BurstRules } from "../../hardware/virtual/air/bursts.ts";
import type { Options } from "../../host/engine/consensus/options.ts";
import { DiceOperation } from "../../host/engine/dice/operation.ts";
import { TableOperation } from "../../host/engine/table/operation.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { POWER_RULES, type PowerState } from "../../protocol/power/rules.ts";
import type { KioskPlace } from "../simulator/table/kiosk.ts";
import { Table } from "../simulator/table/table.ts";
import { TUNED } from "./consensus-load.ts";

export const KIOSKS = 4;
const PACKET_MS = 5;
const SYNC_MS = 8;
/** Within this the radios have found each other. */
const LINKED_MS = 60_000;

export interface Wanted {
  readonly shape: "ring" | "mesh";
  readonly intervalMs?: number;
  /** That every kiosk is in, from when they are linked. */
  readonly power?: PowerState;
  readonly consensus?: Partial<Options>;
  readonly bursts?: BurstRules;
  readonly seed?: number;
  readonly board?: Board;
  /** Other than an honest kiosk is. */
  readonly launch?: KioskPlace["launch"];
}

/** Two stock boards a kiosk make a ring, three a whole mesh. */
export async function linkedTable(wanted: Wanted): Promise<Table> {
  const {
    shape,
    power,
    intervalMs = POWER_RULES[power ?? "active"].intervalMs,
    consensus = {},
    bursts,
    seed = 1,
    board = boards.esp32,
  } = wanted;
  const { ble } = board;
  const fitted: Board = {
    ...{ ...board, packetMs: PACKET_MS },
    ble: { ...ble, intervalMinMs: intervalMs, intervalMaxMs: intervalMs },
  };
  const table = new Table({
    ...{ seed, isReal: false, syncMs: () => SYNC_MS, consensus: { ...TUNED, ...consensus } },
    boards: Array.from({ length: KIOSKS }, () => (shape === "ring" ? [fitted, fitted] : [fitted, fitted, fitted])),
    ...(bursts === undefined ? {} : { bursts }),
  });
  for (const kiosk of table.kiosks) {
    if (wanted.launch !== undefined) kiosk.launch = wanted.launch;
    table.start(kiosk.at);
  }
  const ends = shape === "ring" ? 2 * KIOSKS : KIOSKS * (KIOSKS - 1);
  for (let waitedMs = 0; waitedMs < LINKED_MS && linkEnds(table) < ends; waitedMs += 500) await table.run(500);
  assert(linkEnds(table) >= Math.min(ends, 2 * KIOSKS), "the radios find each other");
  for (const { process } of table.kiosks) {
    if (power !== undefined) process?.running?.node.setPower(power);
  }
  table.clock.stir();
  await table.run(SETTLED_MS);
  return table;
}

/** Everybody knows by then who is linked with whom, and has measured a round trip. */
const SETTLED_MS = 15_000;

export const linkEnds = (table: Table): number =>
  table.kiosks.reduce(
    (sum, { process }) =>
      sum + (process?.running?.radios.reports() ?? []).reduce((all, { linkCount }) => all + linkCount, 0),
    0,
  );

/** At any kiosk, which may be any time before it can: to its answer there, in milliseconds. It gives up a roll that never was, and so
 * moves nothing; and what is asked for the dice may come at any pace. */
export class Asker {
  readonly latencies: number[] = [];
  /** Answers that are still to come, by kiosk. */
  readonly underWay: number[][];
  private readonly table: Table;
  private asked = 0;

  constructor(table: Table) {
    this.table = table;
    this.underWay = table.kiosks.map(() => []);
    table.onEffect = (of, effect) => {
      if (effect.type !== "answered" || effect.seat !== SEAT) return;
      const since = this.underWay[of.at]!.shift();
      if (since !== undefined) this.latencies.push(table.clock.now - since);
      this.onAnswer(of.at);
    };
  }

  onAnswer: (kiosk: number) => void = () => {};

  ask(kiosk: number): void {
    const node = this.table.kiosks[kiosk]!.process?.running?.node;
    assert(node !== undefined, "who asks is up");
    const roll = FAR_ROLL + this.asked++;
    const inner = encode(DiceOperation, { type: "giveUp", roll }).slice();
    this.underWay[kiosk]!.push(this.table.clock.now);
    const why = node.submit(SEAT, encode(TableOperation, { type: "dice", operation: inner }).slice());
    assert(why === undefined, "what is asked is taken");
    this.table.clock.stir();
  }
}

const SEAT = 1;
/** With it, what is asked is nearly as long as a bet. */
const FAR_ROLL = 2 ** 31;
