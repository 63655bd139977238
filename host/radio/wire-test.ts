/** A test of the wire at one rate, as a pure machine: echoes of awkward patterns, first short ones, then long ones, and what
 * the link had to repair meanwhile. The link brings every packet through, so that a bad wire shows in its counters long
 * before an echo fails. */
import { assert, unreachable } from "../../protocol/core/assert.ts";
import type { Chance } from "../../protocol/core/chance.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { LinkCounters } from "../../protocol/link/state.ts";
import { SERIAL_COUNTERS } from "../../protocol/radio/counter-names.ts";
import type { Order } from "./events.ts";
import { COUNTERS_WITHIN_MS, DAMAGED_PERCENT_MAX, ECHO_WITHIN_MS, ECHOES_MISSING_MAX } from "./limits.ts";
import { isSmall, patterns } from "./wire-patterns.ts";

/** Of long frames, damaged: far more than noise that spares the short ones. */
const CUT_SHARE = 0.15;

/** What was measured at a rate. */
export interface WireMeasure {
  /** Undefined where the port has no rate. */
  readonly baud: number | undefined;
  readonly echoes: number;
  /** Echoes that were other bytes, or did not come. */
  readonly wrong: number;
  readonly missing: number;
  /** Frames heard, damaged ones among them, at either end. */
  readonly frames: number;
  readonly damagedToHost: number;
  readonly damagedToRadio: number;
  readonly damagedPercent: number;
  /** Short transfers pass and long ones do not: as a debugger's bridge does it above 64 B. */
  readonly cutsLong: boolean;
  readonly tookMs: number;
}

export interface WireTest {
  readonly baud: number | undefined;
  readonly beganAt: Millis;
  readonly patterns: readonly Uint8Array[];
  /** - before, between, after: the radio's counters are awaited. - echoing. - over. */
  phase: "before" | "small" | "between" | "large" | "after" | "over";
  next: number;
  /** Undefined while nothing is awaited. */
  by: Millis | undefined;
  right: number;
  wrong: number;
  missing: number;
  /** At the three moments, as far as they came. */
  readonly marks: Mark[];
}

/** Frames and damaged frames so far, heard by the host and by the radio. */
interface Mark {
  readonly up: Heard;
  /** Undefined where the radio did not say. */
  readonly down: Heard | undefined;
  /** Echoes that went wrong or missing until then. */
  readonly failed: number;
}

interface Heard {
  readonly frames: number;
  readonly damaged: number;
}

export type WireTestEvent =
  | { readonly type: "begin"; readonly at: Millis }
  | { readonly type: "echoed"; readonly at: Millis; readonly bytes: Uint8Array }
  | { readonly type: "counted"; readonly at: Millis; readonly values: readonly number[] }
  | { readonly type: "tick"; readonly at: Millis };

export type WireTestEffect =
  | { readonly type: "tell"; readonly order: Order }
  | { readonly type: "measured"; readonly measure: WireMeasure };

/** `brief`: the wire was tested before. */
export function wireTest(baud: number | undefined, brief: boolean, at: Millis, chance: Chance): WireTest {
  return {
    baud,
    beganAt: at,
    patterns: patterns(brief, chance),
    phase: "before",
    next: 0,
    by: undefined,
    right: 0,
    wrong: 0,
    missing: 0,
    marks: [],
  };
}

/** `host`: the counters of the host's own end of the link. */
export function step(test: WireTest, event: WireTestEvent, host: LinkCounters, effects: WireTestEffect[]): void {
  switch (event.type) {
    case "begin":
      ask(test, event.at, effects);
      break;
    case "counted":
      if (isCounting(test)) onMark(test, event.at, mark(test, host, event.values), effects);
      break;
    case "echoed":
      onEcho(test, event.at, event.bytes, effects);
      break;
    case "tick":
      if (test.by === undefined || event.at < test.by) break;
      if (isCounting(test)) onMark(test, event.at, mark(test, host, undefined), effects);
      else {
        test.missing += 1;
        sayNext(test, event.at, effects);
      }
      break;
    default:
      unreachable(event);
  }
}

/** A rate is good when nothing was lost for good and the link repairs little. */
export const isGood = (measure: WireMeasure): boolean =>
  measure.wrong === 0 && measure.missing === 0 && measure.damagedPercent <= DAMAGED_PERCENT_MAX;

