import { describe, expect, test } from "vitest";
import type { Task } from "../../../firmware-js/air/air-port.ts";
import { ClientAir } from "../../../firmware-js/air/client-air.ts";
import { MTU_WITHIN_MS, SUBSCRIBED_WITHIN_MS } from "../../../firmware-js/air/client-setup.ts";
import { serverFirst } from "../../../firmware-js/air/dual-air.ts";
import { greeting, heardGreeting, SMALL_VALUES } from "../../../firmware-js/air/greeting.ts";
import { ServerAir } from "../../../firmware-js/air/server-air.ts";
import { ANSWERED_WITHIN_MS, GONE_WITHIN_MS } from "../../../firmware-js/air/server-setup.ts";
import type { StackCalls } from "../../../firmware-js/air/stack.ts";
import type { ServiceData } from "../../../firmware-js/modem/events.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { peer } from "../modem/rig.ts";
import { Ether, FakeClient, FakeServer } from "./fake-stacks.ts";

const ADVERT: ServiceData = {
  version: 1,
  flags: 0,
  kiosk: Uint8Array.of(1, 2, 3, 4),
  component: Uint8Array.of(5, 6, 7, 8),
};

interface Pair {
  readonly ether: Ether;
  readonly server: FakeServer;
  readonly client: FakeClient;
  readonly serverAir: ServerAir;
  readonly clientAir: ClientAir;
  readonly atServer: Task[];
  readonly atClient: Task[];
}

function pair(options: { nimble?: boolean; calls?: StackCalls } = {}): Pair {
  const ether = new Ether();
  const server = new FakeServer(ether, peer(1));
  const client = new FakeClient(ether, peer(2), server, options.nimble ?? false);
  const atServer: Task[] = [];
  const atClient: Task[] = [];
  const clock = (): number => ether.now;
  const serverAir = new ServerAir("server", "hardway", (task) => atServer.push(task), clock, options.calls);
  const clientAir = new ClientAir("client", (task) => atClient.push(task), clock, options.calls);
  serverAir.begin(server.begin(serverAir));
  clientAir.begin(client.begin(clientAir));
  const made = { ether, server, client, serverAir, clientAir, atServer, atClient };
  advance(made, 100);
  return made;
}

function advance(all: Pair, ms: number): void {
  const until = all.ether.now + ms;
  while (all.ether.now < until) {
    all.ether.run();
    const at = Math.min(all.serverAir.tick(all.ether.now), all.clientAir.tick(all.ether.now), all.ether.nextAt);
    all.ether.now = Math.max(all.ether.now, Math.min(until, at));
  }
  all.ether.run();
}

/** The server advertises and the client connects. */
function linked(all: Pair): Pair {
  all.serverAir.advertise(100, ADVERT);
  all.clientAir.connect(peer(1));
  advance(all, 1_000);
  return all;
}

const of = <T extends Task["type"]>(tasks: readonly Task[], type: T): (Task & { type: T })[] =>
  tasks.filter((task): task is Task & { type: T } => task.type === type);

