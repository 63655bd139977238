/**
 * What must not be forgotten, whatever happens to the process or the power: records in the order in which they were appended.
 * The journal knows nothing of what they mean.
 *
 * `append` costs no call to the system; `flush` makes durable what was appended before it, with one write and one sync, and
 * whatever is appended meanwhile shares the next. `compact` puts a few records in the place of all earlier ones.
 *
 * A write or a sync that fails is never tried again, for nobody knows what the disk then holds: the journal refuses everything
 * from there on, and its owner ends the process. The next opening finds out.
 */
import { assert } from "../../../protocol/core/assert.ts";
import type { Disk, DiskFile } from "../disk.ts";
import {
  JOURNAL_BUFFER_KEPT_SIZE_MAX,
  JOURNAL_COMPACTED_SIZE_MAX,
  JOURNAL_FILE_SIZE_MAX,
  JOURNAL_GROUP_SIZE_MAX,
} from "../limits.ts";
import { type Image, imageOf, writeGeneration } from "./generation.ts";
import { Group, type Seeds, sizeOf } from "./group.ts";
import { FILE_HEAD_SIZE, RECORD_HEAD_SIZE } from "./layout.ts";
import { FAILED_NAME, fileName } from "./names.ts";

const NOTHING = new Uint8Array(0);

/** - full: compact first. - unflushed: flush first. - failed: no more, ever. */
export type Appended = "buffered" | "full" | "unflushed" | "failed";

/** Where a journal goes on: what an opening found, or made. */
export interface Standing {
  readonly file: DiskFile;
  readonly generation: number;
  readonly next: number;
  readonly size: number;
  readonly seeds: Seeds;
  readonly isDamaged: boolean;
}

export class JournalFailed extends Error {
  constructor(cause: unknown) {
    super(`the journal has failed: ${(cause as Error).message}`, { cause });
    this.name = "JournalFailed";
  }
}

export class Journal {
  private readonly disk: Disk;
  private readonly drawSalt: () => number;
  private file: DiskFile;
  private generation: number;
  private seeds: Seeds;
  private next: number;
  /** Of the file to which the next record goes, once all is written. */
  private fileSize: number;
  private damaged: boolean;

  /** What is appended now, and the number of its first record. */
  private group = new Group(NOTHING);
  private groupFirst: number;
  /** That the group now open will be durable; undefined where nobody has asked. */
  private asked: Promise<void> | undefined = undefined;
  private spare: Uint8Array = NOTHING;

  /** The last of what is to be done, one after another. */
  private last: Promise<void> = Promise.resolve();
  private underWay = 0;
  private isCompacting = false;
  private failure: JournalFailed | undefined = undefined;
  private isClosed = false;

  constructor(disk: Disk, standing: Standing, drawSalt: () => number) {
    this.disk = disk;
    this.file = standing.file;
    this.drawSalt = drawSalt;
    this.generation = standing.generation;
    this.seeds = standing.seeds;
    this.next = standing.next;
    this.groupFirst = standing.next;
    this.fileSize = standing.size;
    this.damaged = standing.isDamaged;
  }

  /** Bytes of the file, with what is not yet written. It can take JOURNAL_FILE_SIZE_MAX. */
  get size(): number {
    return this.fileSize;
  }

  /** Stays so, over restarts, until a compaction that heals. */
  get isDamaged(): boolean {
    return this.damaged;
  }

  /** The bytes are copied. Nothing is durable yet. */
  append(record: Uint8Array): Appended {
    assert(!this.isClosed, "a closed journal is left alone");
    if (this.failure !== undefined) return "failed";
    const size = RECORD_HEAD_SIZE + record.length;
    if (this.fileSize + size > JOURNAL_FILE_SIZE_MAX) return "full";
    if (this.group.size + size > JOURNAL_GROUP_SIZE_MAX) return "unflushed";
    // Groups are written one after another: when this one's turn comes, all before it is durable.
    this.group.put(record, this.next, this.groupFirst, this.seeds);
    this.next += 1;
    this.fileSize += size;
    return "buffered";
  }

