/** What a table costs and how fast it is, in numbers: times, bytes to a neighbour, air, charge. */
import { packetUs, VALUE_OVERHEAD } from "../../../hardware/virtual/air/air-time.ts";
import { meanMilliamps } from "../../../hardware/virtual/air/energy.ts";
import { type Counted, counted } from "./counted.ts";
import type { KioskPlace } from "./kiosk.ts";
import type { Table } from "./table.ts";

export interface TableMeasures {
  /** From a player's wish to its answer there, in milliseconds. */
  readonly decideMedianMs: number;
  readonly decideMaxMs: number;
  /** Of the kiosk that took longest, from its process' start to where the furthest was then. */
  readonly syncMaxMs: number;
  /** From the mending of everything to one state everywhere. */
  readonly healMs: number;
  // While nothing fails and everybody plays:
  /** Over a link, in one direction. */
  readonly bytesPerPeerPerSecond: number;
  /** Share of time in which somebody sends values. */
  readonly airPercent: number;
  /** Mean current of a board, and so its charge in an hour. */
  readonly boardMilliamps: number;
}

interface Coming {
  readonly life: number;
  readonly since: number;
  readonly goal: number;
}

/** With two boards of the same kind in the middle of what they may take. */
const INTERVAL_MS = 30;

export class Measures {
  private readonly table: Table;
  private healMs = 0;
  private syncMaxMs = 0;
  private latencies: readonly number[] = [];
  private readonly coming: (Coming | undefined)[] = [];
  private began: Counted | undefined;
  private rates = { bytesPerPeerPerSecond: 0, airPercent: 0, boardMilliamps: 0 };

  constructor(table: Table) {
    this.table = table;
  }

  started({ at, lives }: KioskPlace, furthest: number): void {
    if (lives > 1) this.coming[at] = { life: lives, since: this.table.clock.now, goal: furthest };
  }

  /** Now and then. */
  look(): void {
    for (const [at, each] of this.coming.entries()) {
      const { lives, process } = this.table.kiosks[at];
      const executed = process?.running?.node.replica.executed;
      if (each === undefined || executed === undefined) continue;
      if (each.life === lives && executed < each.goal) continue;
      if (each.life === lives) this.syncMaxMs = Math.max(this.syncMaxMs, this.table.clock.now - each.since);
      this.coming[at] = undefined;
    }
  }

  healed(ms: number): void {
    this.healMs = ms;
  }

  async calm(): Promise<void> {
    this.began = await counted(this.table);
  }

  async ended(latencies: readonly number[]): Promise<void> {
    this.latencies = [...latencies].sort((left, right) => left - right);
    const { began, table } = this;
    if (began === undefined) return;
    const { at, values, bytes } = await counted(table);
    const seconds = (at - began.at) / 1000;
    const reports = table.kiosks.flatMap(({ process }) => process?.running?.radios.reports() ?? []);
    const linkEnds = reports.reduce((sum, { linkCount }) => sum + linkCount, 0);
    // A board that was started anew in between has counted from nothing.
    if (linkEnds === 0 || values < began.values || bytes < began.bytes) return;
    const perSecond = (values - began.values) / seconds;
    const boards = table.boards.flat();
    const meanSize = (bytes - began.bytes) / Math.max(1, (values - began.values) / 2);
    const drawn = boards.map(({ power, packetMs }) => {
      const packetsPerSecond = perSecond / boards.length;
      const links = linkEnds / boards.length;
      const cpu = Math.min(1, (packetsPerSecond * packetMs) / 1000);
      return meanMilliamps(power, { links, intervalMs: INTERVAL_MS, scan: 0, cpu, packetsPerSecond });
    });
    this.rates = {
      bytesPerPeerPerSecond: (bytes - began.bytes) / seconds / linkEnds,
      // Each value is counted where it was sent and where it was heard.
      airPercent: ((perSecond / 2) * packetUs("1M", VALUE_OVERHEAD + meanSize, false)) / 10_000,
      boardMilliamps: drawn.reduce((sum, each) => sum + each, 0) / drawn.length,
    };
  }

  all(): TableMeasures {
    const { latencies, healMs, syncMaxMs } = this;
    return {
      decideMedianMs: latencies[latencies.length >> 1] ?? 0,
      decideMaxMs: latencies.at(-1) ?? 0,
      ...{ syncMaxMs, healMs, ...this.rates },
    };
  }
}
