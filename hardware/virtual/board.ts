/** A board without hardware: the firmware's own modem behind the UART, the buffers and the slowness of a real one. This is
 * its state and its life: power, boot, restarts, and what of it reaches the wire. */
import type { ModemEvent } from "../../firmware-js/modem/events.ts";
import { type BoardFacts, modemConfig, type PeerAddress, type RadioRole } from "../../firmware-js/modem/facts.ts";
import { type Modem, modem } from "../../firmware-js/modem/state.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, draw32, drawBytes } from "../../protocol/core/chance.ts";
import { clear, type Queue, queue } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { Board } from "../boards/board.ts";
import { radioFacts } from "../boards/radio-facts.ts";
import { reopen, type Uart, uart } from "./uart.ts";
import { cut, put, take, tune, type Wire } from "./wire.ts";

/** From power to the first line of JavaScript. */
const BOOT_MS = 400;
/** What an ESP32's ROM says on the radio's wire before the firmware speaks. An nRF52840 says nothing. */
const BANNER = "\r\nets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n";
const LOADER_BANNER = "\r\nets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET),boot:0x3\r\nwaiting for download\r\n";
/** A frame that grants and says no more, escaped throughout. */
const GRANT_SIZE_MAX = 22;
/** Of babble, put on the wire at a time. */
const BABBLE_SIZE = 64;

/** How the firmware was built. */
export interface Firmware {
  /** Of the VM's queue. */
  readonly tasksMax: number;
  /** It looks after its UART by itself, and opens it anew on silence; a stock program waits to be called. */
  readonly polls: boolean;
  readonly major: number;
  readonly minor: number;
}

/** Everything that reaches the program through the VM's task queue; bytes of the UART and time do not. */
export type Task = Untimed<Exclude<ModemEvent, { type: "boot" | "serial" | "writable" | "tick" }>>;
type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

/** As our manifests build it. The SDK's own queue has 10 places. */
export const OUR_FIRMWARE: Firmware = Object.freeze({
  tasksMax: 64,
  polls: true,
  major: PROTOCOL_MAJOR,
  minor: PROTOCOL_MINOR,
});

export interface VirtualBoard {
  readonly board: Board;
  readonly firmware: Firmware;
  readonly address: PeerAddress;
  readonly chance: Chance;
  powered: boolean;
  /** Undefined without power, while it boots, and in its bootloader. */
  modem: Modem | undefined;
  bootAt: Millis | undefined;
  boots: number;
  inBootloader: boolean;
  storedRole: RadioRole | undefined;
  /** Why the present life began, and the last words of the one before. */
  reset: Hello["reset"];
  fault: string;
  readonly uart: Uart;
  readonly tasks: Queue<Task>;
  readyAt: Millis | undefined;
  /** JavaScript runs until then and reads nothing. */
  busyUntil: Millis;
  /** Bytes that it handles before the next garbage collection; how many there were. */
  collectIn: number;
  collections: number;
  tasksDropped: number;

  readonly down: Wire;
  readonly up: Wire;
  plugged: boolean;
  /** The rates at its end of the wires and at the host's. A host without a rate (a socket) has always the board's. */
  baud: number;
  hostBaud: number | undefined;
  /** What its transmit pin says: the program, nothing, or noise. */
  voice: "program" | "silence" | "babble";
}

export interface Cabling {
  readonly down: Wire;
  readonly up: Wire;
  readonly baud: number;
  readonly hostBaud: number | undefined;
}

export function virtualBoard(
  board: Board,
  firmware: Firmware,
  address: PeerAddress,
  chance: Chance,
  cabling: Cabling,
  at: Millis,
): VirtualBoard {
  const made: VirtualBoard = {
    board,
    firmware,
    address,
    chance,
    powered: true,
    modem: undefined,
    bootAt: millis(at + BOOT_MS),
    boots: 0,
    inBootloader: false,
    storedRole: undefined,
    reset: "powerOn",
    fault: "",
    uart: uart(board.receiveSpace, isNordic(board), firmware.polls),
    tasks: queue(firmware.tasksMax),
    readyAt: undefined,
    busyUntil: at,
    collectIn: 0,
    collections: 0,
    tasksDropped: 0,
    ...cabling,
    plugged: true,
    voice: "program",
  };
  tuneBoard(made);
  return made;
}