describe("two airs", () => {
  test("say when their stacks stand", () => {
    const { atServer, atClient, server } = pair();
    expect([atServer, atClient]).toEqual([[{ type: "ready", role: "server" }], [{ type: "ready", role: "client" }]]);
    expect(server.name).toBe("hardway");
  });

  test("discover, connect, exchange the MTU, and pass values both ways [I01] [I09]", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    all.clientAir.scan(100, 50);
    advance(all, 250);
    expect(of(all.atClient, "advert")[0]).toMatchObject({ peer: peer(1), rssi: -60 });
    linked(all);
    expect(of(all.atClient, "connected")).toEqual([{ type: "connected", handle: 3, role: "client", peer: peer(1) }]);
    expect(of(all.atServer, "connected")).toEqual([{ type: "connected", handle: 7, role: "server", peer: peer(2) }]);
    expect(of(all.atClient, "mtu").at(-1)).toMatchObject({ mtu: 247 });
    expect(of(all.atServer, "mtu").at(-1)).toMatchObject({ mtu: 247 });
    const value = Uint8Array.from({ length: 244 }, (_, i) => i + 1);
    all.clientAir.value(3, value);
    all.serverAir.value(7, value.subarray(100));
    advance(all, 100);
    expect(of(all.atServer, "value").map(({ bytes }) => bytes)).toEqual([value]);
    expect(of(all.atClient, "value").map(({ bytes }) => bytes)).toEqual([value.subarray(100)]);
  });

  test("come about although the server's program was busy when they connected", () => {
    const all = pair();
    all.server.busyMs = 100;
    linked(all);
    expect([of(all.atClient, "connected"), of(all.atServer, "connected")]).toMatchObject([[{}], [{}]]);
  });

  test.each(["subscription", "down", "up"] as const)("come about although every other %s is lost", (lost) => {
    const all = pair();
    let said = 0;
    all.ether.lose = (what) => what === lost && said++ % 2 === 0;
    linked(all);
    advance(all, 2_000);
    expect(of(all.atClient, "connected")).toHaveLength(1);
    expect(of(all.atServer, "connected")).toHaveLength(1);
  });

  test.each(["client", "server"] as const)("learn the MTU by the greeting where the %s's stack keeps it", (silent) => {
    const all = pair();
    all[silent].tellsMtu = false;
    linked(all);
    advance(all, MTU_WITHIN_MS + 500);
    expect(of(all.atClient, "mtu").at(-1)).toMatchObject({ mtu: 247 });
    expect(of(all.atServer, "mtu").at(-1)).toMatchObject({ mtu: 247 });
  });

  test.each([
    [["client"], "down"],
    [["server"], "down"],
    [["client", "server"], "up"],
  ] as const)("keep to small values where those of %j arrive cut, although every other %s is lost", (cut, lost) => {
    const all = pair();
    for (const end of cut) all[end].lengthens = false;
    let said = 0;
    all.ether.lose = (what) => what === lost && said++ % 2 === 0;
    linked(all);
    advance(all, 3_000);
    all.ether.lose = () => false;
    for (const told of [all.atClient, all.atServer]) {
      expect(of(told, "connected")).toHaveLength(1);
      expect(of(told, "mtu")).toEqual([]);
      expect(of(told, "log").map(({ text }) => text)).toEqual([SMALL_VALUES]);
    }
    const value = Uint8Array.from({ length: 20 }, (_, i) => i + 1);
    all.clientAir.value(3, value);
    all.serverAir.value(7, value);
    advance(all, 100);
    expect(of(all.atServer, "value").map(({ bytes }) => bytes)).toEqual([value]);
    expect(of(all.atClient, "value").map(({ bytes }) => bytes)).toEqual([value]);
  });

  test("stay at the smallest MTU when neither heard of an exchange", () => {
    const all = pair();
    all.client.tellsMtu = false;
    all.server.tellsMtu = false;
    linked(all);
    advance(all, MTU_WITHIN_MS + 500);
    expect(of(all.atClient, "connected")).toHaveLength(1);
    expect([...of(all.atClient, "mtu"), ...of(all.atServer, "mtu")]).toEqual([]);
  });

  test("tell of the end of a link, and connect again", () => {
    const all = linked(pair());
    all.serverAir.disconnect(7);
    advance(all, 100);
    expect(of(all.atClient, "disconnected")).toEqual([{ type: "disconnected", handle: 3, reason: "remote" }]);
    expect(of(all.atServer, "disconnected")).toEqual([{ type: "disconnected", handle: 7, reason: "remote" }]);
    linked(all);
    expect(of(all.atClient, "connected")).toHaveLength(2);
  });

  test("of which one stopped advertising before the link ended does not begin again", () => {
    const all = linked(pair());
    all.serverAir.stopAdvertising();
    all.serverAir.disconnect(7);
    advance(all, 5_000);
    expect(all.server.advertising).toBeUndefined();
  });
});

