/** The targets that the protocol was given, each beside what is measured: rounds, catching up, a session's load, and what packing saves.
 * All of it in virtual time, so that it is the same on every machine. */
import { assert } from "../../protocol/core/assert.ts";
import type { Row } from "./bench.ts";
import { lanRounds } from "./targets-lan.ts";
import { loaded } from "./targets-load.ts";
import { type Packed, packedClasses, savable, saved } from "./targets-packed.ts";
import { latencies, TENTH_LOST } from "./world-latency.ts";

export const ROUND_MAX_MS = 5_000;
export const SYNC_MAX_S = 30;
export const HEAL_MAX_S = 300;
export const MESSAGES_MIN = 50;
export const LINK_BYTES_MAX = 50_000;

/** Large: what does not fit one value of a link. Messages of several statements, and the table's state. */
export const LARGE = Object.freeze(["state", "checkpoint", "viewChange", "certificate"]);
export const SMALL = Object.freeze(["ballot", "requests", "heartbeat"]);

const ROUNDS = 200;
const LOAD_MS = 20_000;
/** Requests of each kiosk under way. */
const UNDER_WAY = 4;
const PLAY_MS = 120_000;
const BACK_MS = 40_000;

export async function bench(): Promise<Row[]> {
  const ring = await latencies({ shape: "ring" }, ROUNDS);
  const bad = await latencies({ shape: "ring", bursts: TENTH_LOST }, ROUNDS);
  const { messagesPerSecond, operationsPerSecond, bytesPerSecondALink } = await loaded(UNDER_WAY, LOAD_MS);
  const classes = await packedClasses(PLAY_MS, BACK_MS);
  return [
    roundRow("round-ble", ring),
    roundRow("round-ble-bursts", bad),
    ...[4, 7, 10].map((count) => roundRow(`round-lan-${count}`, lanRounds(count, ROUNDS))),
    against("messages", messagesPerSecond, "messages/s a session", MESSAGES_MIN),
    { metric: "operations", value: operationsPerSecond, unit: "operations/s a session" },
    against("bytes-link", bytesPerSecondALink, "B/s a link, both ways", LINK_BYTES_MAX),
    ...[...LARGE, ...SMALL].map((name) => savedRow(named(classes, name))),
  ];
}

/** The longest of all. */
const roundRow = (metric: string, rounds: readonly number[]): Row =>
  against(metric, Math.round(Math.max(...rounds)), "virtual ms", ROUND_MAX_MS);

const against = (metric: string, value: number, unit: string, target: number): Row => ({
  ...{ metric, value, unit, baseline: target, ratio: value / target },
});

/** Beside what the best packer saves of the table's state. */
function savedRow(of: Packed): Row {
  const value = 100 * saved(of);
  const row = { metric: `saved-${of.name}`, value, unit: "% of its bytes" };
  return of.best === undefined ? row : { ...row, baseline: 100 * savable(of), ratio: value / (100 * savable(of)) };
}

export function named(classes: readonly Packed[], name: string): Packed {
  const found = classes.find((each) => each.name === name);
  assert(found !== undefined, "a table that plays says all of these");
  return found;
}
