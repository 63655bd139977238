/** A command as a process of its own, beside the kiosk that somebody ordered it at: long work keeps no vote waiting. */
import { spawn } from "node:child_process";
import { programFile, repository } from "../repository.ts";

/** Of what it says when it fails. */
const SAID_LENGTH_MAX = 200;

export type Ended =
  | { readonly type: "done" }
  /** What it said last; nothing where it was ended for taking too long. */
  | { readonly type: "failed"; readonly said: string }
  | { readonly type: "did not start" };

/** `timeoutMs`: 0 for as long as it takes. */
export function aside(words: readonly string[], timeoutMs = 0): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [programFile("hardway"), ...words], {
      ...{ stdio: ["ignore", "ignore", "pipe"], cwd: repository(), timeout: timeoutMs },
    });
    let said = "";
    child.stderr?.on("data", (text) => {
      said = `${said}${text}`.slice(-SAID_LENGTH_MAX);
    });
    child.once("error", () => resolve({ type: "did not start" }));
    child.once("close", (code) => resolve(code === 0 ? { type: "done" } : { type: "failed", said: said.trim() }));
  });
}