/** After either end has changed its rate. */
export function tuneBoard(state: VirtualBoard): void {
  const { baud, hostBaud = baud, down, up } = state;
  tune(down, hostBaud, baud);
  tune(up, baud, hostBaud);
  down.pieceSize = down.nextSize = pieceSize(state);
}

/** A program is called when so much has come, or nothing follows: as late as its grant still reaches the host before the
 * space is used up, because each call is a turn; and no sooner than a grant is due, at an eighth of the space. */
function pieceSize({ board, down, up }: VirtualBoard): number {
  const roundTripMs = down.latencyMs + up.latencyMs + GRANT_SIZE_MAX * up.byteMs;
  return Math.max(board.receiveSpace >> 3, Math.floor(board.receiveSpace - roundTripMs / down.byteMs));
}

export function plug(state: VirtualBoard, plugged: boolean, at: Millis): void {
  state.plugged = plugged;
  cut(state.down, at);
  cut(state.up, at);
}

/** Puts on the wire what the program says, if its voice is heard at all. */
export function say(state: VirtualBoard, bytes: Uint8Array, now: Millis): void {
  if (state.plugged && state.voice === "program") put(state.up, bytes, now);
}

export function babble(state: VirtualBoard, now: Millis): void {
  if (state.plugged) put(state.up, drawBytes(state.chance, BABBLE_SIZE), now);
}

/** The supply drops out for a moment. An nRF52840 cannot tell that from being plugged in. */
export function brownOut(state: VirtualBoard, now: Millis): void {
  if (!state.powered) return;
  restart(state, now, "", "normal");
  state.reset = isEspressif(state.board) ? "brownOut" : "powerOn";
}

export function power(state: VirtualBoard, on: boolean, now: Millis): void {
  state.powered = on;
  restart(state, now, "", "normal");
  state.reset = "powerOn";
}

/** Whatever it was at, it starts afresh; in its bootloader it stays until somebody takes its power or resets it. */
export function restart(state: VirtualBoard, now: Millis, why: string, into: "normal" | "bootloader"): void {
  state.modem = undefined;
  state.reset = why === "" ? "software" : "fault";
  state.fault = why;
  state.inBootloader = into === "bootloader";
  state.bootAt = state.inBootloader || !state.powered ? undefined : millis(now + BOOT_MS);
  state.readyAt = undefined;
  state.baud = state.board.baud;
  tuneBoard(state);
  reopen(state.uart);
  clear(state.tasks);
  if (state.inBootloader && isEspressif(state.board)) say(state, ascii(LOADER_BANNER), now);
}

/** The modem of a new life; what came over the wire before it is lost. */
export function bootModem(state: VirtualBoard, now: Millis): Modem {
  assert(state.powered && !state.inBootloader, "a board boots with power");
  state.bootAt = undefined;
  state.boots += 1;
  if (isEspressif(state.board)) say(state, ascii(BANNER), now);
  while (take(state.down, now) !== undefined);
  const { storedRole, fault, reset } = state;
  const { major, minor } = state.firmware;
  const config = modemConfig(now, draw32(state.chance), { storedRole, fault, reset, major, minor });
  state.modem = modem(factsOf(state.board, state.address), config);
  state.busyUntil = now;
  state.collectIn = 0;
  return state.modem;
}

/** Without native modules, as a maker builds it who has no vendor headers. */
const factsOf = (board: Board, address: PeerAddress): BoardFacts => ({
  ...radioFacts(board),
  chip: Uint8Array.of(0, 0, ...address.address),
  build: new Uint8Array(8),
  address,
  natives: { deepSleep: 0, cancel: board.ble.cancel ? 1 : 0, parameters: 0, crc: 0 },
});

export const isEspressif = (board: Board): boolean => board.chip.startsWith("ESP32");
const isNordic = (board: Board): boolean => board.chip.startsWith("nRF52");

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
