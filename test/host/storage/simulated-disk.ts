/**
 * A disk in memory that keeps apart what a program sees and what a power cut leaves. A write is seen at once and kept from the
 * next sync; the same holds of names and the folder's sync. Whatever is not kept yet may be there after a cut, in part and in
 * any order of sectors, and where it is not, zeros are, or what lay there long ago.
 *
 * One assumption: a sector that is rewritten with more at its end does not lose what it held.
 */
import { type Disk, DiskError, type DiskFile, type DiskRead } from "../../../host/storage/disk.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, drawBelow } from "../../../protocol/core/chance.ts";

export const SECTOR_SIZE = 64;

/** What becomes of all that is not kept. - torn: it is there up to some byte. - disorder: some of its sectors and names are. */
export type Manner = "nothing" | "everything" | "torn" | "disorder";
export const MANNERS: readonly Manner[] = ["nothing", "everything", "torn", "disorder"];

export interface Faults {
  /** The power goes before the operation of this number, counted from 0. */
  cutAt?: number;
  /** The operation of this number fails; of an append, after so many bytes. */
  failAt?: { readonly operation: number; readonly code: string; readonly after?: number };
  /** A sync that says so and does not. */
  liesAbout?: "files" | "names";
  /** Bytes of all files. */
  capacity?: number;
  /** The write of this number, which was thought kept, went to another place. */
  misdirect?: { readonly write: number; readonly to: (size: number) => number };
}

interface Content {
  seen: Uint8Array;
  kept: Uint8Array;
  /** Since the last sync. */
  changes: Change[];
  /** What was ever written at each place. */
  ghost: Uint8Array;
  unreadableFrom: number;
}

type Change =
  | { readonly type: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly type: "truncate"; readonly size: number };

type NameChange =
  | { readonly type: "put"; readonly name: string; readonly content: Content; readonly instead?: string }
  | { readonly type: "remove"; readonly name: string };

export class PowerCut extends Error {}

export class SimulatedDisk implements Disk {
  readonly faults: Faults = {};
  /** Those that change something, done or begun. */
  operations = 0;
  private writes = 0;
  private seen = new Map<string, Content>();
  private kept = new Map<string, Content>();
  private changes: NameChange[] = [];
  private isLocked = false;
  private isDead = false;

  lock(): string | undefined {
    this.live();
    if (this.isLocked) return "another program of this test";
    this.isLocked = true;
    return undefined;
  }

  unlock(): void {
    this.live();
    this.isLocked = false;
  }

  list(): readonly string[] {
    this.live();
    return [...this.seen.keys()].reverse();
  }

  read(name: string, sizeMax: number): DiskRead {
    const content = this.find(name);
    const size = Math.min(sizeMax, content.unreadableFrom, content.seen.length);
    return { bytes: content.seen.slice(0, size), isWhole: size === content.seen.length };
  }

  create(name: string): DiskFile {
    this.begin();
    if (this.seen.has(name)) throw new DiskError("EEXIST", `${name} exists`);
    const content: Content = {
      ...{ seen: EMPTY, kept: EMPTY, changes: [], ghost: EMPTY },
      unreadableFrom: Number.POSITIVE_INFINITY,
    };
    this.rename_({ type: "put", name, content });
    return this.file(content);
  }

  open(name: string): DiskFile {
    return this.file(this.find(name));
  }

  truncate(name: string, size: number): void {
    this.begin();
    const content = this.find(name);
    const change: Change = { type: "truncate", size };
    content.changes.push(change);
    content.seen = changed(content.seen, change);
  }

  rename(from: string, to: string): void {
    this.begin();
    this.rename_({ type: "put", name: to, content: this.find(from), instead: from });
  }

  remove(name: string): void {
    this.begin();
    this.find(name);
    this.rename_({ type: "remove", name });
  }

  async syncDirectory(): Promise<void> {
    await soon();
    this.begin();
    if (this.faults.liesAbout === "names") return;
    for (const change of this.changes.splice(0)) applyName(this.kept, change);
  }

  /** The process dies and the machine goes on: what was written is seen, and kept no sooner than before. */
  killed(): SimulatedDisk {
    const next = new SimulatedDisk();
    [next.seen, next.kept, next.changes] = [this.seen, this.kept, this.changes];
    [next.operations, next.writes] = [this.operations, this.writes];
    Object.assign(next.faults, this.faults);
    this.isDead = true;
    return next;
  }

  /** What the machine finds when it has power again. This disk may be cut anew: nothing of it is changed. */
  afterCut(manner: Manner, chance: Chance): SimulatedDisk {
    const next = new SimulatedDisk();
    const names = new Map(this.kept);
    for (const change of survivingNames(this.changes, manner, chance)) applyName(names, change);
    for (const [name, content] of names) {
      const kept = survivingBytes(content, manner, chance);
      // Whatever was lost may have reached the medium all the same.
      const ghost = content.changes.reduce(haunted, content.ghost);
      const { unreadableFrom } = content;
      next.seen.set(name, { seen: kept, kept, changes: [], ghost, unreadableFrom });
    }
    next.kept = new Map(next.seen);
    return next;
  }

  /** Bytes that are kept, to be spoiled. */
  keptBytes(name: string): Uint8Array {
    return this.find(name).kept;
  }

  /** Rot, as a program sees it once nothing is remembered. */
  spoil(name: string, spoilt: Uint8Array): void {
    const content = this.find(name);
    [content.seen, content.kept, content.changes] = [spoilt, spoilt, []];
  }

