/**
 * Makes the program of one file and the few that its processes are started from: on a Pi, to look for a thousand modules one by one
 * takes a command four seconds of five.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "tsup";

/** What is started by name, each beside the others: whoever starts one looks for it there. */
const ENTRIES: { readonly [name: string]: readonly string[] } = Object.freeze({
  hardway: ["host", "cli", "hardway.ts"],
  process: ["host", "cli", "kiosk", "process.ts"],
  worker: ["host", "crypto", "work", "worker.ts"],
  "keeper-thread": ["host", "storage", "history", "keeper-thread.ts"],
});

/** `root`: of the repository. For what runs from `out` meanwhile, no file that it may yet start is ever missing. */
export async function buildProgram(root: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const fresh = mkdtempSync(join(dirname(out), "program-"));
  try {
    await build({
      entry: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(root, ...path)])),
      ...{ outDir: fresh, tsconfig: join(root, "host", "cli", "tsconfig.json"), config: false, silent: true },
      // Packages stay where npm has put them.
      ...{ format: "esm", platform: "node", target: "node20", splitting: true, skipNodeModulesBundle: true },
      ...{ removeNodeProtocol: false, dts: false },
      esbuildOptions(options) {
        options.legalComments = "none";
        options.chunkNames = "part.[hash]";
      },
    });
    const names = readdirSync(fresh);
    for (const name of names) renameSync(join(fresh, name), join(out, name));
    for (const name of readdirSync(out)) if (!names.includes(name)) rmSync(join(out, name));
  } finally {
    rmSync(fresh, { recursive: true });
  }
}