describe("a server's air", () => {
  test("hangs up on who never subscribes, and advertises again, with no word to the modem but a log line", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    // Its program does nothing with the connection.
    all.client.callbacks = undefined;
    all.client.connect(peer(1));
    advance(all, ANSWERED_WITHIN_MS - 100);
    expect(all.client.connected).toBe(true);
    advance(all, 500);
    expect(all.client.connected).toBe(false);
    expect(of(all.atServer, "connected")).toEqual([]);
    expect(of(all.atServer, "disconnected")).toEqual([]);
    expect(of(all.atServer, "log")).toHaveLength(1);
    expect(all.server.advertising).toBeDefined();
  });

  test("replaces an advert and stops before the first, on a stack that throws at either", () => {
    const all = pair();
    all.serverAir.stopAdvertising();
    all.serverAir.advertise(100, ADVERT);
    all.serverAir.advertise(200, ADVERT);
    expect(all.server.advertising).toMatchObject({ intervalMs: 200 });
    expect(of(all.atServer, "log")).toEqual([]);
  });

  test("tries again when the stack refuses to advertise, and says so", () => {
    const all = pair();
    all.server.advertising = { intervalMs: 1, advert: ADVERT };
    all.serverAir.advertise(100, ADVERT);
    expect(of(all.atServer, "log")).toEqual([{ type: "log", level: 0, text: "the stack refused to advertise" }]);
    all.server.advertising = undefined;
    advance(all, 1_100);
    expect(all.server.advertising).toMatchObject({ intervalMs: 100 });
  });

  test("advertises again after a connection that did not come about", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    // As NimBLE says so.
    all.server.advertising = undefined;
    all.serverAir.onConnected(0xffff, { kind: "public", address: new Uint8Array(6) });
    advance(all, ANSWERED_WITHIN_MS + GONE_WITHIN_MS);
    expect(all.server.advertising).toBeDefined();
    expect([all.atServer, linked(all).server.client]).toEqual([expect.anything(), all.client]);
  });

  test("advertises again although a stack never says that who was told to go is gone", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    all.client.callbacks = undefined;
    all.client.connect(peer(1));
    all.server.clings = true;
    advance(all, ANSWERED_WITHIN_MS + GONE_WITHIN_MS - 100);
    expect(all.server.advertising).toBeUndefined();
    // It is gone all the same.
    all.server.client = undefined;
    advance(all, 1_000);
    expect(all.server.advertising).toBeDefined();
  });

  test("drops values of who has not subscribed", () => {
    const all = pair();
    all.serverAir.onConnected(7, peer(9));
    all.serverAir.onValue(Uint8Array.of(1, 2, 3));
    expect(of(all.atServer, "value")).toEqual([]);
  });
});

