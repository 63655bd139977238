/** What every disk must do, real or simulated: one suite. */
import { describe, expect, test } from "vitest";
import { type Disk, DiskError } from "../../../host/storage/disk.ts";
import { utf8Decode, utf8Encode } from "../../../protocol/bytes/utf8.ts";

/** `make` answers a new disk, and a second view of the same one, as another program has it. */
export function diskCompliance(kind: string, make: () => { readonly disk: Disk; readonly other: () => Disk }): void {
  const write = async (disk: Disk, name: string, ...texts: string[]): Promise<void> => {
    const file = disk.create(name);
    for (const each of texts) await file.append(utf8Encode(each));
    await file.sync();
    file.close();
  };
  const text = (disk: Disk, name: string): string | undefined => utf8Decode(disk.read(name, 1000).bytes);
  const code = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof DiskError) return error.code;
      throw error;
    }
    return "nothing";
  };

  describe(`a ${kind} disk`, () => {
    test("gives back what was appended, in order, late or at once", async () => {
      const { disk } = make();
      await write(disk, "a", "one", "two");
      const file = disk.open("a");
      file.appendSync(utf8Encode("three"));
      file.syncSync();
      await file.append(new Uint8Array(0));
      file.close();
      expect(text(disk, "a")).toBe("onetwothree");
    });

    test("shows a write before it is synced", async () => {
      const { disk } = make();
      const file = disk.create("a");
      await file.append(utf8Encode("seen"));
      expect(text(disk, "a")).toBe("seen");
      file.close();
    });

    test("appends behind the end that there is, also after a truncation by another hand", async () => {
      const { disk } = make();
      const file = disk.create("a");
      await file.append(utf8Encode("long tail"));
      disk.truncate("a", 5);
      await file.append(utf8Encode("end"));
      await file.sync();
      file.close();
      expect(text(disk, "a")).toBe("long end");
    });

    test("reads no more than it was asked for, and says whether that was all", async () => {
      const { disk } = make();
      await write(disk, "a", "12345");
      expect(disk.read("a", 4)).toMatchObject({ isWhole: false });
      expect(disk.read("a", 4).bytes).toHaveLength(4);
      expect(disk.read("a", 5)).toMatchObject({ isWhole: true });
      expect(disk.read("a", 5).bytes).toHaveLength(5);
      expect(disk.read("a", 1_000_000)).toMatchObject({ isWhole: true });
      await write(disk, "empty");
      expect(disk.read("empty", 4)).toMatchObject({ isWhole: true, bytes: { length: 0 } });
    });

    test("renames over what had the name, and an open file keeps being itself", async () => {
      const { disk } = make();
      await write(disk, "a", "old");
      const file = disk.create("b");
      await file.append(utf8Encode("new"));
      disk.rename("b", "a");
      await disk.syncDirectory();
      await file.append(utf8Encode("er"));
      file.close();
      expect(text(disk, "a")).toBe("newer");
      expect(disk.list()).toEqual(["a"]);
    });

    test("removes, and lists what is left", async () => {
      const { disk } = make();
      for (const name of ["a", "b", "c"]) await write(disk, name, name);
      disk.remove("b");
      await disk.syncDirectory();
      expect([...disk.list()].sort()).toEqual(["a", "c"]);
    });

    test("makes no name twice, and finds nothing where nothing is", async () => {
      const { disk } = make();
      await write(disk, "a");
      expect(code(() => disk.create("a"))).toBe("EEXIST");
      expect(code(() => disk.open("b"))).toBe("ENOENT");
      expect(code(() => disk.read("b", 1))).toBe("ENOENT");
      expect(code(() => disk.truncate("b", 0))).toBe("ENOENT");
      expect(code(() => disk.rename("b", "c"))).toBe("ENOENT");
      expect(code(() => disk.remove("b"))).toBe("ENOENT");
      expect(disk.list()).toEqual(["a"]);
    });

    test("is locked by one at a time, until it leaves", () => {
      const { disk, other } = make();
      expect(disk.lock()).toBeUndefined();
      expect(other().lock()).toEqual(expect.any(String));
      expect(disk.lock()).toEqual(expect.any(String));
      disk.unlock();
      expect(other().lock()).toBeUndefined();
      expect(disk.lock()).toEqual(expect.any(String));
      other().unlock();
      for (let turns = 0; turns < 5; turns++) {
        expect(disk.lock()).toBeUndefined();
        disk.unlock();
      }
    });
  });
}
