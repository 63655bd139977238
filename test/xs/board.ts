/** One modem in the memory of a board. What is used after loading is measured first, because on a board it lies in flash, and
 * the board's memory is added on top. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Board, MemoryFacts } from "../../hardware/boards/board.ts";
import { buildXs } from "./engine/build.ts";
import { runOnXs, type XsGrowth, type XsRun, type XsUse } from "./engine/run.ts";
import { recorded } from "./traffic/recording.ts";
import type { World } from "./traffic/world.ts";

/** Of a board's memory, the share that stays free at the peak: what the rest of the firmware takes, and doubt. */
export const FREE_MIN = 0.25;
/** What the SDK gives a stack; in a block it is taken out of it. */
export const STACK_SLOTS = 512;
const BOARD_SLOT_SIZE = 16;
/** Finer ones find a peak more exactly and collect garbage more often: these are off by a hundredth of a board. */
const FINE = { chunkStep: 1024, heapStep: 64 };
/** A run of many packets collects as seldom as a board does. */
const COARSE = { chunkStep: 32_768, heapStep: 4096 };

export interface Use {
  /** More than what the modules took, in a board's bytes and slots. */
  readonly chunkBytes: number;
  readonly heapSlots: number;
  readonly stackSlots: number;
}

export interface Ran {
  readonly run: XsRun;
  /** At the end of a program that came to its end. */
  readonly peak: Use | undefined;
  readonly free: number;
  /** At each mark of the recording, after a collection; then at its end. */
  readonly marks: readonly Use[];
  /** All three sets of the modem's, as the program printed them. */
  readonly counters: string;
}

/** 16 bytes a slot where the compiler can. */
const bits = buildXs({ bits: 32 }).ok ? 32 : 64;

export interface RunOptions {
  /** A fault that the program commits, to see that it comes to light. */
  readonly plant?: "leak";
  /** For the marks alone: the peak is not found. */
  readonly coarse?: boolean;
}

export function runRecorded(state: World, memory: MemoryFacts, options: RunOptions = {}): Ran {
  const folder = mkdtempSync(join(tmpdir(), "hardway-xs-"));
  const input = join(folder, "recording");
  try {
    writeFileSync(input, recorded(state.recording));
    const program = {
      entry: "test/xs/program/radio.ts",
      args: [JSON.stringify(state.facts), options.plant ?? ""],
      bits,
    } as const;
    const loaded = useOf(runOnXs({ ...program, input: "/dev/null" }).lines[0]!);
    const run = runOnXs({
      ...program,
      input,
      timeoutMs: 240_000,
      memory: {
        chunkBytes: loaded.chunkBytes,
        // The first slot of the heap is its header. Loading leaves its own frames on the stack, which no board has.
        heapSlots: loaded.heapSlots + 1,
        stackSlots: loaded.stackSlots + STACK_SLOTS,
        growth: { ...(options.coarse === true ? COARSE : FINE), bound: onTopOf(loaded, memory) },
      },
    });
    return ranOf(run, loaded, memory);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function onTopOf(loaded: XsUse, memory: MemoryFacts): XsGrowth["bound"] {
  const chunks = onBoard(loaded, loaded.chunkBytes);
  if (memory.kind === "split") {
    return {
      ...memory,
      chunkBytes: chunks + memory.chunkBytes,
      heapSlots: loaded.heapSlots + memory.heapSlots,
    };
  }
  const slots = loaded.heapSlots + loaded.stackSlots;
  return { kind: "block", bytes: chunks + BOARD_SLOT_SIZE * slots + memory.bytes };
}

function ranOf(run: XsRun, loaded: XsUse, memory: MemoryFacts): Ran {
  if (run.exit !== "done") return { run, peak: undefined, free: 0, marks: [], counters: "" };
  const uses = run.lines.slice(1, -1).map(useOf);
  const last = uses.at(-1)!;
  const more = (chunkBytes: number, heapSlots: number): Use => ({
    chunkBytes: onBoard(last, chunkBytes - loaded.chunkBytes),
    heapSlots: heapSlots - loaded.heapSlots,
    stackSlots: last.stackSlotsPeak - loaded.stackSlots,
  });
  const peak = more(last.chunkBytesMax, last.heapSlotsMax);
  const marks = uses.map((use) => more(use.chunkBytes, use.heapSlots));
  return { run, peak, free: freeOf(peak, memory), marks, counters: run.lines.at(-1)! };
}

/** The share that is free of whatever is scarcest. */
function freeOf(peak: Use, memory: MemoryFacts): number {
  if (memory.kind === "split") {
    return 1 - Math.max(peak.chunkBytes / memory.chunkBytes, peak.heapSlots / memory.heapSlots);
  }
  return 1 - (peak.chunkBytes + BOARD_SLOT_SIZE * (peak.heapSlots + STACK_SLOTS)) / memory.bytes;
}

/** As arena.c has it. */
const onBoard = (use: XsUse, chunkBytes: number): number =>
  use.slotBytes === BOARD_SLOT_SIZE ? chunkBytes : Math.round((chunkBytes * 6) / 7);

const useOf = (line: string): XsUse => JSON.parse(line) as XsUse;

/** The counters that the recorder's own modem has. */
export const countersOf = ({ modem }: World): string =>
  JSON.stringify([modem.serial.counters, modem.outbox.counters, modem.counters]);

/** One of all boards whose memory and radio are alike. */
export function distinct(boards: readonly Board[]): Board[] {
  const kinds = new Map<string, Board>();
  for (const board of boards) {
    const { memory, ble, receiveSpace, bauds } = board;
    const kind = JSON.stringify([memory, ble.linksAsServer, ble.linksAsClient, ble.stackQueue, receiveSpace, bauds]);
    if (!kinds.has(kind)) kinds.set(kind, board);
  }
  return [...kinds.values()];
}

export const TITLES = `  ${" ".repeat(42)} chunks  slots  stack     free`;

export function row(name: string, { peak, free }: Ran): string {
  const numbers = [peak?.chunkBytes, peak?.heapSlots, peak?.stackSlots].map((each) => String(each ?? "-").padStart(7));
  return `  ${name.padEnd(42)}${numbers.join("")}${(100 * free).toFixed(0).padStart(7)} %`;
}
