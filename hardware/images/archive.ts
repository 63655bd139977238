/** Everything of a build that needs no compiler for the chip: `mcconfig` resolves the manifest, XS compiles each module, runs
 * them all once, and links what they left into the archive that an image is made around. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Board } from "../boards/board.ts";
import { ENTRY, type FirmwareManifest, firmwareManifest, NATIVE_MODULES } from "./firmware-manifest.ts";
import { moduleGraph } from "./module-graph.ts";
import type { Refusal } from "./refusal.ts";
import { type Ran, type Run, run } from "./run.ts";
import { findModdable } from "./toolchain.ts";

const WITHIN_MS = 600_000;
/** The SDK names a file that it does not find, and goes on without it. */
const NOT_FOUND = "no modules match";

export interface Prepared {
  readonly ok: true;
  readonly manifest: FirmwareManifest;
  /** Where the manifest lies, and all that comes of it. */
  readonly path: string;
  readonly output: string;
}

/** Writes the manifest of this board's firmware from what the compiler emitted. */
export function prepare(board: Board, root: string, natives: boolean): Prepared | Refusal {
  const graph = moduleGraph(join(root, "build"), ENTRY, natives ? NATIVE_MODULES : new Map());
  if (!graph.ok) return graph;
  const manifest = firmwareManifest(board, root, graph, natives);
  // The SDK names its output after the folder of the manifest.
  const folder = join(root, "build", "firmware", board.name, "radio");
  const output = join(root, "build", "firmware", board.name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "manifest.json");
  writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { ok: true, manifest, path, output };
}

export type Archive = { readonly ok: true; readonly path: string; readonly output: string } | Refusal;

export interface ArchiveOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly natives?: boolean;
  readonly run?: Run;
}

export async function linkArchive(board: Board, options: ArchiveOptions): Promise<Archive> {
  const toolchain = findModdable(options.environment);
  if (!toolchain.ok) return toolchain;
  const prepared = prepare(board, options.root, options.natives ?? false);
  if (!prepared.ok) return prepared;
  const execute = options.run ?? run;
  const { output } = prepared;
  const work = join(output, "tmp", board.platform, "release", "radio");
  // What an earlier run left would look like this one's.
  rmSync(work, { recursive: true, force: true });
  // The makefile wants to know where the vendors' kits are, even for what needs none of them.
  const environment = { NRF_SDK_DIR: output, IDF_PATH: output, ...toolchain.environment };
  const settings = { cwd: output, environment, withinMs: WITHIN_MS };

  const types = ["-p", writeTypeCheck(options.root, output, toolchain.moddable)];
  const compiler = join(options.root, "node_modules", ".bin", "tsc");
  const typeFault = faultOf("checking types against the SDK's", board, await execute(compiler, types, settings));
  if (typeFault !== undefined) return typeFault;

  const configured = await execute(toolchain.mcconfig, ["-p", board.platform, "-o", output, prepared.path], settings);
  const fault = faultOf("mcconfig", board, configured);
  if (fault !== undefined) return fault;

  const archive = join(work, "mc.xs.c");
  const targets = [archive, join(work, "mc.bleservices")];
  const makefile = ["-f", join(work, "makefile"), "-j", "2"];
  const linked = await execute("make", [...makefile, ...pretended(board, prepared.path), ...targets], settings);
  const linkFault = faultOf("linking the archive", board, linked);
  if (linkFault !== undefined) return linkFault;
  if (!existsSync(archive)) return refuse(board, "linking the archive", "it left no archive", linked.output);
  return { ok: true, path: archive, output: configured.output + linked.output };
}

/** The published typings may be older than the SDK that is here. */
function writeTypeCheck(root: string, output: string, moddable: string): string {
  const ofSdk = ["ble/*", "crc", "embedded_io/_common", "embedded_io/serial", "mc/*", "preference", "time", "timer"];
  const typings = ofSdk.map((name) => join(moddable, "typings", `${name}.d.ts`));
  const path = join(output, "tsconfig.json");
  const compilerOptions = { composite: false, noEmit: true, skipLibCheck: true, rootDir: "/", typeRoots: [] };
  const own = [join(root, "firmware-js/main.ts"), join(root, "firmware-js/native/*.ts")];
  const include = [...own, join(moddable, "xs/includes/xs.d.ts"), ...typings];
  const settings = { extends: join(root, "tsconfig.json"), compilerOptions, include, references: [] };
  writeFileSync(path, `${JSON.stringify(settings, undefined, 2)}\n`);
  return path;
}

/** An ESP32's makefile asks the vendor's kit for its version, and for a header that it says the archive depends on. Neither
 * goes into the archive. */
function pretended(board: Board, anyFile: string): string[] {
  return board.platform.startsWith("esp32/") ? ["IDF_VERSION=none", `SDKCONFIG_H=${anyFile}`] : [];
}

/** What went wrong in one of the SDK's programs; undefined: nothing. */
export function faultOf(step: string, board: Board, { status, output }: Ran): Refusal | undefined {
  const missing = output.split("\n").find((line) => line.includes(NOT_FOUND));
  if (missing !== undefined) return refuse(board, step, `a file of the manifest is missing: ${missing.trim()}`, output);
  if (status === 0) return undefined;
  return refuse(board, step, status === undefined ? "it did not run to its end" : `it ended with ${status}`, output);
}

function refuse(board: Board, step: string, what: string, output: string): Refusal {
  const last = output.trim().split("\n").slice(-12).join("\n");
  return { ok: false, why: `${step} for ${board.name}: ${what}`, next: `read what it said last:\n${last}` };
}
