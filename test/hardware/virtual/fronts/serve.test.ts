import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Board } from "../../../../hardware/boards/board.ts";
import { boards } from "../../../../hardware/boards/boards.ts";
import {
  type ServerEvent,
  serveVirtual,
  type VirtualConfig,
  type VirtualServer,
} from "../../../../hardware/virtual/fronts/serve.ts";
import { parseTrace } from "../../../../hardware/virtual/trace/trace.ts";
import { show, view } from "../../../../hardware/virtual/trace/view.ts";
import { type Called, callSerial, callSocket } from "./caller.ts";

let where = "";
let servers: VirtualServer[] = [];

beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-fronts-"));
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  servers = [];
  rmSync(where, { recursive: true });
});

async function serve(config: Partial<VirtualConfig>): Promise<VirtualServer> {
  const served = await serveVirtual({ boards: ["nrf52-dk"], seed: 1, errorRate: 0, front: "unix", where, ...config });
  if (!served.ok) throw new Error(`${served.why}: ${served.next}`);
  servers.push(served.server);
  return served.server;
}

async function refusal(config: Partial<VirtualConfig>): Promise<string> {
  const served = await serveVirtual({ boards: ["nrf52-dk"], seed: 1, errorRate: 0, front: "unix", where, ...config });
  if (!served.ok) return served.why;
  servers.push(served.server);
  return "";
}

const deviceOf = (server: VirtualServer, board = 0): string => server.devices()[board] ?? "";
const isPty = (device: string): boolean => device.startsWith("/");
const call = (device: string, board: Board = boards.nrf52): Called | Promise<Called> =>
  isPty(device) ? callSerial(device, board.baud) : callSocket(device);

/** Programs that this one has started and that still run. */
function children(): string[] {
  const ids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean);
  return ids
    .map((id) => (existsSync(`/proc/${id}/cmdline`) ? readFileSync(`/proc/${id}/cmdline`, "utf8") : ""))
    .filter((line) => line.includes(where));
}

describe.each(["unix", "tcp", "pty"] as const)("a virtual board behind %s", (front) => {
  test("says hello to each who opens it, and again after a brown-out", async () => {
    let onClosed: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const server = await serve({ front, onEvent: ({ type }) => type === "closed" && onClosed() });
    const first = await call(deviceOf(server));
    expect((await first.caller.hello()).board).toBe("nrf52-dk");
    await first.hangUp();
    // A pty is looked at now and then: who closes and opens it in between was never away.
    await closed;
    const second = await call(deviceOf(server));
    const { boot } = await second.caller.hello();
    server.brownOut(0);
    expect((await second.caller.hello(2)).boot).not.toBe(boot);
    expect(server.counters()[0]).toMatchObject({ opened: 2, boots: 2 });
    await second.hangUp();
  });

  test("hangs up when its cable is pulled, is nowhere then, and answers where it is put in again", async () => {
    const server = await serve({ front });
    const device = deviceOf(server);
    const before = await call(device);
    await before.caller.hello();
    await server.unplug(0);
    await before.closed;
    expect(server.devices()).toEqual([undefined]);
    expect(readdirSync(where)).toEqual([]);
    const replugged = await server.replug(0, join(where, "elsewhere"));
    if (!replugged.ok) throw new Error(replugged.why);
    expect(replugged.device === device).toBe(front === "tcp");
    const after = await call(replugged.device);
    await after.caller.hello();
    await after.hangUp();
  });

  test("leaves no socket, no link and no program when its server stops, while it is open too", async () => {
    const server = await serve({ front, boards: ["nrf52-dk", "esp32-nodemcu"] });
    expect(new Set(server.devices()).size).toBe(2);
    expect(children()).toHaveLength(front === "pty" ? 2 : 0);
    const called = await call(deviceOf(server, 1), boards.esp32);
    await called.caller.hello();
    await server.stop();
    await called.closed;
    expect(readdirSync(where)).toEqual([]);
    expect(children()).toEqual([]);
  });
});

