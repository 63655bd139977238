import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveVirtual, type VirtualServer } from "../../../hardware/virtual/fronts/serve.ts";
import { parseDevice } from "../../../host/radio/device-url.ts";
import { openPorts } from "../../../host/radio/open-port.ts";
import type { OpenedPort, Port, PortListener } from "../../../host/radio/port.ts";

const where = mkdtempSync(join(tmpdir(), "hardway-ports-"));
const OPTIONS = { baud: 115_200, line: { dtr: "low", rts: "low" } } as const;

class Listener implements PortListener {
  heard = "";
  closed: string[] = [];
  room: number[] = [];
  /** Asked after each word of the port. */
  private wake: () => void = () => {};
  readonly onBytes = (bytes: Uint8Array): void => {
    this.heard += Buffer.from(bytes).toString("latin1");
    this.wake();
  };
  readonly onRoom = (room: number): void => {
    this.room.push(room);
    this.wake();
  };
  readonly onClosed = (why: string): void => {
    this.closed.push(why);
    this.wake();
  };

  until(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => done() && resolve();
      this.wake();
    });
  }
}

function open(text: string, listener: PortListener = new Listener()): Promise<OpenedPort> {
  const parsed = parseDevice(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return openPorts()(parsed.device, OPTIONS, listener);
}

async function opened(text: string, listener: Listener): Promise<Port> {
  const result = await open(text, listener);
  if (!result.ok) throw new Error(result.problem.message);
  return result.port;
}

afterAll(() => rmSync(where, { recursive: true }));

describe("a socket's port", () => {
  const path = join(where, "socket");
  let meet: (socket: Socket) => void;
  const server = createServer((socket) => meet(socket));
  const met = (): Promise<Socket> => new Promise((resolve) => (meet = resolve));
  beforeAll(() => new Promise<void>((resolve) => server.listen(path, resolve)));
  afterAll(() => server.close());

  it("passes bytes both ways, says its room, and that the other end hung up, once", async () => {
    const listener = new Listener();
    const other = met();
    const port = await opened(`unix:${path}`, listener);
    const socket = await other;
    await listener.until(() => listener.room.length === 1);
    expect(port.baudMax).toBeUndefined();
    const heard = new Promise((resolve) => socket.once("data", resolve));
    port.write(Uint8Array.of(1, 2, 3));
    expect(await heard).toEqual(Buffer.of(1, 2, 3));
    await listener.until(() => listener.room.length === 2);
    socket.write("hello");
    await listener.until(() => listener.heard === "hello");
    socket.destroy();
    await listener.until(() => listener.closed.length > 0);
    port.write(Uint8Array.of(1));
    port.close();
    expect(listener.closed).toHaveLength(1);
  });

  it("that was closed says nothing more, and the other end sees it", async () => {
    const listener = new Listener();
    const other = met();
    const port = await opened(`unix:${path}`, listener);
    const socket = await other;
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    port.close();
    await ended;
    expect(listener.closed).toEqual([]);
  });

  it("that does not open says what to start", async () => {
    const missing = await open(`unix:${where}/nobody`);
    expect(missing).toMatchObject({ ok: false, problem: { kind: "missing" } });
    if (!missing.ok) expect(missing.problem.next).toContain("hardway virtual");
    const refused = await open("tcp://127.0.0.1:1");
    expect(refused).toMatchObject({ ok: false, problem: { kind: "missing" } });
    if (!refused.ok) expect(refused.problem.message).toBe("opening tcp://127.0.0.1:1: nobody listens there");
    expect(await open("virtual:x")).toMatchObject({ ok: false, problem: { kind: "missing" } });
  });
});

describe("a serial port", () => {
  let server: VirtualServer;
  const device = (): string => server.devices()[0] ?? "";
  beforeAll(async () => {
    const served = await serveVirtual({ boards: ["esp32-nodemcu"], seed: 1, errorRate: 0, front: "pty", where });
    if (!served.ok) throw new Error(`${served.why}: ${served.next}`);
    server = served.server;
  });
  afterAll(() => server.stop());

  it("is opened for one alone, and the process that has it is named", async () => {
    const listener = new Listener();
    const port = await opened(device(), listener);
    await listener.until(() => listener.room.length > 0);
    expect(await open(device())).toMatchObject({ ok: false, problem: { kind: "busy" } });
    port.close();

    const holder = spawn("flock", ["--exclusive", device(), "cat"]);
    holder.stdin.write("x");
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const busy = await open(device());
    holder.stdin.end();
    await new Promise((resolve) => holder.once("close", resolve));
    expect(busy).toMatchObject({ ok: false, problem: { kind: "busy" } });
    if (!busy.ok) expect(busy.problem.message).toMatch(/: process \d+ \((?:flock|cat)\)/);
  });

  it("says that it is gone when its cable is pulled", async () => {
    const listener = new Listener();
    await opened(device(), listener);
    await server.unplug(0);
    await listener.until(() => listener.closed.length > 0);
    expect(listener.closed).toHaveLength(1);
    expect(await server.replug(0)).toMatchObject({ ok: true });
  });

  it("that is not there, or is no serial device, says so", async () => {
    expect(await open(join(where, "ttyUSB9"))).toMatchObject({ ok: false, problem: { kind: "missing" } });
    const file = join(where, "file");
    writeFileSync(file, "");
    const result = await open(file);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problem.message).toContain(`opening ${file}: `);
  });
});
