import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Board } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { realDisk } from "../../../hardware/flash/disk.ts";
import { type FlashOrder, flash } from "../../../hardware/flash/flash.ts";
import { type FlashRefusal, type FlashResult, type Progress, refusalText } from "../../../hardware/flash/result.ts";
import type { Image } from "../../../hardware/images/image.ts";
import { BUILD, BUILD_BYTES, espFiles, imageOf, type PictureFile } from "./pictures.ts";
import { type Chip, ESP32, ESP32C3, type Faults, RomLoader } from "./rom-loader.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

/** The library waits by timers: they run as soon as nothing else does. */
async function inVirtualTime<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  done.catch(() => {});
  while (!isDone) await vi.advanceTimersByTimeAsync(5);
  return done;
}

const WORLD = { disk: realDisk, findTool: async () => undefined };

interface Run {
  readonly result: FlashResult;
  readonly rom: RomLoader;
  readonly files: readonly PictureFile[];
  readonly progress: readonly Progress[];
}

interface Options extends Partial<FlashOrder> {
  readonly faults?: Faults;
  readonly chip?: Chip;
  readonly rom?: RomLoader;
  readonly files?: PictureFile[];
}

async function run(board: Board = boards.esp32, options: Options = {}): Promise<Run> {
  const { chip = ESP32, faults = {}, files = espFiles(board), ...order } = options;
  const rom = options.rom ?? new RomLoader(chip, faults);
  const image: Image = order.image ?? (await imageOf(board, files));
  const progress: Progress[] = [];
  const result = await inVirtualTime(
    flash({ port: rom, progress: (each) => void progress.push(each), ...order, board, image }, WORLD),
  );
  return { result, rom, files, progress };
}

function refused(result: FlashResult): FlashRefusal {
  if (result.ok) throw new Error("it was not refused");
  expect(result.step).toMatch(/^[a-z]/);
  expect(result.on).not.toBe("");
  expect(result.next).toMatch(/\.$/);
  return result;
}

function expectUntouched({ result, rom }: Run): void {
  expect(refused(result).written).toBe("nothing");
  expect(rom.written).toBe(0);
  expect(rom.flash.every((byte) => byte === 0xff)).toBe(true);
  expect(rom.isOpen).toBe(false);
}

describe("a board is flashed", () => {
  test.each([
    ["esp32-nodemcu", boards.esp32, ESP32, 0],
    ["esp32c3", boards.esp32c3, ESP32C3, 5],
  ] as const)(
    "%s: every file byte for byte at its offset, and not a byte beside them",
    async (_, board, chip, chipId) => {
      const files = espFiles(board, chipId);
      const { result, rom } = await run(board, { chip, files });
      const wrote = files.map(({ name }) => name);
      expect(result).toEqual({
        ok: true,
        ...{ board: board.name, build: BUILD, on: rom.path, wrote, skipped: [], confirmed: false },
      });
      const expected = new Uint8Array(rom.flash.length).fill(0xff);
      for (const { offset, bytes } of files) expected.set(bytes, offset);
      expect(Buffer.compare(rom.flash, expected)).toBe(0);
    },
  );

  test("through reset, loader and flasher, at a higher speed, and runs its application afterwards", async () => {
    const { rom } = await run();
    expect(rom.commands.slice(0, 4)).toEqual(["sync", "security", "read register", "memory begin"]);
    expect(rom.commands).toContain("baud");
    expect(rom.commands.at(-1)).toBe("md5");
    expect([rom.runs, rom.isOpen]).toEqual(["application", false]);
  });

  test("with progress that only grows, and names its files", async () => {
    const { progress, files } = await run();
    const phases = [...new Set(progress.map(({ phase }) => phase))];
    expect(phases).toEqual(["check", "connect", "verify", "write", "restart"]);
    for (const { name, bytes } of files) {
      const dones = progress.filter((each) => each.phase === "write" && each.file === name).map(({ done }) => done);
      expect(dones).toEqual([...dones].sort((a, b) => a - b));
      expect([dones[0], dones.at(-1)]).toEqual([0, bytes.length]);
    }
  });

  test("and one that holds the image already is not written again", async () => {
    const first = await run();
    const { result, rom } = await run(boards.esp32, { rom: new RomLoader(ESP32, {}, first.rom.flash) });
    expect(result).toMatchObject({ ok: true, wrote: [], skipped: first.files.map(({ name }) => name) });
    expect(rom.written).toBe(0);
  });

  test("although noise comes between the answers", async () => {
    for (const noiseSeed of [1, 2, 3]) {
      const { result, rom, files } = await run(boards.esp32, { faults: { noiseSeed } });
      expect(result).toMatchObject({ ok: true });
      for (const { offset = 0, bytes } of files) {
        expect(Buffer.compare(rom.flash.subarray(offset, offset + bytes.length), bytes)).toBe(0);
      }
    }
  });

  test("slowly, where the bridge does not carry the higher speed", async () => {
    const { result, rom } = await run(boards.esp32, { faults: { deafAbove: 115_200 } });
    expect(result).toMatchObject({ ok: true });
    expect(rom.commands.filter((each) => each === "baud")).toHaveLength(1);
  });

  test("and confirms it by its hello, once its port is free", async () => {
    let wasOpen: boolean | undefined;
    const rom = new RomLoader(ESP32);
    const awaitHello = async () => {
      wasOpen = rom.isOpen;
      return { build: BUILD_BYTES, board: "esp32-nodemcu" };
    };
    const { result } = await run(boards.esp32, { rom, awaitHello });
    expect(result).toMatchObject({ ok: true, confirmed: true });
    expect(wasOpen).toBe(false);
  });
});

