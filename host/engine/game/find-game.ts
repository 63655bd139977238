/** The game among what a file exports: whoever is given a file's name asks here. */
import type { Game } from "./game.ts";

export type SomeGame = Game<unknown, unknown, { readonly type: string }, unknown>;

/** The first in the order of names; undefined where nothing in the file is a game. */
export function findGame(exports: { readonly [name: string]: unknown }): SomeGame | undefined {
  for (const name of Object.keys(exports).sort()) {
    const value = exports[name];
    if (isGame(value)) return value;
  }
  return undefined;
}

function isGame(value: unknown): value is SomeGame {
  if (typeof value !== "object" || value === null) return false;
  const parts = value as { readonly [part: string]: unknown };
  const calls = ["setup", "phase", "legalActions", "settle", "law", "wagers"];
  return typeof parts["name"] === "string" && calls.every((call) => typeof parts[call] === "function");
}
