/** A kiosk at a table that plays craps, and at every point where its disk is written what a kill or a power cut would leave: of
 * each of these a kiosk is started, which must be the one that it was. */
import { sha256 } from "../../../host/crypto/sha256.ts";
import { audit } from "../../../host/engine/ledger/audit.ts";
import type { CrapsTable } from "../../../host/node/craps-table.ts";
import { remember } from "../../../host/node/memory.ts";
import type { StartedNode } from "../../../host/node/node.ts";
import type { Disk, DiskFile } from "../../../host/storage/disk.ts";
import type { Ballot } from "../../../protocol/agreement/ballot.ts";
import { type Chance, chance } from "../../../protocol/core/chance.ts";
import { MANNERS, type SimulatedDisk } from "../storage/simulated-disk.ts";
import { CrapsKiosks, toldOf } from "./craps-kiosks.ts";
import { Monitor } from "./monitor.ts";
import { WALL_MS } from "./neighbours.ts";

/** What was true when the disk was about to be written. */
interface Left {
  readonly what: string;
  readonly disk: SimulatedDisk;
  readonly acknowledged: number;
  readonly said: Ballot | undefined;
}

export interface WritePoints {
  points: number;
  starts: number;
  /** By kind of operation. */
  readonly kinds: { [kind: string]: number };
  readonly verdicts: { [verdict: string]: number };
  /** Starts whose state another kiosk was seen with. */
  compared: number;
  readonly wrongs: string[];
}

const ME = 1;

export class WrittenKiosks extends CrapsKiosks {
  readonly found: WritePoints = { points: 0, starts: 0, kinds: {}, verdicts: {}, compared: 0, wrongs: [] };
  private readonly monitor: Monitor;
  private readonly source: Chance;
  private readonly left: Left[] = [];
  /** By sequence, of any kiosk that was there. */
  private readonly digests = new Map<number, string>();

  constructor(seed: number) {
    super(4, "stand-in", { checkpointEvery: 5 });
    this.compactAboveSize = 12_000;
    this.source = chance(seed);
    this.monitor = new Monitor(this.table, this.members, this.kiosks[ME]!.ports);
    const seen = this.kiosks.map(() => 0);
    this.carry = ({ bytes }) => {
      for (const [at, { told }] of this.kiosks.entries()) {
        for (; seen[at]! < told.length; seen[at]! += 1) {
          const effect = told[seen[at]!]!;
          if (effect.type === "persist" && effect.record.type === "voted") this.monitor.kept(effect.record.ballot);
        }
      }
      this.monitor.sent(bytes);
      for (const { node } of this.kiosks) {
        const sequence = node?.replica.state.sequence;
        if (sequence !== undefined && !this.digests.has(sequence)) this.digests.set(sequence, this.digestOf(node!));
      }
      return true;
    };
  }

  override tryStart(at: number, disk: Disk = this.kiosks[at]!.disk): Promise<StartedNode<CrapsTable>> {
    const point = (kind: string, name: string, bytes?: Uint8Array): void => this.onWrite(kind, name, bytes);
    return super.tryStart(at, at === ME ? told(disk, point) : disk);
  }

  /** Each that was left since the last time. */
  async startEach(): Promise<WritePoints> {
    const { found, monitor } = this;
    for (const left of this.left.splice(0)) await this.startFrom(left);
    found.wrongs.push(...monitor.violations.splice(0));
    return found;
  }

  private onWrite(kind: string, name: string, bytes: Uint8Array | undefined): void {
    const { disk } = this.kiosks[ME]!;
    const { found, monitor, source } = this;
    const truth = { acknowledged: this.acknowledged(), said: monitor.last.get(ME) };
    const note = (manner: string, copy: SimulatedDisk): void => {
      this.left.push({ what: `${kind} ${name}, ${manner}`, disk: copy, ...truth });
    };
    found.points += 1;
    found.kinds[kind] = 1 + (found.kinds[kind] ?? 0);
    // After a kill all that was written is there: as after a cut of a disk that had written everything.
    for (const manner of MANNERS) note(manner, disk.afterCut(manner, source));
    if (bytes === undefined) return;
    const half = disk.afterCut("everything", source);
    half.open(name).appendSync(bytes.subarray(0, bytes.length >>> 1));
    note("half", half);
  }

