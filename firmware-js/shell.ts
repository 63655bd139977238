/** Joins the modem to air, wire and board: the loop of a radio, above which all is pure and below which all is a port.
 *
 * The wire is read first in each turn, because a grant must speak of what was really taken; then what the stack brought, in
 * its order; then what is due. One timer wakes it: at the modem's deadline, or to look at the wire, whose callbacks fail for
 * good on both boards once the machine's queue overflowed. */
import { assert, unreachable } from "../protocol/core/assert.ts";
import { SERIAL_AHEAD_SIZE } from "../protocol/core/limits.ts";
import { push, type Queue, queue, shift } from "../protocol/core/queue.ts";
import { type Millis, millis } from "../protocol/core/units.ts";
import type { Crc } from "../protocol/frame/frame.ts";
import type { AirPort, Sink, Task } from "./air/air-port.ts";
import type { ModemEffect, ModemEvent } from "./modem/events.ts";
import type { RadioRole } from "./modem/facts.ts";
import { nextDeadline, step } from "./modem/modem.ts";
import type { Modem } from "./modem/state.ts";
import type { SerialPort } from "./serial/serial-port.ts";
import type { SystemPort } from "./system/system-port.ts";

export const POLL_MS = 10;
/** As many as the machine's own queue, which is set to this in the manifest. */
export const TASKS_MAX = 64;
/** An erased page of flash stops the board for a tenth of a second: neither between the values of a packet, nor in the middle
 * of what a host says. Just after a heartbeat there are 400 ms. */
export const AIR_IDLE_MS = 1_000;
export const WIRE_IDLE_MS = 50;
/** For the last bytes to leave before a restart. */
const RESTART_AFTER_MS = 50;
const BATTERY_EVERY_MS = 60_000;
const BLINK_MS = 250;

export interface Parts {
  readonly modem: Modem;
  readonly serial: SerialPort;
  readonly system: SystemPort;
  readonly crc: Crc;
  /** Once a boot: starts the stack. */
  readonly openAir: (role: RadioRole, name: string, sink: Sink) => AirPort;
}

