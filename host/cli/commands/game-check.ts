/** `hardway game check`: all that can be found out about a game without playing for chips, and the exact edge of every bet. */
import { existsSync, statSync } from "node:fs";
import { extname, isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { domainDigest } from "../../crypto/domain-digest.ts";
import { checkGame, reportLines } from "../../engine/game/check.ts";
import { findGame, type SomeGame } from "../../engine/game/find-game.ts";
import { craps } from "../../engine/games/craps/craps.ts";
import { roulette } from "../../engine/games/roulette.ts";
import { type Command, InputError, numberOption, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { repository } from "../repository.ts";

const GAMES: readonly SomeGame[] = Object.freeze([craps, roulette] as readonly unknown[] as readonly SomeGame[]);
const OPERATIONS_MAX = 10_000_000;
const SCRIPTS = [".js", ".mjs", ".cjs"];

export const gameCheck: Command = {
  words: ["game", "check"],
  takes: "FILE",
  about:
    "Checks a game: its scenarios, wrong moves, chips and hashes, with random players, and prints every bet's exact edge.",
  more: `FILE is a module that exports the game, and its code is run: .js or .mjs, or .ts within this checkout, of which what
npm run build has made is loaded. Or it is the name of a game of this program: ${GAMES.map(({ name }) => name).join(", ")}.
docs/games.md says how to write one.`,
  options: {
    operations: { value: "N", default: "4000", about: `random steps over all its tables, 1 to ${OPERATIONS_MAX}` },
    seed: { value: "S", default: "1", about: "of the random players, a whole number" },
  },
  async run(input, io) {
    if (input.operands.length !== 1) throw new UsageError("game check takes one FILE");
    const options = {
      operations: numberOption(input, "operations", 1, OPERATIONS_MAX),
      seed: numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER),
    };
    const game = await gameOf(input.operands[0], io);
    const report = checkGame(game, domainDigest, options);
    for (const line of reportLines(report)) io.out(line);
    if (io.json) {
      for (const row of report.rows) io.record({ type: "check", ...row });
      for (const edge of report.edges) io.record({ type: "edge", ...edge });
      io.record({ type: "checked", game: game.name, version: game.version, ok: report.ok });
    }
    if (report.ok) return "done";
    const bad = report.rows.filter(({ ok }) => !ok);
    io.err(`${game.name}: ${bad.length} of ${report.rows.length} checks failed.\nNext: the lines that begin with BAD.`);
    return "unsound";
  },
};

async function gameOf(name: string, io: Io): Promise<SomeGame> {
  const known = GAMES.find((game) => game.name === name);
  if (known !== undefined) return known;
  const kind = extname(name);
  if (kind === "") {
    const meant = nearest(
      name,
      GAMES.map((game) => game.name),
    );
    const names =
      meant === undefined ? `there is ${GAMES.map((game) => game.name).join(", ")}` : `did you mean ${meant}?`;
    throw new UsageError(`no game is called "${name}", and a file ends in .js; ${names}`);
  }
  if (!existsSync(name)) throw new InputError("missing", `reading ${name}: it is not there.`, "Name a file that is.");
  return loaded(SCRIPTS.includes(kind) ? resolve(name) : builtOf(name, io));
}

/** What the build has made of a source of this checkout: Node itself loads no TypeScript. */
function builtOf(name: string, io: Io): string {
  const path = relative(repository(), resolve(name));
  const isOurs = extname(name) === ".ts" && !path.startsWith("..") && !isAbsolute(path);
  const built = join(repository(), "build", path.replace(/\.ts$/, ".js"));
  if (!isOurs || !existsSync(built)) {
    const next = isOurs ? "npm run build." : "Compile it, and name the .js file.";
    throw new InputError("failed", `reading ${name}: Node loads no ${extname(name)} file as it is.`, next);
  }
  if (statSync(built).mtimeMs < statSync(name).mtimeMs) {
    io.err(`${name} is younger than what was built of it, which is checked here; npm run build builds it anew.`);
  }
  return built;
}

async function loaded(name: string): Promise<SomeGame> {
  let exports: { readonly [name: string]: unknown };
  try {
    exports = await import(pathToFileURL(name).href);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError("failed", `loading ${name}: ${message}.`, "Mend what it says; docs/games.md has an example.");
  }
  const game = findGame(exports);
  if (game !== undefined) return game;
  throw new InputError(
    "failed",
    `${name} exports no game.`,
    "Export what defineGame answers; docs/games.md has an example.",
  );
}
