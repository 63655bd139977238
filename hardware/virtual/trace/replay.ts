/** A recording, said again: one side of it is played to a subject, in virtual time, and what the subject says to that is
 * held against what was said then.
 *
 * A side is played in one of two ways. Literally, byte for byte at the recorded times: what a machine makes of a wire as it
 * was, noise and all, if it starts from the same session. Or in its part: the packets of that side over a link of their
 * own, which any subject may answer in its own time. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { type Difference, differences } from "./differences.ts";
import { type Heard, interrupt, type Overhearing, overhear, overhearing } from "./overhear.ts";
import type { Direction, Trace, TraceLine } from "./trace.ts";
import { bytesWords, saidWords } from "./words.ts";

/** One end of a wire that is played on. */
export interface Party {
  /** When it does something by itself; infinity for never. */
  readonly deadline: () => number;
  /** Time passes, and it may hear something. */
  readonly turn: (at: Millis, heard: Uint8Array | undefined, say: (bytes: Uint8Array) => void) => void;
}

export interface Replayed {
  /** What the subject said, then and now, in words. */
  readonly then: readonly string[];
  readonly now: readonly string[];
  readonly differences: readonly Difference[];
  /** The wire of this time, both ways: a trace's lines. */
  readonly lines: readonly TraceLine[];
}

/** After the last line of a recording: for what is still to be answered. */
const AFTERWARDS_MS = 2000;
/** Turns at one moment, each an answer to the other end's; far fewer settle a whole window. */
const TURNS_MAX = 10_000;

/** Other at each boot, or measured. */
const VARYING = [
  "boot",
  "uptimeMs",
  "chip",
  "build",
  "address",
  "values",
  "rssi",
  "lossPercent",
  "latencyMs",
  "throughput",
];

/** `says`: the direction of the subject, whose part in the recording is not played. */
export function replay(trace: Trace, says: Direction, speaker: Party, subject: Party): Replayed {
  const lines: TraceLine[] = [];
  const parties = [speaker, subject] as const;
  const directions = [says === "up" ? "down" : "up", says] as const;
  const until = (trace.lines.at(-1)?.atMs ?? 0) + AFTERWARDS_MS;
  let turns = 0;
  let now = millis(0);
  for (;;) {
    const at = Math.min(speaker.deadline(), subject.deadline());
    if (at > until) break;
    turns = at > now ? 0 : turns + 1;
    assert(turns < TURNS_MAX, "two ends come to rest at each moment");
    now = millis(Math.max(now, at));
    for (const turn of [0, 1] as const) {
      if (parties[turn].deadline() <= now) pass(parties, directions, turn, now, lines);
    }
  }
  const then = wordsOf(trace.lines, says);
  const said = wordsOf(lines, says);
  return { then, now: said, differences: differences(then, said), lines };
}

/** What one says, the other hears at once, and so on until neither says more. */
function pass(
  parties: readonly [Party, Party],
  directions: readonly [Direction, Direction],
  first: 0 | 1,
  now: Millis,
  lines: TraceLine[],
): void {
  const waiting: { readonly to: 0 | 1; readonly bytes: Uint8Array | undefined }[] = [{ to: first, bytes: undefined }];
  for (let next = waiting.shift(), turns = 0; next !== undefined; next = waiting.shift(), turns++) {
    assert(turns < TURNS_MAX, "two ends come to rest at each moment");
    const { to, bytes } = next;
    parties[to].turn(now, bytes, (said) => {
      lines.push({ type: "bytes", atMs: now, direction: directions[to], bytes: said });
      waiting.push({ to: to === 0 ? 1 : 0, bytes: said });
    });
  }
}

/** The packets of one direction, in words that do not change from one run to the next. */
export function wordsOf(lines: readonly TraceLine[], direction: Direction): string[] {
  const ear = overhearing(direction);
  return lines.flatMap((line) =>
    hear(ear, line).flatMap((heard) => {
      if (heard.type !== "packet") return [];
      return [heard.said === undefined ? bytesWords(heard.bytes) : saidWords(heard.said, VARYING)];
    }),
  );
}

/** What one direction's ear makes of a line of either. */
export function hear(ear: Overhearing, line: TraceLine): Heard[] {
  const heard: Heard[] = [];
  if (line.type === "note") interrupt(ear);
  else if (line.direction === ear.direction) overhear(ear, line.atMs, line.bytes, heard);
  return heard;
}
