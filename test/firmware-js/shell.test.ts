import { describe, expect, test } from "vitest";
import type { Task } from "../../firmware-js/air/air-port.ts";
import { POLL_MS, TASKS_MAX, WIRE_IDLE_MS } from "../../firmware-js/shell.ts";
import { linkGeneration } from "../../protocol/core/units.ts";
import { peer } from "./modem/rig.ts";
import { BAUD, pass, type Two, two } from "./radios.ts";

const ADVERT = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };
const ONE = linkGeneration(1);

/** Both are told their roles, and the client opens the link that the host orders. */
function linked(boards: readonly ["nrf52" | "esp32", "nrf52" | "esp32"]): Two {
  const all = two(boards);
  const { server, client } = all;
  pass(all, 1_000);
  server.order({ type: "start", role: "server", name: "one" });
  client.order({ type: "start", role: "client", name: "two" });
  pass(all, 500);
  server.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
  client.order({ type: "scan", on: true, intervalMs: 100, windowMs: 100 });
  pass(all, 1_000);
  client.order({ type: "connect", to: client.told("discovered")[0].peer });
  pass(all, 1_000);
  server.order({ type: "keep", link: server.told("linkUp")[0].link });
  pass(all, 100);
  return all;
}

describe("a whole radio", () => {
  test.each([
    ["nrf52", "esp32"],
    ["esp32", "nrf52"],
  ] as const)("on an %s says hello over its own wire [I11]", (...boards) => {
    const all = two(boards);
    pass(all, 1_000);
    expect(all.server.told("hello")).toMatchObject([
      { boot: 1, board: "test/board", receiveSpace: boards[0] === "nrf52" ? 256 : 128 },
    ]);
    expect(all.client.told("hello")).toMatchObject([{ boot: 2 }]);
    expect([all.server.uart.overflowed, all.client.uart.overflowed]).toEqual([0, 0]);
  });

  test.each([
    ["nrf52", "esp32"],
    ["esp32", "nrf52"],
  ] as const)(
    "on an %s is discovered by one on an %s, which connects and sends; both ways arrive [I09]",
    (...boards) => {
      const all = linked(boards);
      const { server, client } = all;
      expect(client.told("discovered")[0]).toMatchObject({ peer: peer(1), advert: ADVERT });
      expect(client.told("linkUp")).toMatchObject([{ link: ONE, role: "client", peer: peer(1) }]);
      expect(server.told("linkUp")).toMatchObject([{ link: ONE, role: "server", peer: peer(2) }]);
      expect(client.told("mtu").at(-1)).toMatchObject({ mtu: 247 });
      const packet = Uint8Array.from({ length: 1_000 }, (_, i) => i & 0xff);
      for (let token = 1; token <= 5; token++) {
        client.order({ type: "send", link: ONE, class: 1, token, packet: packet.subarray(token) });
        server.order({ type: "send", link: ONE, class: 1, token, packet: packet.subarray(token + 10) });
      }
      pass(all, 20_000);
      expect(client.told("sent").map(({ token }) => token)).toEqual([1, 2, 3, 4, 5]);
      expect(server.told("sent").map(({ token }) => token)).toEqual([1, 2, 3, 4, 5]);
      expect(server.told("received").map((report) => report.packet.length)).toEqual([999, 998, 997, 996, 995]);
      expect(client.told("received")[0].packet).toEqual(packet.subarray(11));
      expect([server.uart.overflowed, client.uart.overflowed]).toEqual([0, 0]);
    },
  );

  test("tells of a link's end, and advertises again by the modem's order", () => {
    const all = linked(["nrf52", "esp32"]);
    all.client.order({ type: "disconnect", link: ONE });
    pass(all, 1_000);
    expect(all.client.told("linkDown")).toMatchObject([{ reason: "ordered" }]);
    expect(all.server.told("linkDown")).toMatchObject([{ reason: "remote" }]);
    all.client.order({ type: "connect", to: peer(1) });
    pass(all, 2_000);
    expect(all.client.told("linkUp")).toHaveLength(2);
  });

  test("writes its role into flash when nobody waits for it, and not before", () => {
    const all = two();
    pass(all, 500);
    all.server.order({ type: "start", role: "server", name: "one" });
    pass(all, 10);
    const orderedAt = all.ether.now;
    expect(all.server.system.role).toBeUndefined();
    pass(all, 5_000);
    expect(all.server.system.role).toBe("server");
    expect(all.server.system.keptAt).toHaveLength(1);
    expect(all.server.system.keptAt[0]).toBeGreaterThanOrEqual(orderedAt + WIRE_IDLE_MS);
  });

  test("goes on where flash refuses its role, and says so", () => {
    const all = two();
    all.server.system.flashRefuses = true;
    pass(all, 500);
    all.server.order({ type: "start", role: "server", name: "one" });
    pass(all, 5_000);
    expect(all.server.told("ready")).toHaveLength(1);
    expect(all.server.system.restarts).toEqual([]);
    expect(all.server.logged).toContain("flash refused to keep the role");
  });

  test("keeps another role before it restarts for it", () => {
    const all = two();
    pass(all, 500);
    all.server.order({ type: "start", role: "server", name: "one" });
    pass(all, 300);
    all.server.order({ type: "start", role: "client", name: "one" });
    pass(all, 200);
    const { restarts, role, words } = all.server.system;
    expect(restarts[0]).toMatchObject({ into: "normal" });
    expect([role, words]).toEqual(["client", ""]);
  });

  test("answers a restart on the wire before it obeys", () => {
    const all = two();
    pass(all, 500);
    all.server.order({ type: "restart", into: "bootloader" });
    pass(all, 30);
    expect(all.server.system.restarts).toEqual([]);
    pass(all, 50);
    expect(all.server.system.restarts[0]).toMatchObject({ into: "bootloader" });
  });

  test("blinks for as long as it is told, and ends dark", () => {
    const all = two();
    pass(all, 500);
    all.server.order({ type: "identify", seconds: 2 });
    pass(all, 4_000);
    const { lamps } = all.server.system;
    expect(lamps.length).toBeGreaterThan(7);
    expect(lamps.at(-1)?.on).toBe(false);
    expect(lamps.at(-1)!.at - lamps[0].at).toBeLessThan(2_300);
  });

  test("sets its clock, forgets what it kept, and tells of its battery where it has one", () => {
    const all = two();
    all.server.system.battery = 55;
    all.server.system.role = "server";
    pass(all, 61_000);
    all.server.order({ type: "time", at: 1_700_000_000_000 });
    all.server.order({ type: "factoryReset", boot: 1 });
    pass(all, 500);
    expect(all.server.system.clockSet).toBe(1_700_000_000_000);
    expect(all.server.system.role).toBeUndefined();
    expect(all.server.told("battery").at(-1)).toMatchObject({ percent: 55 });
  });
});

