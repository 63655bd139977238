/** Whole radios in virtual time: the firmware's own shell, airs and serial port around the modem, on UARTs and stacks that
 * behave as the boards' do, each with a host's end of the wire. */
import { ClientAir } from "../../firmware-js/air/client-air.ts";
import { ServerAir } from "../../firmware-js/air/server-air.ts";
import { modemConfig, type RadioRole } from "../../firmware-js/modem/facts.ts";
import { modem } from "../../firmware-js/modem/state.ts";
import { SerialPort } from "../../firmware-js/serial/serial-port.ts";
import { Shell } from "../../firmware-js/shell.ts";
import type { SystemPort } from "../../firmware-js/system/system-port.ts";
import { backlog, nextArrival, put, take, wire } from "../../hardware/virtual/wire.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { crc16 } from "../../protocol/bytes/crc16.ts";
import { assert } from "../../protocol/core/assert.ts";
import { SERIAL_AHEAD_SIZE, SERIAL_PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import { millis } from "../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as linkStep } from "../../protocol/link/link.ts";
import { link } from "../../protocol/link/state.ts";
import { Command, commandClass } from "../../protocol/radio/command.ts";
import { Report } from "../../protocol/radio/report.ts";
import { Ether, FakeClient, FakeServer } from "./air/fake-stacks.ts";
import { facts, peer, type Untimed } from "./modem/rig.ts";
import { FakeUart } from "./serial/fake-uarts.ts";

export const BAUD = 230_400;

/** What a board was told, and what it keeps. */
export class FakeSystem implements SystemPort {
  readonly ether: Ether;
  wakeTime = 0;
  role: RadioRole | undefined;
  words = "";
  clockSet: number | undefined;
  readonly lamps: { readonly at: number; readonly on: boolean }[] = [];
  readonly restarts: { readonly into: string; readonly at: number }[] = [];
  battery: number | undefined;
  flashRefuses = false;
  readonly keptAt: number[] = [];

  constructor(ether: Ether) {
    this.ether = ether;
  }

  now(): number {
    return this.ether.now;
  }

  wakeAt(afterMs: number): void {
    assert(Number.isInteger(afterMs) && afterMs >= 1, "a timer takes whole milliseconds");
    this.wakeTime = this.ether.now + afterMs;
  }

  keepRole(role: RadioRole): boolean {
    if (this.flashRefuses) return false;
    this.role = role;
    this.keptAt.push(this.ether.now);
    return true;
  }

  keepLastWords(words: string): boolean {
    this.words = words;
    return true;
  }

  forget(): boolean {
    this.role = undefined;
    this.words = "";
    return true;
  }

  setClock(at: number): void {
    this.clockSet = at;
  }

  lamp(on: boolean): void {
    this.lamps.push({ at: this.ether.now, on });
  }

  batteryPercent(): number | undefined {
    return this.battery;
  }

  restart(into: "normal" | "bootloader"): void {
    this.restarts.push({ into, at: this.ether.now });
  }
}

export class Radio {
  readonly ether: Ether;
  readonly system: FakeSystem;
  readonly uart: FakeUart;
  readonly shell: Shell;
  readonly reports: Report[] = [];
  readonly logged: string[] = [];
  readonly #host = link({
    major: 1,
    minor: 0,
    features: 0,
    space: 4096,
    packetSizeMax: SERIAL_PACKET_SIZE_MAX,
    waitingSizeMax: 65_536,
  });
  #taken = 0;
  readonly #down = wire(BAUD, 0.5);

  constructor(ether: Ether, number: number, stack: FakeServer | FakeClient, board: "nrf52" | "esp32") {
    this.ether = ether;
    this.system = new FakeSystem(ether);
    this.uart = new FakeUart(ether, board);
    const clock = (): number => ether.now;
    let shell: Shell | undefined;
    const serial = new SerialPort(this.uart.open, BAUD, clock, () => shell?.turn());
    const own = facts({ address: peer(number), receiveSpace: this.uart.space, natives: NATIVES });
    shell = new Shell({
      modem: modem(own, modemConfig(millis(ether.now), number)),
      serial,
      system: this.system,
      crc: crc16,
      openAir: (role, name, sink) => {
        if (stack instanceof FakeServer) {
          const air = new ServerAir(role, name, sink, clock, undefined);
          air.begin(stack.begin(air));
          return air;
        }
        const air = new ClientAir(role, sink, clock, undefined);
        air.begin(stack.begin(air));
        return air;
      },
    });
    this.shell = shell;
    shell.turn();
    this.feedHost({ type: "open", session: 1_000 + number });
  }

  order(command: Command): void {
    const bytes = encode(Command, command).slice();
    this.feedHost({ type: "submit", class: commandClass(command), bytes, token: 0 });
  }

  told<T extends Report["type"]>(type: T): (Report & { type: T })[] {
    return this.reports.filter((report): report is Report & { type: T } => report.type === type);
  }

  feedHost(event: Untimed<LinkEvent>): void {
    const effects: LinkEffect[] = [];
    linkStep(this.#host, { ...event, at: millis(this.ether.now) } as LinkEvent, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") {
        put(this.#down, effect.bytes, millis(this.ether.now));
      } else if (effect.type === "deliver") {
        const report = decode(Report, effect.bytes);
        assert(report.ok, "a report can be read");
        this.reports.push(report.value);
      } else if (effect.type === "logged") {
        this.logged.push(effect.text);
      }
    }
  }

  get nextAt(): number {
    const host = linkDeadline(this.#host) ?? Number.POSITIVE_INFINITY;
    const down = nextArrival(this.#down) ?? Number.POSITIVE_INFINITY;
    const room = this.#host.room < SERIAL_AHEAD_SIZE / 2 ? this.#down.busyUntil : Number.POSITIVE_INFINITY;
    return Math.min(this.system.wakeTime, this.uart.busyUntil, host, down, room);
  }

  run(): void {
    const { now } = this.ether;
    for (let bytes = take(this.#down, millis(now)); bytes !== undefined; bytes = take(this.#down, millis(now))) {
      // At another speed neither end makes anything of the other's bytes.
      if (this.uart.opened.at(-1) === BAUD) this.uart.hear(bytes);
    }
    this.uart.run();
    if (now >= this.system.wakeTime) this.shell.turn();
    const bytes = Uint8Array.from(this.uart.sent.slice(this.#taken));
    this.#taken = this.uart.sent.length;
    if (bytes.length > 0 && this.uart.opened.at(-1) === BAUD) this.feedHost({ type: "received", bytes });
    const room = SERIAL_AHEAD_SIZE - backlog(this.#down, millis(now));
    if (this.#host.room < SERIAL_AHEAD_SIZE / 2 && room >= SERIAL_AHEAD_SIZE / 2) {
      this.feedHost({ type: "writable", room });
    }
    if (now >= (linkDeadline(this.#host) ?? Number.POSITIVE_INFINITY)) this.feedHost({ type: "tick" });
  }
}

const NATIVES = { deepSleep: 0, cancel: 1, parameters: 0, crc: 0 } as const;

export interface Two {
  readonly ether: Ether;
  readonly server: Radio;
  readonly client: Radio;
}

export function two(boards: readonly ["nrf52" | "esp32", "nrf52" | "esp32"] = ["nrf52", "esp32"]): Two {
  const ether = new Ether();
  const stack = new FakeServer(ether, peer(1));
  const other = new FakeClient(ether, peer(2), stack);
  return { ether, server: new Radio(ether, 1, stack, boards[0]), client: new Radio(ether, 2, other, boards[1]) };
}

export function pass({ ether, server, client }: Two, ms: number): void {
  const until = ether.now + ms;
  for (;;) {
    ether.run();
    server.run();
    client.run();
    const at = Math.max(ether.now + 0.01, Math.min(ether.nextAt, server.nextAt, client.nextAt));
    if (at > until) break;
    ether.now = at;
  }
  ether.now = until;
}
