/** A whole table in one process and one seed: kiosks, their cards, boards, wires and the air, on one clock. */
import type { Board } from "../../../hardware/boards/board.ts";
import type { BurstRules } from "../../../hardware/virtual/air/bursts.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import type { CrapsTable } from "../../../host/node/craps-table.ts";
import { meshPlan } from "../../../host/node/mesh-plan.ts";
import type { SeenRoll } from "../../../host/node/roll-watch.ts";
import { type VirtualPorts, virtualPorts } from "../../../host/radio/virtual-port.ts";
import { type Chance, chance, draw32, drawBytes } from "../../../protocol/core/chance.ts";
import { TABLE_ID_SIZE } from "../../../protocol/core/limits.ts";
import { TableClock } from "./clock.ts";
import { type DiskWorld, TableDisk } from "./disk.ts";
import { HONEST, type KioskPlace, kill, type Running, type Setting, start } from "./kiosk.ts";
import { people, rulesOf } from "./people.ts";

export interface TableConfig {
  readonly seed: number;
  /** By kiosk. */
  readonly boards: readonly (readonly Board[])[];
  readonly consensus: Options;
  readonly isReal: boolean;
  /** What a sync of a kiosk's card takes, in milliseconds. */
  readonly syncMs: (kiosk: number) => number;
  readonly bursts?: BurstRules;
  readonly errorRate?: number;
  /** Kiosks that there are twice: the second of each has boards of its own, and the same key. */
  readonly twins?: readonly number[];
  /** One that is no founder, and asks the others for a place when it comes. */
  readonly newcomer?: number | undefined;
}

/** Metres from the middle of the table to each kiosk, and from a kiosk to its boards. */
const TABLE_RADIUS = 1;
const BOARD_APART = 0.1;

export class Table {
  readonly clock = new TableClock();
  readonly kiosks: readonly KioskPlace[];
  readonly radios: VirtualPorts;
  readonly config: TableConfig;
  /** By kiosk, twins behind all others. */
  readonly boards: readonly (readonly Board[])[];
  /** What one seed came to, so far: two runs of it have one. */
  digest: Uint8Array = new Uint8Array(32);
  /** What a sync of that kiosk's card takes beyond the usual. */
  slowMs: (kiosk: number) => number = () => 0;
  onEffect: (of: KioskPlace, effect: Effect) => void = () => {};
  onRoll: (of: KioskPlace, roll: SeenRoll) => void = () => {};
  onStarted: (of: KioskPlace, running: Running) => void = () => {};
  onEnded: (of: KioskPlace, why: string) => void = () => {};
  private readonly setting: Setting;
  private hasCome = false;

  constructor(config: TableConfig) {
    this.config = config;
    const { clock } = this;
    const from = chance(config.seed);
    const { twins = [], newcomer } = config;
    const count = config.boards.length;
    const boards = [...config.boards, ...twins.map((of) => config.boards[of])];
    this.boards = boards;
    const names = boards.map((own, kiosk) => own.map((_, board) => `k${kiosk}-${board}`));
    const placed = boards.flatMap((own, kiosk) =>
      own.map((board, at) => ({ board, position: boardPosition(kiosk, boards.length, at) })),
    );
    this.radios = virtualPorts(
      {
        ...{ seed: draw32(from), boards: placed, errorRate: config.errorRate ?? 0 },
        ...(config.bursts === undefined ? {} : { bursts: config.bursts }),
      },
      names.flat(),
      { now: () => clock.now, after: (ms, run) => clock.after(ms, run) },
    );
    const persons = people(count, from, config.isReal);
    const table = drawBytes(from, TABLE_ID_SIZE);
    const plan = meshPlan(config.boards.map((boards) => boards.map(({ ble }) => ble)));
    const places = [...persons.keys(), ...twins];
    this.kiosks = places.map((place, at): KioskPlace => {
      const person = persons[place];
      const own = chance(draw32(from));
      const disk = new TableDisk(this.diskWorld(at));
      return {
        ...{ at, person, chance: own, disk, opens: plan.kiosks[place].opens },
        rules: rulesOf(table, persons, person, newcomer),
        ...{ isFounder: at !== newcomer, belief: undefined },
        boards: boards[at].map(({ baud }, board) => ({
          ...{ name: names[at][board], role: plan.kiosks[place].roles[board], baud },
        })),
        ...{ launch: HONEST, rulesKnown: config.consensus.rules, offsetMs: 0, process: undefined, lives: 0 },
      };
    });
    this.setting = {
      ...{ clock, ports: this.radios.open, table, keys: persons.map(({ key }) => key) },
      founders: persons.flatMap(({ key }, place) => (place === newcomer ? [] : [key])),
      ...{ secret: drawBytes(from, 32), consensus: config.consensus },
      onEffect: (of, effect) => this.sees(of, effect),
      onRoll: (of, roll) => this.onRoll(of, roll),
      onStarted: (of, running) => this.onStarted(of, running),
      onEnded: (of, why) => this.onEnded(of, why),
    };
  }

  start(at: number): void {
    if (this.hasCome || at !== this.config.newcomer) start(this.kiosks[at], this.setting);
  }

  /** The newcomer is there from now on. */
  come(): void {
    const { newcomer } = this.config;
    if (this.hasCome || newcomer === undefined) return;
    this.hasCome = true;
    this.start(newcomer);
  }

  kill(at: number): void {
    kill(this.kiosks[at]);
  }

  run(ms: number, done?: () => boolean): Promise<boolean> {
    return this.clock.run(this.clock.now + ms, done);
  }

  /** Boards of a kiosk, as the world counts them. */
  boardsOf(at: number): readonly number[] {
    const before = this.boards.slice(0, at).reduce((sum, boards) => sum + boards.length, 0);
    return this.boards[at].map((_, board) => before + board);
  }

  /** What it has agreed on; undefined while it is down. */
  stateOf(at: number): CrapsTable | undefined {
    return this.kiosks[at].process?.running?.node.replica.state.machine;
  }

  end(): void {
    for (const { at } of this.kiosks) this.kill(at);
    this.radios.stop();
  }

  private diskWorld(at: number): DiskWorld {
    return {
      syncMs: () => this.config.syncMs(at % this.config.boards.length) + this.slowMs(at),
      after: (ms, run) => this.clock.afterStirred(ms, run),
      onDeath: () => {
        this.kill(at);
        this.onEnded(this.kiosks[at], "killed");
      },
    };
  }

  private sees(of: KioskPlace, effect: Effect): void {
    if (effect.type === "executed") {
      const { now } = this.clock;
      const said = new Float64Array([of.at, of.lives, effect.sequence, effect.time, effect.done.length, now]);
      this.digest = sha256(this.digest, new Uint8Array(said.buffer));
    }
    this.onEffect(of, effect);
  }
}

/** Round a table. */
export function boardPosition(kiosk: number, count: number, board: number): { readonly x: number; readonly y: number } {
  const angle = (2 * Math.PI * kiosk) / count;
  return { x: TABLE_RADIUS * Math.cos(angle) + board * BOARD_APART, y: TABLE_RADIUS * Math.sin(angle) };
}

/** Streams that do not disturb each other. */
export const streamOf = (seed: number, of: number): Chance => chance(seed * 64 + of);
