import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { realClock } from "../../../hardware/virtual/fronts/clock.ts";
import type { FrontKind, VirtualServer } from "../../../hardware/virtual/fronts/serve.ts";
import { serveVirtual } from "../../../hardware/virtual/fronts/serve.ts";
import { type Device, parseDevice } from "../../../host/radio/device-url.ts";
import { openPorts } from "../../../host/radio/open-port.ts";
import { CHECKS, type RadioFront, suits } from "./compliance.ts";
import { Rig } from "./rig.ts";

const EVERYTHING = { two: true, brownOut: true, cable: true };

for (const [name, board] of [
  ["esp32-nodemcu", boards.esp32],
  ["nrf52-dk", boards.nrf52],
] as const) {
  describe(`a virtual ${name} in this process`, () => {
    for (const check of CHECKS) {
      it(check.name, async () => {
        const rig = new Rig([board, board]);
        const { clock, virtual } = rig;
        try {
          await check.run({
            clock,
            ports: virtual.open,
            devices: [
              { type: "virtual", name: "b0" },
              { type: "virtual", name: "b1" },
            ],
            until: (done, ms) => rig.run(ms, done),
            brownOut: (radio) => virtual.happen({ type: "brownOut", board: radio }),
            cable: async (radio, plugged) => virtual.happen({ type: "cable", board: radio, plugged }),
          });
        } finally {
          rig.stop();
        }
      });
    }
  });
}

/** On the real clock, where a check mostly waits: every one has radios of its own, and all run at once. */
class Served {
  readonly title: string;
  private readonly front: FrontKind;
  private readonly where = mkdtempSync(join(tmpdir(), "hardway-compliance-"));
  private server: VirtualServer | undefined;
  private runs: Promise<{ readonly fault?: unknown }>[] = [];

  constructor(front: FrontKind, title: string) {
    this.front = front;
    this.title = title;
  }

  async begin(): Promise<void> {
    const { front, where } = this;
    const names = CHECKS.flatMap(() => ["esp32-nodemcu", "esp32-nodemcu"]);
    const opened = await serveVirtual({ boards: names, seed: 1, errorRate: 0, front, where });
    if (!opened.ok) throw new Error(`${opened.why}: ${opened.next}`);
    const { server } = opened;
    this.server = server;
    this.runs = CHECKS.map((check, index) =>
      check.run(frontOf(server, 2 * index)).then(
        () => ({}),
        (fault: unknown) => ({ fault }),
      ),
    );
  }

  async check(index: number): Promise<void> {
    const { fault } = await this.runs[index];
    if (fault !== undefined) throw fault;
  }

  async end(): Promise<void> {
    await this.server?.stop();
    rmSync(this.where, { recursive: true });
  }
}

/** `first`: of two boards of the server. */
function frontOf(server: VirtualServer, first: number): RadioFront {
  return {
    clock: realClock,
    ports: openPorts(),
    devices: [deviceAt(server, first), deviceAt(server, first + 1)],
    until,
    brownOut: (radio) => server.brownOut(first + radio),
    async cable(radio, plugged) {
      if (!plugged) await server.unplug(first + radio);
      else expect(await server.replug(first + radio)).toMatchObject({ ok: true });
    },
  };
}

function deviceAt(server: VirtualServer, board: number): Device {
  const parsed = parseDevice(server.devices()[board] ?? "");
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.device;
}

/** Bounded by how often it looks, not by any sleep. */
function until(done: () => boolean, ms: number): Promise<boolean> {
  const by = realClock.now() + ms;
  return new Promise((resolve) => {
    const look = (): void => {
      if (done()) resolve(true);
      else if (realClock.now() > by) resolve(false);
      else realClock.after(5, look);
    };
    look();
  });
}

const served = [
  new Served("unix", "a virtual radio behind a socket"),
  new Served("pty", "a virtual radio behind a pseudo-terminal, through the library of serial ports"),
];
beforeAll(async () => {
  await Promise.all(served.map((front) => front.begin()));
});
afterAll(async () => {
  await Promise.all(served.map((front) => front.end()));
});
for (const front of served) {
  describe(front.title, () => {
    for (const [index, check] of CHECKS.entries()) it(check.name, () => front.check(index));
  });
}

const url = process.env["HARDWAY_BOARD"];
if (url === undefined) {
  console.log("compliance: no real board was tried; name one in HARDWAY_BOARD to try it");
} else {
  describe(`the board at ${url}`, () => {
    const can = { two: process.env["HARDWAY_BOARD_2"] !== undefined, brownOut: false, cable: false };
    const front = (): RadioFront => {
      const devices = [url, process.env["HARDWAY_BOARD_2"]].flatMap((text) => {
        const parsed = text === undefined ? undefined : parseDevice(text);
        if (parsed?.ok === false) throw new Error(parsed.why);
        return parsed === undefined ? [] : [parsed.device];
      });
      return { clock: realClock, ports: openPorts(), devices: [devices[0], devices[1]], until };
    };
    for (const check of CHECKS.filter((each) => suits(each, can))) it(check.name, () => check.run(front()));
  });
}

it("every check suits a front that can do everything", () => {
  expect(CHECKS.filter((check) => suits(check, EVERYTHING))).toEqual(CHECKS);
});
