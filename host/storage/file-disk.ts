/** A folder of the file system as a disk. */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  write,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Disk, DiskError, type DiskFile, type DiskRead } from "./disk.ts";
import { releaseLock, takeLock } from "./file-lock.ts";
import { DISK_PAGE_SIZE, DISK_READ_SIZE } from "./limits.ts";

/** Makes the folder where there is none. Nobody but this user reads its files. */
export function fileDisk(path: string): Disk {
  const folder = resolve(path);
  const at = (name: string): string => join(folder, name);
  asDiskError(() => makeFolder(folder));
  return {
    lock: () => asDiskError(() => takeLock(folder)),
    unlock: () => asDiskError(() => releaseLock(folder)),
    list: () => asDiskError(() => readdirSync(folder)),
    read: (name, sizeMax) => asDiskError(() => withFile(at(name), "r", (file) => readFrom(file, sizeMax))),
    create: (name) => appending(asDiskError(() => openSync(at(name), "ax", 0o600))),
    // Not "a", which would make a file that has vanished anew and in silence.
    open: (name) => appending(asDiskError(() => openSync(at(name), constants.O_WRONLY | constants.O_APPEND))),
    truncate: (name, size) => asDiskError(() => withFile(at(name), "r+", (file) => ftruncateSync(file, size))),
    rename: (from, to) => asDiskError(() => renameSync(at(from), at(to))),
    remove: (name) => asDiskError(() => unlinkSync(at(name))),
    async syncDirectory() {
      const file = asDiskError(() => openSync(folder, "r"));
      try {
        await later((done) => fsync(file, done));
      } finally {
        closeSync(file);
      }
    },
  };
}

function appending(file: number): DiskFile {
  return {
    async append(bytes) {
      for (let at = 0; at < bytes.length; ) {
        await later((done) =>
          write(file, bytes, at, bytes.length - at, null, (error, size) => {
            at += size;
            done(error);
          }),
        );
      }
    },
    appendSync: (bytes) =>
      asDiskError(() => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, null);
      }),
    // Of what belongs to a file, all but its times: its size too, without which its last bytes could not be found.
    sync: () => later((done) => fdatasync(file, done)),
    syncSync: () => asDiskError(() => fdatasyncSync(file)),
    close: () => asDiskError(() => closeSync(file)),
  };
}

function readFrom(file: number, sizeMax: number): DiskRead {
  // One byte more than there should be tells whether there is more.
  const bytes = new Uint8Array(Math.min(fstatSync(file).size, sizeMax) + 1);
  let at = 0;
  let pieceSize = DISK_READ_SIZE;
  let isWhole = false;
  while (at < bytes.length && !isWhole) {
    try {
      const size = readSync(file, bytes, at, Math.min(pieceSize, bytes.length - at), at);
      isWhole = size === 0;
      at += size;
    } catch (error) {
      if (codeOf(error) !== "EIO") throw error;
      if (pieceSize === DISK_PAGE_SIZE) break;
      // A page that cannot be read spoils the whole piece: the pages before it are had one by one.
      pieceSize = DISK_PAGE_SIZE;
    }
  }
  return { bytes: bytes.subarray(0, Math.min(at, sizeMax)), isWhole };
}

/** A folder is a name in another one, and as durable as that. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 }) ?? folder;
  for (let each = folder; ; each = dirname(each)) {
    withFile(dirname(each), "r", fsyncSync);
    if (each === first) return;
  }
}

function withFile<T>(path: string, flags: string, use: (file: number) => T): T {
  const file = openSync(path, flags);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

function later(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(diskError(error))));
  });
}

function asDiskError<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw diskError(error);
  }
}

/** What the operating system did not say is no fault of the disk but ours. */
function diskError(error: unknown): unknown {
  return codeOf(error) === "" ? error : new DiskError(codeOf(error), (error as Error).message);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
