/** `hardway flash` as a function: checks the image, writes it in the way of the board, and hears the board confirm it. */
import { assert } from "../../protocol/core/assert.ts";
import type { Board } from "../boards/board.ts";
import type { Image } from "../images/image.ts";
import { checkImage, filesFor, placed } from "./check-image.ts";
import { type AwaitHello, confirm } from "./confirm.ts";
import type { Disk } from "./disk.ts";
import { flashThroughLoader } from "./esp32-loader.ts";
import { KNOWN_BAD, type KnownBad } from "./known-bad.ts";
import type { LoaderPort } from "./loader-port.ts";
import { type FlashResult, type OnProgress, refusal, type Wrote } from "./result.ts";
import { flashThroughVolume, type VolumeOptions, volumeIsThere } from "./uf2-volume.ts";
import { askForTool, type FindTool } from "./vendor-tool.ts";

export interface FlashOrder {
  readonly board: Board;
  readonly image: Image;
  /** For a board with a serial loader; nobody else may have it open. */
  readonly port?: LoaderPort | undefined;
  /** Of the wire to a serial loader. */
  readonly baud?: number | undefined;
  /** For a board that is a volume: its folder, or where to look for it. */
  readonly volume?: { readonly folder?: string | undefined; readonly roots?: readonly string[] | undefined };
  /** Without it nothing is confirmed. Called when the port is closed again. */
  readonly awaitHello?: AwaitHello | undefined;
  readonly progress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly knownBad?: readonly KnownBad[] | undefined;
}

export interface FlashWorld {
  readonly disk: Disk;
  readonly findTool: FindTool;
}

export async function flash(order: FlashOrder, world: FlashWorld): Promise<FlashResult> {
  const { board, image, awaitHello, progress = () => {} } = order;
  progress({ phase: "check", done: 0, total: 1 });
  const refused = checkImage(board, image, order.knownBad ?? KNOWN_BAD);
  if (refused !== undefined) return refused;
  progress({ phase: "check", done: 1, total: 1 });
  const wrote = await write(order, world, progress);
  if (!wrote.ok) return wrote;
  progress({ phase: "restart", done: 1, total: 1 });
  if (awaitHello !== undefined) {
    progress({ phase: "confirm", done: 0, total: 1 });
    const doubt = await confirm(board, image.manifest, wrote.on, awaitHello, () => hint(order, world, progress));
    if (doubt !== undefined) return doubt;
    progress({ phase: "confirm", done: 1, total: 1 });
  }
  const { build } = image.manifest;
  return { ...wrote, board: board.name, build, confirmed: awaitHello !== undefined };
}

async function write(order: FlashOrder, world: FlashWorld, progress: OnProgress): Promise<Wrote> {
  const { board, image, port, baud, signal } = order;
  const { method } = board.flash;
  const files = filesFor(method, image);
  assert(files.length > 0, "an image that passed its checks has a file for the board");
  switch (method.kind) {
    case "esptool": {
      if (port === undefined) {
        const next = `Plug the board in and name its port with --port; hardway radio list shows the ports there are.`;
        return refusal("no port", "choose a port", board.name, "no serial port was named", next);
      }
      return flashThroughLoader(board, method, placed(files), port, { progress, signal, baud });
    }
    case "uf2":
      return flashThroughVolume(board, method, files[0], volumeOptions(order, world, progress));
    case "vendorTool":
      return askForTool(board, method, files[0], world.findTool);
  }
}

const volumeOptions = ({ volume, signal }: FlashOrder, { disk }: FlashWorld, progress: OnProgress): VolumeOptions => ({
  ...volume,
  disk,
  progress,
  signal,
});

/** A bootloader that shows its volume again has not started the firmware. */
async function hint(order: FlashOrder, world: FlashWorld, progress: OnProgress): Promise<string> {
  const { method } = order.board.flash;
  if (method.kind !== "uf2") return "";
  const there = await volumeIsThere(method, volumeOptions(order, world, progress));
  return there ? ", and its bootloader's volume is there: it has not started the firmware" : "";
}
