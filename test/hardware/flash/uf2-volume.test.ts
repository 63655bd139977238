import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { type Disk, type DiskFile, realDisk } from "../../../hardware/flash/disk.ts";
import { type FlashOrder, flash } from "../../../hardware/flash/flash.ts";
import type { FlashRefusal, FlashResult, Progress } from "../../../hardware/flash/result.ts";
import { BUILD, BUILD_BYTES, imageOf, temporaryFolder, uf2 } from "./pictures.ts";

const board = boards.itsybitsy;

const info = (boardId: string, softDevice: string): string =>
  `UF2 Bootloader 0.9.2 lib/nrfx (v2.0.0) lib/tinyusb (0.12.0)\r\nModel: A board\r\nBoard-ID: ${boardId}\r\nDate: Dec 20 2024\r\nSoftDevice: ${softDevice}\r\n`;

const SDK_INFO = info("moddable_itsybitsy-v1", "S140 7.2.0");
const ADAFRUIT = "nRF52840-ItsyBitsy-revA";

/** A folder that plays mounted volumes, by name. */
function mounted(volumes: { readonly [name: string]: string }): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(volumes)) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "INFO_UF2.TXT"), text);
  }
  return root;
}

interface DiskFaults {
  /** Bytes after which the volume is gone, and the write that took them fails. */
  readonly vanishAfter?: number;
  /** It vanishes when everything was taken and the file is closed. */
  readonly vanishAtClose?: boolean;
  readonly failAfter?: number;
  readonly abortAfter?: { readonly size: number; readonly abort: () => void };
  readonly free?: number;
}

/** The real file system, around a volume that does as bootloaders do. */
function faulty(root: string, faults: DiskFaults): Disk {
  const vanish = (): never => {
    rmSync(root, { recursive: true, force: true });
    throw new Error("EIO: i/o error, write");
  };
  return {
    ...realDisk,
    freeBytes: async (folder) => faults.free ?? realDisk.freeBytes(folder),
    async create(path): Promise<DiskFile> {
      const file = await realDisk.create(path);
      let size = 0;
      return {
        async write(bytes) {
          await file.write(bytes);
          size += bytes.length;
          if (size >= (faults.abortAfter?.size ?? Number.POSITIVE_INFINITY)) faults.abortAfter?.abort();
          if (size > (faults.failAfter ?? Number.POSITIVE_INFINITY)) throw new Error("EIO: i/o error, write");
        },
        async sync() {
          if (size > (faults.vanishAfter ?? Number.POSITIVE_INFINITY)) vanish();
          await file.sync();
        },
        async close() {
          await file.close();
          if (faults.vanishAtClose) vanish();
        },
      };
    },
  };
}

interface Run {
  readonly result: FlashResult;
  readonly root: string;
  readonly progress: readonly Progress[];
}

interface Options extends Partial<FlashOrder> {
  readonly volumes?: { readonly [name: string]: string };
  readonly faults?: DiskFaults;
  readonly bytes?: Uint8Array;
}

async function run(options: Options = {}): Promise<Run> {
  const { volumes = { MODDABLEnRF: SDK_INFO }, faults = {}, bytes = uf2(), ...order } = options;
  const root = mounted(volumes);
  const image = await imageOf(board, [{ name: "xs_nrf52.uf2", kind: "uf2", bytes }]);
  const progress: Progress[] = [];
  const result = await flash(
    { volume: { roots: [root] }, progress: (each) => void progress.push(each), ...order, board, image },
    { disk: faulty(root, faults), findTool: async () => undefined },
  );
  return { result, root, progress };
}

function refused(result: FlashResult): FlashRefusal {
  if (result.ok) throw new Error("it was not refused");
  expect(result.step).toMatch(/^[a-z]/);
  expect(result.on).not.toBe("");
  expect(result.next).toMatch(/\.$/);
  return result;
}

const filesOn = (root: string, volume: string): string[] => readdirSync(join(root, volume)).sort();

function expectUntouched({ result, root }: Run): void {
  expect(refused(result).written).toBe("nothing");
  for (const volume of readdirSync(root)) expect(filesOn(root, volume)).toEqual(["INFO_UF2.TXT"]);
}

describe("a board is flashed", () => {
  test("by a copy of its file to its volume, byte for byte", async () => {
    const bytes = uf2();
    const { result, root, progress } = await run({ bytes });
    const on = join(root, "MODDABLEnRF");
    expect(result).toEqual({
      ok: true,
      ...{ board: board.name, build: BUILD, on, wrote: ["xs_nrf52.uf2"], skipped: [], confirmed: false },
    });
    expect(Buffer.compare(readFileSync(join(on, "xs_nrf52.uf2")), bytes)).toBe(0);
    const dones = progress.filter(({ phase }) => phase === "write").map(({ done }) => done);
    expect(dones.length).toBeGreaterThan(3);
    expect(dones).toEqual([...dones].sort((a, b) => a - b));
    expect([dones[0], dones.at(-1)]).toEqual([0, bytes.length]);
  });

  test.each([
    ["with its first block of 32 KiB", { vanishAfter: 3 * 32_768 }],
    ["when all was taken", { vanishAtClose: true }],
  ])("although its volume vanishes %s from the end on: that is how it restarts", async (_, faults) => {
    const awaitHello = async () => ({ build: BUILD_BYTES, board: board.name });
    const { result } = await run({ faults, awaitHello });
    expect(result).toMatchObject({ ok: true, confirmed: true });
  });

  test("when its folder is named, or lies one folder deeper, among others of other boards", async () => {
    const other = info("nRF52840-Feather-revD", "S140 6.1.1");
    const among = await run({ volumes: { "maker/FTHR840BOOT": other, "maker/MODDABLEnRF": SDK_INFO } });
    expect(among.result).toMatchObject({ ok: true, on: join(among.root, "maker/MODDABLEnRF") });
    const root = mounted({ MODDABLEnRF: SDK_INFO });
    const named = await run({ volume: { folder: join(root, "MODDABLEnRF") } });
    expect(named.result).toMatchObject({ ok: true });
    expect(filesOn(root, "MODDABLEnRF")).toHaveLength(2);
  });

  test("with an image for S140 6, where that is what it has", async () => {
    const volumes = { ITSY840BOOT: info(ADAFRUIT, "S140 6.1.1") };
    expect((await run({ volumes, bytes: uf2({ from: 0x26000 }) })).result).toMatchObject({ ok: true });
  });
});

