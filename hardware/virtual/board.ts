/** A board without hardware: the firmware's own modem behind the UART, the buffers and the slowness of a real one. */
import type { ModemEffect, ModemEvent } from "../../firmware-js/modem/events.ts";
import { type BoardFacts, modemConfig, type PeerAddress, type RadioRole } from "../../firmware-js/modem/facts.ts";
import { nextDeadline as modemDeadline, step as stepModem } from "../../firmware-js/modem/modem.ts";
import { type Modem, modem } from "../../firmware-js/modem/state.ts";
import { type Chance, draw32 } from "../../protocol/core/chance.ts";
import { GATT_VALUE_SIZE_MAX, SERIAL_AHEAD_SIZE } from "../../protocol/core/limits.ts";
import { push, type Queue, queue, shift } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { Board } from "../boards/board.ts";
import { backlog, put, type Wire } from "./wire.ts";

/** A VM's task queue, as our manifests set it; the SDK's own has 10. */
const TASKS_MAX = 64;
/** From power to the first line of JavaScript. */
const BOOT_MS = 400;
/** What an ESP32's ROM says on the radio's wire before the firmware speaks. An nRF52840 says nothing. */
const BANNER = "\r\nets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET),boot:0x13\r\n";
const READY_AFTER_MS = 60;

/** Everything that reaches the program through the VM's task queue; bytes of the UART and time do not. */
export type Task = Exclude<ModemEvent, { type: "boot" | "serial" | "writable" | "tick" }>;
type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export interface VirtualBoard {
  readonly board: Board;
  readonly address: PeerAddress;
  readonly chance: Chance;
  /** Undefined without power, while it boots, and in its bootloader. */
  modem: Modem | undefined;
  bootAt: Millis | undefined;
  boots: number;
  inBootloader: boolean;
  storedRole: RadioRole | undefined;
  /** Why the present life began, and the last words of the one before. */
  reset: Hello["reset"];
  fault: string;
  readonly fifo: Uint8Array[];
  fifoSize: number;
  readonly tasks: Queue<Untimed<Task>>;
  readyAt: Millis | undefined;
  /** JavaScript runs until then and reads nothing. */
  busyUntil: Millis;
  readonly down: Wire;
  readonly up: Wire;
  /** Bytes that found the UART full, and tasks that found the queue full. */
  overflowed: number;
  tasksDropped: number;
}

export function virtualBoard(
  board: Board,
  address: PeerAddress,
  chance: Chance,
  down: Wire,
  up: Wire,
  at: Millis,
): VirtualBoard {
  return {
    board,
    address,
    chance,
    modem: undefined,
    bootAt: millis(at + BOOT_MS),
    boots: 0,
    inBootloader: false,
    storedRole: undefined,
    reset: "powerOn",
    fault: "",
    fifo: [],
    fifoSize: 0,
    tasks: queue(TASKS_MAX),
    readyAt: undefined,
    busyUntil: at,
    down,
    up,
    overflowed: 0,
    tasksDropped: 0,
  };
}

/** When the board does something by itself. */
export function boardDeadline(state: VirtualBoard): number {
  if (state.modem === undefined) return state.bootAt ?? Number.POSITIVE_INFINITY;
  if (state.fifo.length > 0 || state.tasks.length > 0) return state.busyUntil;
  const room = state.modem.serial.room < SERIAL_AHEAD_SIZE / 2 ? state.up.busyUntil : Number.POSITIVE_INFINITY;
  const own = modemDeadline(state.modem) ?? Number.POSITIVE_INFINITY;
  return Math.max(state.busyUntil, Math.min(own, room, state.readyAt ?? Number.POSITIVE_INFINITY));
}

export function runBoard(state: VirtualBoard, now: Millis, effects: ModemEffect[]): void {
  if (state.bootAt !== undefined && now >= state.bootAt) boot(state, now, effects);
  if (state.readyAt !== undefined && now >= state.readyAt) {
    state.readyAt = undefined;
    addTask(state, { type: "ready", role: state.modem?.role ?? "server" });
  }
  while (state.modem !== undefined && now >= state.busyUntil) {
    // The program reads the UART first in each turn: a grant must speak of what was really taken.
    const bytes = state.fifo.shift();
    if (bytes !== undefined) {
      state.fifoSize -= bytes.length;
      feed(state, { type: "serial", at: now, bytes }, now, effects);
      continue;
    }
    const task = shift(state.tasks);
    if (task === undefined) break;
    feed(state, { ...task, at: now } as ModemEvent, now, effects);
  }
  if (state.modem === undefined || now < state.busyUntil) return;
  const room = SERIAL_AHEAD_SIZE - backlog(state.up, now);
  if (state.modem.serial.room < SERIAL_AHEAD_SIZE / 2 && room >= SERIAL_AHEAD_SIZE / 2) {
    feed(state, { type: "writable", at: now, room }, now, effects);
  }
  if (now >= (modemDeadline(state.modem) ?? Number.POSITIVE_INFINITY)) {
    feed(state, { type: "tick", at: now }, now, effects);
  }
}

