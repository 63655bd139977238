/** The file system as the copying of a UF2 file sees it. */
import { constants } from "node:fs";
import { open, readdir, readFile, statfs } from "node:fs/promises";

export interface Disk {
  /** Names within a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** Undefined where the system does not say. */
  freeBytes(folder: string): Promise<number | undefined>;
  create(path: string): Promise<DiskFile>;
}

export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Done when the device has all that was written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export const realDisk: Disk = Object.freeze({
  list: (folder: string) => readdir(folder).catch(() => []),
  readText: (path: string) => readFile(path, "utf8").catch(() => undefined),
  freeBytes: (folder: string) =>
    statfs(folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    ),
  create: async (path: string) => {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
    return {
      async write(bytes: Uint8Array): Promise<void> {
        for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
      },
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
});