describe("refused before a byte is written:", () => {
  test.each([
    ["port busy", "another process holds it"],
    ["port forbidden", "this user may not open it"],
    ["no port", "it cannot be opened"],
  ] as const)("%s", async (code, why) => {
    const attempt = await run(boards.esp32, { faults: { open: { ok: false, code, why, next: "Do this." } } });
    expect(refused(attempt.result)).toMatchObject({ code, why, step: "open the port", on: "/dev/ttyPLAY0" });
    expectUntouched(attempt);
  });

  test("no port was named", async () => {
    const { result } = await run(boards.esp32, { port: undefined });
    expect(refused(result)).toMatchObject({ code: "no port", written: "nothing" });
  });

  test("a port on which nobody speaks, with the words that name the buttons", async () => {
    const attempt = await run(boards.esp32, { faults: { mute: true } });
    expect(refused(attempt.result)).toMatchObject({ code: "no loader", step: "enter the loader" });
    expect(refused(attempt.result).why).toContain("not one byte");
    expect(refused(attempt.result).next).toContain("BOOT");
    expectUntouched(attempt);
  });

  test("a board that boots its application whatever the lines say", async () => {
    const application = new TextEncoder().encode("hello \xc0 from an application\n");
    const attempt = await run(boards.esp32, { faults: { application } });
    expect(refused(attempt.result)).toMatchObject({ code: "no loader" });
    expect(refused(attempt.result).why).toMatch(/\d+ bytes came from the board/);
    expectUntouched(attempt);
  });

  test.each([
    ["an ESP32-C3 where an ESP32 is meant", boards.esp32, ESP32C3, "ESP32-C3"],
    ["an ESP32 where an ESP32-C3 is meant", boards.esp32c3, ESP32, "ESP32"],
    ["a chip that nobody knows", boards.esp32, { ...ESP32C3, chipId: 777 }, "does not know"],
  ] as const)("%s, which runs on as before", async (_, board, chip, words) => {
    const attempt = await run(board, { chip, files: espFiles(board, board === boards.esp32c3 ? 5 : 0) });
    expect(refused(attempt.result)).toMatchObject({ code: "wrong chip" });
    expect(refused(attempt.result).why).toContain(words);
    expectUntouched(attempt);
    expect(attempt.rom.commands).not.toContain("memory begin");
    expect(attempt.rom.runs).toBe("application");
  });

  test("a chip that is locked", async () => {
    const options = { chip: ESP32C3, files: espFiles(boards.esp32c3, 5), faults: { secureDownload: true } };
    const attempt = await run(boards.esp32c3, options);
    expect(refused(attempt.result)).toMatchObject({ code: "no loader", step: "start the flasher" });
    expectUntouched(attempt);
  });

  test("a flash that is smaller than the image, or that does not say its size", async () => {
    const small = await run(boards.esp32, { faults: { sizeId: 0x10 } });
    expect(refused(small.result)).toMatchObject({ code: "no loader", step: "look at the flash" });
    expectUntouched(small);
    const files = espFiles();
    files.push({ ...files[2], name: "far.bin", offset: 0xf0000 });
    const large = await run(boards.esp32, { faults: { sizeId: 0x13 }, files });
    expect(refused(large.result)).toMatchObject({ code: "no room", step: "look at the flash" });
    expectUntouched(large);
  });
});

