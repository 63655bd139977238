/** What every radio must do, whatever it is made of and however it is reached: one list of checks for the virtual ones in
 * this process, behind sockets and pseudo-terminals, and for a real board. */
import { expect } from "vitest";
import type { Clock } from "../../../hardware/virtual/fronts/clock.ts";
import type { Device } from "../../../host/radio/device-url.ts";
import type { Order } from "../../../host/radio/events.ts";
import type { OpenPort, Port } from "../../../host/radio/port.ts";
import { type RunningDriver, runDriver, type Told } from "../../../host/radio/run-driver.ts";
import { isGood } from "../../../host/radio/wire-test.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { HIGH } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import type { LinkEffect } from "../../../protocol/link/events.ts";
import { step } from "../../../protocol/link/link.ts";
import { link } from "../../../protocol/link/state.ts";
import { COUNTER_NAMES } from "../../../protocol/radio/counter-names.ts";
import { FAULT_CODES } from "../../../protocol/radio/fault-code.ts";
import type { Report } from "../../../protocol/radio/report.ts";
import { config } from "../../protocol/link/pair.ts";

export interface RadioFront {
  readonly clock: Clock;
  readonly ports: OpenPort;
  /** Two radios that hear each other; a single one where there is no second. */
  readonly devices: readonly [Device, Device?];
  /** Until it is done, or so much time has passed on the front's own clock. */
  readonly until: (done: () => boolean, ms: number) => Promise<boolean>;
  readonly brownOut?: (radio: number) => void;
  readonly cable?: (radio: number, plugged: boolean) => Promise<void>;
}

export interface Check {
  readonly name: string;
  readonly needs: "one" | "two" | "brownOut" | "cable";
  readonly run: (front: RadioFront) => Promise<void>;
}

/** Whether a front can show what the check looks at. */
export const suits = (
  check: Check,
  can: { readonly two: boolean; readonly brownOut: boolean; readonly cable: boolean },
) => check.needs === "one" || can[check.needs];

const ADVERT = { version: 1, flags: 0, kiosk: Uint8Array.of(7, 7, 7, 7), component: Uint8Array.of(0, 0, 0, 1) };
const PATIENCE_MS = 30_000;

/** A host of one radio. */
class Host {
  readonly said: Told[] = [];
  readonly driver: RunningDriver;
  readonly front: RadioFront;
  port: Port | undefined;

  constructor(front: RadioFront, radio = 0, testsWire = true) {
    this.front = front;
    const device = front.devices[radio];
    if (device === undefined) throw new Error("the front has no such radio");
    const ports: OpenPort = async (device, options, listener) => {
      const opened = await front.ports(device, options, listener);
      this.port = opened.ok ? opened.port : undefined;
      return opened;
    };
    const { clock } = front;
    this.driver = runDriver({ device, clock, ports, testsWire, seed: 11 + radio, on: (said) => this.said.push(said) });
  }

  of<T extends Told["type"]>(type: T): (Told & { type: T })[] {
    return this.said.filter((said): said is Told & { type: T } => said.type === type);
  }

  news<T extends Report["type"]>(type: T): (Report & { type: T })[] {
    return this.of("news").flatMap(({ report }) =>
      report.type === type ? [report as unknown as Report & { type: T }] : [],
    );
  }

  async until(done: () => boolean, what: string): Promise<void> {
    const words = (): string => this.of("state").at(-1)?.state.words ?? "";
    expect(await this.front.until(done, PATIENCE_MS), `${what}; it says: ${words()}`).toBe(true);
  }

  up(times = 1): Promise<void> {
    return this.until(() => this.of("up").length >= times, `up ${times} times`);
  }

  async started(role: "server" | "client"): Promise<void> {
    await this.up();
    this.driver.order({ type: "start", role, name: "test" });
    await this.until(() => this.news("ready").length > 0, `ready as ${role}`);
  }

  order(order: Order): void {
    this.driver.order(order);
  }
}

async function withHost(front: RadioFront, run: (host: Host) => Promise<void>, testsWire = false): Promise<void> {
  const host = new Host(front, 0, testsWire);
  try {
    await run(host);
  } finally {
    host.driver.close();
  }
}

/** A link between the front's two radios, kept by its host. */
async function linked(front: RadioFront, run: (server: Host, client: Host) => Promise<void>): Promise<void> {
  const server = new Host(front, 0, false);
  const client = new Host(front, 1, false);
  try {
    await Promise.all([server.started("server"), client.started("client")]);
    server.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
    client.order({ type: "scan", on: true, intervalMs: 60, windowMs: 60 });
    const [{ hello }] = server.of("up");
    const address = hello.address.address.join();
    const sees = () => client.news("discovered").find(({ peer }) => peer.address.join() === address);
    await client.until(() => sees() !== undefined, "the advertisement is discovered");
    const seen = sees();
    if (seen === undefined) return;
    client.order({ type: "connect", to: seen.peer });
    await client.until(() => client.news("linkUp").length > 0 && server.news("linkUp").length > 0, "both are linked");
    server.order({ type: "keep", link: server.news("linkUp")[0].link });
    await run(server, client);
  } finally {
    server.driver.close();
    client.driver.close();
  }
}

