/**
 * Compiles XS, the engine of the boards, from the C sources that npm brings with `@agoric/xsnap`: no install script, no
 * network, about ten seconds once. The result is named by a hash of all that went into it, so a stale one is never run.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "./root.ts";

export type XsBuild =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly why: string; readonly fault: "no compiler" | "no 32-bit" | "no sources" | "failed" };

/** 64 bits run everywhere; in 32 a slot is 16 bytes, as on a board. */
export interface XsBuildOptions {
  readonly bits?: 32 | 64;
}

const ENGINE = join(repositoryRoot, "test/xs/engine");
const XS = join(repositoryRoot, "node_modules/@agoric/xsnap/moddable/xs");
const BUILT = join(repositoryRoot, "build/xs");

export function buildXs(options: XsBuildOptions = {}): XsBuild {
  const bits = options.bits ?? 64;
  const compiler = spawnSync("gcc", ["-v"], { encoding: "utf8" });
  if (compiler.status !== 0) {
    return { ok: false, fault: "no compiler", why: "XS needs a C compiler: apt-get install gcc libc6-dev" };
  }
  if (!existsSync(join(XS, "sources"))) {
    return { ok: false, fault: "no sources", why: "the sources of XS are missing: npm ci --ignore-scripts" };
  }
  const flags = flagsFor(bits);
  const path = join(BUILT, `xs-host-${bits}-${fingerprint([compiler.stderr, ...flags])}`);
  if (existsSync(path)) return { ok: true, path };

  mkdirSync(BUILT, { recursive: true });
  const work = mkdtempSync(join(BUILT, "compiling-"));
  try {
    const trial = run(
      "gcc",
      [...flags, "-x", "c", "-", "-o", "trial"],
      work,
      "#include <stdio.h>\nint main() { return 0; }\n",
    );
    if (trial !== "" && bits === 32) {
      return { ok: false, fault: "no 32-bit", why: "32-bit slots need 32-bit libraries: apt-get install gcc-multilib" };
    }
    if (trial !== "") {
      return { ok: false, fault: "no compiler", why: `XS needs C headers: apt-get install gcc libc6-dev\n${trial}` };
    }
    const failure = compile(flags, work);
    if (failure !== "") return { ok: false, fault: "failed", why: `XS does not compile:\n${failure}` };
    // A rename is atomic: of two processes that built at once, the later replaces the same bytes.
    renameSync(join(work, "xs-host"), path);
    return { ok: true, path };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The engine or an error that says what to install: a test that needs XS fails without it, and is never skipped. */
export function builtXs(options: XsBuildOptions = {}): string {
  const build = buildXs(options);
  if (!build.ok) throw new Error(build.why);
  return build.path;
}

/**
 * -O1 is optimized enough for XS to count bytecodes where they are dispatched; -O2 takes 14 s of processor instead of 8
 * and ran a loop of 20 million turns in the same 0.4 s. -w, because the sources are not ours to mend.
 */
function flagsFor(bits: 32 | 64): string[] {
  // SSE, because x87 rounds doubles differently from a board and from 64 bits.
  const width = bits === 32 ? ["-m32", "-msse2", "-mfpmath=sse"] : [];
  const include = [ENGINE, ...["includes", "platforms", "sources"].map((folder) => join(XS, folder))];
  return [
    ...width,
    "-O1",
    "-w",
    "-fno-strict-aliasing",
    "-fno-common",
    '-DXSPLATFORM="platform.h"',
    ...include.map((folder) => `-I${folder}`),
  ];
}

/** Largest first, so that no core ends up alone with the interpreter. `xargs` is what a Debian without make has. */
function compile(flags: string[], work: string): string {
  const sources = cFiles(join(XS, "sources")).sort((a, b) => statSync(b).size - statSync(a).size);
  const all = [...sources, ...cFiles(ENGINE)];
  const each = ["-0", "-n", "1", "-P", String(availableParallelism()), "gcc", ...flags, "-c"];
  const failure = run("xargs", each, work, all.join("\0"));
  if (failure !== "") return failure;
  const objects = readdirSync(work).filter((name) => name.endsWith(".o"));
  return run("gcc", [...flags, ...objects, "-o", "xs-host", "-lm", "-lpthread"], work, "");
}

/** What the command complained of, when it failed; nothing when it did not. */
function run(command: string, words: string[], cwd: string, input: string): string {
  const ran = spawnSync(command, words, { cwd, input, encoding: "utf8" });
  if (ran.error !== undefined) return ran.error.message;
  return ran.status === 0 ? "" : `${command} ended with ${ran.status ?? ran.signal}\n${ran.stderr}`;
}

function fingerprint(words: readonly string[]): string {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`${word}\0`);
  const folders = [ENGINE, join(XS, "includes"), join(XS, "platforms"), join(XS, "sources")];
  for (const folder of folders) {
    for (const name of readdirSync(folder).sort()) {
      if (/\.[ch]$/.test(name)) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function cFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(folder, name));
}
