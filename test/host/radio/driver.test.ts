import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { backOffMs } from "../../../host/radio/back-off.ts";
import type { Order } from "../../../host/radio/events.ts";
import { RETRY_MAX_MS, RETRY_MIN_MS } from "../../../host/radio/limits.ts";
import type { OpenPort } from "../../../host/radio/port.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { HIGH } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Rig, through } from "./rig.ts";

const ADVERT = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(0, 0, 0, 0) };
const peer = (last: number): (Order & { type: "bar" })["peer"] => ({
  kind: "random",
  address: Uint8Array.of(0xc0, 9, 9, 9, 9, last),
});

describe("a driver", () => {
  it("finds the rate at which a board opens, greets, and tests the wire before it says that the radio is up", async () => {
    const rig = new Rig([boards.nrf52, boards.esp32]);
    rig.drive(0);
    rig.drive(1);
    expect(await rig.ups(0, 1)).toBe(true);
    expect(await rig.ups(1, 1)).toBe(true);
    expect(rig.of(0, "up")[0].hello.board).toBe("nrf52-dk");
    expect(rig.of(1, "up")[0].hello.board).toBe("esp32-nodemcu");
    for (const driver of [0, 1]) {
      const types = rig.heard[driver].map(({ said }) => said.type).filter((type) => type === "tested" || type === "up");
      expect(types).toEqual(["tested", "up"]);
    }
    rig.stop();
  });

  it("goes to the best rate that the wire carries, and both ends work there", async () => {
    const rig = new Rig([boards.nrf52]);
    rig.drive(0);
    await rig.ups(0, 1);
    expect(rig.of(0, "tested")[0].measure).toMatchObject({ baud: 1_000_000, wrong: 0, missing: 0, damagedPercent: 0 });
    expect(rig.virtual.world.boards[0]).toMatchObject({ baud: 1_000_000, hostBaud: 1_000_000 });
    rig.stop();
  });

  it("leaves a rate at which the wire is bad for the next lower one, and stays there", async () => {
    const rig = new Rig([boards.nrf52]);
    let at = 0;
    // Beyond 460800 baud every fortieth byte is flipped.
    const spoil = (bytes: Uint8Array, baud: number): Uint8Array =>
      baud <= 460_800 ? bytes : bytes.map((byte) => (at++ % 40 === 0 ? byte ^ 0x10 : byte));
    rig.drive(0, { ports: through(rig.virtual.open, spoil) });
    expect(await rig.ups(0, 1)).toBe(true);
    expect(rig.of(0, "tested")[0].measure).toMatchObject({ baud: 460_800, damagedPercent: 0 });
    expect(rig.virtual.world.boards[0].baud).toBe(460_800);
    rig.stop();
  });

  it("returns to the board's first rate when nothing is understood at another", async () => {
    const rig = new Rig([boards.nrf52]);
    const deaf = (bytes: Uint8Array, baud: number): Uint8Array =>
      baud <= 230_400 ? bytes : new Uint8Array(bytes.length);
    rig.drive(0, { ports: through(rig.virtual.open, deaf) });
    // Two rates, each tried twice, and nothing else to wait for.
    expect(await rig.ups(0, 1, 15_000)).toBe(true);
    expect(rig.of(0, "tested")[0].measure.baud).toBe(230_400);
    expect(rig.virtual.world.boards[0]).toMatchObject({ baud: 230_400, hostBaud: 230_400 });
    rig.stop();
  });

  it("names a bridge that corrupts transfers above 64 B", async () => {
    const rig = new Rig([boards.nrf52]);
    const cut = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at >= 64 ? byte ^ 1 : byte));
    const ports = through(rig.virtual.open, cut, "down");
    rig.drive(0, { ports });
    await rig.ups(0, 1, 60_000);
    const [{ measure }] = rig.of(0, "tested");
    // It went down to a speed at which a port is hardly ever given so much at a time.
    expect(measure).toMatchObject({ cutsLong: true, wrong: 0, missing: 0 });
    expect(measure.baud).toBeLessThan(921_600);
    expect(rig.words(0).at(-1)).toContain("corrupts transfers above 64 B");
    rig.stop();
  });

  it("names such a bridge too when not even the hello comes through", async () => {
    const rig = new Rig([boards.nrf52]);
    const cut = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at >= 64 ? byte ^ 1 : byte));
    rig.drive(0, { ports: through(rig.virtual.open, cut) });
    await rig.run(20_000);
    const said = rig.of(0, "state").find(({ state }) => state.kind === "damaged");
    expect(said?.state.words).toContain("corrupts transfers above 64 B");
    rig.stop();
  });

  it("says in plain words what it waits for, and tries for ever, each time later, up to a bound", async () => {
    const rig = new Rig([boards.esp32]);
    rig.virtual.happen({ type: "cable", board: 0, plugged: false });
    rig.drive(0);
    await rig.run(120_000);
    const waits = rig.words(0).filter((words) => words.startsWith("waiting for virtual:b0: not there; next try "));
    expect(waits.length).toBeGreaterThan(8);
    expect(waits.at(-1)).toMatch(/next try in 1\d s\. Put the cable in\.$/);
    rig.virtual.happen({ type: "cable", board: 0, plugged: true });
    expect(await rig.ups(0, 1, 30_000)).toBe(true);
    rig.stop();
  });

  it("waits longer after each failure, never in step with another, and never longer than the bound", () => {
    const from = chance(1);
    for (let attempt = 1; attempt < 60; attempt++) {
      const due = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** (attempt - 1));
      const wait = backOffMs(attempt, from);
      expect(wait).toBeGreaterThanOrEqual(0.75 * due);
      expect(wait).toBeLessThanOrEqual(1.25 * due);
    }
    expect(backOffMs(3, chance(1))).not.toBe(backOffMs(3, chance(2)));
  });

  it("after an unplug and after a brown-out comes up again by itself, and orders again what was ordered before", async () => {
    const rig = new Rig([boards.esp32]);
    const driver = rig.drive(0);
    await rig.ups(0, 1);
    driver.order({ type: "start", role: "server", name: "k" });
    await rig.run(500);
    driver.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
    for (let last = 0; last < 40; last++) driver.order({ type: "bar", peer: peer(last), seconds: 3600 });
    await rig.run(1000);
    const modem = () => rig.virtual.world.boards[0].modem;
    expect(modem()?.advertising?.intervalMs).toBe(100);
    expect(modem()?.barred.entries).toHaveLength(40);

    rig.virtual.happen({ type: "cable", board: 0, plugged: false });
    await rig.run(2000);
    expect(rig.of(0, "down").map(({ why }) => why)).toEqual(["unplugged"]);
    rig.virtual.happen({ type: "cable", board: 0, plugged: true });
    expect(await rig.ups(0, 2)).toBe(true);
    expect(rig.of(0, "up")[1].rebooted).toBe(false);
    await rig.run(1000);
    expect(modem()).toMatchObject({ role: "server", advertising: { intervalMs: 100 } });

    driver.order({ type: "unbar", peer: peer(0) });
    rig.virtual.happen({ type: "brownOut", board: 0 });
    expect(await rig.ups(0, 3)).toBe(true);
    expect(rig.of(0, "up")[2]).toMatchObject({ rebooted: true, hello: { reset: "brownOut" } });
    expect(rig.words(0).at(-1)).toContain("its supply dropped out");
    await rig.run(2000);
    expect(modem()).toMatchObject({ role: "server", advertising: { intervalMs: 100 } });
    expect(modem()?.barred.entries).toHaveLength(39);
    expect(rig.of(0, "refused")).toEqual([]);
    rig.stop();
  });

  it("keeps orders that come before the radio is up, and refuses what belongs to a connection that is gone", async () => {
    const rig = new Rig([boards.esp32]);
    const driver = rig.drive(0);
    driver.order({ type: "keep", link: linkGeneration(1) });
    driver.order({ type: "start", role: "client", name: "k" });
    driver.order({ type: "scan", on: true, intervalMs: 60, windowMs: 60 });
    expect(rig.of(0, "refused")).toEqual([{ type: "refused", order: "keep", why: "no radio" }]);
    await rig.ups(0, 1);
    await rig.run(500);
    expect(rig.virtual.world.boards[0].modem).toMatchObject({ role: "client", scanning: { intervalMs: 60 } });
    rig.stop();
  });

  it("settles at once what is sent while no radio is up", async () => {
    const rig = new Rig([boards.esp32]);
    const driver = rig.drive(0);
    driver.send(5, linkGeneration(1), HIGH, new Uint8Array(10));
    const dropped = { type: "settled", id: 5, outcome: { type: "dropped", why: "no radio" } };
    expect(rig.of(0, "settled")).toEqual([dropped]);
    await rig.run(30_000, () => driver.state.stage === "testing");
    driver.send(5, linkGeneration(1), HIGH, new Uint8Array(10));
    expect(rig.of(0, "settled")).toEqual([dropped, dropped]);
    await rig.ups(0, 1);
    driver.close();
    driver.send(5, linkGeneration(1), HIGH, new Uint8Array(10));
    expect(rig.of(0, "settled")).toEqual([dropped, dropped, dropped]);
    rig.stop();
  });

  it("prints both versions when a radio speaks another, and goes on listening", async () => {
    const rig = new Rig([{ board: boards.esp32, firmware: { major: 2, minor: 3 } }]);
    rig.drive(0);
    await rig.run(20_000);
    expect(rig.of(0, "down").map(({ why }) => why)).toEqual(["other version"]);
    expect(rig.words(0).at(-1)).toContain("the radio speaks protocol 2.3, this program 1.0");
    expect(rig.of(0, "up")).toEqual([]);
    rig.stop();
  });

  it("tells silence from babble, and comes up when either is over", async () => {
    const rig = new Rig([boards.esp32, boards.esp32]);
    rig.virtual.happen({ type: "voice", board: 0, voice: "silence" });
    rig.virtual.happen({ type: "voice", board: 1, voice: "babble" });
    rig.drive(0);
    rig.drive(1);
    await rig.run(12_000);
    const kinds = (driver: number): string[] => rig.of(driver, "state").map(({ state }) => state.kind);
    expect(kinds(0)).toContain("silent");
    expect(kinds(1)).toContain("babbling");
    rig.virtual.happen({ type: "voice", board: 0, voice: "program" });
    rig.virtual.happen({ type: "voice", board: 1, voice: "program" });
    expect(await rig.ups(0, 1)).toBe(true);
    expect(await rig.ups(1, 1)).toBe(true);
    rig.stop();
  });

  it("notices a radio that fell silent although the port never says so, and finds it again", async () => {
    const rig = new Rig([boards.esp32]);
    rig.drive(0);
    await rig.ups(0, 1);
    rig.virtual.happen({ type: "power", board: 0, on: false });
    await rig.run(4000);
    expect(rig.of(0, "down").map(({ why }) => why)).toEqual(["silent"]);
    rig.virtual.happen({ type: "power", board: 0, on: true });
    expect(await rig.ups(0, 2)).toBe(true);
    rig.stop();
  });

  it("whenever either end restarts, in the middle of a test or of a change of rate too, both meet again", async () => {
    for (let at = 450; at < 1150; at += 23) {
      const rig = new Rig([boards.nrf52], { seed: at });
      rig.drive(0);
      await rig.run(at);
      if (at % 2 === 0) rig.virtual.happen({ type: "brownOut", board: 0 });
      else {
        rig.drivers[0].close();
        rig.drive(0, { seed: at });
      }
      const last = rig.drivers.length - 1;
      await rig.run(20_000);
      expect(rig.drivers[last].state.stage, `restarted at ${at}`).toBe("up");
      const { baud, hostBaud } = rig.virtual.world.boards[0];
      expect(hostBaud, `restarted at ${at}`).toBe(baud);
      rig.stop();
    }
  });

  it("looks for a radio elsewhere when it is not in its place, and takes no other for it", async () => {
    const rig = new Rig([boards.esp32, boards.esp32, boards.esp32]);
    const place = (name: string) => ({ type: "virtual", name }) as const;
    // The cable of b0 is put into another socket: the same board is behind b2 then.
    let moved = false;
    const ports: OpenPort = (device, options, listener) => {
      const name = device.type === "virtual" ? device.name : "";
      if (!moved) return rig.virtual.open(device, options, listener);
      if (name === "b0") return rig.virtual.open(place("gone"), options, listener);
      return rig.virtual.open(name === "b2" ? place("b0") : device, options, listener);
    };
    rig.drive(0, { ports, elsewhere: () => (moved ? [place("b1"), place("b2")] : []) });
    await rig.ups(0, 1);
    const { chip } = rig.of(0, "up")[0].hello;
    moved = true;
    rig.virtual.happen({ type: "cable", board: 0, plugged: false });
    rig.virtual.happen({ type: "cable", board: 0, plugged: true });
    expect(await rig.ups(0, 2, 60_000)).toBe(true);
    expect(rig.of(0, "up")[1].hello.chip).toEqual(chip);
    expect(rig.of(0, "state").at(-1)?.state.device).toBe("virtual:b2");
    rig.stop();
  });

  it("changes the rate when its host orders it, and comes up there", async () => {
    const rig = new Rig([boards.esp32]);
    const driver = rig.drive(0);
    await rig.ups(0, 1);
    driver.order({ type: "baud", baud: 460_800 });
    expect(await rig.ups(0, 2)).toBe(true);
    expect(rig.of(0, "down").map(({ why }) => why)).toEqual(["restarted"]);
    expect(rig.virtual.world.boards[0]).toMatchObject({ baud: 460_800, hostBaud: 460_800 });
    rig.stop();
  });
});
