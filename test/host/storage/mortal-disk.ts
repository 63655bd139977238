/** A disk whose program kills itself: before the operation of some number, which is after the one before it, or in the middle
 * of what it writes. */
import type { Disk, DiskFile } from "../../../host/storage/disk.ts";

export function mortalDisk(disk: Disk, dieAt: number): Disk {
  let operations = 0;
  const isLast = (): boolean => operations++ === dieAt;
  const die = (): void => {
    process.kill(process.pid, "SIGKILL");
  };
  const dying = <Arguments extends unknown[], T>(act: (...with_: Arguments) => T) => {
    return (...with_: Arguments): T => {
      if (isLast()) die();
      return act(...with_);
    };
  };
  const mortalFile = (file: DiskFile): DiskFile => ({
    ...file,
    append(bytes) {
      if (isLast()) {
        file.appendSync(bytes.subarray(0, bytes.length >>> 1));
        die();
      }
      return file.append(bytes);
    },
    sync: dying(() => file.sync()),
  });
  return {
    ...disk,
    create: dying((name: string) => mortalFile(disk.create(name))),
    open: (name) => mortalFile(disk.open(name)),
    truncate: dying((name: string, size: number) => disk.truncate(name, size)),
    rename: dying((from: string, to: string) => disk.rename(from, to)),
    remove: dying((name: string) => disk.remove(name)),
    syncDirectory: dying(() => disk.syncDirectory()),
  };
}
