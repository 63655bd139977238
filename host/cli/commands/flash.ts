/** `hardway flash`: checks an image, writes it, verifies it, and waits until the board comes back with that very build. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../../../hardware/boards/board.ts";
import { realDisk } from "../../../hardware/flash/disk.ts";
import { flash } from "../../../hardware/flash/flash.ts";
import { FLASH_CODES, type FlashRefusal, type Progress, refusal, refusalText } from "../../../hardware/flash/result.ts";
import { serialLoaderPort } from "../../../hardware/flash/serial-port.ts";
import { readImage } from "../../../hardware/images/image.ts";
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";
import type { Hello } from "../../../protocol/radio/hello.ts";
import { CONFIG_FILE } from "../../config/config-file.ts";
import type { Device } from "../../radio/device-url.ts";
import { runDriver } from "../../radio/run-driver.ts";
import { type Command, type Input, numberOption, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { imagesFolder } from "../repository.ts";
import { backUpFirst } from "./backup-first.ts";
import { boardNames, oneBoard } from "./board.ts";
import { deviceOf, radioPorts } from "./devices.ts";

/** A board boots in a second; a volume may take some to vanish. */
const HELLO_WITHIN_MS = 20_000;
const BUILD = /-[0-9a-f]{16}$/;

export const flashCommand: Command = {
  words: ["flash"],
  takes: "BOARD",
  about: "Writes an image to a board, verifies it, and waits for the board to say that build.",
  more: `BOARD is one of ${boardNames().join(", ")}. Nothing is written unless image, board and chip belong together.`,
  options: {
    image: { value: "FOLDER", about: `the image, a folder with image.json; else the newest that was built` },
    port: { value: "DEVICE", about: "the radio's port: an ESP32 is written through it, every board confirms over it" },
    volume: { value: "FOLDER", about: "where the board's UF2 volume is mounted; else it is looked for" },
    file: { value: "FILE", default: CONFIG_FILE, about: "the kiosk's configuration: it is backed up first" },
    at: { value: "FOLDER", about: "the kiosk's folder, where no configuration says it" },
    "backup-to": { value: "FOLDER", about: "where that backup goes; else the kiosk's own folder, in backups" },
    "no-backup": { about: "writes the board without a backup of the kiosk" },
    baud: { value: "N", about: "speed of an ESP32's loader, 9600 to 921600", default: "460800" },
  },
  async run(input, io) {
    const board = oneBoard(input.operands, "flash takes the name of one board");
    const baud = numberOption(input, "baud", 9600, 921_600);
    const folder = input.text("image") ?? newestImage(board);
    const device = portOf(input, board);
    const image = await readImage(folder);
    if (!image.ok) {
      return refused(refusal("bad image", "read the image", image.path, `it ${image.why}`, image.next), io);
    }
    await backUpFirst(input, io);
    const { kind } = board.flash.method;
    const path = device?.type === "serial" ? device.path : undefined;
    const result = await flash(
      {
        board,
        image: image.image,
        baud,
        signal: io.signal,
        port: kind === "esptool" && path !== undefined ? serialLoaderPort(path) : undefined,
        volume: { folder: input.text("volume") },
        awaitHello: device === undefined ? undefined : () => hello(device, board, io.signal),
        progress: (progress) => show(progress, io),
      },
      { disk: realDisk, findTool: async (name) => toolOnPath(name, process.env["PATH"]) },
    );
    if (!result.ok) return refused(result, io);
    if (io.json) io.record(result);
    const wrote = [...result.wrote, ...result.skipped.map((name) => `${name} (was there)`)].join(", ");
    io.out(`${board.title} on ${result.on}: build ${result.build} written and verified: ${wrote}.`);
    if (result.confirmed) io.out("The board came back and says that build.");
    else io.err("Not confirmed: name the radio's port with --port, and the board's hello is waited for.");
    return "done";
  },
};

function refused(refusal: FlashRefusal, io: Io): Exit {
  if (io.json) io.record(refusal);
  io.err(refusalText(refusal));
  return FLASH_CODES[refusal.code].exit;
}

/** What `hardway firmware build` made last for the board. */
function newestImage(board: Board): string {
  const made = foldersIn(imagesFolder())
    // A build that was broken off has left a name with another ending.
    .filter((name) => name.startsWith(`${board.name}-`) && BUILD.test(name))
    .map((name) => join(imagesFolder(), name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  if (made.length > 0) return made[0].path;
  throw new UsageError(
    `no image for ${board.name} is in ${imagesFolder()}: build one, or name its folder with --image`,
  );
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where nothing is named and one port alone fits, it is that one. */
function portOf(input: Input, board: Board): Device | undefined {
  const named = input.text("port");
  const byLoader = board.flash.method.kind === "esptool";
  if (named !== undefined) {
    const device = deviceOf(named);
    if (!byLoader || device.type === "serial") return device;
    throw new UsageError(`${board.name} is written through a serial port of this machine, not through ${named}`);
  }
  if (!byLoader) return undefined;
  const ports = radioPorts().filter(({ bridge }) => bridge?.boards.includes(board.name) ?? true);
  if (ports.length === 1) return { type: "serial", path: ports[0].path };
  const why =
    ports.length === 0
      ? "no serial port is here that it could be on"
      : `it could be on any of ${ports.map(({ path }) => path).join(", ")}`;
  throw new UsageError(`name the board's port with --port: ${why}`);
}

const PHASES: { readonly [phase in Progress["phase"]]: string } = Object.freeze({
  check: "checking the image",
  connect: "reaching the loader",
  write: "writing",
  verify: "verifying",
  restart: "restarting the board",
  confirm: "waiting for the board's hello",
});

function show({ phase, file, done, total }: Progress, io: Io): void {
  io.progress(file === undefined ? PHASES[phase] : `${PHASES[phase]} ${file}`, done, total);
}

/** Over the port that the flasher has closed again. */
function hello(device: Device, board: Board, signal: AbortSignal): Promise<Hello | undefined> {
  return new Promise((resolve) => {
    const end = (hello: Hello | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      setImmediate(() => running.close());
      resolve(hello);
    };
    const giveUp = (): void => end(undefined);
    const timer = setTimeout(giveUp, HELLO_WITHIN_MS);
    signal.addEventListener("abort", giveUp);
    const running = runDriver({
      device,
      board,
      testsWire: false,
      on: (told) => {
        if (told.type === "up") end(told.hello);
      },
    });
    if (signal.aborted) giveUp();
  });
}