describe("a client's air", () => {
  test("scans again after a connection, on a stack that throws when it scans already", () => {
    const all = pair({ nimble: true });
    all.clientAir.scan(100, 50);
    all.clientAir.scan(100, 20);
    linked(all);
    all.clientAir.scan(100, 50);
    expect(of(all.atClient, "log")).toEqual([]);
    expect([all.client.scanning, all.client.uses]).toEqual([true, 2]);
  });

  test("ends an attempt where the stack can, and tells the modem", () => {
    const all = pair();
    all.clientAir.connect(peer(1));
    advance(all, 1_000);
    all.clientAir.cancel();
    advance(all, 1_000);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    linked(all);
    expect(of(all.atClient, "connected")).toHaveLength(1);
  });

  test("says nothing of an attempt that the stack cannot end: the modem restarts the board", () => {
    const all = pair({ nimble: true });
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    advance(all, 10_000);
    expect(of(all.atClient, "connectFailed")).toEqual([]);
  });

  test.each([
    ["ends it by native code where that is built in", true],
    ["tells its end where the stack had failed in silence, and native code found nothing to cancel", false],
  ])("%s", (_words, found) => {
    const calls: StackCalls = { requestParameters: () => true, intervalMs: () => 0, cancelConnect: () => found };
    const all = pair({ nimble: true, calls });
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    advance(all, 1_000);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
  });

  test("hangs up on a connection that was cancelled too late", () => {
    const all = pair();
    all.serverAir.advertise(100, ADVERT);
    all.clientAir.connect(peer(1));
    all.clientAir.cancel();
    all.client.pending = true;
    advance(all, 1_000);
    expect(of(all.atClient, "connected")).toEqual([]);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(all.client.connected).toBe(false);
  });

  test("gives up on who has no such service", () => {
    const all = pair();
    all.client.serves = false;
    linked(all);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(all.client.connected).toBe(false);
  });

  test("gives up on who never greets", () => {
    const all = pair();
    all.ether.lose = (what) => what === "down";
    linked(all);
    advance(all, SUBSCRIBED_WITHIN_MS);
    expect(of(all.atClient, "connectFailed")).toHaveLength(1);
    expect(of(all.atServer, "connected")).toEqual([]);
  });

  test("asks for the signal, and tells a new interval where native code knows it", () => {
    let intervalMs = 20;
    const calls: StackCalls = {
      requestParameters: () => true,
      intervalMs: () => intervalMs,
      cancelConnect: () => true,
    };
    const all = linked(pair({ calls }));
    advance(all, 5_000);
    expect(of(all.atClient, "rssi").at(-1)).toEqual({ type: "rssi", handle: 3, rssi: -61 });
    intervalMs = 100;
    advance(all, 10_000);
    expect(of(all.atClient, "interval").map((each) => each.intervalMs)).toEqual([20, 100]);
  });
});

describe("two airs of one board", () => {
  test("begin one after the other, the client's when the server is ready, whose word is that of both", () => {
    const ether = new Ether();
    const told: Task[] = [];
    let begun = 0;
    const client = new FakeClient(ether, peer(2), new FakeServer(ether, peer(1)));
    const sink = (task: Task): void => void told.push(task);
    const clientAir = new ClientAir("dual", sink, () => ether.now, undefined);
    const beginClient = (): void => {
      begun += 1;
      clientAir.begin(client.begin(clientAir));
    };
    const serverAir = new ServerAir("dual", "both", serverFirst(sink, beginClient), () => ether.now, undefined);
    serverAir.begin(new FakeServer(ether, peer(1)).begin(serverAir));
    expect(begun).toBe(0);
    ether.now = 60;
    ether.run();
    expect([begun, told]).toEqual([1, []]);
    ether.now = 120;
    ether.run();
    expect([begun, told]).toEqual([1, [{ type: "ready", role: "dual" }]]);
  });
});

describe("a greeting", () => {
  test("is no fragment, so that no modem ever counts one", () => {
    for (let mtu = 23; mtu <= 247; mtu++) {
      const said = { mtu, heard: mtu % 2 === 0, cut: mtu % 3 === 0 };
      expect(decode(Fragment, greeting(said)).ok).toBe(false);
      expect(heardGreeting(greeting(said))).toEqual({ ...said, whole: true });
      expect(heardGreeting(greeting(said).subarray(0, mtu - 4))).toMatchObject({ mtu, whole: false });
    }
  });

  test("that tells an impossible MTU means the nearest possible", () => {
    expect(heardGreeting(Uint8Array.of(0, 0, 0, 0))?.mtu).toBe(23);
    expect(heardGreeting(Uint8Array.of(0, 0, 0xff, 0xff))?.mtu).toBe(247);
    expect(heardGreeting(Uint8Array.of(1, 0, 0, 100))).toBeUndefined();
    expect(heardGreeting(Uint8Array.of(0, 0, 100))).toBeUndefined();
  });
});
