/** A disk whose files are other than they are: counted, stopped, slow. */
import type { Disk, DiskFile } from "../../../host/storage/disk.ts";

export const withFiles = (disk: Disk, file: (of: DiskFile) => DiskFile): Disk => ({
  lock: () => disk.lock(),
  unlock: () => disk.unlock(),
  list: () => disk.list(),
  read: (name, sizeMax) => disk.read(name, sizeMax),
  create: (name) => file(disk.create(name)),
  open: (name) => file(disk.open(name)),
  truncate: (name, size) => disk.truncate(name, size),
  rename: (from, to) => disk.rename(from, to),
  remove: (name) => disk.remove(name),
  syncDirectory: () => disk.syncDirectory(),
});
