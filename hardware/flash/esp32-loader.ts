/** Flashing an ESP32 through the loader in its ROM: into the loader by the two control lines, chip and flash looked at, then
 * file after file, each compared by its MD5 within the chip. Nothing is written before all of it fits, and what the chip
 * already holds is not written again: an interrupted flash goes on where it was. */
import { ESPLoader, UnexpectedChipIdError, UnexpectedChipMagicError } from "esptool-js";
import type { Board, FlashMethod } from "../boards/board.ts";
import { md5Of } from "../images/image.ts";
import type { PlacedFile } from "./esp32-layout.ts";
import type { LoaderPort } from "./loader-port.ts";
import { LoaderTransport, wait } from "./loader-transport.ts";
import {
  type FlashCode,
  type FlashRefusal,
  hexOf,
  type OnProgress,
  refusal,
  type Written,
  type Wrote,
} from "./result.ts";

export interface LoaderOptions {
  readonly progress: OnProgress;
  readonly signal?: AbortSignal | undefined;
  /** Once the flasher runs; the ROM itself listens at 115200. */
  readonly baud?: number | undefined;
}

/** Cheap bridges are sure of it; the flash itself takes about as long as the wire then. */
const FLASH_BAUD = 460_800;
const ROM_BAUD = 115_200;
/** Each resets the board and knocks five times: about a second of silence. */
const ATTEMPTS = 5;
const RESET_MS = 100;

type Method = Extract<FlashMethod, { kind: "esptool" }>;

/** One flash under way: what a refusal must say of it. */
interface Flight {
  readonly board: Board;
  readonly method: Method;
  readonly port: LoaderPort;
  readonly transport: LoaderTransport;
  readonly loader: ESPLoader;
  readonly options: LoaderOptions;
  written: Written;
  step: string;
}

export async function flashThroughLoader(
  board: Board,
  method: Method,
  files: readonly PlacedFile[],
  port: LoaderPort,
  options: LoaderOptions,
): Promise<Wrote> {
  const transport = new LoaderTransport(port);
  const opened = await port.open(ROM_BAUD, {
    bytes: (chunk) => transport.take(chunk),
    lost: (why) => transport.fail(why),
  });
  if (!opened.ok) return refusal(opened.code, "open the port", port.path, opened.why, opened.next);
  transport.baudrate = ROM_BAUD;
  const onAbort = (): void => transport.fail("it was told to stop");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  const baudrate = options.baud ?? FLASH_BAUD;
  const loader = new ESPLoader({ transport, baudrate, romBaudrate: ROM_BAUD, terminal: SILENT });
  const flight: Flight = { board, method, port, transport, loader, options, written: "nothing", step: "" };
  try {
    return await fly(flight, files);
  } catch (fault) {
    return refuse(flight, "write failed", (fault as Error).message, AGAIN);
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    await release(port);
  }
}

/** The library tells a terminal what it does; our progress says it better. */
const SILENT = { clean: () => {}, write: () => {}, writeLine: () => {} };

const AGAIN =
  "The board is not harmed: its loader is in ROM, which no flash can spoil. Flash it again, with a shorter cable if this happens twice; what has already arrived is not sent again.";

async function fly(flight: Flight, files: readonly PlacedFile[]): Promise<Wrote> {
  const refused = (await enterLoader(flight)) ?? (await prepareFlash(flight, files));
  if (refused !== undefined) return refused;
  const wrote: string[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const data = padded(file.bytes);
    const md5 = md5Of(data);
    if ((await md5Within(flight, file, data.length)) === md5) {
      skipped.push(file.name);
      continue;
    }
    await write(flight, file, data);
    const found = await md5Within(flight, file, data.length);
    if (found !== md5) {
      const why = `the flash holds bytes with the MD5 ${found} where ${md5} was written`;
      return refuse(flight, "verify failed", why, AGAIN);
    }
    wrote.push(file.name);
  }
  flight.written = "all";
  return { ok: true, on: flight.port.path, wrote, skipped };
}

async function enterLoader(flight: Flight): Promise<FlashRefusal | undefined> {
  const { board, method, transport, loader, options } = flight;
  flight.step = "enter the loader";
  options.progress({ phase: "connect", done: 0, total: 3 });
  try {
    await loader.detectChip("default_reset", ATTEMPTS);
  } catch (fault) {
    if (fault instanceof UnexpectedChipIdError || fault instanceof UnexpectedChipMagicError) {
      return wrongChip(flight, "a chip that esptool-js does not know");
    }
    const { heard } = transport;
    const why =
      heard === 0
        ? "not one byte came from the board"
        : `${heard} bytes came from the board, and its loader did not answer (${(fault as Error).message})`;
    return refuse(flight, "no loader", why, board.recovery);
  }
  options.progress({ phase: "connect", done: 1, total: 3 });
  const chip = loader.chip.CHIP_NAME;
  return chip === method.chip ? undefined : wrongChip(flight, chip);
}