export const CHECKS: readonly Check[] = [
  {
    name: "says hello before anything else, with facts that make sense",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        const types = host.said.map(({ type }) => type).filter((type) => type !== "state" && type !== "logged");
        expect(types[0]).toBe("up");
        const [{ hello, rebooted }] = host.of("up");
        expect(rebooted).toBe(true);
        expect(hello.board.length).toBeGreaterThan(0);
        expect([...hello.bauds]).toEqual([...hello.bauds].sort((a, b) => a - b));
        expect(hello.bauds.length).toBeGreaterThan(0);
        expect(hello.linksAsServer + hello.linksAsClient).toBeGreaterThan(0);
        expect(hello.receiveSpace).toBeGreaterThanOrEqual(96);
      }),
  },
  {
    name: "passes the test of its wire",
    needs: "one",
    run: (front) =>
      withHost(
        front,
        async (host) => {
          await host.up();
          const [{ measure }] = host.of("tested");
          expect(isGood(measure), JSON.stringify(measure)).toBe(true);
          expect(measure.cutsLong).toBe(false);
        },
        true,
      ),
  },
  {
    name: "refuses a host of another major version, says its own, and serves the next one that fits",
    needs: "one",
    run: async (front) => {
      expect(await strangerIsRefused(front)).toBe(1);
      await withHost(front, (host) => host.up());
    },
  },
  {
    name: "answers echo, counters and log level",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        const bytes = drawBytes(chance(5), 300);
        host.order({ type: "logLevel", level: 3 });
        host.order({ type: "echo", bytes });
        host.order({ type: "counters" });
        await host.until(() => host.news("echo").length > 0 && host.news("counters").length > 0, "both are answered");
        expect(host.news("echo")[0].bytes).toEqual(bytes);
        expect(host.news("counters")[0].values).toHaveLength(COUNTER_NAMES.length);
      }),
  },
  {
    name: "takes a role that it offers, advertises or scans in it, and says so where it may not",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        host.order({ type: "scan", on: true, intervalMs: 100, windowMs: 50 });
        await host.until(() => host.news("fault").length > 0, "no role was told");
        expect(host.news("fault")[0].code).toBe(FAULT_CODES["no role was told"]);
        await host.started("server");
        host.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
        host.order({ type: "scan", on: true, intervalMs: 100, windowMs: 50 });
        await host.until(() => host.news("fault").length > 1, "the role does not scan");
        expect(host.news("fault")[1].code).toBe(FAULT_CODES["the role does not do that"]);
        host.order({ type: "advertise", on: false, intervalMs: 100, advert: ADVERT });
      }),
  },
  {
    name: "survives what is no frame, counts it, and goes on [I11]",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        const from = chance(9);
        for (let at = 0; at < 40; at++) {
          host.port?.write(drawBytes(from, 60));
          host.port?.write(Uint8Array.of(0xc0, 0x05, 0xdb, 0x00, 0xc0));
          host.order({ type: "echo", bytes: Uint8Array.of(at) });
        }
        await host.until(() => host.of("up").length > 1 || host.news("echo").length === 40, "all are answered");
        const before = host.news("counters").length;
        await host.until(() => host.driver.state.stage === "up", "it is up");
        host.order({ type: "counters" });
        await host.until(() => host.news("counters").length > before, "the counters come");
        const values = host.news("counters").at(-1)?.values ?? [];
        const of = (name: string): number => values[COUNTER_NAMES.indexOf(name)];
        expect(of("serial.damaged") + of("serial.malformed") + of("serial.misframed")).toBeGreaterThan(0);
      }),
  },
  {
    name: "bounds a flood of commands: each is answered or refused, and the next one is served",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        const flood = 400;
        for (let at = 0; at < flood; at++) host.order({ type: "echo", bytes: Uint8Array.of(at >> 8, at & 0xff) });
        const settled = () => host.news("echo").length + host.of("refused").length;
        await host.until(() => settled() >= flood, "all are answered or refused");
        expect(settled()).toBe(flood);
        const answered = host.news("echo").map(({ bytes }) => (bytes[0] << 8) | bytes[1]);
        expect(answered).toEqual([...new Set(answered)].sort((a, b) => a - b));
        host.order({ type: "identify", seconds: 1 });
        host.order({ type: "echo", bytes: Uint8Array.of(255, 255) });
        await host.until(() => host.news("echo").at(-1)?.bytes[0] === 255, "the next one is served");
        expect(host.of("down")).toEqual([]);
      }),
  },
  {
    name: "settles every packet once, also of a link that never was",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        const count = 200;
        for (let id = 0; id < count; id++) host.driver.send(id, linkGeneration(999), HIGH, new Uint8Array(20));
        await host.until(() => host.of("settled").length >= count, "all are settled");
        expect(
          host
            .of("settled")
            .map(({ id }) => id)
            .sort((a, b) => a - b),
        ).toEqual(Array.from(Array(count).keys()));
        expect(new Set(host.of("settled").map(({ outcome }) => outcome.type))).toEqual(new Set(["dropped"]));
      }),
  },
  {
    name: "restarts when it is told, and is another boot then",
    needs: "one",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        host.order({ type: "restart", into: "normal" });
        await host.up(2);
        const [first, second] = host.of("up");
        expect(second.hello.boot).not.toBe(first.hello.boot);
        expect(second).toMatchObject({ rebooted: true, hello: { reset: "software", fault: "" } });
      }),
  },
  {
    name: "passes packets of every size to a neighbour, and a new session voids its links",
    needs: "two",
    run: (front) =>
      linked(front, async (server, client) => {
        const [{ link }] = client.news("linkUp");
        const sizes = [1, 20, 244, 1500, 4096];
        for (const [id, size] of sizes.entries()) client.driver.send(id, link, HIGH, new Uint8Array(size).fill(id));
        await client.until(() => client.of("settled").length === sizes.length, "all are settled");
        expect(client.of("settled").map(({ outcome }) => outcome.type)).toEqual(sizes.map(() => "sent"));
        expect(server.of("arrived").map(({ packet }) => packet.length)).toEqual(sizes);
        client.driver.close();
        await server.until(() => server.news("linkDown").length > 0, "the neighbour's link is down");
      }),
  },
  {
    name: "drops a link that its host does not keep",
    needs: "two",
    run: async (front) => {
      const server = new Host(front, 0, false);
      const client = new Host(front, 1, false);
      try {
        await Promise.all([server.started("server"), client.started("client")]);
        server.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
        client.order({ type: "connect", to: server.of("up")[0].hello.address });
        await server.until(() => server.news("linkDown").length > 0, "the link is dropped");
        expect(server.news("linkDown")[0].reason).toBe("notKept");
      } finally {
        server.driver.close();
        client.driver.close();
      }
    },
  },
  {
    name: "comes back after a brown-out as another boot, with what was ordered before",
    needs: "brownOut",
    run: (front) =>
      withHost(front, async (host) => {
        await host.started("server");
        const { length } = host.news("ready");
        front.brownOut?.(0);
        await host.up(2);
        expect(host.of("up")[1].rebooted).toBe(true);
        await host.until(() => host.news("ready").length > length, "ready again, unasked");
      }),
  },
  {
    name: "comes back after its cable was out, as the same boot in a new session",
    needs: "cable",
    run: (front) =>
      withHost(front, async (host) => {
        await host.up();
        await front.cable?.(0, false);
        await host.until(() => host.of("down").length > 0, "the loss is noticed");
        await front.cable?.(0, true);
        await host.up(2);
        const [first, second] = host.of("up");
        expect(second.rebooted).toBe(second.hello.boot !== first.hello.boot);
      }),
  },
];

