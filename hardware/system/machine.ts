/** The machine that a kiosk is installed on, or the folder of one that does not run: what is there, and how a step is done. */
import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unreachable } from "../../protocol/core/assert.ts";
import { SCREEN_UNIT } from "./places.ts";
import type { Facts, Step } from "./steps.ts";

export interface Machine {
  readonly facts: Facts;
  /** Undefined where it is done; else why not. */
  readonly perform: (step: Step) => string | undefined;
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
  /** As where there is no such program. */
  readonly fault?: string;
}

export type Run = (command: readonly string[]) => Ran;

/** No command of an installation takes longer. */
const COMMAND_WITHIN_MS = 60_000;

export const runHere: Run = ([program, ...words]) => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: "utf8", timeout: COMMAND_WITHIN_MS });
  const output = `${stdout ?? ""}${stderr ?? ""}`.trim();
  return error === undefined ? { status, output } : { status, output, fault: error.message };
};

/** `root`: of a system that does not run. */
export function machine(root: string | undefined = undefined, run: Run = runHere): Machine {
  const at = (path: string): string => (root === undefined ? path : join(root, path));
  const users = passwd(at("/etc/passwd"));
  const rootOption = root === undefined ? [] : [`--root=${root}`];
  const facts: Facts = {
    textOf: (path) => orNothing(() => readFileSync(at(path), "utf8")),
    ownerOf(path) {
      const uid = orNothing(() => lstatSync(at(path)).uid);
      return uid === undefined ? undefined : (users().find((user) => user.uid === uid)?.name ?? String(uid));
    },
    isEnabled(unit) {
      const scope = unit === SCREEN_UNIT ? ["--global"] : [];
      return run(["systemctl", ...rootOption, ...scope, "is-enabled", unit]).status === 0;
    },
    hasUser: (name) => users().some((user) => user.name === name),
    needsReload(unit) {
      if (root !== undefined) return false;
      return run(["systemctl", "show", "--property=NeedDaemonReload", "--value", unit]).output === "yes";
    },
    isActive: (unit) => root === undefined && run(["systemctl", "is-active", "--quiet", unit]).status === 0,
  };
  return {
    facts,
    perform(step) {
      switch (step.type) {
        case "leave":
          return undefined;
        case "write":
          return fault(() => replace(at(step.path), step.text));
        case "remove":
          return fault(() => rmSync(at(step.path)));
        case "own": {
          const user = users().find(({ name }) => name === step.user);
          if (user === undefined) return `there is no user ${step.user}`;
          return fault(() => own(at(step.path), user.uid, user.gid));
        }
        case "run": {
          const { status, output, fault } = run(step.command);
          if (status === 0) return undefined;
          return fault ?? (output === "" ? `it ended with ${status}` : output);
        }
        default:
          return unreachable(step);
      }
    },
  };
}

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Read each time: a step before may have made one. */
const passwd = (path: string) => (): User[] =>
  (orNothing(() => readFileSync(path, "utf8")) ?? "").split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return gid === undefined ? [] : [{ name, uid: Number(uid), gid: Number(gid) }];
  });

/** There whole or not at all: a machine may lose its power here, and boots from it. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const fresh = `${path}.hardway-new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode: 0o644, flag: "wx", flush: true });
  renameSync(fresh, path);
}

/** A link is owned as a link: what it names may be anybody's. */
function own(path: string, uid: number, gid: number): void {
  if (lstatSync(path).isSymbolicLink()) return;
  chownSync(path, uid, gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) own(join(path, name), uid, gid);
}

function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function fault(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
