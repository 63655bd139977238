/** Loaded into a kiosk's process before everything else: its card and its clock become as bad as a file says, whose path is in the
 * environment. The file holds the code with which writes fail, or by how many milliseconds the date is wrong. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const LOOK_EVERY_MS = 20;
const path = process.env["HARDWAY_BAD_CARD"] ?? "";
const { now } = Date;
const read = fs.readFileSync;
let said = "";

const look = (): void => {
  try {
    said = read(path, "utf8").trim();
  } catch {
    said = "";
  }
};
look();
setInterval(look, LOOK_EVERY_MS).unref();
Date.now = () => now() + (/^-?\d+$/.test(said) ? Number(said) : 0);

/** What a full disk does all the same, and one that can only be read does not; and what fails of a broken one alone. */
const ROOMLESS: readonly string[] = ["renameSync", "unlinkSync"];
const BROKEN: readonly string[] = ["fdatasync"];

/** Undefined: it works. */
function failure(name: string): Error | undefined {
  if (!/^E[A-Z]+$/.test(said) || (said === "ENOSPC" && ROOMLESS.includes(name))) return undefined;
  if (said !== "EIO" && BROKEN.includes(name)) return undefined;
  return Object.assign(new Error(`${said}: the card, as the test wants it`), { code: said });
}

// biome-ignore lint/suspicious/noExplicitAny: functions of many shapes, none of which is looked at.
type Act = (...words: any[]) => any;

for (const name of ["writeSync", "mkdirSync", "symlinkSync", "renameSync", "unlinkSync", "openSync"] as const) {
  const act = fs[name] as Act;
  const bad: Act = (...words) => {
    const error = name === "openSync" && (words[1] ?? "r") === "r" ? undefined : failure(name);
    if (error !== undefined) throw error;
    return act(...words);
  };
  (fs as { [name: string]: unknown })[name] = bad;
}
for (const name of ["write", "fdatasync"] as const) {
  const act = fs[name] as Act;
  const bad: Act = (...words) => {
    const error = failure(name);
    if (error === undefined) act(...words);
    else setImmediate(words.at(-1), error);
  };
  (fs as { [name: string]: unknown })[name] = bad;
}
syncBuiltinESMExports();