/** What the radio answers to a host of a major version that never was; its own major. */
async function strangerIsRefused(front: RadioFront): Promise<number | undefined> {
  const { clock } = front;
  const stranger = link(config({ space: 4096, major: 77 }));
  let major: number | undefined;
  let port: Port | undefined;
  const early: Parameters<typeof step>[1][] = [];
  const feed = (event: Parameters<typeof step>[1]): void => {
    if (port === undefined) {
      early.push(event);
      return;
    }
    const effects: LinkEffect[] = [];
    step(stranger, event, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") port.write(effect.bytes);
      if (effect.type === "incompatible") major = effect.peer.major;
      expect(effect.type).not.toBe("opened");
    }
  };
  // A board may open at either of these rates; a socket has none.
  for (const baud of [921_600, 230_400]) {
    const opened = await front.ports(
      front.devices[0],
      { baud, line: { dtr: "low", rts: "low" } },
      {
        onBytes: (bytes) => feed({ type: "received", at: clock.now(), bytes }),
        onRoom: (room) => feed({ type: "writable", at: clock.now(), room }),
        onClosed() {},
      },
    );
    if (!opened.ok) throw new Error(opened.problem.message);
    port = opened.port;
    feed({ type: "open", at: clock.now(), session: 4242 });
    for (const event of early.splice(0)) feed({ ...event, at: clock.now() });
    let cancel = (): void => {};
    const tick = (): void => {
      feed({ type: "tick", at: clock.now() });
      cancel = clock.after(100, tick);
    };
    tick();
    await front.until(() => major !== undefined, 4000);
    cancel();
    port.close();
    port = undefined;
    if (major !== undefined) break;
  }
  return major;
}