describe("in the middle:", () => {
  /** A board that died, taken up again. */
  async function again({ rom }: Run): Promise<Run> {
    const second = await run(boards.esp32, { rom: new RomLoader(ESP32, {}, rom.flash) });
    for (const { offset = 0, bytes } of second.files) {
      expect(Buffer.compare(second.rom.flash.subarray(offset, offset + bytes.length), bytes)).toBe(0);
    }
    return second;
  }

  test("a cable that is pulled out is said, and the next flash goes on after the files that had arrived", async () => {
    const first = await run(boards.esp32, { faults: { unplugAtBlock: 3 } });
    expect(refused(first.result)).toMatchObject({
      ...{ code: "went away", step: "write xs_esp32.bin at 0x10000", on: "/dev/ttyPLAY0", written: "part" },
    });
    expect(refused(first.result).next).toMatch(/not harmed.*not sent again/);
    const second = await again(first);
    expect(second.result).toMatchObject({
      ...{ ok: true, skipped: ["bootloader.bin", "partition-table.bin"], wrote: ["xs_esp32.bin"] },
    });
  });

  test("a loader that falls silent is a failed write", async () => {
    const first = await run(boards.esp32, { faults: { hangAtBlock: 2 } });
    expect(refused(first.result)).toMatchObject({ code: "write failed", written: "part" });
    expect((await again(first)).result).toMatchObject({ ok: true });
  });

  test("a person who stops it is obeyed at once", async () => {
    const stop = new AbortController();
    const abortAtBlock = { block: 3, abort: () => stop.abort() };
    const first = await run(boards.esp32, { faults: { abortAtBlock }, signal: stop.signal });
    expect(refused(first.result)).toMatchObject({ code: "interrupted", written: "part" });
    expect(first.rom.isOpen).toBe(false);
    expect((await again(first)).result).toMatchObject({ ok: true });
    const stopped = await run(boards.esp32, { signal: AbortSignal.abort() });
    expect(refused(stopped.result)).toMatchObject({ code: "interrupted" });
    expectUntouched(stopped);
  });

  test("a flash that does not hold what was written is found by its MD5", async () => {
    const files = espFiles();
    const weak = 0x10000 + files[2].bytes.findIndex((byte) => (byte & 1) === 1);
    const { result } = await run(boards.esp32, { faults: { weakAddress: weak } });
    expect(refused(result)).toMatchObject({ code: "verify failed", written: "part" });
    expect(refused(result).step).toContain("xs_esp32.bin");
  });
});

describe("after it, unconfirmed:", () => {
  const hello = { build: BUILD_BYTES, board: "esp32-nodemcu" };

  test("a board that says another build, with both", async () => {
    const build = Uint8Array.from([9, 8, 7, 6, 5, 4, 3, 2]);
    const { result } = await run(boards.esp32, { awaitHello: async () => ({ ...hello, build }) });
    expect(refused(result)).toMatchObject({ code: "not confirmed", written: "all" });
    expect(refused(result).why).toContain("0908070605040302");
    expect(refused(result).why).toContain(BUILD);
  });

  test("another board than the one that was flashed", async () => {
    const { result } = await run(boards.esp32, { awaitHello: async () => ({ ...hello, board: "esp32c3" }) });
    expect(refused(result)).toMatchObject({ code: "not confirmed", written: "all" });
    expect(refused(result).why).toContain("esp32c3");
  });

  test("silence, with the board's words of recovery, as a person reads them", async () => {
    const { result } = await run(boards.esp32, { awaitHello: async () => undefined });
    expect(refused(result)).toMatchObject({ code: "not confirmed", next: boards.esp32.recovery });
    expect(refusalText(refused(result))).toBe(
      `Could not hear the board's hello (/dev/ttyPLAY0): the board did not say hello\nThe whole image is on the board.\nNext: ${boards.esp32.recovery}`,
    );
  });
});
