/** A host with one session on the real clock, at whatever carries its bytes: for tests that open a virtual board's port. */
import { connect, type Socket } from "node:net";
import { SerialPort } from "serialport";
import { noticeHangUp } from "../../../../hardware/machine/hang-up.ts";
import type { SessionEffect, SessionEvent } from "../../../../host/radio/events.ts";
import { nextDeadline, session, step } from "../../../../host/radio/session.ts";
import { millis } from "../../../../protocol/core/units.ts";
import type { Hello } from "../../../../protocol/radio/hello.ts";
import type { Untimed } from "../table.ts";

export class Caller {
  readonly heard: SessionEffect[] = [];
  bytes = 0;
  private readonly session = session();
  private readonly write: (bytes: Uint8Array) => void;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting: (() => void)[] = [];
  private over = false;

  constructor(write: (bytes: Uint8Array) => void) {
    this.write = write;
  }

  plug(number = 1): void {
    this.tell({ type: "plugged", session: number });
  }

  hear(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.tell({ type: "received", bytes });
  }

  tell(event: Untimed<SessionEvent>): void {
    if (this.over) return;
    const at = millis(performance.now());
    const effects: SessionEffect[] = [];
    step(this.session, { type: "writable", at, room: 256 }, effects);
    step(this.session, { ...event, at } as SessionEvent, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") this.write(effect.bytes);
      else this.heard.push(effect);
    }
    for (const wake of this.waiting.splice(0)) wake();
    clearTimeout(this.timer);
    const deadline = nextDeadline(this.session);
    if (deadline !== undefined) this.timer = setTimeout(() => this.tell({ type: "tick" }), Math.max(1, deadline - at));
  }

  end(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  async hello(count = 1): Promise<Hello> {
    const hellos = (): Hello[] => this.heard.flatMap((effect) => (effect.type === "up" ? [effect.hello] : []));
    await this.until(() => hellos().length >= count);
    return hellos()[count - 1];
  }

  /** Asked again whenever something has happened here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((wake) => this.waiting.push(wake));
  }
}

export interface Called {
  readonly caller: Caller;
  readonly closed: Promise<void>;
  readonly hangUp: () => Promise<void>;
}

export function callSocket(device: string): Called {
  const unix = /^unix:(.+)$/.exec(device);
  const tcp = /^tcp:\/\/([\d.]+):(\d+)$/.exec(device);
  if (unix === null && tcp === null) throw new Error(`${device} is no socket`);
  const socket: Socket = unix !== null ? connect(unix[1]) : connect(Number(tcp?.[2]), tcp?.[1]);
  const caller = new Caller((bytes) => socket.write(bytes));
  const closed = new Promise<void>((done) => {
    socket.on("error", () => {});
    socket.on("close", () => {
      caller.end();
      done();
    });
  });
  socket.on("connect", () => caller.plug());
  socket.on("data", (bytes) => caller.hear(bytes));
  return {
    caller,
    closed,
    hangUp() {
      socket.destroy();
      return closed;
    },
  };
}

export async function callSerial(path: string, baudRate: number): Promise<Called & { readonly port: SerialPort }> {
  const port = new SerialPort({ path, baudRate, autoOpen: false, lock: true });
  const caller = new Caller((bytes) => port.write(Buffer.from(bytes)));
  const closed = new Promise<void>((done) => {
    port.on("error", () => {});
    port.on("close", () => {
      caller.end();
      done();
    });
  });
  await new Promise<void>((done, fail) => port.open((error) => (error === null ? done() : fail(error))));
  noticeHangUp(port);
  port.on("data", (bytes: Buffer) => caller.hear(bytes));
  caller.plug();
  return {
    port,
    caller,
    closed,
    hangUp() {
      port.close();
      return closed;
    },
  };
}