function wrongChip(flight: Flight, chip: string): FlashRefusal {
  const { board, method } = flight;
  const why = `the loader belongs to ${chip}, and ${board.name} has ${method.chip}`;
  return refuse(flight, "wrong chip", why, "Look which board this is, or name the port of the other one with --port.");
}

/** Our flasher into the chip's memory, a faster wire, and a look at the size of the flash. */
async function prepareFlash(flight: Flight, files: readonly PlacedFile[]): Promise<FlashRefusal | undefined> {
  const { board, loader, options } = flight;
  flight.step = "start the flasher";
  const failed = (why: string): FlashRefusal => refuse(flight, "no loader", why, board.recovery);
  try {
    await loader.runStub();
    if (!loader.IS_STUB) return failed("the chip is locked: its secure download mode takes no flasher");
    options.progress({ phase: "connect", done: 2, total: 3 });
    await loader.changeBaud();
    flight.step = "look at the flash";
    const size = sizeOf(await loader.detectFlashSize());
    if (size === undefined) return failed("the flash does not say how large it is: its chip may be broken");
    const end = Math.max(...files.map(({ offset, bytes }) => offset + bytes.length));
    if (end > size) {
      const why = `the flash ends at ${hexOf(size)}, and the image at ${hexOf(end)}`;
      return refuse(flight, "no room", why, `This is not a ${board.title} as we know it: take one with more flash.`);
    }
  } catch (fault) {
    return failed(`it stopped answering: ${(fault as Error).message}`);
  }
  options.progress({ phase: "connect", done: 3, total: 3 });
  return undefined;
}

/** From "512KB" or "4MB". */
function sizeOf(text: string | undefined): number | undefined {
  const found = /^(\d+)(KB|MB)$/.exec(text ?? "");
  return found === null ? undefined : Number(found[1]) * (found[2] === "KB" ? 1024 : 1_048_576);
}

async function md5Within(flight: Flight, file: PlacedFile, size: number): Promise<string> {
  const { loader, options } = flight;
  flight.step = `compare ${file.name} at ${hexOf(file.offset)}`;
  options.progress({ phase: "verify", file: file.name, done: 0, total: size });
  const md5 = await loader.flashMd5sum(file.offset, size);
  options.progress({ phase: "verify", file: file.name, done: size, total: size });
  return md5;
}

async function write(flight: Flight, file: PlacedFile, data: Uint8Array): Promise<void> {
  const { loader, options } = flight;
  flight.step = `write ${file.name} at ${hexOf(file.offset)}`;
  flight.written = "part";
  options.progress({ phase: "write", file: file.name, done: 0, total: data.length });
  await loader.writeFlash({
    fileArray: [{ data, address: file.offset }],
    // With anything but "keep" the library changes the image, and miscalculates the digest behind it.
    flashMode: "keep",
    flashFreq: "keep",
    flashSize: "keep",
    eraseAll: false,
    compress: true,
    // Compressed on the wire: a share of the file.
    reportProgress: (_index, sent, total) =>
      options.progress({
        phase: "write",
        file: file.name,
        done: Math.floor((data.length * sent) / total),
        total: data.length,
      }),
  });
}

/** As the loader writes it: whole words, filled up as erased flash is. */
function padded(bytes: Uint8Array): Uint8Array {
  const data = new Uint8Array((bytes.length + 3) & ~3).fill(0xff);
  data.set(bytes);
  return data;
}

function refuse(flight: Flight, code: FlashCode, why: string, next: string): FlashRefusal {
  const { board, port, step, transport, options, written } = flight;
  if (options.signal?.aborted) {
    const go = written === "nothing" ? "Flash it when you are ready." : AGAIN;
    return refusal("interrupted", step, port.path, "it was told to stop", go, written);
  }
  if (transport.lost !== undefined) {
    const plug = `Plug the board in again and wait for ${port.path}. ${written === "nothing" ? board.recovery : AGAIN}`;
    return refusal("went away", step, port.path, transport.lost, plug, written);
  }
  return refusal(code, step, port.path, why, next, written);
}

/** Out of the loader into whatever the flash holds, whether the flash went well or not. The library's own reset only lets go
 * of a line that it never pulled. */
async function release(port: LoaderPort): Promise<void> {
  try {
    await port.setLines(false, true);
    await wait(RESET_MS);
    await port.setLines(false, false);
  } catch {
    // The port is gone: there is nobody to restart.
  }
  await port.close();
}
