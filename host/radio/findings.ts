/** What a diagnosis finds at a device, in words: the step that failed and the next thing to try. */
import type { Board } from "../../hardware/boards/board.ts";
import { boardNamed } from "../../hardware/boards/boards.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import { measureWords } from "./driver-words.ts";
import type { PortProblem } from "./port.ts";
import type { Sniffed } from "./sniff.ts";
import { isGood, type WireMeasure } from "./wire-test.ts";

/** Stable: a script may rely on them. */
export type FindingKind =
  | "healthy"
  | "missing"
  | "busy"
  | "forbidden"
  | "hangUp"
  | "failed"
  | "silent"
  | "bootloader"
  | "babbling"
  | "stranger"
  | "version"
  | "wire";

export interface Finding {
  readonly device: string;
  readonly kind: FindingKind;
  /** What was tried last, as in "waiting for the hello". */
  readonly step: string;
  readonly message: string;
  /** The next thing to try; empty where nothing is wrong. */
  readonly next: string;
  readonly warnings: readonly string[];
  readonly hello: Hello | undefined;
  readonly measure: WireMeasure | undefined;
}

type Told = Omit<Finding, "device" | "warnings">;

const nobody = { hello: undefined, measure: undefined } as const;

const KINDS: { readonly [kind in PortProblem["kind"]]: FindingKind } = Object.freeze({
  busy: "busy",
  missing: "missing",
  forbidden: "forbidden",
  hangUp: "hangUp",
  other: "failed",
});

export const portFinding = (problem: PortProblem): Told => ({
  ...nobody,
  kind: KINDS[problem.kind],
  step: "opening the port",
  message: problem.message,
  next: problem.next,
});

export const hangUpFinding = (words: string): Told => ({
  ...nobody,
  kind: "hangUp",
  step: "talking over the port",
  message: words,
  next: "Take the cable out and put it in again; try another cable, another port, and a hub with its own supply.",
});

export const versionFinding = (words: string): Told => {
  const [message, next = ""] = words.split(/(?<=\.) (?=Flash|Update)/);
  return { ...nobody, kind: "version", step: "agreeing on the protocol", message, next };
};

export const strangerFinding = (words: string): Told => ({
  ...nobody,
  kind: "stranger",
  step: "waiting for the hello",
  message: words,
  next: "Press the board's reset button. If that does not help, flash it: hardway flash BOARD",
});

export const damagedFinding = (words: string): Told => ({
  ...nobody,
  kind: "wire",
  step: "waiting for the hello",
  message: words,
  next: "Another cable, a USB-UART adapter on the radio's own pins, a lower speed; the grounds tied together.",
});

export function helloFinding(hello: Hello, measure: WireMeasure | undefined): Told {
  const board = boardNamed(hello.board);
  const facts = { hello, measure, step: "testing the wire" };
  if (measure !== undefined && (!isGood(measure) || measure.cutsLong)) {
    return {
      ...facts,
      kind: "wire",
      message: `${board?.title ?? hello.board} answers, but its wire is bad: ${measureWords(measure)}.`,
      next: measure.cutsLong
        ? "Take a USB-UART adapter on the radio's own pins, not the debugger's socket."
        : "Shorten the cable, tie the grounds together, keep it away from USB 3 and power supplies; then test again.",
    };
  }
  return { ...facts, kind: "healthy", message: healthy(hello, board, measure), next: "" };
}

function healthy(hello: Hello, board: Board | undefined, measure: WireMeasure | undefined): string {
  const parts = [
    board?.title ?? `a board called ${hello.board}`,
    `build ${hex(hello.build)}`,
    `chip ${hex(hello.chip)}`,
    `up for ${Math.floor(hello.uptimeMs / 1000)} s since ${RESETS[hello.reset]}`,
  ];
  if (hello.fault !== "") parts.push(`its last words before: ${hello.fault}`);
  if (measure !== undefined)
    parts.push(`${measure.baud === undefined ? "" : `${measure.baud} baud, `}${measureWords(measure)}`);
  return `${parts.join("; ")}.`;
}

const RESETS: { readonly [reset in Hello["reset"]]: string } = Object.freeze({
  powerOn: "power came",
  pin: "its reset button",
  watchdog: "its watchdog bit",
  software: "an ordered restart",
  brownOut: "its supply dropped out",
  fault: "a fault",
  wakeUp: "it woke",
  unknown: "a restart of unknown reason",
});

/** Nothing that came was a frame. `boards`: those that may sit behind the bridge. */
export function noiseFinding(sniffed: Sniffed, boards: readonly Board[]): Told {
  const step = "waiting for the hello";
  const recovery = boards.map(({ title, recovery }) => `${title}: ${recovery}`).join(" ");
  switch (sniffed.type) {
    case "loader":
      return {
        ...nobody,
        kind: "bootloader",
        step,
        message: `The chip waits in its loader ("${sniffed.line}").`,
        next: "Press its reset button alone. If it comes back here, it holds no firmware: hardway flash BOARD",
      };
    case "boot":
      return {
        ...nobody,
        kind: "babbling",
        step,
        message: `An ESP32 boots${sniffed.times > 1 ? ` again and again, ${sniffed.times} times while we listened` : ""} ("${sniffed.line}"), and no radio of ours speaks after it.`,
        next:
          sniffed.times > 1
            ? "Give it a better cable or supply; if it goes on, flash it: hardway flash BOARD"
            : "It holds another program: hardway flash BOARD",
      };
    case "text":
      return {
        ...nobody,
        kind: "babbling",
        step,
        message: `Text comes, from another program: "${sniffed.line}".`,
        next: "Is it the right port? Then the board holds another firmware: hardway flash BOARD",
      };
    case "noise":
      return {
        ...nobody,
        kind: "babbling",
        step,
        message: `${sniffed.size} bytes came, and none of them made a frame.`,
        next: "Another speed, a bad cable or another program: check the wiring, press reset, then hardway flash BOARD",
      };
    case "nothing":
      return {
        ...nobody,
        kind: "silent",
        step,
        message: "The port opens, and no byte comes.",
        next:
          "Is the board powered? TX goes to RX and RX to TX, ground to ground. Press its reset button while this listens: an ESP32 then says at least how it boots." +
          (recovery === "" ? "" : ` ${recovery}`),
      };
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