  /** Kept when everything that was appended before the call is durable. */
  flush(): Promise<void> {
    assert(!this.isClosed, "a closed journal is left alone");
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return this.group.size === 0 ? this.last : this.ask();
  }

  /** The same without waiting for others; only while no promise of this journal is open. */
  flushSync(): void {
    if (this.failure !== undefined) throw this.failure;
    assert(!this.isClosed && this.underWay === 0, "nothing is under way");
    if (this.group.size === 0) return;
    const group = this.seal();
    try {
      this.file.appendSync(group.bytes);
      this.file.syncSync();
    } catch (error) {
      throw this.fail(error);
    }
    this.reuse(group);
  }

  /**
   * These records, copied, stand for all that was appended before the call; what is appended from now on follows them. Kept
   * when that is so for good; until then a restart finds all that was flushed. Who has dealt with the damage of a damaged
   * journal says `isHealed`.
   */
  async compact(records: readonly Uint8Array[], { isHealed = false } = {}): Promise<"compacted" | "too large"> {
    if (this.failure !== undefined) throw this.failure;
    assert(!this.isClosed && !this.isCompacting, "one compaction at a time");
    if (FILE_HEAD_SIZE + sizeOf(records) > JOURNAL_COMPACTED_SIZE_MAX) return "too large";
    // A flush that somebody waits for goes to the old file first; what nobody has asked for, these records stand for.
    this.seal();
    const before = this.generation;
    this.generation += 1;
    this.damaged &&= !isHealed;
    const { generation, next: base, damaged } = this;
    const image = imageOf({ generation, base, isDamaged: damaged, salt: this.drawSalt(), records });
    this.seeds = image.seeds;
    this.next = base + records.length;
    this.groupFirst = this.next;
    this.fileSize = image.bytes.length;
    this.isCompacting = true;
    await this.enqueue(() => this.replace(image, before));
    return "compacted";
  }

  /** Flushes, unless the journal has failed, and lets others open it. */
  async close(): Promise<void> {
    const flushed = this.failure === undefined ? this.flush() : undefined;
    this.isClosed = true;
    try {
      await flushed;
      this.file.close();
    } finally {
      this.disk.unlock();
    }
  }

  private ask(): Promise<void> {
    const { group } = this;
    this.asked ??= this.enqueue(() => this.write(group));
    return this.asked;
  }

  private async write(group: Group): Promise<void> {
    if (group === this.group) this.seal();
    await this.file.append(group.bytes);
    await this.file.sync();
    this.reuse(group);
  }

  private async replace(image: Image, before: number): Promise<void> {
    const file = await writeGeneration(this.disk, image);
    this.file.close();
    this.file = file;
    this.disk.remove(fileName(before));
    this.isCompacting = false;
  }

  /** What is appended from now on waits for a flush of its own. */
  private seal(): Group {
    const { group } = this;
    this.group = new Group(this.spare);
    this.spare = NOTHING;
    this.groupFirst = this.next;
    this.asked = undefined;
    return group;
  }

  private reuse(group: Group): void {
    if (group.buffer.length <= JOURNAL_BUFFER_KEPT_SIZE_MAX) this.spare = group.buffer;
  }

  private enqueue(job: () => Promise<void>): Promise<void> {
    this.underWay += 1;
    const run = async (): Promise<void> => {
      try {
        await job();
      } catch (error) {
        throw this.fail(error);
      } finally {
        this.underWay -= 1;
      }
    };
    // A job that follows a failed one is not done, and fails with it.
    this.last = this.last.then(run);
    return this.last;
  }

  private fail(cause: unknown): JournalFailed {
    this.failure = new JournalFailed(cause);
    try {
      this.disk.create(FAILED_NAME).close();
    } catch {
      // A disk that refuses this too is one that the next opening cannot be deceived by for long.
    }
    return this.failure;
  }
}
