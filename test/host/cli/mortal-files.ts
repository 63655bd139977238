/** The file system of this process as a kill or a full disk in the middle of a command leaves it: the change of some number is not
 * made, or half of it, and nothing is after it. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

export type Ending =
  /** Nothing more is done, whoever asks. */
  | "killed"
  /** Half of what is written finds room, and from there on nothing does; names may still be changed and removed. */
  | "full";

export interface MortalFiles {
  /** Whether it came to that. */
  readonly isOver: () => boolean;
  readonly changes: () => number;
  readonly restore: () => void;
}

// biome-ignore lint/suspicious/noExplicitAny: functions of many shapes, none of which is looked at.
type Act = (...words: any[]) => any;

const NAMES = ["openSync", "writeSync", "writeFileSync", "renameSync", "rmSync", "unlinkSync", "mkdirSync"] as const;
const MORE = ["fsyncSync", "fdatasyncSync", "ftruncateSync", "symlinkSync", "cpSync", "copyFileSync"] as const;

/** A full disk does them all the same. */
const ROOMLESS: readonly string[] = [
  "renameSync",
  "rmSync",
  "unlinkSync",
  "fsyncSync",
  "fdatasyncSync",
  "ftruncateSync",
];

export function mortalFiles(endsAt: number, ending: Ending): MortalFiles {
  const real = new Map<string, Act>();
  let changes = 0;
  let isOver = false;
  const refuse = (): never => {
    const [code, words] =
      ending === "killed" ? ["EKILLED", "nobody is there any more"] : ["ENOSPC", "no space left on device"];
    throw Object.assign(new Error(`${code}: ${words}`), { code });
  };
  /** `half`: what of it is done by then. */
  const change = (act: () => unknown, half: () => unknown, takesRoom: boolean): unknown => {
    if (isOver && (ending === "killed" || takesRoom)) return refuse();
    if (isOver || changes++ < endsAt) return act();
    isOver = true;
    if (ending === "full" && !takesRoom) return act();
    const done = half();
    return ending === "full" && done !== undefined ? done : refuse();
  };
  for (const name of [...NAMES, ...MORE]) {
    const act: Act = fs[name] as Act;
    real.set(name, act);
    const mortal: Act = (...words) => {
      if (name === "openSync" && !/[wa+]/.test(String(words[1] ?? "r"))) return act(...words);
      const takesRoom = !ROOMLESS.includes(name);
      return change(
        () => act(...words),
        () => {
          const [file, bytes] = words;
          if (name === "writeSync" && bytes instanceof Uint8Array && bytes.length > 1) {
            return act(file, bytes.subarray(0, bytes.length >>> 1));
          }
          if (name === "writeFileSync")
            act(file, Buffer.from(bytes).subarray(0, bytes.length >>> 1), ...words.slice(2));
          return undefined;
        },
        takesRoom,
      );
    };
    (fs as { [name: string]: unknown })[name] = mortal;
  }
  syncBuiltinESMExports();
  return {
    isOver: () => isOver,
    changes: () => changes,
    restore() {
      for (const [name, act] of real) (fs as { [name: string]: unknown })[name] = act;
      syncBuiltinESMExports();
    },
  };
}
