/** What the driver of a radio says to people: which device, which step, and the next thing to try. */
import { boardNamed } from "../../hardware/boards/boards.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { RadioState, RadioStateKind } from "./driver-events.ts";
import type { Driver } from "./driver-state.ts";
import type { PortProblem } from "./port.ts";
import type { WireMeasure } from "./wire-test.ts";

/** `next`: what the driver does about it. */
export function stateOf(driver: Driver, kind: RadioStateKind, why: string, next = ""): RadioState {
  const { device } = driver;
  return { kind, device, words: `${device}: ${why}${next === "" ? "" : `; ${next}`}`, why };
}

export const inSeconds = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 1 ? "at once" : `in ${seconds} s`;
};

/** As in "waiting for /dev/ttyUSB0: not there; next try in 4 s". */
export function waitingState(driver: Driver, problem: PortProblem, delayMs: number): RadioState {
  const words = `waiting for ${driver.device}: ${SHORT[problem.kind]}; next try ${inSeconds(delayMs)}. ${problem.next}`;
  return { kind: "waiting", device: driver.device, words, why: SHORT[problem.kind], problem };
}

const SHORT: { readonly [kind in PortProblem["kind"]]: string } = Object.freeze({
  busy: "another process has it",
  missing: "not there",
  forbidden: "this user may not open it",
  hangUp: "it hung up at once",
  other: "it cannot be opened",
});

const at = (driver: Driver): string => (driver.baudMax === undefined ? "" : ` at ${driver.baud} baud`);

export const listeningWords = (driver: Driver): string => `open${at(driver)}; waiting for the radio's hello`;

export const testingWords = (driver: Driver): string => `testing the wire${at(driver)}`;

export const switchingWords = (baud: number): string => `changing the wire's speed to ${baud} baud`;

export const silentWords = (): string =>
  "the port is open, and no byte comes. Is the board powered, is TX wired to RX and RX to TX, does it hold our firmware? `hardway doctor` says more";

export const babblingWords = (bytes: number): string =>
  `${bytes} bytes came, and none of them made a frame: another program, another speed or a bad cable. \`hardway doctor\` says more`;

const BRIDGE_NEXT = "take a USB-UART adapter on the radio's own pins, not the debugger's socket";

/** Frames came, and no hello among them. A hello is longer than the frames that open a link. */
export function withoutHello(driver: Driver): { readonly kind: "damaged" | "stranger"; readonly words: string } {
  const damaged = driver.session.link.counters.damaged - driver.damagedAtOpen;
  return damaged >= DAMAGED_MIN
    ? {
        kind: "damaged",
        words: `short frames come through and ${damaged} longer ones were damaged: a bad cable, or a bridge that corrupts transfers above 64 B: ${BRIDGE_NEXT}`,
      }
    : {
        kind: "stranger",
        words:
          "frames come, but no hello: a radio that hangs, or another kiosk's end of a wire. Press the board's reset button",
      };
}

/** A few are damaged on any wire. */
const DAMAGED_MIN = 4;

export const anotherWords = (hello: Hello): string =>
  `this is another radio (${hello.board}) than the one that is looked for`;

export function otherVersionWords(major: number, minor: number): string {
  const older = major < PROTOCOL_MAJOR;
  return (
    `the radio speaks protocol ${major}.${minor}, this program ${PROTOCOL_MAJOR}.${PROTOCOL_MINOR}. ` +
    (older ? "Flash the radio: hardway flash BOARD" : "Update this program, or flash the radio with its own firmware")
  );
}

export function upWords(driver: Driver, hello: Hello): string {
  const board = boardNamed(hello.board)?.title ?? hello.board;
  const parts = [`${board} is up${at(driver)}`];
  if (driver.measure !== undefined) parts.push(measureWords(driver.measure));
  if (hello.reset === "brownOut") parts.push("its supply dropped out before: another cable, port or supply");
  if (hello.fault !== "") parts.push(`its last words: ${hello.fault}`);
  return parts.join("; ");
}

export function measureWords(measure: WireMeasure): string {
  const { echoes, wrong, missing, frames } = measure;
  const damaged = measure.damagedToHost + measure.damagedToRadio;
  const failed = wrong + missing;
  const lost = failed === 0 ? `${echoes} echoes came back` : `${failed} of ${echoes} echoes failed`;
  const bridge = measure.cutsLong ? `; its bridge corrupts transfers above 64 B: ${BRIDGE_NEXT}` : "";
  return `${lost}, ${damaged} of ${frames} frames damaged${bridge}`;
}
