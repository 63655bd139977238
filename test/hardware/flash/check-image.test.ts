import { describe, expect, test } from "vitest";
import type { Board } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { checkImage } from "../../../hardware/flash/check-image.ts";
import { realDisk } from "../../../hardware/flash/disk.ts";
import { flash } from "../../../hardware/flash/flash.ts";
import { KNOWN_BAD } from "../../../hardware/flash/known-bad.ts";
import type { FlashRefusal } from "../../../hardware/flash/result.ts";
import type { ImageManifest } from "../../../hardware/images/image.ts";
import { application, BUILD, espFiles, imageOf, type PictureFile, partitionTable, ROWS, uf2 } from "./pictures.ts";
import { ESP32, RomLoader } from "./rom-loader.ts";

const { esp32, esp32c3, itsybitsy, nrf52 } = boards;

async function check(board: Board, files: PictureFile[], changes: Partial<ImageManifest> = {}, bad = KNOWN_BAD) {
  return checkImage(board, await imageOf(board, files, changes), bad);
}

/** The middle file, changed. */
const changed = (at: number, change: Partial<PictureFile>, files = espFiles()): PictureFile[] =>
  files.map((file, index) => (index === at ? { ...file, ...change } : file));

const spoilt = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
};

const hex: PictureFile = { name: "xs_nrf52.hex", kind: "hex", bytes: new TextEncoder().encode(":00000001FF\n") };
const volumeFile = (bytes: Uint8Array): PictureFile => ({ name: "xs_nrf52.uf2", kind: "uf2", bytes });

describe("an image passes", () => {
  test.each([
    ["esp32-nodemcu", esp32, espFiles()],
    ["esp32c3", esp32c3, espFiles(esp32c3, 5)],
    ["itsybitsy-nrf52840, with a file for other tools beside", itsybitsy, [hex, volumeFile(uf2())]],
    ["nrf52-dk", nrf52, [hex]],
  ] as const)("of %s", async (_, board, files) => {
    expect(await check(board, [...files])).toBeUndefined();
  });

  test("without a digest, as its header says, and without a partition table", async () => {
    const [bootloader, , app] = espFiles();
    expect(await check(esp32, [bootloader, app])).toBeUndefined();
  });
});

describe("an image is refused", () => {
  test("for another board or chip than it says, before its files are looked at", async () => {
    const files = espFiles();
    expect(await check(esp32, files, { board: "esp32c3" })).toMatchObject({ code: "wrong board", written: "nothing" });
    expect(await check(esp32, files, { chip: "ESP32-S3" })).toMatchObject({ code: "wrong chip" });
  });

  test("when its build is on the list of the known bad, with what the list says", async () => {
    const bad = [{ build: BUILD, why: "it forgets its credits" }];
    const refused = (await check(esp32, espFiles(), {}, bad)) as FlashRefusal;
    expect(refused.code).toBe("known bad");
    expect(refused.why).toContain("it forgets its credits");
    expect(await check(esp32, espFiles(), { build: "fedcba9876543210" }, bad)).toBeUndefined();
    for (const { build, why } of KNOWN_BAD)
      expect([build, why]).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), why]);
  });

  test("without a file for the board's way of flashing, or with two where one belongs", async () => {
    expect(await check(esp32, [hex])).toMatchObject({ code: "bad image" });
    expect(await check(itsybitsy, [hex])).toMatchObject({ code: "bad image" });
    expect(await check(nrf52, [volumeFile(uf2())])).toMatchObject({ code: "bad image" });
    const second = { ...volumeFile(uf2()), name: "second.uf2" };
    expect(await check(itsybitsy, [volumeFile(uf2()), second])).toMatchObject({ code: "bad image" });
    expect(await check(nrf52, [hex, { ...hex, name: "second.hex" }])).toMatchObject({ code: "bad image" });
  });

  test("by `flash` before the port is as much as opened", async () => {
    const rom = new RomLoader(ESP32);
    const image = await imageOf(esp32, espFiles(esp32, 9));
    const world = { disk: realDisk, findTool: async () => undefined };
    const result = await flash({ board: esp32, image, port: rom }, world);
    expect(result).toMatchObject({ ok: false, code: "wrong chip", step: "check the image", written: "nothing" });
    expect([rom.restarts, rom.commands]).toEqual([0, []]);
  });
});

