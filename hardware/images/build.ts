/** `hardway firmware build BOARD`: compiles the firmware, drives the SDK's `mcconfig`, and puts the image where the flasher
 * finds it, with its `image.json` beside it. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unreachable } from "../../protocol/core/assert.ts";
import type { Board } from "../boards/board.ts";
import { type ArchiveOptions, faultOf, prepare } from "./archive.ts";
import { type ImageFile, type ImageManifest, MANIFEST_NAME, manifestText, md5Of } from "./image.ts";
import type { Refusal } from "./refusal.ts";
import { run } from "./run.ts";
import { findToolchain } from "./toolchain.ts";

/** A first build of an ESP32 compiles the vendor's kit as well. */
const WITHIN_MS = 3_600_000;

/** Where ESP-IDF puts what comes before the program. */
const PARTITIONS_OFFSET = 0x8000;
const PROGRAM_OFFSET = 0x10000;

export type Built = { readonly ok: true; readonly folder: string; readonly manifest: ImageManifest } | Refusal;

export interface BuildOptions extends ArchiveOptions {
  /** What the SDK says, as it says it. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export async function buildFirmware(board: Board, options: BuildOptions): Promise<Built> {
  try {
    return await build(board, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const next = `see that there is room in ${options.root}, and that you may write to its folders build and images`;
    return { ok: false, why: `building for ${board.name}: ${message}`, next };
  }
}

async function build(board: Board, options: BuildOptions): Promise<Built> {
  const { root, environment, natives = false, onOutput, signal } = options;
  const toolchain = findToolchain(board.platform, environment);
  if (!toolchain.ok) return toolchain;
  const execute = options.run ?? run;

  const compiler = join(root, "node_modules", ".bin", "tsc");
  const settings = { cwd: root, environment: toolchain.environment, withinMs: WITHIN_MS, onOutput, signal };
  const compiled = faultOf("compiling", board, await execute(compiler, ["-b", "firmware-js"], settings));
  if (compiled !== undefined) return compiled;

  const prepared = prepare(board, root, natives);
  if (!prepared.ok) return prepared;
  const { output, path, manifest } = prepared;
  const made = join(output, "bin", board.platform, "release", "radio");
  // What an earlier build left would look like this one's.
  rmSync(made, { recursive: true, force: true });
  const values = ["-m", "-p", board.platform, "-t", "build", "-o", output, path];
  const fault = faultOf("mcconfig", board, await execute(toolchain.mcconfig, values, { ...settings, cwd: output }));
  if (fault !== undefined) return fault;
  return place(board, made, root, manifest.config.radio.build, toolchain.sdk);
}

/** The files of an image as the SDK leaves them, and where they go. */
export function imageParts(board: Board): readonly { name: string; kind: ImageFile["kind"]; offset?: number }[] {
  const { method } = board.flash;
  switch (method.kind) {
    case "esptool":
      return [
        { name: "bootloader.bin", kind: "esp32", offset: method.bootloaderOffset },
        { name: "partition-table.bin", kind: "esp32", offset: PARTITIONS_OFFSET },
        { name: "xs_esp32.bin", kind: "esp32", offset: PROGRAM_OFFSET },
      ];
    case "uf2":
      return [{ name: "xs_nrf52.uf2", kind: "uf2" }];
    case "vendorTool":
      return [{ name: "xs_nrf52.hex", kind: "hex" }];
    default:
      return unreachable(method);
  }
}

/** Copies them to `images/<board>-<build>`, whole or not at all. */
export function place(board: Board, made: string, root: string, build: string, sdk: string): Built {
  const files: ImageFile[] = [];
  const folder = join(root, "images", `${board.name}-${build}`);
  const work = `${folder}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  for (const { name, kind, offset } of imageParts(board)) {
    const from = join(made, name);
    if (!existsSync(from)) {
      rmSync(work, { recursive: true, force: true });
      const next = `read what mcconfig said; it should have left ${name} in ${made}`;
      return { ok: false, why: `the build for ${board.name} left no ${name}`, next };
    }
    copyFileSync(from, join(work, name));
    const bytes = readFileSync(from);
    files.push({ name, kind, size: bytes.length, md5: md5Of(bytes), ...(offset === undefined ? {} : { offset }) });
  }
  const manifest: ImageManifest = { format: 1, board: board.name, chip: board.chip, build, sdk, files };
  writeFileSync(join(work, MANIFEST_NAME), manifestText(manifest));
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
  return { ok: true, folder, manifest };
}
