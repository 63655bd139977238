import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { DISK_READ_SIZE } from "../../../host/storage/limits.ts";
import { utf8Decode, utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { diskCompliance } from "./disk-compliance.ts";
import { folders } from "./folders.ts";
import { MANNERS, SimulatedDisk } from "./simulated-disk.ts";

const here = folders();
afterAll(here.removeAll);

diskCompliance("real", () => {
  const folder = here.make();
  // The lock's own names are no files of anybody's.
  const disk = fileDisk(folder);
  const list = (): readonly string[] => disk.list().filter((name) => !name.startsWith("lock-"));
  return { disk: { ...disk, list }, other: () => fileDisk(folder) };
});

diskCompliance("simulated", () => {
  const disk = new SimulatedDisk();
  return { disk, other: () => disk };
});

describe("a folder as a disk", () => {
  test("is made with the folders above it, for this user alone", async () => {
    const folder = join(here.make(), "a", "b");
    const file = fileDisk(folder).create("c");
    file.close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "c")).mode & 0o777).toBe(0o600);
  });

  test("reads a file that is longer than one piece", () => {
    const folder = here.make();
    const bytes = Buffer.alloc(2 * DISK_READ_SIZE + 5, "abc");
    writeFileSync(join(folder, "long"), bytes);
    const read = fileDisk(folder).read("long", 10 * DISK_READ_SIZE);
    expect(read.isWhole).toBe(true);
    expect(bytes.equals(read.bytes)).toBe(true);
    expect(fileDisk(folder).read("long", DISK_READ_SIZE).bytes).toHaveLength(DISK_READ_SIZE);
  });

  test("gives what it can of a file that cannot be read on", () => {
    // The memory of a process has no page at 0, and says so as a bad disk does.
    const folder = here.make();
    const memory = "/proc/self/mem";
    if (existsSync(memory)) symlinkSync(memory, join(folder, "bad"));
    const read = existsSync(memory)
      ? fileDisk(folder).read("bad", 10_000)
      : { bytes: new Uint8Array(0), isWhole: false };
    expect(read).toMatchObject({ bytes: { length: 0 }, isWhole: false });
  });
});

describe("a power cut of the simulated disk", () => {
  const texts = (disk: SimulatedDisk): { [name: string]: string | undefined } =>
    Object.fromEntries(disk.list().map((name) => [name, utf8Decode(disk.read(name, 1000).bytes)]));

  test("takes what was not synced, and names that the folder has not kept", async () => {
    const disk = new SimulatedDisk();
    const file = disk.create("a");
    await file.append(utf8Encode("kept"));
    await file.sync();
    await file.append(utf8Encode(" and not"));
    expect(texts(disk.afterCut("nothing", chance(1)))).toEqual({});
    expect(texts(disk.afterCut("everything", chance(1)))).toEqual({ a: "kept and not" });
    await disk.syncDirectory();
    expect(texts(disk.afterCut("nothing", chance(1)))).toEqual({ a: "kept" });
    disk.rename("a", "b");
    expect(texts(disk.afterCut("nothing", chance(1)))).toEqual({ a: "kept" });
    await file.sync();
    expect(texts(disk.afterCut("nothing", chance(1)))).toEqual({ a: "kept and not" });
  });

  test("never takes what was synced, in whatever manner", async () => {
    const disk = new SimulatedDisk();
    const file = disk.create("a");
    await disk.syncDirectory();
    await file.append(utf8Encode("kept"));
    await file.sync();
    await file.append(new Uint8Array(500).fill(0x61));
    const ends = new Set<string>();
    for (const manner of MANNERS) {
      for (let seed = 0; seed < 50; seed++) {
        const text = texts(disk.afterCut(manner, chance(seed)))["a"] ?? "";
        expect(text.slice(0, 4)).toBe("kept");
        ends.add(text);
      }
    }
    // Cut at many bytes, and with holes.
    expect(ends.size).toBeGreaterThan(40);
    expect([...ends].some((text) => /\0a/.test(text))).toBe(true);
  });

  test("shows what a failed sync has dropped until the power goes", async () => {
    const disk = new SimulatedDisk();
    const file = disk.create("a");
    await disk.syncDirectory();
    await file.append(utf8Encode("lost"));
    disk.faults.failAt = { operation: disk.operations, code: "EIO" };
    await expect(file.sync()).rejects.toThrow("as the test wants it");
    await file.sync();
    expect(texts(disk)).toEqual({ a: "lost" });
    expect(texts(disk.afterCut("everything", chance(1)))).toEqual({ a: "" });
  });
});
