/** A copy of the sources and of what is built of them, in which faults are planted one after another. The repository itself is
 * never touched. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { repositoryRoot } from "../xs/engine/root.ts";
import type { Edit } from "./mutant.ts";

export interface Workshop {
  readonly folder: string;
  /** Plants them all, or throws and plants none. */
  plant(edits: readonly Edit[]): void;
  /** As it was. */
  restore(): void;
  remove(): void;
}

export function workshop(root: string = repositoryRoot): Workshop {
  for (const part of BUILT) {
    if (!existsSync(join(root, part))) throw new Error(`nothing is built in ${part}: run \`npm run build\` first`);
  }
  const folder = mkdtempSync(join(tmpdir(), "hardway-mutants-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const part of [...SOURCES, ...BUILT]) cpSync(join(root, part), join(folder, part), COPYING);
    // Locals that a fault leaves unused are no reason not to compile it.
    const configuration = readFileSync(join(root, "tsconfig.json"), "utf8");
    writeFileSync(join(folder, "tsconfig.json"), configuration.replace(/"noUnused\w+": true,/g, ""));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    writeFileSync(join(folder, "vitest.config.ts"), VITEST);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  } catch (error) {
    remove();
    throw error;
  }
  const originals = new Map<string, string>();
  const restore = (): void => {
    for (const [path, text] of originals) writeFileSync(path, text);
    originals.clear();
  };
  const plant = (edits: readonly Edit[]): void => {
    try {
      for (const edit of edits) {
        const path = join(folder, edit.file);
        const text = readFileSync(path, "utf8");
        if (!originals.has(path)) originals.set(path, text);
        writeFileSync(path, patched(text, edit));
      }
    } catch (error) {
      restore();
      throw error;
    }
  };
  return { folder, plant, restore, remove };
}

export function patched(text: string, { file, from, to }: Edit): string {
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${from}`);
  return pieces.join(to);
}

const SOURCES = ["protocol", "firmware-js", "hardware", "host", "test"];
const BUILT = ["build/protocol", "build/host", "build/test/simulator", "build/test/mutants"];
const LEFT_OUT = ["node_modules", "results", "vectors"];

/** With the times of the files, by which the compiler knows what is new. */
const COPYING = {
  recursive: true,
  preserveTimestamps: true,
  filter: (path: string): boolean => !LEFT_OUT.includes(basename(path)),
};

/** Nothing is built beforehand, everything runs in one thread, and caches stay in the copy. */
const VITEST = `export default {
  cacheDir: "cache",
  test: { include: ["test/**/*.test.ts"], pool: "threads", maxWorkers: 1, testTimeout: 60_000, hookTimeout: 60_000 },
};
`;
