/**
 * Lines to a file, JSON always, of which a new one is begun when it is full: `hardway.log`, then `hardway.log.1`, which is the one
 * before, and so on. A full disk costs lines and nothing else.
 */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, write, writeSync } from "node:fs";
import { dirname } from "node:path";
import { assert } from "../../protocol/core/assert.ts";
import type { Entry } from "./entry.ts";
import { FILE_SIZE_MIN, QUEUE_SIZE_MAX } from "./limits.ts";
import { jsonLine } from "./lines.ts";
import { lostEntry, type Sink } from "./sink.ts";

export interface FileBounds {
  readonly sizeMax: number;
  /** With the present one. */
  readonly filesMax: number;
}

export function fileSink(path: string, { sizeMax, filesMax }: FileBounds): Sink {
  assert(sizeMax >= FILE_SIZE_MIN && filesMax >= 1, "a log file holds something");
  let file: number | undefined;
  let size = 0;
  const waiting: string[] = [];
  let waitingSize = 0;
  let underWay: Promise<void> | undefined;
  /** The last line on the disk has no end: the disk was full in its middle. */
  let isTorn = false;
  let lost = 0;
  let lostUntold = 0;
  let lastAt = 0;
  let isClosed = false;

  const lose = (count: number): void => {
    lost += count;
    lostUntold += count;
  };

  const open = (): number | undefined => {
    if (file !== undefined) return file;
    file = openFile(path);
    size = file === undefined ? 0 : fstatSync(file).size;
    return file;
  };

  const shut = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };

  /** Undefined where there is no file to be had. */
  const withRoom = (): number | undefined => {
    const there = open();
    if (there === undefined || size < sizeMax) return there;
    shut();
    rotate(path, filesMax);
    // If that was not to be done the file grows on: a long one is better than none.
    return open();
  };

  /** What waits, as far as it fits and one line at least, and before it how much was lost, which is known to be told when it is
   * written. */
  const take = (room: number): Taken => {
    const told = lostUntold;
    const first = told === 0 ? "" : lineOf(lostEntry(lastAt, told));
    let count = 0;
    for (let left = room; count < waiting.length && (count === 0 || left > 0); count++) left -= waiting[count]!.length;
    const lines = waiting.splice(0, count).join("");
    waitingSize -= lines.length;
    lostUntold = 0;
    return { count, told, bytes: Buffer.from(`${isTorn ? "\n" : ""}${first}${lines}`) };
  };

  const settle = ({ count, told }: Taken, written: number, isWhole: boolean): void => {
    size += written;
    if (isWhole) isTorn = false;
    else {
      lose(count);
      lostUntold += told;
      isTorn ||= written > 0;
    }
  };

  const begin = (): void => {
    if (underWay !== undefined || waiting.length === 0) return;
    const to = withRoom();
    const taken = take(to === undefined ? Number.POSITIVE_INFINITY : sizeMax - size);
    if (to === undefined) {
      settle(taken, 0, false);
      return;
    }
    underWay = new Promise((resolve) => {
      writeAll(to, taken.bytes, 0, (written, isWhole) => {
        settle(taken, written, isWhole);
        // A disk that has gone and come back is another one.
        if (!isWhole) shut();
        underWay = undefined;
        resolve();
        begin();
      });
    });
  };

  return {
    write(entry) {
      if (isClosed || waitingSize > QUEUE_SIZE_MAX) {
        lose(1);
        return;
      }
      const line = lineOf(entry);
      waiting.push(line);
      waitingSize += line.length;
      lastAt = entry.at;
      begin();
    },
    flushSync() {
      if (waiting.length === 0) return;
      // What is under way has the file in hand: it is not closed now.
      const to = underWay === undefined ? withRoom() : open();
      const taken = take(Number.POSITIVE_INFINITY);
      const { bytes } = taken;
      let written = 0;
      try {
        while (to !== undefined && written < bytes.length) written += writeSync(to, bytes, written);
      } catch {
        // What is missing is lost, as below.
      }
      settle(taken, written, written === bytes.length);
    },
    async close() {
      isClosed = true;
      while (underWay !== undefined) await underWay;
      shut();
    },
    lost: () => lost,
  };
}

interface Taken {
  readonly count: number;
  /** Lines that were lost and are told of in it. */
  readonly told: number;
  readonly bytes: Buffer;
}

const lineOf = (entry: Entry): string => `${jsonLine(entry)}\n`;

function openFile(path: string): number | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "a", 0o600);
  } catch {
    return undefined;
  }
}

/** The oldest goes. */
function rotate(path: string, filesMax: number): void {
  const named = (at: number): string => (at === 0 ? path : `${path}.${at}`);
  try {
    rmSync(named(filesMax - 1), { force: true });
    for (let at = filesMax - 2; at >= 0; at--) if (existsSync(named(at))) renameSync(named(at), named(at + 1));
  } catch {
    // Nobody can be told in a file that cannot be had; the next line tries again.
  }
}

function writeAll(to: number, bytes: Buffer, from: number, done: (written: number, isWhole: boolean) => void): void {
  write(to, bytes, from, bytes.length - from, null, (error, count) => {
    if (error !== null) done(from, false);
    else if (from + count === bytes.length) done(bytes.length, true);
    else writeAll(to, bytes, from + count, done);
  });
}
