/** The program that makes a pseudo terminal: ours, built when it is first wanted, or socat where nothing can be built. Ours
 * is preferred: it also tells when the port is opened and closed, and at which speed. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type PtyHelper =
  | { readonly ok: true; readonly kind: "ours" | "socat"; readonly program: string }
  | { readonly ok: false; readonly why: string; readonly next: string };

const COMPILERS = ["cc", "gcc", "clang"];
const BUILD_WITHIN_MS = 60_000;

const root = repositoryRoot(dirname(fileURLToPath(import.meta.url)));

/** `path`: folders of programs, as in the environment. `folder`: where ours is, once it was built. */
export async function ptyHelper(
  path: string = process.env["PATH"] ?? "",
  folder: string = join(root, "build", "pty"),
): Promise<PtyHelper> {
  const source = join(root, "hardware", "virtual", "fronts", "pty.c");
  const digest = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 16);
  const program = join(folder, `pty-${digest}`);
  if (existsSync(program)) return { ok: true, kind: "ours", program };
  const compiler = COMPILERS.map((name) => found(name, path)).find((each) => each !== undefined);
  const socat = found("socat", path);
  if (compiler === undefined) {
    if (socat !== undefined) return { ok: true, kind: "socat", program: socat };
    return {
      ok: false,
      why: "making a pseudo terminal: there is neither a C compiler nor socat on this machine",
      next: "apt-get install gcc libc6-dev, or apt-get install socat, or serve the board at unix: or tcp:",
    };
  }
  // Two programs may build it at once: each makes its own and moves it there whole.
  const aside = `${program}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const complaint = await build(compiler, source, aside);
  if (complaint === undefined) {
    renameSync(aside, program);
    return { ok: true, kind: "ours", program };
  }
  if (socat !== undefined) return { ok: true, kind: "socat", program: socat };
  return {
    ok: false,
    why: `building ${source} with ${compiler}: ${complaint}`,
    next: "apt-get install gcc libc6-dev, or apt-get install socat, or serve the board at unix: or tcp:",
  };
}

const build = (compiler: string, source: string, program: string): Promise<string | undefined> =>
  new Promise((done) => {
    execFile(compiler, ["-O2", "-o", program, source], { timeout: BUILD_WITHIN_MS }, (error, _, complaint) =>
      done(error === null ? undefined : complaint.trim().split("\n").slice(0, 5).join("; ") || error.message),
    );
  });

function found(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === "") continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

/** Where package.json is, seen from a source as from its emitted copy under build/. */
function repositoryRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? folder : repositoryRoot(parent);
}
