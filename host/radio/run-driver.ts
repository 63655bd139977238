/** The driver on a port and a clock: events in, effects out, in their order. Everything above is pure. */
import { randomBytes } from "node:crypto";
import type { LinePolicy } from "../../hardware/boards/board.ts";
import { boardNamed, boards } from "../../hardware/boards/boards.ts";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import { lineOf } from "./bridges.ts";
import { type Device, deviceText } from "./device-url.ts";
import { discover, type FoundPort, foundAgain, portNamed } from "./discovery.ts";
import { nextDeadline, step } from "./driver.ts";
import type { DriverEffect, DriverEvent } from "./driver-events.ts";
import { type Driver, driver } from "./driver-state.ts";
import type { Order } from "./events.ts";
import { openPorts } from "./open-port.ts";
import type { OpenPort, Port } from "./port.ts";
import { supplyHint } from "./supply.ts";

export interface DriverOptions {
  readonly device: Device;
  /** Everything that a host is told; of ports and bytes it hears nothing. */
  readonly on: (effect: Told) => void;
  readonly clock?: Clock;
  readonly ports?: OpenPort;
  /** What the board is, if that is known: its rate and its control lines. */
  readonly board?: { readonly baud: number; readonly line: LinePolicy };
  /** Where else to look, at this attempt, when the device is not in its place. */
  readonly elsewhere?: (attempt: number) => readonly Device[];
  readonly testsWire?: boolean;
  readonly seed?: number;
}

export type Told = Exclude<DriverEffect, { type: "open" | "close" | "baud" | "transmit" }>;

export interface RunningDriver {
  readonly order: (order: Order) => void;
  /** `id`: the caller's name for the packet, under which it is settled once. */
  readonly send: (id: number, link: LinkGeneration, packetClass: PacketClass, packet: Uint8Array) => void;
  /** A device came or went. */
  readonly look: () => void;
  readonly close: () => void;
  /** To look at, never to change. */
  readonly state: Driver;
}

export function runDriver(options: DriverOptions): RunningDriver {
  const { device, clock = realClock, board, testsWire = true } = options;
  const ports = options.ports ?? openPorts(clock);
  const elsewhere = options.elsewhere ?? lookup(device);
  const rates = board === undefined ? openingRates(device) : [board.baud];
  const seed = options.seed ?? randomBytes(6).readUIntBE(0, 6);
  const state = driver({ device: deviceText(device), rates, testsWire, seed });
  let port: Port | undefined;
  let cancel: (() => void) | undefined;
  let wakesAt: number | undefined;
  /** Of the port that is asked for; what an earlier one says is nothing any more. */
  let opening = 0;
  const waiting: Untimed<DriverEvent>[] = [];
  let isBusy = false;

  const feed = (event: Untimed<DriverEvent>): void => {
    waiting.push(event);
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const effects: DriverEffect[] = [];
      step(state, dated(next, clock.now()), effects);
      for (const effect of effects) perform(effect);
    }
    isBusy = false;
    const at = nextDeadline(state);
    // Most of what comes moves no deadline.
    if (at === wakesAt) return;
    cancel?.();
    wakesAt = at;
    cancel = at === undefined ? undefined : clock.after(Math.max(0, at - clock.now()), onTick);
  };
  const onTick = (): void => {
    wakesAt = undefined;
    feed({ type: "tick" });
  };

  const perform = (effect: DriverEffect): void => {
    switch (effect.type) {
      case "transmit":
        port?.write(effect.bytes);
        break;
      case "baud":
        port?.setBaud(effect.baud);
        break;
      case "open":
        open(effect.attempt, effect.baud);
        break;
      case "close":
        opening += 1;
        port?.close();
        port = undefined;
        break;
      default:
        options.on(effect);
    }
  };

  const open = (attempt: number, baud: number): void => {
    const mine = ++opening;
    const places = [device, ...elsewhere(attempt)];
    const place = places[attempt % places.length];
    /** A port may be ready before its opening was told of. */
    let roomBefore: number | undefined;
    const isMine = (): boolean => mine === opening;
    const listener = {
      onBytes: (bytes: Uint8Array) => isMine() && feed({ type: "received", bytes }),
      onRoom(room: number) {
        if (!isMine()) return;
        if (port === undefined) roomBefore = room;
        else feed({ type: "writable", room });
      },
      onClosed(why: string) {
        if (!isMine()) return;
        port = undefined;
        feed({ type: "closed", why: `${why}${supplyHint()}` });
      },
    };
    const line = board?.line ?? policyOf(place);
    ports(place, { baud, line }, listener).then((result) => {
      if (!isMine()) {
        if (result.ok) result.port.close();
        return;
      }
      if (!result.ok) {
        feed({ type: "failed", device: deviceText(place), problem: result.problem });
        return;
      }
      port = result.port;
      const isElsewhere = place !== device;
      feed({ type: "opened", device: deviceText(place), baudMax: port.baudMax, isElsewhere });
      if (roomBefore !== undefined) feed({ type: "writable", room: roomBefore });
    });
  };

  feed({ type: "begin" });
  return {
    state,
    order: (order) => feed({ type: "order", order }),
    send: (id, link, packetClass, packet) => feed({ type: "send", id, link, class: packetClass, packet }),
    look: () => feed({ type: "appeared" }),
    close() {
      feed({ type: "end" });
      cancel?.();
    },
  };
}

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

/** What comes a hundred times a second is not copied name by name. */
function dated(event: Untimed<DriverEvent>, at: Millis): DriverEvent {
  if (event.type === "received") return { type: "received", at, bytes: event.bytes };
  if (event.type === "writable") return { type: "writable", at, room: event.room };
  if (event.type === "tick") return { type: "tick", at };
  return { ...event, at } as DriverEvent;
}

/** Of the boards that have such a bridge first; then of all others. */
function openingRates(device: Device): number[] {
  const names = foundPort(device)?.bridge?.boards ?? [];
  const likely = names.map((name) => boardNamed(name)?.baud).filter((baud) => baud !== undefined);
  return [...new Set([...likely, ...Object.values(boards).map(({ baud }) => baud)])];
}

const foundPort = (device: Device): FoundPort | undefined =>
  device.type === "serial" ? portNamed(device.path, discover()) : undefined;

function policyOf(place: Device): LinePolicy {
  const found = foundPort(place);
  return lineOf(found?.bridge, found?.isCdc === true || (place.type === "serial" && /ttyACM/.test(place.path)));
}

/** A device that was seen once in its place is looked for in others, by what its bridge says of itself. */
function lookup(device: Device): (attempt: number) => readonly Device[] {
  if (device.type !== "serial") return () => [];
  let seen: FoundPort | undefined;
  return () => {
    const ports = discover();
    const there = portNamed(device.path, ports);
    if (there !== undefined) {
      seen = there;
      return [];
    }
    return seen === undefined ? [] : foundAgain(seen, ports).map(({ path }): Device => ({ type: "serial", path }));
  };
}