describe("of an ESP32, a file is refused", () => {
  const app = application(0, 5000);
  const wrong: { readonly [fault: string]: [Uint8Array, RegExp] } = {
    "that was cut within a segment": [app.subarray(0, 4000), /ends within segment 1/],
    "that was cut before its checksum": [app.subarray(0, app.length - 60), /ends (?:within|before)/],
    "that was cut before its digest": [app.subarray(0, app.length - 32), /before its digest/],
    "with a bit of its code turned": [spoilt(app, 1000, app[1000] ^ 4), /checksum/],
    "with a bit of its header turned": [spoilt(app, 5, 1), /SHA-256/],
    "with another digest": [spoilt(app, app.length - 1, app[app.length - 1] ^ 1), /SHA-256/],
    "with no segment": [spoilt(app, 1, 0), /claims 0 segments/],
    "with more segments than there are": [spoilt(app, 1, 3), /segment 2|SHA-256/],
    "with more than a header can have": [spoilt(app, 1, 17), /claims 17 segments/],
    "with a segment larger than the world": [spoilt(app, 31, 0xff), /within segment 0/],
  };

  test.each(Object.entries(wrong))("%s", async (_, [bytes, why]) => {
    const refused = (await check(esp32, changed(2, { bytes }))) as FlashRefusal;
    expect(refused).toMatchObject({ code: "bad image", on: "xs_esp32.bin", step: "check the image" });
    expect(refused.why).toMatch(why);
  });

  test("for another chip, by the name of both", async () => {
    const refused = (await check(esp32c3, espFiles(esp32c3, 9))) as FlashRefusal;
    expect(refused.code).toBe("wrong chip");
    expect(refused.why).toMatch(/ESP32-S3.*ESP32-C3/);
  });

  test("that lies where it cannot", async () => {
    const files = espFiles();
    const bootloader = files[0].bytes;
    const cases: [PictureFile[], RegExp][] = [
      [changed(2, { offset: 0x10010 }), /not the start of a sector/],
      [changed(2, { offset: 0x3ff000 }), /ends beyond the flash/],
      [changed(2, { offset: 0x7000 }), /lie on each other/],
      [changed(2, { offset: 0x200000 }), /in no partition/],
      [changed(2, { offset: 0x10f000 }), /room for 4096/],
      [changed(2, { bytes: new Uint8Array(100) }), /is no ESP32 image, as the partition "factory" wants/],
      [changed(0, { bytes: new Uint8Array(100) }), /where the bootloader belongs/],
      [changed(1, { bytes: bootloader }), /no partition table/],
      [changed(1, { bytes: new Uint8Array(3072).fill(0xff) }), /no partition table/],
      [[files[0], files[1]], /no application/],
    ];
    for (const [each, why] of cases) {
      const refused = (await check(esp32, each)) as FlashRefusal;
      expect(refused?.code).toBe("bad image");
      expect(refused.why).toMatch(why);
    }
  });

  test("unless its partition is one for data: that may hold anything", async () => {
    const data = { name: "nvs.bin", kind: "esp32", offset: 0x9000, bytes: new Uint8Array(4096) } as const;
    expect(await check(esp32, [...espFiles(), data])).toBeUndefined();
    const rows = [...ROWS, { label: "longest-label-16", type: 0, offset: 0x200000, size: 0x100000 }];
    const second = { ...espFiles()[2], name: "second.bin", offset: 0x200000 };
    const table = changed(1, { bytes: partitionTable(rows) });
    expect(await check(esp32, [...table, second])).toBeUndefined();
  });
});

describe("of a UF2 board, a file is refused", () => {
  const file = uf2();
  const wrong: { readonly [fault: string]: [Uint8Array, RegExp] } = {
    "that is empty but for a byte": [new Uint8Array(1), /number of blocks/],
    "that was cut within a block": [file.subarray(0, 1000), /number of blocks/],
    "that was cut between two": [file.subarray(0, 1024), /is 0 of 200, not of 2/],
    "with a block that is none": [spoilt(file, 512, 0), /block 1: is no UF2 block/],
    "with a block without its end": [spoilt(file, 511, 0), /block 0: is no UF2 block/],
    "with a block without a family": [spoilt(file, 512 + 9, 0), /block 1: names no family/],
    "with a block of another family": [spoilt(file, 512 + 28, 0), /block 1: is for the family/],
    "with a block that is not for the flash": [spoilt(file, 8, 1), /block 0: is not for the flash/],
    "with a block out of order": [spoilt(file, 512 + 20, 2), /block 1: says that it is 2 of 200/],
    "with a block of another size": [spoilt(file, 512 + 17, 0), /holds 0 bytes/],
    "with a hole": [spoilt(file, 512 + 14, 3), /block 1: goes to 0x37100 where 0x27100 comes next/],
    "with an address within a page": [spoilt(file, 12, 4), /within a page/],
    "for another place than behind a SoftDevice": [uf2({ from: 0x1000 }), /no SoftDevice of ours ends/],
  };

  test.each(Object.entries(wrong))("%s", async (_, [bytes, why]) => {
    const refused = (await check(itsybitsy, [volumeFile(bytes)])) as FlashRefusal;
    expect(refused).toMatchObject({ code: "bad image", on: "xs_nrf52.uf2" });
    expect(refused.why).toMatch(why);
  });

  test("for another family: a bootloader's update is no application", async () => {
    const refused = await check(itsybitsy, [volumeFile(uf2({ family: 0xd663823c }))]);
    expect(refused).toMatchObject({ code: "wrong chip" });
  });

  test("that no bootloader of the board has room for", async () => {
    const most = (0xef000 - 0x27000) / 256;
    expect(await check(itsybitsy, [volumeFile(uf2({ blocks: most }))])).toBeUndefined();
    expect(await check(itsybitsy, [volumeFile(uf2({ blocks: most + 1 }))])).toMatchObject({ code: "no room" });
  });
});