export class Shell {
  readonly #parts: Parts;
  readonly #tasks: Queue<Task> = queue(TASKS_MAX);
  readonly #effects: ModemEffect[] = [];
  #air: AirPort | undefined;
  #turning = false;
  #tasksDropped = 0;
  #airBusyAt = 0;
  #wireBusyAt = 0;
  #role: RadioRole | undefined;
  #restart: { readonly into: "normal" | "bootloader"; readonly at: number } | undefined;
  #lampUntil = 0;
  #lampAt = Number.POSITIVE_INFINITY;
  #lampOn = false;
  #batteryAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#feed({ type: "boot", at: millis(parts.system.now()) });
  }

  /** What the stack brings. It may call back while it is being called. */
  readonly sink: Sink = (task) => {
    if (!push(this.#tasks, task)) this.#tasksDropped += 1;
    this.turn();
  };

  /** Whatever is to be done now. */
  turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    try {
      this.#run();
    } catch (error) {
      // Our own mistake, or no memory: nothing after it can be trusted, and the next run tells of it.
      this.#parts.system.keepLastWords(error instanceof Error ? error.message : "an unknown fault");
      this.#parts.system.restart("normal");
    }
    this.#turning = false;
  }

  #run(): void {
    const { modem, serial, system } = this.#parts;
    const now = system.now();
    serial.poll(now);
    this.#read();
    for (let task = shift(this.#tasks); task !== undefined; task = shift(this.#tasks)) {
      if (task.type === "value") this.#airBusyAt = system.now();
      this.#feed(timed(task, millis(system.now())));
      this.#read();
    }
    if (this.#tasksDropped > 0) {
      const text = `${this.#tasksDropped} tasks of the stack found no room`;
      this.#tasksDropped = 0;
      this.#feed({ type: "log", at: millis(system.now()), level: 0, text });
    }
    const airAt = this.#air?.tick(system.now()) ?? Number.POSITIVE_INFINITY;
    const half = SERIAL_AHEAD_SIZE / 2;
    if (modem.serial.room < half && serial.backlog(system.now()) <= half) {
      const at = millis(system.now());
      this.#feed({ type: "writable", at, room: Math.floor(SERIAL_AHEAD_SIZE - serial.backlog(at)) });
    }
    if (system.now() >= (nextDeadline(modem) ?? Number.POSITIVE_INFINITY)) {
      this.#feed({ type: "tick", at: millis(system.now()) });
    }
    this.#keepHouse(system.now());
    this.#arm(airAt);
  }

  #read(): void {
    const { serial, system } = this.#parts;
    for (let bytes = serial.read(); bytes !== undefined; bytes = serial.read()) {
      this.#wireBusyAt = system.now();
      this.#feed({ type: "serial", at: millis(this.#wireBusyAt), bytes });
    }
  }

  #feed(event: ModemEvent): void {
    const { modem, crc } = this.#parts;
    const effects = this.#effects;
    assert(effects.length === 0, "one step is performed before the next");
    step(modem, event, effects, crc);
    for (let i = 0; i < effects.length; i++) this.#perform(effects[i]);
    effects.length = 0;
  }

  #perform(effect: ModemEffect): void {
    const { serial, system } = this.#parts;
    switch (effect.type) {
      case "serial":
        serial.write(effect.bytes);
        break;
      case "reopenSerial":
        serial.reopen();
        break;
      case "baud":
        serial.reopen(effect.baud);
        break;
      case "begin":
        this.#air = this.#parts.openAir(effect.role, effect.name, this.sink);
        break;
      case "storeRole":
        this.#role = effect.role;
        break;
      case "advertise":
        this.#air?.advertise(effect.intervalMs, effect.advert);
        break;
      case "stopAdvertising":
        this.#air?.stopAdvertising();
        break;
      case "scan":
        this.#air?.scan(effect.intervalMs, effect.windowMs);
        break;
      case "stopScanning":
        this.#air?.stopScanning();
        break;
      case "connect":
        this.#air?.connect(effect.to);
        break;
      case "cancelConnect":
        this.#air?.cancel();
        break;
      case "disconnect":
        this.#air?.disconnect(effect.handle);
        break;
      case "value":
        this.#airBusyAt = system.now();
        this.#air?.value(effect.handle, effect.bytes);
        break;
      case "requestParameters":
        this.#air?.requestParameters(effect.handle, effect.intervalMs, effect.supervisionMs);
        break;
      case "restart":
        if (effect.why !== "") system.keepLastWords(effect.why);
        this.#restart ??= { into: effect.into, at: system.now() + RESTART_AFTER_MS };
        break;
      case "identify":
        this.#lampUntil = system.now() + effect.seconds * 1_000;
        this.#lampAt = system.now();
        break;
      case "setClock":
        system.setClock(effect.at);
        break;
      case "factoryReset":
        this.#role = undefined;
        system.forget();
        break;
      default:
        unreachable(effect);
    }
  }

  /** What has time: the lamp, the battery, and flash when nobody waits or everything ends. */
  #keepHouse(now: number): void {
    const { system } = this.#parts;
    if (now >= this.#lampAt) {
      this.#lampOn = !this.#lampOn && now < this.#lampUntil;
      system.lamp(this.#lampOn);
      this.#lampAt = now < this.#lampUntil ? now + BLINK_MS : Number.POSITIVE_INFINITY;
    }
    if (now >= this.#batteryAt) {
      this.#batteryAt = now + BATTERY_EVERY_MS;
      const percent = system.batteryPercent();
      if (percent !== undefined) this.#feed({ type: "battery", at: millis(now), percent });
    }
    const over = this.#restart !== undefined && now >= this.#restart.at;
    const idle = now - this.#airBusyAt >= AIR_IDLE_MS && now - this.#wireBusyAt >= WIRE_IDLE_MS;
    if (this.#role !== undefined && (over || idle)) {
      const kept = system.keepRole(this.#role);
      this.#role = undefined;
      if (!kept) this.#feed({ type: "log", at: millis(now), level: 0, text: "flash refused to keep the role" });
    }
    if (over && this.#restart !== undefined) system.restart(this.#restart.into);
  }

  #arm(airAt: number): void {
    const { modem, serial, system } = this.#parts;
    let at = Math.min(airAt, nextDeadline(modem) ?? Number.POSITIVE_INFINITY, this.#restart?.at ?? airAt, this.#lampAt);
    if (modem.serial.room < SERIAL_AHEAD_SIZE / 2) at = Math.min(at, serial.backlogAt(SERIAL_AHEAD_SIZE / 2));
    system.wakeAt(Math.max(1, Math.min(POLL_MS, Math.ceil(at - system.now()))));
  }
}

/** The object that was queued becomes the event: a copy of each value would be one more to collect. */
function timed(task: Task, at: Millis): ModemEvent {
  const event = task as { at?: Millis };
  event.at = at;
  return task as ModemEvent;
}