describe("the shell", () => {
  test("looks at its wire every 10 ms although nothing else is due", () => {
    const all = two();
    pass(all, 1_000);
    for (let moment = 0; moment < 100; moment++) {
      pass(all, 7);
      expect(all.server.system.wakeTime - all.ether.now).toBeLessThanOrEqual(POLL_MS);
    }
    expect(POLL_MS).toBeLessThanOrEqual(10);
  });

  test("takes what calls back while it is being called for a task behind the present one", () => {
    const all = two();
    pass(all, 1_000);
    const { system, shell } = all.server;
    system.setClock = () => shell.sink({ type: "battery", percent: 5 });
    all.server.order({ type: "time", at: 1 });
    pass(all, 500);
    expect(all.server.told("battery").at(-1)).toMatchObject({ percent: 5 });
    expect(system.restarts).toEqual([]);
  });

  test("opens the wire at the speed that the host orders, and at its own where no host follows", () => {
    const all = two();
    pass(all, 1_000);
    all.server.order({ type: "baud", baud: 1_000_000 });
    pass(all, 1_000);
    expect(all.server.uart.opened).toEqual([BAUD, 1_000_000]);
    pass(all, 5_000);
    expect(all.server.uart.opened.at(-1)).toBe(BAUD);
  });

  test("opens the wire anew after a silence that callbacks caused, and is heard again", () => {
    const all = two();
    pass(all, 1_000);
    all.server.uart.mute = true;
    for (let second = 0; second < 60 && all.server.uart.opened.length === 1; second++) {
      all.server.order({ type: "counters" });
      pass(all, 1_000);
    }
    all.server.uart.mute = false;
    pass(all, 10_000);
    expect(all.server.uart.opened.length).toBeGreaterThan(1);
    all.server.order({ type: "counters" });
    pass(all, 1_000);
    expect(all.server.told("counters").length).toBeGreaterThan(0);
  });

  test("says how many tasks found no room, and goes on", () => {
    const all = two();
    pass(all, 1_000);
    const advert: Task = { type: "advert", peer: peer(9), rssi: -60, serviceData: new Uint8Array(10) };
    // A stack that calls back while the shell is in the middle of a turn.
    const { system, shell } = all.server;
    const keep = system.batteryPercent;
    system.batteryPercent = () => {
      for (let i = 0; i < TASKS_MAX + 5; i++) shell.sink({ ...advert });
      system.batteryPercent = keep;
      return undefined;
    };
    pass(all, 61_000);
    all.server.order({ type: "counters" });
    pass(all, 500);
    expect(all.server.told("counters")).toHaveLength(1);
  });

  test("keeps the words of a fault of its own, and starts anew", () => {
    const all = two();
    pass(all, 1_000);
    all.server.system.batteryPercent = () => {
      throw new Error("no such pin");
    };
    pass(all, 61_000);
    expect(all.server.system.words).toBe("no such pin");
    expect(all.server.system.restarts.length).toBeGreaterThan(0);
  });
});