describe("a server of virtual boards", () => {
  test("listens to this machine alone", async () => {
    const server = await serve({ front: "tcp" });
    expect(deviceOf(server)).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  });

  test("tells who opens and closes, and mixes fronts", async () => {
    const events: ServerEvent[] = [];
    const boards = ["nrf52-dk", "esp32c3"];
    const server = await serve({ boards, front: ["unix", "tcp"], onEvent: (event) => events.push(event) });
    const called = callSocket(deviceOf(server, 1));
    expect((await called.caller.hello()).board).toBe("esp32c3");
    await called.hangUp();
    await server.stop();
    expect(events).toEqual([
      { type: "opened", board: 1 },
      { type: "closed", board: 1 },
    ]);
  });

  test("turns a second host away while the first has the port open", async () => {
    const server = await serve({});
    const first = callSocket(deviceOf(server));
    await first.caller.hello();
    const second = callSocket(deviceOf(server));
    await second.closed;
    expect(second.caller.heard).toEqual([]);
    await first.hangUp();
    const third = callSocket(deviceOf(server));
    await third.caller.hello();
    await third.hangUp();
  });

  test("hears nothing right at another speed than the board's, where the port has a speed", async () => {
    const server = await serve({ front: "pty" });
    const wrong = await callSerial(deviceOf(server), 2 * boards.nrf52.baud);
    // The board hears resets that are none, and keeps asking into the dark.
    while (wrong.caller.bytes < 20) await new Promise<void>((done) => wrong.port.once("data", () => done()));
    expect(wrong.caller.heard).toEqual([]);
    await new Promise<void>((done) => wrong.port.update({ baudRate: boards.nrf52.baud }, () => done()));
    await wrong.caller.hello();
    await wrong.hangUp();
  });

  test("writes what crosses each port, and the trace shows it in words", async () => {
    const server = await serve({ boards: ["nrf52-dk", "esp32c3"], trace: join(where, "radio.trace") });
    const called = callSocket(deviceOf(server, 1));
    await called.caller.hello();
    await called.hangUp();
    await server.stop();
    const texts = [1, 2].map((number) => readFileSync(join(where, `radio-${number}.trace`), "utf8"));
    const [none, some] = texts.map(parseTrace);
    if (!none.ok || !some.ok) throw new Error("a trace is refused");
    expect(none.trace.lines).toEqual([]);
    expect(some.trace.header).toMatchObject({ board: "esp32c3", device: `unix:${where}/radio-2.sock` });
    const words = view(false);
    const shown = some.trace.lines.flatMap((line) => show(words, line)).join("\n");
    expect(shown).toMatch(/opened[\s\S]*-> reset session=1 [\s\S]*<- Critical hello .*board=esp32c3[\s\S]*closed/);
  });

  test("refuses what it cannot serve, by name, and leaves nothing behind", async () => {
    expect(await refusal({ boards: [] })).toContain("one air holds from 1 to");
    expect(await refusal({ boards: ["nrf51"] })).toBe('serving "nrf51": no such board');
    expect(await refusal({ errorRate: 1 })).toContain("no share");
    expect(await refusal({ front: ["unix", "tcp"] })).toBe("2 fronts for 1 boards");
    expect(await refusal({ capture: join(where, "air.txt") })).toContain("neither in .btsnoop");
    expect(await refusal({ trace: join(where, "none", "radio.trace") })).toContain("ENOENT");
    expect(await refusal({ where: join(where, "x".repeat(100)) })).toContain("longer than 107 bytes");
    rmSync(join(where, "x".repeat(100)), { recursive: true });
    expect(readdirSync(where)).toEqual([]);
    for (const front of ["unix", "pty"] as const) {
      const path = join(where, front === "unix" ? "radio-1.sock" : "radio-1");
      writeFileSync(path, "a file of somebody else");
      expect(await refusal({ front })).toContain("something else is there");
      expect(readdirSync(where)).toHaveLength(1);
      rmSync(path);
      await serve({ front });
      expect(await refusal({ front })).toContain("another program serves it");
      await servers.pop()?.stop();
    }
  });
});