const isCounting = ({ phase }: WireTest): boolean => phase === "before" || phase === "between" || phase === "after";

function ask(test: WireTest, at: Millis, effects: WireTestEffect[]): void {
  test.by = millis(at + COUNTERS_WITHIN_MS);
  effects.push({ type: "tell", order: { type: "counters" } });
}

function onMark(test: WireTest, at: Millis, mark: Mark, effects: WireTestEffect[]): void {
  test.marks.push(mark);
  if (test.phase === "after") {
    test.phase = "over";
    test.by = undefined;
    effects.push({ type: "measured", measure: measured(test, at) });
    return;
  }
  test.phase = test.phase === "before" ? "small" : "large";
  say(test, at, effects);
}

/** An echo of an earlier pattern, that was given up, is late and not wrong. */
function onEcho(test: WireTest, at: Millis, bytes: Uint8Array, effects: WireTestEffect[]): void {
  if (test.phase !== "small" && test.phase !== "large") return;
  const said = test.patterns[test.next];
  if (same(bytes, said)) test.right += 1;
  else if (bytes.length > 0 && bytes[0] < test.next && same(bytes, test.patterns[bytes[0]])) return;
  else test.wrong += 1;
  sayNext(test, at, effects);
}

function sayNext(test: WireTest, at: Millis, effects: WireTestEffect[]): void {
  const wasSmall = isSmall(test.patterns[test.next]);
  test.next += 1;
  const over = test.next === test.patterns.length || test.missing >= ECHOES_MISSING_MAX;
  if (!over && isSmall(test.patterns[test.next]) === wasSmall) {
    say(test, at, effects);
    return;
  }
  test.phase = over ? "after" : "between";
  ask(test, at, effects);
}

function say(test: WireTest, at: Millis, effects: WireTestEffect[]): void {
  test.by = millis(at + ECHO_WITHIN_MS);
  effects.push({ type: "tell", order: { type: "echo", bytes: test.patterns[test.next] } });
}

function mark(test: WireTest, host: LinkCounters, radio: readonly number[] | undefined): Mark {
  const of = (values: readonly number[], name: (typeof SERIAL_COUNTERS)[number]): number =>
    values[SERIAL_COUNTERS.indexOf(name)] ?? 0;
  return {
    up: { frames: host.framesIn, damaged: host.damaged + host.misframed },
    down:
      radio === undefined
        ? undefined
        : { frames: of(radio, "framesIn"), damaged: of(radio, "damaged") + of(radio, "misframed") },
    failed: test.wrong + test.missing,
  };
}

function measured(test: WireTest, at: Millis): WireMeasure {
  assert(test.marks.length >= 2, "a test is marked at both ends");
  const [first] = test.marks;
  const last = test.marks[test.marks.length - 1];
  const up = between(first.up, last.up);
  const down = between(first.down, last.down);
  const frames = up.frames + up.damaged + down.frames + down.damaged;
  const damaged = up.damaged + down.damaged;
  return {
    baud: test.baud,
    echoes: test.right + test.wrong + test.missing,
    wrong: test.wrong,
    missing: test.missing,
    frames,
    damagedToHost: up.damaged,
    damagedToRadio: down.damaged,
    damagedPercent: frames === 0 ? 100 : (100 * damaged) / frames,
    cutsLong: test.marks.length === 3 && isCut(test.marks),
    tookMs: at - test.beganAt,
  };
}

/** Nothing went wrong below 64 B, and much above. */
function isCut(marks: readonly Mark[]): boolean {
  const [before, middle, after] = marks;
  const small = between(before.up, middle.up).damaged + between(before.down, middle.down).damaged;
  if (small > 0 || middle.failed > before.failed) return false;
  const share = (heard: Heard): number => heard.damaged / Math.max(1, heard.damaged + heard.frames);
  const worst = Math.max(share(between(middle.up, after.up)), share(between(middle.down, after.down)));
  return after.failed > middle.failed || worst > CUT_SHARE;
}

/** Nothing, where a radio did not tell its counters at both moments, or began to count anew. */
function between(from: Heard | undefined, to: Heard | undefined): Heard {
  if (from === undefined || to === undefined) return { frames: 0, damaged: 0 };
  return { frames: Math.max(0, to.frames - from.frames), damaged: Math.max(0, to.damaged - from.damaged) };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
