import { describe, expect, test } from "vitest";
import type { Task } from "../../../firmware-js/air/air-port.ts";
import { ClientAir } from "../../../firmware-js/air/client-air.ts";
import { MTU_WITHIN_MS } from "../../../firmware-js/air/client-setup.ts";
import { serverFirst } from "../../../firmware-js/air/dual-air.ts";
import { greeting, heardGreeting, SMALL_VALUES } from "../../../firmware-js/air/greeting.ts";
import { ServerAir } from "../../../firmware-js/air/server-air.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { peer } from "../modem/rig.ts";
import { Ether, FakeClient, FakeServer } from "./fake-stacks.ts";
import { ADVERT, advance, linked, of, pair } from "./pair.ts";

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
