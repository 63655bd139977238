/**
 * `npm run -s hostile -- [--rolls N] [--kinds a,b] [--radio] [--speed X] [--seed S] [--json] [--reset]`: tables of seven kiosks as
 * real processes, two of them Byzantine, each kind of attack in turn with its share of the rolls. What was played is kept, so that a
 * second run goes on where the first was ended.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SPEED_MAX, SPEED_MIN } from "../../host/cli/kiosk/scaled-clock.ts";
import { natural, wordsBy } from "../command-line.ts";
import { repositoryRoot } from "../xs/engine/root.ts";
import type { Played } from "./fates.ts";
import { HOSTILITIES } from "./kinds.ts";
import { playTable } from "./table.ts";

const USAGE = `usage: hostile [--rolls N] [--kinds NAMES] [--radio] [--speed X] [--seed S] [--json] [--reset]
Kinds: ${HOSTILITIES.map(({ name }) => name).join(", ")}.
`;
/** A roll takes a second or two of the table's time, and a table's first minute none. */
const SECONDS_A_ROLL = 8;
const SECONDS_FIRST = 240;

const FILE = join(repositoryRoot, "build", "hostile.json");

const order = wordsBy(() => orderOf(process.argv.slice(2)));
if (order === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const { rolls, kinds, isByRadio, speed, seed, isJson } = order;
  const each = Math.ceil(rolls / kinds.length);
  for (const [at, hostility] of kinds.entries()) {
    const known = read();
    if (known.some((played) => played.name === hostility.name && played.rolls >= each && played.broken.length === 0))
      continue;
    const secondsMax = (SECONDS_FIRST + SECONDS_A_ROLL * each) / speed;
    const onProgress = (words: string): void => void process.stderr.write(`${words}\n`);
    const played = await playTable({
      hostility,
      rolls: each,
      isByRadio,
      speed,
      seed: seed + at,
      secondsMax,
      onProgress,
    });
    keep([...known.filter(({ name }) => name !== played.name), played]);
    for (const broken of played.broken) onProgress(`${played.name}: ${broken}`);
  }
  const all = read().filter(({ name }) => kinds.some((kind) => kind.name === name));
  const sum = sumOf(all);
  process.stdout.write(
    isJson ? `${JSON.stringify({ ...sum, kinds: all })}\n` : `${rowsOf(all)}\n${JSON.stringify(sum)}\n`,
  );
  if (sum.broken > 0) process.exitCode = 1;
}

function orderOf(words: readonly string[]) {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rolls: { type: "string", default: "1000" },
      kinds: { type: "string", default: HOSTILITIES.map(({ name }) => name).join() },
      speed: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      radio: { type: "boolean", default: false },
      reset: { type: "boolean", default: false },
    },
  });
  const kinds = values.kinds.split(",").map((name) => HOSTILITIES.find((each) => each.name === name));
  const rolls = natural(values.rolls, 1_000_000);
  const speed = Number(values.speed);
  const seed = natural(values.seed, 1_000_000);
  if (rolls === undefined || seed === undefined || !(speed >= SPEED_MIN && speed <= SPEED_MAX)) return undefined;
  if (kinds.some((kind) => kind === undefined)) return undefined;
  if (values.reset) rmSync(FILE, { force: true });
  return {
    rolls,
    isByRadio: values.radio,
    speed,
    seed,
    isJson: values.json,
    kinds: kinds.filter((kind) => kind !== undefined),
  };
}

function read(): Played[] {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Played[]) : [];
}

function keep(played: readonly Played[]): void {
  mkdirSync(join(repositoryRoot, "build"), { recursive: true });
  writeFileSync(FILE, JSON.stringify(played));
}

function sumOf(all: readonly Played[]) {
  const fates = all.flatMap((each) => each.fates);
  const provable = fates.filter(({ isProvable }) => isProvable);
  return {
    tables: all.length,
    rolls: all.reduce((sum, each) => sum + each.rolls, 0),
    voids: all.reduce((sum, each) => sum + each.voids, 0),
    seconds: Math.round(all.reduce((sum, each) => sum + each.seconds, 0)),
    equalHashes: all.filter(({ digest }) => digest !== undefined).length,
    provable: provable.length,
    lostSeat: provable.filter(({ hasSeat }) => !hasSeat).length,
    lostStake: provable.filter(({ stakeAfter, stakeBefore }) => stakeAfter < stakeBefore).length,
    partsMax: Math.max(0, ...all.map(({ parts }) => parts)),
    broken: all.filter(({ broken }) => broken.length > 0).length,
  };
}

function rowsOf(all: readonly Played[]): string {
  const rows = all.map(({ name, rolls, voids, seconds, views, epochs, digest, fates, parts, words }) =>
    [
      name.padEnd(19),
      String(rolls).padStart(5),
      String(voids).padStart(5),
      seconds.toFixed(0).padStart(5),
      `${views}/${epochs}`.padStart(6),
      (digest?.slice(0, 8) ?? "NONE").padEnd(8),
      fates.map(fateWords).join(" · "),
      `${parts > 0 ? `${parts} part${parts === 1 ? "" : "s"}; ` : ""}${words}`,
    ].join("  "),
  );
  return ["kind                 rolls  void     s  views  state     the two, and what is proved", ...rows].join("\n");
}

function fateWords({ deed, acts, hasSeat, stakeAfter, offences }: Played["fates"][number]): string {
  if (offences.length === 0) return `${deed} ×${acts} unproved, keeps all`;
  return `${deed} ×${acts} ${offences.join("+")}: ${hasSeat ? "seat kept" : "seat lost"}, ${stakeAfter} of 1000 left`;
}
