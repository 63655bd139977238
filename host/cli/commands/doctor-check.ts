/** What a look at one thing finds: a line for a person, and what to do about it. */
import type { Exit } from "../exit-codes.ts";

export type CheckName =
  | "node"
  | "clock"
  | "supply"
  | "config"
  | "folder"
  | "space"
  | "journal"
  | "secret"
  | "key"
  | "identity"
  | "radio"
  | "links";

export interface Check {
  readonly check: CheckName;
  /** A kiosk runs with a WARN, and does not with a FAIL. */
  readonly state: "OK" | "WARN" | "FAIL";
  readonly about: string;
  /** The next thing to do; empty where there is none. */
  readonly next: string;
  readonly exit: Exit;
}

export const well = (check: CheckName, about: string): Check => ({
  ...{ check, state: "OK", about, next: "", exit: "done" },
});

export const beware = (check: CheckName, about: string, next: string): Check => ({
  ...{ check, state: "WARN", about, next, exit: "done" },
});

export const failing = (check: CheckName, exit: Exit, about: string, next: string): Check => ({
  ...{ check, state: "FAIL", about, next, exit },
});

export function checkLines({ check, state, about, next }: Check): string[] {
  const line = `${state.padEnd(4)}  ${check}: ${about}`;
  return next === "" ? [line] : [line, `      Next: ${next}`];
}

/** Of the first that fails: things are looked at in the order in which they are mended. */
export const exitOf = (checks: readonly Check[]): Exit => checks.find(({ state }) => state === "FAIL")?.exit ?? "done";

export function worstOf(checks: readonly Check[]): Check["state"] {
  if (checks.some(({ state }) => state === "FAIL")) return "FAIL";
  return checks.some(({ state }) => state === "WARN") ? "WARN" : "OK";
}
