/** Flashing by copying: the bootloader shows a volume, and takes the blocks of the UF2 file that is written to it. It restarts
 * into the new firmware at the last block, so that a volume which vanishes then has done its work. */
import { join } from "node:path";
import type { Board, FlashMethod } from "../boards/board.ts";
import type { LoadedFile } from "../images/image.ts";
import type { Disk } from "./disk.ts";
import { type InfoUf2, parseInfoUf2 } from "./info-uf2.ts";
import {
  type FlashCode,
  type FlashRefusal,
  hexOf,
  type OnProgress,
  refusal,
  type Written,
  type Wrote,
} from "./result.ts";
import { parseUf2, UF2_BLOCK_SIZE } from "./uf2-blocks.ts";

export interface VolumeOptions {
  readonly disk: Disk;
  /** The volume itself, where a person has named it. */
  readonly folder?: string | undefined;
  /** Folders in which volumes are mounted; within one, or one deeper. */
  readonly roots?: readonly string[] | undefined;
  readonly progress: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

export const MOUNT_ROOTS: readonly string[] = Object.freeze(["/media", "/run/media", "/Volumes"]);

const INFO = "INFO_UF2.TXT";
/** What is synchronized at a time: it bounds what a volume that vanishes early may seem to have taken. */
const CHUNK_SIZE = 64 * UF2_BLOCK_SIZE;
/** Its folder, its allocation table: the volume says that it is nearly empty, always. */
const ROOM_BESIDES = 4096;

type Method = Extract<FlashMethod, { kind: "uf2" }>;

interface Volume {
  readonly folder: string;
  readonly info: InfoUf2;
}

export async function flashThroughVolume(
  board: Board,
  method: Method,
  file: LoadedFile,
  options: VolumeOptions,
): Promise<Wrote> {
  options.progress({ phase: "connect", done: 0, total: 1 });
  const volume = await chooseVolume(board, method, options);
  if ("ok" in volume) return volume;
  const refused = checkVolume(board, method, file, volume) ?? (await checkRoom(file, volume, options.disk));
  if (refused !== undefined) return refused;
  options.progress({ phase: "connect", done: 1, total: 1 });
  return copy(board, file, volume, options);
}

/** Whether its volume is still, or again, there: then the bootloader has not started what was written. */
export async function volumeIsThere(method: Method, options: VolumeOptions): Promise<boolean> {
  return (await volumes(options)).some(({ info }) => bootloaderOf(method, info) !== undefined);
}

async function chooseVolume(board: Board, method: Method, options: VolumeOptions): Promise<Volume | FlashRefusal> {
  const step = "find the volume";
  const names = method.bootloaders.map(({ volume }) => volume).join(" or ");
  const on = options.folder ?? names;
  const all = await volumes(options);
  const ours = all.filter(({ info }) => bootloaderOf(method, info) !== undefined);
  if (ours.length === 1) return ours[0];
  if (ours.length > 1) {
    const folders = ours.map(({ folder }) => folder).join(", ");
    const next = "Name one of them with --volume, or pull the other boards out.";
    return refusal("several volumes", step, on, `there are ${ours.length}: ${folders}`, next);
  }
  if (all.length > 0) {
    const found = all.map(({ folder, info }) => `${folder} is "${info.boardId}"`).join(", ");
    const wanted = method.bootloaders.map(({ boardId }) => `"${boardId}"`).join(" or ");
    const next = `Pull this board out and take ${board.title}. ${board.recovery}`;
    return refusal("wrong board", step, on, `${found}, and ${board.name} is ${wanted}`, next);
  }
  const why =
    options.folder === undefined
      ? `no volume ${names} is mounted under ${(options.roots ?? MOUNT_ROOTS).join(", ")}`
      : `${options.folder} has no ${INFO}: no bootloader's volume is mounted there`;
  const next = `${board.recovery} Where volumes are not mounted by themselves, mount it and name its folder with --volume.`;
  return refusal("no volume", step, on, why, next);
}

async function volumes({ disk, folder, roots = MOUNT_ROOTS }: VolumeOptions): Promise<Volume[]> {
  const found: Volume[] = [];
  const look = async (candidate: string): Promise<void> => {
    const info = parseInfoUf2((await disk.readText(join(candidate, INFO))) ?? "");
    if (info !== undefined) found.push({ folder: candidate, info });
  };
  if (folder !== undefined) {
    await look(folder);
    return found;
  }
  for (const root of roots) {
    for (const name of await disk.list(root)) {
      await look(join(root, name));
      for (const inner of await disk.list(join(root, name))) await look(join(root, name, inner));
    }
  }
  return found;
}

const bootloaderOf = (method: Method, info: InfoUf2): Method["bootloaders"][number] | undefined =>
  method.bootloaders.find(({ boardId }) => boardId === info.boardId);

function checkVolume(
  board: Board,
  method: Method,
  file: LoadedFile,
  { folder, info }: Volume,
): FlashRefusal | undefined {
  const step = "compare the volume with the image";
  const refuse = (code: FlashCode, why: string, next: string): FlashRefusal => refusal(code, step, folder, why, next);
  const uf2 = parseUf2(file.bytes);
  if (!uf2.ok) return refuse("bad image", `${file.name} ${uf2.why}`, "Build the image again.");
  const { softDevice } = info;
  const base = softDevice === undefined ? undefined : baseOf(method, softDevice);
  if (base !== uf2.from) {
    const { s140v7 } = method.bases;
    const why = `the image begins at ${hexOf(uf2.from)}, behind S140 ${uf2.from === s140v7 ? "7" : "6"}.x, and the board has ${softDevice?.name ?? "no SoftDevice"}`;
    const next = `Give the board that SoftDevice, once, with a debug probe: docs/flashing.md says how. The firmware that ${board.name} has still runs: press RESET.`;
    return refuse("wrong SoftDevice", why, next);
  }
  const end = bootloaderOf(method, info)?.end ?? 0;
  if (uf2.to > end) {
    const why = `the image ends at ${hexOf(uf2.to)}, and this bootloader takes nothing from ${hexOf(end)} on`;
    return refuse("no room", why, "Take a smaller build, or the SDK's own bootloader, which takes more.");
  }
  return undefined;
}

function baseOf({ bases }: Method, { name, major }: NonNullable<InfoUf2["softDevice"]>): number | undefined {
  if (!name.startsWith("S140 ")) return undefined;
  return major === 6 ? bases.s140v6 : major === 7 ? bases.s140v7 : undefined;
}

async function checkRoom(file: LoadedFile, { folder }: Volume, disk: Disk): Promise<FlashRefusal | undefined> {
  const free = await disk.freeBytes(folder);
  if (free === undefined || free >= file.bytes.length + ROOM_BESIDES) return undefined;
  const why = `it has ${free} bytes free, and ${file.name} needs ${file.bytes.length}`;
  return refusal(
    "no room",
    "look for room",
    folder,
    why,
    "Delete what somebody copied there, or press RESET twice again.",
  );
}

async function copy(board: Board, file: LoadedFile, { folder }: Volume, options: VolumeOptions): Promise<Wrote> {
  const { disk, progress, signal } = options;
  const { name, bytes } = file;
  const total = bytes.length;
  const step = `copy ${name}`;
  let done = 0;
  const refuse = (code: FlashCode, why: string): FlashRefusal => {
    const written: Written = done === 0 ? "nothing" : "part";
    return refusal(code, step, folder, `${why}, after ${done} of ${total} bytes`, afterHalf(board), written);
  };
  let fault: string | undefined;
  try {
    const copied = await disk.create(join(folder, name));
    try {
      while (done < total && !signal?.aborted) {
        progress({ phase: "write", file: name, done, total });
        await copied.write(bytes.subarray(done, done + CHUNK_SIZE));
        await copied.sync();
        done = Math.min(total, done + CHUNK_SIZE);
      }
    } finally {
      await copied.close();
    }
  } catch (error) {
    fault = (error as Error).message;
  }
  if (fault !== undefined) {
    const gone = (await disk.readText(join(folder, INFO))) === undefined;
    // The bootloader restarts at its last block, perhaps before the system has heard that it took it.
    const complete = done + CHUNK_SIZE >= total;
    if (gone && !complete) return refuse("went away", "the volume vanished");
    if (!gone) return refuse("write failed", fault);
  } else if (done < total) {
    return refuse("interrupted", "it was told to stop");
  }
  progress({ phase: "write", file: name, done: total, total });
  return { ok: true, on: folder, wrote: [name], skipped: [] };
}

const afterHalf = (board: Board): string =>
  `The bootloader is not harmed, and waits for the whole image: flash it again. ${board.recovery}`;
