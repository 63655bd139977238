/** A wire in words while it is spoken on: `radio monitor`, and a look into a trace. */
import { type Heard, interrupt, type Overhearing, overhear, overhearing } from "./overhear.ts";
import type { TraceLine } from "./trace.ts";
import { heardWords } from "./words.ts";

export interface View {
  readonly down: Overhearing;
  readonly up: Overhearing;
  /** Frames too, not only what they carry. */
  readonly frames: boolean;
}

export const view = (frames: boolean): View => ({ down: overhearing("down"), up: overhearing("up"), frames });

/** The lines of text that one line of a trace brings. */
export function show(view: View, line: TraceLine): string[] {
  if (line.type === "note") {
    for (const each of [view.down, view.up]) interrupt(each);
    return [`${timeText(line.atMs)}    ${line.words}`];
  }
  const heard: Heard[] = [];
  overhear(view[line.direction], line.atMs, line.bytes, heard);
  const arrow = line.direction === "down" ? "->" : "<-";
  return heard
    .filter((each) => view.frames || each.type !== "frame" || isTelling(each.frame.type))
    .map((each) => `${timeText(each.atMs)} ${arrow} ${heardWords(each)}`);
}

/** Of frames, those that are not only there to carry others. */
const isTelling = (type: string): boolean => type === "reset" || type === "resetAck" || type === "log";

const timeText = (atMs: number): string => `${(atMs / 1000).toFixed(6)}`.padStart(12);
