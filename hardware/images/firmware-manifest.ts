/** The manifest that `mcconfig` gets: the firmware's own, the modules of this build one by one, and the board's facts as its
 * configuration. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "../../protocol/core/assert.ts";
import type { Board } from "../boards/board.ts";
import { type RadioFacts, radioFacts } from "../boards/radio-facts.ts";
import type { ModuleGraph } from "./module-graph.ts";

export const ENTRY = "firmware-js/main";

/** With native calls, one module stands in another's place. */
export const NATIVE_MODULES: ReadonlyMap<string, string> = new Map([
  ["firmware-js/native/stack-calls", "firmware-js/native/stack-calls-native"],
]);

export interface FirmwareManifest {
  readonly build: { readonly [name: string]: string };
  readonly include: readonly string[];
  readonly modules: { readonly [name: string]: string };
  readonly preload: readonly string[];
  readonly config: { readonly radio: RadioConfig };
}

/** What the firmware reads as `config.radio`. */
export interface RadioConfig extends RadioFacts {
  readonly build: string;
  readonly uart: { readonly transmit: number; readonly receive: number; readonly port: number };
  readonly cancels: boolean;
}

export function firmwareManifest(board: Board, root: string, graph: ModuleGraph, natives: boolean): FirmwareManifest {
  const own = natives ? ["manifest.json", "manifest-native.json"] : ["manifest.json"];
  const include = own.map((name) => join(root, "firmware-js", name));
  // Without its ending, as the SDK looks for files.
  const modules = Object.fromEntries(graph.modules.map(({ name, path }) => [name, path.replace(/\.js$/, "")]));
  const build = buildId(root, board, graph, natives);
  // Only at the top of a manifest does the SDK heed where an ESP32's configuration lies.
  const esp32 = board.platform.startsWith("esp32/");
  return {
    build: esp32 ? { SDKCONFIGPATH: join(root, "firmware-js", "sdkconfig") } : {},
    include,
    modules,
    preload: graph.modules.map(({ name }) => name),
    config: { radio: configOf(board, build) },
  };
}

export const configOf = (board: Board, build: string): RadioConfig => ({
  ...radioFacts(board),
  build,
  uart: { transmit: pinNumber(board.pins.transmit), receive: pinNumber(board.pins.receive), port: 1 },
  cancels: board.ble.cancel,
});

/** "TX (GPIO1)" is 1, "P1.02" is 34: the nRF52 has thirty-two pins a port. */
export function pinNumber(words: string): number {
  const found = /GPIO(\d+)|P(\d)\.(\d+)/.exec(words);
  assert(found !== null, "a pin is named by its number");
  return found[1] === undefined ? 32 * Number(found[2]) + Number(found[3]) : Number(found[1]);
}

/** The first eight bytes of the digest of all that goes into the image from this tree, and of the board's facts. */
export function buildId(root: string, board: Board, graph: ModuleGraph, natives: boolean): string {
  const digest = createHash("sha256");
  const add = (name: string, bytes: Uint8Array): void => {
    digest.update(`${name}\0${bytes.length}\0`);
    digest.update(bytes);
  };
  for (const { name, path } of graph.modules) add(name, readFileSync(path));
  const firmware = join(root, "firmware-js");
  for (const name of otherSources(firmware, board, natives)) add(name, readFileSync(join(firmware, name)));
  add("board", new TextEncoder().encode(JSON.stringify([board.platform, configOf(board, "")])));
  return digest.digest("hex").slice(0, 16);
}

/** Beside the modules, below firmware-js. */
function otherSources(firmware: string, board: Board, natives: boolean): string[] {
  const chips = `native/${board.platform.split("/")[0]}`;
  const names = ["manifest.json", "sdkconfig/sdkconfig.defaults", `${chips}/chip.c`, `${chips}/radio-link.c`];
  if (natives) names.push("manifest-native.json", `${chips}/stack-calls.c`);
  for (const name of readdirSync(join(firmware, "bleservices"))) names.push(`bleservices/${name}`);
  return names.sort();
}