  unreadable(name: string, from: number): void {
    this.find(name).unreadableFrom = from;
  }

  private file(content: Content): DiskFile {
    const append = (bytes: Uint8Array): void => this.append(content, bytes);
    const sync = (): void => this.sync(content);
    return {
      async append(bytes) {
        // Late, so that whoever uses its buffer again too early is found out.
        await soon();
        append(bytes);
      },
      appendSync: append,
      async sync() {
        await soon();
        sync();
      },
      syncSync: sync,
      close: () => this.live(),
    };
  }

  private append(content: Content, bytes: Uint8Array): void {
    const { failAt, capacity = Number.POSITIVE_INFINITY } = this.faults;
    const number = this.operations;
    const write = (size: number): void => {
      const change: Change = { type: "write", at: content.seen.length, bytes: bytes.slice(0, size) };
      content.changes.push(change);
      content.seen = changed(content.seen, change);
    };
    try {
      this.begin();
    } catch (error) {
      if (failAt?.operation === number) write(failAt.after ?? 0);
      throw error;
    }
    const room = capacity - [...this.seen.values()].reduce((sum, { seen }) => sum + seen.length, 0);
    write(Math.min(bytes.length, room));
    if (room < bytes.length) throw new DiskError("ENOSPC", "no room");
  }

  private sync(content: Content): void {
    const number = this.operations;
    try {
      this.begin();
    } catch (error) {
      // The system drops what it could not write, goes on showing it, and calls it written the next time.
      if (this.faults.failAt?.operation === number) content.changes = [];
      throw error;
    }
    if (this.faults.liesAbout === "files") return;
    for (const change of content.changes.splice(0)) {
      const { misdirect } = this.faults;
      const isAstray = change.type === "write" && this.writes++ === misdirect?.write;
      const astray = isAstray ? { ...change, at: misdirect?.to(content.kept.length) ?? 0 } : change;
      content.kept = changed(content.kept, astray);
      content.ghost = haunted(content.ghost, change);
    }
  }

  private rename_(change: NameChange): void {
    this.changes.push(change);
    applyName(this.seen, change);
  }

  private begin(): void {
    this.live();
    const number = this.operations++;
    if (number === this.faults.cutAt) {
      this.isDead = true;
      throw new PowerCut();
    }
    const { failAt } = this.faults;
    if (number === failAt?.operation) throw new DiskError(failAt.code, "as the test wants it");
  }

  private live(): void {
    if (this.isDead) throw new PowerCut();
  }

  private find(name: string): Content {
    this.live();
    const content = this.seen.get(name);
    if (content === undefined) throw new DiskError("ENOENT", `no ${name}`);
    return content;
  }
}

const EMPTY = new Uint8Array(0);

async function soon(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await undefined;
}

/** A copy. */
function changed(bytes: Uint8Array, change: Change): Uint8Array {
  if (change.type === "truncate") return bytes.slice(0, change.size);
  const next = new Uint8Array(Math.max(bytes.length, change.at + change.bytes.length));
  next.set(bytes);
  next.set(change.bytes, change.at);
  return next;
}

/** What is cut off is not wiped. */
const haunted = (ghost: Uint8Array, change: Change): Uint8Array =>
  change.type === "truncate" ? ghost : changed(ghost, change);

function applyName(names: Map<string, Content>, change: NameChange): void {
  if (change.type === "remove") names.delete(change.name);
  else {
    if (change.instead !== undefined) names.delete(change.instead);
    names.set(change.name, change.content);
  }
}

function survivingNames(changes: readonly NameChange[], manner: Manner, chance: Chance): readonly NameChange[] {
  switch (manner) {
    case "nothing":
      return [];
    case "everything":
      return changes;
    case "torn":
      return changes.slice(0, drawBelow(chance, changes.length + 1));
    case "disorder":
      return changes.filter(() => drawBelow(chance, 2) === 0);
  }
}

function survivingBytes(content: Content, manner: Manner, chance: Chance): Uint8Array {
  const { kept, seen, changes, ghost } = content;
  if (manner === "nothing" || changes.length === 0) return kept;
  if (manner === "everything") return changes.reduce(changed, kept);
  if (manner === "torn") {
    const whole = changes.slice(0, drawBelow(chance, changes.length));
    const last = changes[whole.length]!;
    const bytes = whole.reduce(changed, kept);
    if (last.type === "truncate") return bytes;
    return changed(bytes, { ...last, bytes: last.bytes.slice(0, drawBelow(chance, last.bytes.length + 1)) });
  }
  assert(manner === "disorder", "no other manner");
  const target = changes.reduce(changed, kept);
  const longest = Math.max(kept.length, target.length, seen.length);
  const shortest = Math.min(kept.length, target.length);
  const isLongest = drawBelow(chance, 2) === 0;
  const result = new Uint8Array(isLongest ? longest : shortest + drawBelow(chance, longest - shortest + 1));
  for (let at = 0; at < result.length; at += SECTOR_SIZE) {
    const end = Math.min(at + SECTOR_SIZE, result.length);
    const isNew = drawBelow(chance, 2) === 0;
    const isGhostly = drawBelow(chance, 2) === 0;
    for (let byte = at; byte < end; byte++) {
      const old = byte < kept.length ? kept[byte] : isGhostly ? ghost[byte] : 0;
      result[byte] = (isNew && byte < target.length ? target[byte] : old) ?? 0;
    }
  }
  return result;
}
