/**
 * A kiosk's card in memory, with the time that it takes: appending is quick, a sync takes as long as it is told to. A process that
 * is killed leaves all that it wrote; a cut of the power leaves what was synced, and of the rest some.
 *
 * Names change at once and for good: what becomes of those in a power cut is tried out where the journal is tested.
 */
import { type Disk, DiskError, type DiskFile, type DiskRead } from "../../../host/storage/disk.ts";
import { type Chance, drawBelow } from "../../../protocol/core/chance.ts";
import { PowerCut } from "../../host/storage/simulated-disk.ts";

interface Content {
  bytes: Uint8Array;
  size: number;
  /** What a power cut leaves of it. */
  kept: number;
}

export interface DiskWorld {
  /** What a sync takes now, in milliseconds. */
  readonly syncMs: () => number;
  readonly after: (ms: number, run: () => void) => unknown;
  /** The process dies at this moment, whoever called. */
  readonly onDeath: () => void;
}

export class TableDisk implements Disk {
  /** Those that change something, done or begun. */
  operations = 0;
  syncs = 0;
  /** The process is killed before the operation of this number. */
  dieAt = Number.POSITIVE_INFINITY;
  /** The next sync fails, and what it was to keep is lost with the next cut. */
  failsNext = false;
  private readonly world: DiskWorld;
  private readonly files: Map<string, Content>;
  private isLocked = false;
  private isDead = false;

  constructor(world: DiskWorld, files: Map<string, Content> = new Map()) {
    this.world = world;
    this.files = files;
  }

  /** Bytes of all files. */
  get size(): number {
    return [...this.files.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** For the next process, in the same machine; whoever still has this one is dead. */
  killed(): TableDisk {
    this.isDead = true;
    return new TableDisk(this.world, this.files);
  }

  /** The same after the power was gone: of what was not synced the beginning is there, as far as it came. */
  afterCut(from: Chance): TableDisk {
    for (const content of this.files.values()) {
      content.size = content.kept + drawBelow(from, content.size - content.kept + 1);
      content.kept = content.size;
    }
    return this.killed();
  }

  /** As somebody copies the card. */
  image(): Map<string, Content> {
    const files = new Map<string, Content>();
    for (const [name, { bytes, size }] of this.files)
      files.set(name, { bytes: bytes.slice(0, size), size, kept: size });
    return files;
  }

  /** The process is dead, and the card is as it was then. */
  restored(image: Map<string, Content>): TableDisk {
    this.isDead = true;
    return new TableDisk(this.world, image);
  }

  lock(): string | undefined {
    this.live();
    if (this.isLocked) return "another process";
    this.isLocked = true;
    return undefined;
  }

  unlock(): void {
    this.live();
    this.isLocked = false;
  }

  list(): readonly string[] {
    this.live();
    return [...this.files.keys()];
  }

  read(name: string, sizeMax: number): DiskRead {
    const { bytes, size } = this.find(name);
    return { bytes: bytes.slice(0, Math.min(size, sizeMax)), isWhole: size <= sizeMax };
  }

  create(name: string): DiskFile {
    this.begin();
    if (this.files.has(name)) throw new DiskError("EEXIST", `${name} exists`);
    const content: Content = { bytes: new Uint8Array(FIRST_SIZE), size: 0, kept: 0 };
    this.files.set(name, content);
    return this.file(content);
  }

  open(name: string): DiskFile {
    return this.file(this.find(name));
  }

  truncate(name: string, size: number): void {
    this.begin();
    const content = this.find(name);
    content.size = Math.min(content.size, size);
    content.kept = Math.min(content.kept, size);
  }

  rename(from: string, to: string): void {
    this.begin();
    const content = this.find(from);
    this.files.delete(from);
    this.files.set(to, content);
  }

  remove(name: string): void {
    this.begin();
    this.find(name);
    this.files.delete(name);
  }

  async syncDirectory(): Promise<void> {
    await this.passes();
    this.begin();
  }

  private file(content: Content): DiskFile {
    const append = (bytes: Uint8Array): void => {
      this.begin();
      if (content.size + bytes.length > content.bytes.length) {
        const grown = new Uint8Array(2 * (content.size + bytes.length));
        grown.set(content.bytes.subarray(0, content.size));
        content.bytes = grown;
      }
      content.bytes.set(bytes, content.size);
      content.size += bytes.length;
    };
    const sync = (upTo: number): void => {
      this.begin();
      this.syncs += 1;
      if (this.failsNext) {
        this.failsNext = false;
        throw new DiskError("EIO", "as the seed wants it");
      }
      content.kept = Math.max(content.kept, Math.min(upTo, content.size));
    };
    return {
      append: async (bytes) => append(bytes),
      appendSync: append,
      sync: async () => {
        const upTo = content.size;
        await this.passes();
        sync(upTo);
      },
      syncSync: () => sync(content.size),
      close: () => this.live(),
    };
  }

  private passes(): Promise<void> {
    return new Promise((resolve) => void this.world.after(this.world.syncMs(), resolve));
  }

  private begin(): void {
    this.live();
    if (this.operations++ < this.dieAt) return;
    this.isDead = true;
    this.world.onDeath();
    throw new PowerCut();
  }

  private live(): void {
    if (this.isDead) throw new PowerCut();
  }

  private find(name: string): Content {
    this.live();
    const content = this.files.get(name);
    if (content === undefined) throw new DiskError("ENOENT", `no ${name}`);
    return content;
  }
}

const FIRST_SIZE = 65_536;