/** Bytes that came over the wire. What finds the UART full is lost, as it is on the board. */
export function hear(state: VirtualBoard, bytes: Uint8Array): void {
  if (state.modem === undefined) return;
  const room = state.board.receiveSpace - state.fifoSize;
  state.overflowed += Math.max(0, bytes.length - room);
  if (room <= 0) return;
  state.fifo.push(bytes.subarray(0, room));
  state.fifoSize += Math.min(room, bytes.length);
}

export function addTask(state: VirtualBoard, task: Untimed<Task>): void {
  if (state.modem !== undefined && !push(state.tasks, task)) state.tasksDropped += 1;
}

/** The supply drops out for a moment. An nRF52840 cannot tell that from being plugged in. */
export function brownOut(state: VirtualBoard, now: Millis): void {
  restart(state, now, "", "normal");
  state.reset = state.board.chip.startsWith("ESP32") ? "brownOut" : "powerOn";
}

/** Whatever it was at, it starts afresh; in its bootloader it stays until somebody takes its power. */
export function restart(state: VirtualBoard, now: Millis, why: string, into: "normal" | "bootloader"): void {
  state.modem = undefined;
  state.reset = why === "" ? "software" : "fault";
  state.fault = why;
  state.inBootloader = into === "bootloader";
  state.bootAt = state.inBootloader ? undefined : millis(now + BOOT_MS);
  state.readyAt = undefined;
  state.fifo.length = 0;
  state.fifoSize = 0;
  while (shift(state.tasks) !== undefined);
}

function boot(state: VirtualBoard, now: Millis, effects: ModemEffect[]): void {
  state.bootAt = undefined;
  state.boots += 1;
  if (state.board.chip.startsWith("ESP32")) put(state.up, ascii(BANNER), now);
  const { storedRole, fault, reset } = state;
  const config = modemConfig(now, draw32(state.chance), { storedRole, fault, reset });
  state.modem = modem(factsOf(state.board, state.address), config);
  state.busyUntil = now;
  feed(state, { type: "boot", at: now }, now, effects);
}

function feed(state: VirtualBoard, event: ModemEvent, now: Millis, effects: ModemEffect[]): void {
  if (state.modem === undefined) return;
  const done: ModemEffect[] = [];
  stepModem(state.modem, event, done);
  if (event.type === "value") spend(state, event.bytes, now);
  for (const effect of done) {
    switch (effect.type) {
      case "serial":
        put(state.up, effect.bytes, now);
        break;
      case "begin":
        state.storedRole = effect.role;
        state.readyAt = millis(now + READY_AFTER_MS);
        break;
      case "storeRole":
        state.storedRole = effect.role;
        break;
      case "reopenSerial":
        state.fifo.length = 0;
        state.fifoSize = 0;
        break;
      case "value":
        spend(state, effect.bytes, now);
        effects.push(effect);
        break;
      default:
        effects.push(effect);
    }
  }
}

/** What a full packet costs, in proportion to its size, for each value that comes or goes. */
function spend(state: VirtualBoard, value: Uint8Array, now: Millis): void {
  const ms = (state.board.packetMs * value.length) / GATT_VALUE_SIZE_MAX;
  state.busyUntil = millis(Math.max(state.busyUntil, now) + ms);
}

/** Without native modules, as a maker builds it who has no vendor headers. */
function factsOf(board: Board, address: PeerAddress): BoardFacts {
  const { ble } = board;
  return {
    board: board.name,
    chip: Uint8Array.of(0, 0, ...address.address),
    build: new Uint8Array(8),
    address,
    receiveSpace: board.receiveSpace,
    bauds: board.bauds,
    baud: board.baud,
    roles: { dual: ble.dualProved ? 1 : 0, client: ble.client ? 1 : 0, server: ble.server ? 1 : 0 },
    links: Math.max(ble.linksAsClient, ble.linksAsServer),
    stackQueue: ble.stackQueue,
    intervalMinMs: ble.intervalMinMs,
    intervalMaxMs: ble.intervalMaxMs,
    natives: {
      deepSleep: 0,
      cancel: ble.cancel ? 1 : 0,
      parameters: 0,
      crc: 0,
    },
  };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
