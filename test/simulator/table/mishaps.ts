/** What befalls a table: each mishap begins, lasts a while, and ends. */
import type { Position } from "../../../hardware/virtual/air/path-loss.ts";
import type { WireFaults } from "../../../hardware/virtual/events.ts";
import { TableOperation } from "../../../host/engine/consensus/table.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { type Chance, draw } from "../../../protocol/core/chance.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import type { Counts } from "../kinds.ts";
import { type KioskPlace, WALL_MS } from "./kiosk.ts";
import type { TableMishap } from "./plan.ts";
import { boardPosition, type Table } from "./table.ts";

/** Bits that flip, bytes that are lost and made up, and pieces that come late or byte by byte. */
const spoilt = (rate: number): WireFaults => ({
  ...{ flip: rate, drop: rate / 2, insert: rate / 4, split: 0.1, merge: 0.1 },
});
/** Metres: nobody hears anybody over these. */
const FAR_AWAY = 5_000;
/** A kiosk that has lost a process is back after this and as much again. */
const RESTART_MS = 1_000;
/** That the new software knows beside those of before; and how often a kiosk asks for them until they are played by. */
const NEW_RULES = 2;
const ASK_AGAIN_MS = 10_000;
/** Between two looks whether dice are on their way. */
const ROLLING_LOOK_MS = 100;
/** A clock that somebody set. */
const JUMP_MS = 6 * 3_600_000;

export class Mishaps {
  readonly counts: Counts;
  /** By kiosk, what its card's sync takes more. */
  readonly slowMs: number[];
  /** A kiosk's card is of an earlier day from now on. */
  onForgot: (kiosk: number) => void = () => {};
  private readonly table: Table;
  private readonly from: Chance;
  private readonly images: (ReturnType<Table["kiosks"][number]["disk"]["image"]> | undefined)[] = [];
  private readonly isStarting: boolean[] = [];
  private isOver = false;

  constructor(table: Table, from: Chance, counts: Counts) {
    this.table = table;
    this.from = from;
    this.counts = counts;
    this.slowMs = table.kiosks.map(() => 0);
  }

  begin(mishap: TableMishap): void {
    if (this.isOver) return;
    const { kind, kiosk, lastsMs, drawn } = mishap;
    const { table } = this;
    const boards = table.boardsOf(kiosk);
    const board = boards[Math.floor(drawn * boards.length)];
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    switch (kind) {
      case "wireNoise":
        table.radios.happen({ type: "faults", board, faults: spoilt(0.001 * drawn) });
        this.later(lastsMs, () => table.radios.happen({ type: "faults", board, faults: {} }));
        break;
      case "cable":
        table.radios.happen({ type: "cable", board, plugged: false });
        this.later(lastsMs, () => table.radios.happen({ type: "cable", board, plugged: true }));
        break;
      case "brownOut":
        table.radios.happen({ type: "brownOut", board });
        break;
      case "burstyAir":
        break;
      case "partition":
        this.carryAway(1 + Math.floor(drawn * ((1 << table.config.boards.length) - 2)));
        this.later(lastsMs, () => this.carryAway(0));
        break;
      case "kill":
        this.fall(kiosk, lastsMs);
        break;
      case "killAtDisk": {
        const { disk } = table.kiosks[kiosk];
        disk.dieAt = disk.operations + Math.floor(40 * drawn);
        break;
      }
      case "slowDisk":
        this.slowMs[kiosk] = 50 + 1_000 * drawn;
        this.later(lastsMs, () => {
          this.slowMs[kiosk] = 0;
        });
        break;
      case "failingDisk":
        table.kiosks[kiosk].disk.failsNext = true;
        break;
      case "clockJump":
        table.kiosks[kiosk].offsetMs += (drawn - 0.5) * JUMP_MS;
        break;
      case "bootIn1970":
        this.fall(kiosk, lastsMs);
        table.kiosks[kiosk].offsetMs = -(WALL_MS + table.clock.now);
        break;
      case "oldImage":
        this.images[kiosk] = table.kiosks[kiosk].disk.image();
        this.later(lastsMs, () => this.restore(kiosk));
        break;
      case "joining":
        this.comes();
        break;
      case "newSoftware":
        for (const { at } of table.kiosks)
          this.later((at * lastsMs) / table.kiosks.length, () => this.renew(at, drawn));
        break;
      case "powerCut":
        for (const { at } of table.kiosks) this.cutPower(at, lastsMs * draw(this.from));
        break;
    }
  }

