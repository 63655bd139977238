/** A board's program at work: when it has something to do, what it does first, and how long that keeps it from its UART. */
import type { ModemEffect, ModemEvent } from "../../firmware-js/modem/events.ts";
import { nextDeadline as modemDeadline, step as stepModem } from "../../firmware-js/modem/modem.ts";
import type { Modem } from "../../firmware-js/modem/state.ts";
import { GATT_VALUE_SIZE_MAX, SERIAL_AHEAD_SIZE } from "../../protocol/core/limits.ts";
import { push, shift } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { babble, bootModem, isEspressif, say, type Task, tuneBoard, type VirtualBoard } from "./board.ts";
import { looksAt, read, receive, reopen } from "./uart.ts";
import { backlog, isMismatched, nextArrival, take } from "./wire.ts";

const READY_AFTER_MS = 60;
/** Bytes handled from one garbage collection to the next, estimated: each is copied some four times, in 32 KB of chunks. */
const COLLECT_EVERY = 8_192;

/** When the board does something by itself. */
export function boardDeadline(state: VirtualBoard): number {
  const noise = state.voice === "babble" && state.plugged ? state.up.busyUntil : Number.POSITIVE_INFINITY;
  const { modem } = state;
  if (modem === undefined) return Math.min(noise, state.bootAt ?? Number.POSITIVE_INFINITY);
  return Math.min(noise, Math.max(state.busyUntil, programDeadline(state, modem)));
}

function programDeadline(state: VirtualBoard, modem: Modem): number {
  if (state.tasks.length > 0) return state.busyUntil;
  const room = modem.serial.room < SERIAL_AHEAD_SIZE / 2 ? state.up.busyUntil : Number.POSITIVE_INFINITY;
  const own = modemDeadline(modem) ?? Number.POSITIVE_INFINITY;
  return Math.min(own, room, looksAt(state.uart, pendingAt(state)), state.readyAt ?? Number.POSITIVE_INFINITY);
}

const pendingAt = (state: VirtualBoard): number =>
  state.uart.size > 0 ? state.busyUntil : (nextArrival(state.down) ?? Number.POSITIVE_INFINITY);

export function runBoard(state: VirtualBoard, now: Millis, effects: ModemEffect[]): void {
  if (state.voice === "babble" && state.up.busyUntil <= now) babble(state, now);
  if (state.bootAt !== undefined && now >= state.bootAt) {
    bootModem(state, now);
    state.collectIn = COLLECT_EVERY;
    feed(state, { type: "boot", at: now }, now, effects);
  }
  if (state.modem === undefined) return;
  if (state.readyAt !== undefined && now >= state.readyAt) {
    state.readyAt = undefined;
    addTask(state, { type: "ready", role: state.modem.role ?? "server" });
  }
  if (now < state.busyUntil) return;
  const reads = listen(state, now);
  while (state.modem !== undefined && now >= state.busyUntil) {
    // The program reads the UART first in each turn: a grant must speak of what was really taken.
    const bytes = reads ? read(state.uart) : undefined;
    if (bytes !== undefined) {
      handle(state, bytes.length, now);
      feed(state, { type: "serial", at: now, bytes }, now, effects);
      continue;
    }
    const task = shift(state.tasks);
    if (task === undefined) break;
    feed(state, dated(task, now), now, effects);
  }
  if (state.modem === undefined || now < state.busyUntil) return;
  const room = SERIAL_AHEAD_SIZE - backlog(state.up, now);
  if (state.modem.serial.room < SERIAL_AHEAD_SIZE / 2 && room >= SERIAL_AHEAD_SIZE / 2) {
    // Whole, though an ESP32 has no room for that: on the wire it is the same, and takes a tenth of the turns.
    feed(state, { type: "writable", at: now, room, whole: true }, now, effects);
  }
  if (now >= (modemDeadline(state.modem) ?? Number.POSITIVE_INFINITY)) {
    feed(state, { type: "tick", at: now }, now, effects);
  }
}

/** Values are nearly all that comes. */
const dated = (task: Task, at: Millis): ModemEvent =>
  task.type === "value"
    ? { type: "value", at, handle: task.handle, bytes: task.bytes }
    : ({ ...task, at } as ModemEvent);

export function addTask(state: VirtualBoard, task: Task): void {
  if (state.modem !== undefined && !push(state.tasks, task)) state.tasksDropped += 1;
}

/** What came since the last turn is in the UART, as far as it found room; the turn ends its stall. True: the program reads. */
function listen(state: VirtualBoard, now: Millis): boolean {
  const { uart, down } = state;
  const looks = looksAt(uart, pendingAt(state)) <= now;
  for (let bytes = take(down, now); bytes !== undefined; bytes = take(down, now)) {
    receive(uart, bytes, now, isMismatched(down));
    if (state.tasks.length === state.tasks.lengthMax) uart.uncalled = true;
  }
  uart.stalledAt = undefined;
  return !uart.uncalled || looks;
}

function feed(state: VirtualBoard, event: ModemEvent, now: Millis, effects: ModemEffect[]): void {
  const { modem } = state;
  if (modem === undefined) return;
  if (event.type === "value") spend(state, event.bytes, now);
  const from = effects.length;
  stepModem(modem, event, effects);
  settle(state, effects, from, now);
}

/** What stays on the board is done here; the rest is kept, in its order. */
function settle(state: VirtualBoard, effects: ModemEffect[], from: number, now: Millis): void {
  let kept = from;
  for (let i = from; i < effects.length; i++) {
    const effect = effects[i];
    switch (effect.type) {
      case "serial":
        say(state, effect.bytes, now);
        continue;
      case "begin":
        state.storedRole = effect.role;
        state.readyAt = millis(now + READY_AFTER_MS);
        continue;
      case "storeRole":
        state.storedRole = effect.role;
        continue;
      case "reopenSerial":
        if (state.firmware.polls) reopen(state.uart);
        continue;
      case "baud":
        state.baud = effect.baud;
        tuneBoard(state);
        reopen(state.uart);
        continue;
      case "value":
        spend(state, effect.bytes, now);
        break;
    }
    effects[kept++] = effect;
  }
  effects.length = kept;
}

/** What a full packet costs, in proportion to its size, for each value that comes or goes. */
function spend(state: VirtualBoard, value: Uint8Array, now: Millis): void {
  const ms = (state.board.packetMs * value.length) / GATT_VALUE_SIZE_MAX;
  state.busyUntil = millis(Math.max(state.busyUntil, now) + ms);
  handle(state, value.length, now);
}

/** Now and then the program stands still while memory is collected. */
function handle(state: VirtualBoard, size: number, now: Millis): void {
  state.collectIn -= size;
  if (state.collectIn > 0) return;
  state.collectIn = COLLECT_EVERY;
  state.collections += 1;
  state.busyUntil = millis(Math.max(state.busyUntil, now) + (isEspressif(state.board) ? 7 : 23));
}