  private acknowledged(): number {
    return Math.max(0, ...toldOf(this.kiosks[ME]!.told, "answered").map(({ number }) => number));
  }

  private async startFrom({ what, disk, acknowledged, said }: Left): Promise<void> {
    const { found } = this;
    const { key, ports } = this.kiosks[ME]!;
    const { options, table, members, now } = this;
    const founding = { options, table, members, key, at: now, wallMs: WALL_MS + now };
    const { machine } = this.appOf(ME);
    const seen = this.seen[ME]!.length;
    found.starts += 1;
    const wrong = (why: string): number => found.wrongs.push(`${what}: ${why}`);
    const remembered = await remember(disk, founding, { ports, machine });
    this.seen[ME]!.length = seen;
    if (!remembered.ok) return void wrong(`it does not start: ${remembered.why}`);
    const { replica, verdict, journal } = remembered.memory;
    found.verdicts[verdict.type] = 1 + (found.verdicts[verdict.type] ?? 0);
    if (verdict.type === "damaged") wrong(`it is called damaged: ${verdict.why}`);
    const before = new Monitor(table, members, ports);
    if (said !== undefined) before.last.set(ME, said);
    if (!before.isRemembered(replica)) wrong("it forgot what it had said");
    if (replica.lastNumber < acknowledged) wrong(`it forgot request ${acknowledged}`);
    if (!audit(replica.state.machine.ledger).ok) wrong("its ledger does not add up");
    const digest = this.digests.get(replica.state.sequence);
    if (digest !== undefined) {
      found.compared += 1;
      if (digest !== this.digestOf({ replica })) wrong(`another state after sequence ${replica.state.sequence}`);
    }
    await journal.close();
  }

  private digestOf({ replica }: { readonly replica: { readonly state: CrapsState } }): string {
    const { history, machine } = replica.state;
    return Buffer.from(sha256(history, this.appOf(ME).machine.snapshot(machine))).toString("hex");
  }
}

interface CrapsState {
  readonly history: Uint8Array;
  readonly machine: CrapsTable;
}

/** Tells of each operation before it is done. */
function told(disk: Disk, point: (kind: string, name: string, bytes?: Uint8Array) => void): Disk {
  // A file that is open goes by another name when it is renamed.
  const names: { name: string }[] = [];
  const file = (opened: string, of: DiskFile): DiskFile => {
    const called = { name: opened };
    names.push(called);
    return {
      append(bytes) {
        point("append", called.name, bytes);
        return of.append(bytes);
      },
      appendSync(bytes) {
        point("append", called.name, bytes);
        of.appendSync(bytes);
      },
      sync() {
        point("sync", called.name);
        return of.sync();
      },
      syncSync() {
        point("sync", called.name);
        of.syncSync();
      },
      close: () => of.close(),
    };
  };
  return {
    lock: () => disk.lock(),
    unlock: () => disk.unlock(),
    list: () => disk.list(),
    read: (name, sizeMax) => disk.read(name, sizeMax),
    create(name) {
      point("create", name);
      return file(name, disk.create(name));
    },
    open: (name) => file(name, disk.open(name)),
    truncate(name, size) {
      point("truncate", name);
      disk.truncate(name, size);
    },
    rename(from, to) {
      point("rename", from);
      disk.rename(from, to);
      for (const called of names) if (called.name === from) called.name = to;
    },
    remove(name) {
      point("remove", name);
      disk.remove(name);
    },
    syncDirectory() {
      point("sync names", "");
      return disk.syncDirectory();
    },
  };
}
