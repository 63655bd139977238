/** All that can be said against an image before a board is touched. */
import type { Board, FlashMethod } from "../boards/board.ts";
import type { Image, LoadedFile } from "../images/image.ts";
import { checkEsp32Image, chipIdOf, chipName } from "./esp32-image.ts";
import { checkLayout, type PlacedFile } from "./esp32-layout.ts";
import { type KnownBad, knownBad } from "./known-bad.ts";
import { type FlashCode, type FlashRefusal, hexOf, refusal } from "./result.ts";
import { parseUf2 } from "./uf2-blocks.ts";

const STEP = "check the image";
const REBUILD = "Build the image again, or fetch it again.";

/** Undefined where nothing speaks against it. */
export function checkImage(board: Board, image: Image, bad: readonly KnownBad[]): FlashRefusal | undefined {
  const { manifest, folder } = image;
  const refuse = (code: FlashCode, why: string, next: string): FlashRefusal => refusal(code, STEP, folder, why, next);
  if (manifest.board !== board.name) {
    const why = `it is for the board "${manifest.board}", and "${board.name}" shall be flashed`;
    return refuse("wrong board", why, `Take an image for ${board.name}: hardway firmware build ${board.name}.`);
  }
  if (manifest.chip !== board.chip) {
    const why = `it is for the chip ${manifest.chip}, and ${board.name} has ${board.chip}`;
    return refuse("wrong chip", why, REBUILD);
  }
  const listed = knownBad(manifest.build, bad);
  if (listed !== undefined) {
    return refuse("known bad", `the build ${manifest.build} must not be used: ${listed.why}`, "Take another build.");
  }
  const found = filesFor(board.flash.method, image);
  if (found.length === 0) {
    return refuse("bad image", `it has no file that ${board.name} can be flashed with`, REBUILD);
  }
  const { method } = board.flash;
  switch (method.kind) {
    case "esptool":
      return checkForLoader(board, method, placed(found), folder);
    case "uf2":
      return checkForVolume(board, method, found);
    case "vendorTool":
      return found.length === 1 ? undefined : refuse("bad image", "it has more than one hex file", REBUILD);
  }
}

const KINDS = { esptool: "esp32", uf2: "uf2", vendorTool: "hex" } as const;

/** Those that this way of flashing writes; an image may hold more. */
export const filesFor = (method: FlashMethod, image: Image): readonly LoadedFile[] =>
  image.files.filter((file) => file.kind === KINDS[method.kind]);

/** In the order in which they are written: as the manifest has them. */
export const placed = (files: readonly LoadedFile[]): readonly PlacedFile[] =>
  files.map(({ name, offset = 0, bytes }) => ({ name, offset, bytes }));

type Loader = Extract<FlashMethod, { kind: "esptool" }>;
type Volume = Extract<FlashMethod, { kind: "uf2" }>;

function checkForLoader(
  board: Board,
  method: Loader,
  files: readonly PlacedFile[],
  folder: string,
): FlashRefusal | undefined {
  const { bytes: flashSize, imageSizeMax } = board.flash;
  for (const { name, bytes } of files) {
    const chipId = chipIdOf(bytes);
    if (chipId === undefined) continue;
    if (chipId !== method.chipId) {
      const why = `its header is for ${chipName(chipId)}, and ${board.name} has ${chipName(method.chipId)}`;
      return refusal("wrong chip", STEP, name, why, `Build it for ${board.name}.`);
    }
    const whole = checkEsp32Image(bytes);
    if (!whole.ok) return refusal("bad image", STEP, name, `it ${whole.why}`, REBUILD);
    if (bytes.length > imageSizeMax) {
      return refusal("no room", STEP, name, `it has ${bytes.length} bytes, of at most ${imageSizeMax}`, REBUILD);
    }
  }
  const layout = checkLayout(files, method.bootloaderOffset, flashSize);
  return layout.ok ? undefined : refusal("bad image", STEP, folder, layout.why, REBUILD);
}

function checkForVolume(board: Board, method: Volume, files: readonly LoadedFile[]): FlashRefusal | undefined {
  const [{ name, bytes }] = files;
  const refuse = (code: FlashCode, why: string): FlashRefusal => refusal(code, STEP, name, why, REBUILD);
  if (files.length > 1) return refuse("bad image", "it is not the only UF2 file of the image");
  const uf2 = parseUf2(bytes);
  if (!uf2.ok) return refuse("bad image", `it ${uf2.why}`);
  if (uf2.family !== method.family) {
    return refuse("wrong chip", `it is for the family ${hexOf(uf2.family)}, not for ${hexOf(method.family)}`);
  }
  const { bases, bootloaders } = method;
  if (uf2.from !== bases.s140v6 && uf2.from !== bases.s140v7) {
    return refuse("bad image", `it begins at ${hexOf(uf2.from)}, where no SoftDevice of ours ends`);
  }
  const end = Math.max(...bootloaders.map((each) => each.end));
  if (uf2.to > end || uf2.to - uf2.from > board.flash.imageSizeMax) {
    return refuse("no room", `it reaches to ${hexOf(uf2.to)}, and an application ends at ${hexOf(end)}`);
  }
  return undefined;
}
