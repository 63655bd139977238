/** What storage asks of a disk: the files of one folder. Nothing is durable before it was synced, names neither, and what is
 * not durable may be there after a power cut or not, or in part. */

export interface Disk {
  /** Undefined: the folder is ours alone until `unlock` or our end. Else who has it, in words. */
  lock(): string | undefined;
  unlock(): void;
  /** Names of files, in no order; the lock's own are among them. */
  list(): readonly string[];
  /** From its start, up to `sizeMax` bytes. */
  read(name: string, sizeMax: number): DiskRead;
  /** A name that does not exist. */
  create(name: string): DiskFile;
  /** A name that exists, to go on behind its last byte. */
  open(name: string): DiskFile;
  truncate(name: string, size: number): void;
  /** In one step: whoever looks sees the old name or the new one. It replaces what had the new one. */
  rename(from: string, to: string): void;
  remove(name: string): void;
  /** Names that were created, changed and removed are so for good. */
  syncDirectory(): Promise<void>;
}

export interface DiskRead {
  readonly bytes: Uint8Array;
  /** Else there is more, which is too much or cannot be read. */
  readonly isWhole: boolean;
}

export interface DiskFile {
  /** All of it, or it fails and some of it may be there. */
  append(bytes: Uint8Array): Promise<void>;
  appendSync(bytes: Uint8Array): void;
  /** Everything in this file is durable, also what another process has written. After a failure nobody knows what is, and
   * another call that succeeds proves nothing. */
  sync(): Promise<void>;
  syncSync(): void;
  close(): void;
}

/** All that a disk fails with. */
export class DiskError extends Error {
  /** As the operating system names it: ENOSPC, EIO. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "DiskError";
    this.code = code;
  }
}