  /** Whoever is down comes back soon. */
  fell(kiosk: number): void {
    this.startIn(kiosk, RESTART_MS * (1 + draw(this.from)));
  }

  /** Everything is as it should be from now on but the clocks, which nobody sets, and everybody comes back. */
  mend(): void {
    this.isOver = true;
    this.carryAway(0);
    this.table.come();
    for (const { at, disk } of this.table.kiosks) {
      this.slowMs[at] = 0;
      disk.dieAt = Number.POSITIVE_INFINITY;
      disk.failsNext = false;
      for (const board of this.table.boardsOf(at)) {
        this.table.radios.happen({ type: "faults", board, faults: {} });
        this.table.radios.happen({ type: "power", board, on: true });
        if (!this.table.radios.world.boards[board].plugged) {
          this.table.radios.happen({ type: "cable", board, plugged: true });
        }
      }
      if (this.table.kiosks[at].process === undefined) this.startIn(at, 0);
    }
  }

  private fall(kiosk: number, downMs: number): void {
    this.table.kill(kiosk);
    this.startIn(kiosk, downMs);
  }

  /** One after another is given the new software, and wants the table to play by it: it does once all can. */
  private renew(kiosk: number, drawn: number): void {
    const of = this.table.kiosks[kiosk];
    if (of.rulesKnown.includes(NEW_RULES)) return;
    this.fall(kiosk, RESTART_MS * (1 + drawn));
    of.rulesKnown = [...of.rulesKnown, NEW_RULES];
    this.ask(of);
  }

  private ask(of: KioskPlace): void {
    const node = of.process?.running?.node;
    const isPlayed = node !== undefined && node.replica.state.table.rules >= NEW_RULES;
    if (isPlayed) return;
    if (node !== undefined && node.replica.probing === undefined) {
      const change = { type: "rules", version: NEW_RULES } as const;
      node.submit(KIOSK_SEAT, encode(TableOperation, { type: "approve", change }).slice());
      this.table.clock.stir();
    }
    this.table.clock.after(ASK_AGAIN_MS, () => this.ask(of));
  }

  /** As soon as dice are on their way. */
  private comes(): void {
    const isRolling = this.table.kiosks.some(({ at }) => this.table.stateOf(at)?.dice.roll !== undefined);
    if (isRolling) this.table.come();
    else this.later(ROLLING_LOOK_MS, () => this.comes());
  }

  private restore(kiosk: number): void {
    const image = this.images[kiosk];
    if (image === undefined) return;
    this.table.kill(kiosk);
    const of = this.table.kiosks[kiosk];
    of.disk = of.disk.restored(image);
    this.images[kiosk] = undefined;
    this.onForgot(kiosk);
    this.startIn(kiosk, RESTART_MS);
  }

  private cutPower(kiosk: number, downMs: number): void {
    this.table.kill(kiosk);
    const of = this.table.kiosks[kiosk];
    of.disk = of.disk.afterCut(this.from);
    for (const board of this.table.boardsOf(kiosk)) {
      this.table.radios.happen({ type: "power", board, on: false });
      this.later(downMs, () => this.table.radios.happen({ type: "power", board, on: true }));
    }
    this.startIn(kiosk, downMs);
  }

  /** A bit each: those are carried out of the room, in one heap. */
  private carryAway(group: number): void {
    for (const { at } of this.table.kiosks) {
      const isAway = ((group >> at) & 1) === 1;
      for (const [each, board] of this.table.boardsOf(at).entries()) {
        const here = boardPosition(at, this.table.boards.length, each);
        const to: Position = isAway ? { x: here.x + FAR_AWAY, y: here.y } : here;
        this.table.radios.happen({ type: "move", board, to });
      }
    }
  }

  private startIn(kiosk: number, ms: number): void {
    if (this.isStarting[kiosk]) return;
    this.isStarting[kiosk] = true;
    this.table.clock.after(ms, () => {
      this.isStarting[kiosk] = false;
      if (this.table.kiosks[kiosk].process === undefined) this.table.start(kiosk);
    });
  }

  private later(ms: number, run: () => void): void {
    this.table.clock.after(ms, () => {
      if (!this.isOver) run();
    });
  }
}
