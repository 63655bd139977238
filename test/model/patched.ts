/** A copy of the compiled engine in which a fault was planted: whoever looks for faults must find it there. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../xs/engine/root.ts";

export interface Patch {
  /** From the top of `build`, as "host/engine/consensus/quorum.js". */
  readonly file: string;
  /** Text that stands there once and no more: a patch that does not fit any more is an error. */
  readonly from: string;
  readonly to: string;
}

export interface PatchedCopy {
  /** Like `build`, with the protocol and the engine in it. */
  readonly folder: string;
  remove(): void;
}

export function patchedCopy(patches: readonly Patch[], build: string = join(repositoryRoot, "build")): PatchedCopy {
  for (const part of PARTS) {
    if (!existsSync(join(build, part))) throw new Error(`nothing is built of ${part}: run \`npm run build\` first`);
  }
  const folder = mkdtempSync(join(tmpdir(), "hardway-patched-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const part of PARTS) {
      cpSync(join(build, part), join(folder, part), {
        recursive: true,
        filter: (path) => !path.endsWith(".d.ts") && !path.endsWith(".tsbuildinfo"),
      });
    }
    // Node reads it as modules, as it does in the repository.
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
    for (const patch of patches) apply(folder, patch);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

const PARTS = ["protocol", "host/engine"];

function apply(folder: string, { file, from, to }: Patch): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times: ${from}`);
  writeFileSync(path, pieces.join(to));
}