describe("refused before a byte is written:", () => {
  test("no volume, with the words for the button", async () => {
    const { result } = await run({ volumes: {} });
    expect(refused(result)).toMatchObject({ code: "no volume", step: "find the volume", written: "nothing" });
    expect(refused(result).next).toMatch(/Press the button RESET twice/);
  });

  test("a folder that is no bootloader's volume", async () => {
    const folder = temporaryFolder();
    const { result } = await run({ volume: { folder } });
    expect(refused(result)).toMatchObject({ code: "no volume", on: folder });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("another board's volume, with the names of both", async () => {
    const attempt = await run({ volumes: { FTHR840BOOT: info("nRF52840-Feather-revD", "S140 7.3.0") } });
    expect(refused(attempt.result)).toMatchObject({ code: "wrong board" });
    expect(refused(attempt.result).why).toMatch(/nRF52840-Feather-revD.*moddable_itsybitsy-v1/);
    expectUntouched(attempt);
  });

  test("two volumes of such boards, until one is named", async () => {
    const volumes = { MODDABLEnRF: SDK_INFO, MODDABLEnRF1: SDK_INFO };
    const attempt = await run({ volumes });
    expect(refused(attempt.result)).toMatchObject({
      code: "several volumes",
      next: expect.stringContaining("--volume"),
    });
    expect(refused(attempt.result).why).toContain("MODDABLEnRF1");
    expectUntouched(attempt);
  });

  test.each([
    ["S140 6.1.1", 0x27000],
    ["S140 7.3.0", 0x26000],
    ["S132 7.0.1", 0x27000],
    ["S140 8.0.0", 0x27000],
    ["not found", 0x27000],
  ])("a board with SoftDevice %s, for an image at %i", async (softDevice, from) => {
    const attempt = await run({ volumes: { ITSY840BOOT: info(ADAFRUIT, softDevice) }, bytes: uf2({ from }) });
    expect(refused(attempt.result)).toMatchObject({ code: "wrong SoftDevice" });
    expectUntouched(attempt);
  });

  test("an image that reaches where this bootloader takes nothing", async () => {
    const bytes = uf2({ blocks: (0xea000 - 0x27000) / 256 + 1 });
    const attempt = await run({ volumes: { ITSY840BOOT: info(ADAFRUIT, "S140 7.3.0") }, bytes });
    expect(refused(attempt.result)).toMatchObject({ code: "no room" });
    expectUntouched(attempt);
    expect((await run({ bytes })).result).toMatchObject({ ok: true });
  });

  test("a volume without room", async () => {
    const attempt = await run({ faults: { free: 100_000 } });
    expect(refused(attempt.result)).toMatchObject({ code: "no room", step: "look for room" });
    expectUntouched(attempt);
  });
});

describe("in the middle:", () => {
  test("a volume that vanishes early is said, with how far it came and that nothing is harmed", async () => {
    const { result } = await run({ faults: { vanishAfter: 40_000 } });
    expect(refused(result)).toMatchObject({ code: "went away", step: "copy xs_nrf52.uf2", written: "part" });
    expect(refused(result).why).toBe("the volume vanished, after 32768 of 102400 bytes");
    expect(refused(result).next).toMatch(/not harmed.*Press the button RESET twice/);
  });

  test("a volume that refuses and stays is a failed write, also at the very end", async () => {
    const { result } = await run({ faults: { failAfter: 40_000 } });
    expect(refused(result)).toMatchObject({ code: "write failed", written: "part" });
    expect(refused(result).why).toContain("EIO");
    expect(refused((await run({ faults: { failAfter: 100_000 } })).result).code).toBe("write failed");
    const first = await run({ faults: { failAfter: 0 } });
    expect(refused(first.result)).toMatchObject({ code: "write failed", written: "nothing" });
  });

  test("a person who stops it is obeyed", async () => {
    const stop = new AbortController();
    const abortAfter = { size: 40_000, abort: () => stop.abort() };
    const { result } = await run({ faults: { abortAfter }, signal: stop.signal });
    expect(refused(result)).toMatchObject({ code: "interrupted", written: "part" });
  });
});

describe("after it, unconfirmed:", () => {
  test("a board whose volume is there again has not started the firmware", async () => {
    const { result } = await run({ awaitHello: async () => undefined });
    expect(refused(result)).toMatchObject({ code: "not confirmed", written: "all", next: board.recovery });
    expect(refused(result).why).toContain("volume is there");
  });

  test("a board that is only silent", async () => {
    const { result } = await run({ faults: { vanishAtClose: true }, awaitHello: async () => undefined });
    expect(refused(result)).toMatchObject({ code: "not confirmed", why: "the board did not say hello" });
  });
});
