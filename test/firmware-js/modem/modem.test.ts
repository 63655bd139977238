import { describe, expect, test } from "vitest";
import { nextDeadline } from "../../../firmware-js/modem/modem.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { SERIAL_FRAME_SIZE_MAX, SERIAL_PACKET_SIZE_MAX, WIRE_FRAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { HIGH, LOW } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { encodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { slipEncode } from "../../../protocol/frame/slip.ts";
import { Command } from "../../../protocol/radio/command.ts";
import { COUNTER_NAMES } from "../../../protocol/radio/counter-names.ts";
import { advert, bytes, linked, server } from "./ready.ts";
import { advance, command, did, feedHost, feedModem, restartHost, rig, told, VOTE } from "./rig.ts";

describe("a host", () => {
  test("hears hello first, with the boot, and once a session", () => {
    const made = rig({ chance: chance(1), config: { fault: "stack overflow", reset: "watchdog" } });
    advance(made, 1500);
    expect(made.reports[0]).toMatchObject({
      type: "hello",
      boot: 1,
      fault: "stack overflow",
      reset: "watchdog",
      linksAsServer: 2,
    });
    expect(told(made, "hello")).toHaveLength(1);
    restartHost(made);
    advance(made, 1500);
    expect(made.reports[0]).toMatchObject({ type: "hello", boot: 1 });
    expect(told(made, "hello")).toHaveLength(1);
    expect(made.modem.counters.sessions).toBe(2);
  });

  test("of another major version is told so, and nothing else", () => {
    const made = rig({ chance: chance(1), config: { major: 2 } });
    advance(made, 3000);
    expect(made.events).toContain("incompatible");
    expect(made.reports).toEqual([]);
    expect(made.modem.counters.hostsUnfit).toBeGreaterThan(0);
  });

  test("that starts over finds no link of the session before, and its sends are void", () => {
    const made = server({ loss: 1 });
    const { link } = linked(made);
    command(made, { type: "advertise", on: true, intervalMs: 100, advert });
    for (let token = 0; token < 5; token++) {
      command(made, { type: "send", link, class: HIGH, token, packet: bytes(1000) });
    }
    advance(made, 100);
    restartHost(made);
    advance(made, 1500);
    expect(did(made, "disconnect")).toHaveLength(1);
    expect(made.modem.links).toEqual([]);
    expect(made.reports.map(({ type }) => type)).toEqual(["hello", "battery"]);
    expect(made.modem.counters.sendsVoided).toBe(5);
    expect(made.effects.at(-1)).toMatchObject({ type: "stopAdvertising" });
  });

  test("that falls silent has the port opened anew, and its links dropped", () => {
    const made = server();
    linked(made);
    made.hostOn = false;
    advance(made, 3000);
    expect(did(made, "reopenSerial")).toHaveLength(1);
    expect(did(made, "disconnect")).toHaveLength(1);
  });

  test("that asks more than it listens to loses its session, not a token in silence", () => {
    // Upward the wire is so slow that the answers pile up.
    const made = server();
    Object.assign(made.toHost, { byteMs: 1 });
    for (let token = 0; token < 1000 && !made.events.includes("closed"); token++) {
      command(made, { type: "send", link: linkGeneration(9), class: VOTE, token, packet: bytes(5) });
      advance(made, 2);
    }
    expect(made.modem.counters.sessionsVoided).toBe(1);
    advance(made, 3000);
    expect(made.modem.backlogLength).toBe(0);
    expect(made.reports.map(({ type }) => type)).toEqual(["hello", "battery"]);
  });

  test("whose wire is slow is told everything all the same, once and in order", () => {
    const made = server();
    Object.assign(made.toHost, { byteMs: 0.3 });
    const tokens = Array.from({ length: 170 }, (_, token) => token);
    for (const token of tokens) {
      command(made, { type: "send", link: linkGeneration(9), class: VOTE, token, packet: bytes(5) });
      advance(made, 1);
    }
    expect(made.modem.backlogLength).toBeGreaterThan(10);
    advance(made, 5000);
    expect(told(made, "dropped").map(({ token }) => token)).toEqual(tokens);
    expect(made.modem.backlogLength).toBe(0);
  });

  test("that comes anew in the midst of a read finds nothing of the one before: no command obeyed, no token told", () => {
    const made = server({ loss: 1 });
    const { link } = linked(made);
    for (let token = 1; token <= 3; token++) {
      command(made, { type: "send", link, class: HIGH, token, packet: bytes(500) });
    }
    advance(made, 100);
    const { serial } = made.modem;
    const opening = {
      session: 77,
      major: 1,
      minor: 0,
      features: 0,
      space: 4096,
      packetSizeMax: SERIAL_PACKET_SIZE_MAX,
    };
    const place = { position: serial.received, grant: serial.sent + 4096 };
    const ack = (serial.nextSequence - serial.inFlight.length) & 0xff;
    const chunk = encode(Command, { type: "send", link, class: HIGH, token: 4, packet: bytes(9) });
    const frames: Frame[] = [
      { type: "data", sequence: serial.expected, ack, ...place, flags: { class: HIGH, last: 1 }, chunk },
      { type: "reset", position: 0, opening },
      { type: "resetAck", position: 0, grant: 4096, echo: serial.session, opening },
    ];
    feedModem(made, { type: "serial", bytes: onWire(frames) });
    const { counters } = made.modem;
    expect(counters).toMatchObject({ sessions: 2, commandsVoided: 1, sendsVoided: 3 });
    expect(made.modem.links).toEqual([]);
    const told = [...made.modem.serial.waiting, made.modem.serial.inFlight].reduce((sum, line) => sum + line.length, 0);
    // The hello and the battery, and no end of a send.
    expect(told).toBe(2);
  });

  test("reads every counter, in the order of the names", () => {
    const made = server();
    linked(made);
    command(made, { type: "counters" });
    advance(made, 50);
    const [{ values }] = told(made, "counters");
    const named = Object.fromEntries(COUNTER_NAMES.map((name, i) => [name, values[i]]));
    expect(values).toHaveLength(COUNTER_NAMES.length);
    expect(named).toMatchObject({ sessions: 1, linksUp: 1, "serial.damaged": 0, "air.malformed": 0 });
    expect(named["serial.framesIn"]).toBeGreaterThan(3);
  });

  test("gets a report for nothing it did not say: bytes that are no command are counted", () => {
    const made = server();
    const before = made.reports.length;
    feedHost(made, { type: "submit", class: LOW, bytes: Uint8Array.of(0x7f, 1, 2), token: 0 });
    advance(made, 100);
    expect(made.reports).toHaveLength(before);
    expect(made.modem.counters.commandsMalformed).toBe(1);
  });
});

function onWire(frames: readonly Frame[]): Uint8Array {
  const into = new Uint8Array(WIRE_FRAME_SIZE_MAX * frames.length);
  let size = 0;
  for (const frame of frames) {
    const bytes = encodeFrame(frame, new Uint8Array(SERIAL_FRAME_SIZE_MAX));
    size = slipEncode(bytes, into, size);
  }
  return into.subarray(0, size);
}

describe("a role", () => {
  test("is begun once and stored", () => {
    const made = server();
    expect(did(made, "storeRole")).toEqual([{ type: "storeRole", role: "server" }]);
    expect(did(made, "begin")).toHaveLength(1);
    command(made, { type: "start", role: "server", name: "" });
    advance(made, 20);
    expect(told(made, "ready")).toHaveLength(2);
    expect(did(made, "begin")).toHaveLength(1);
  });

  test("other than the boot's is stored, then the radio restarts and says hello under a new boot", () => {
    const made = server();
    command(made, { type: "start", role: "client", name: "" });
    advance(made, 2000);
    expect(made.effects.slice(-2).map(({ type }) => type)).toEqual(["storeRole", "restart"]);
    expect(made.reports[0]).toMatchObject({ type: "hello", boot: 15 });
    command(made, { type: "start", role: "client", name: "" });
    advance(made, 50);
    expect(did(made, "begin").map(({ role }) => role)).toEqual(["server", "client"]);
  });

  test("that the board has not proved is refused", () => {
    const made = rig({ chance: chance(1) });
    advance(made, 50);
    command(made, { type: "start", role: "dual", name: "" });
    advance(made, 50);
    expect(told(made, "fault")).toMatchObject([{ text: "the board has no such role" }]);
    expect(did(made, "begin")).toEqual([]);
  });

  test("whose stack does not get ready ends in a restart that says so", () => {
    const made = rig({ chance: chance(1) });
    advance(made, 50);
    command(made, { type: "start", role: "server", name: "" });
    advance(made, 10_100);
    expect(did(made, "restart")).toMatchObject([{ why: "the stack did not get ready" }]);
  });
});

describe("health", () => {
  test("bytes that are no frame have the port opened anew after 10 s and the board restarted after a minute", () => {
    const made = rig({ chance: chance(1) });
    made.hostOn = false;
    made.toModem.underway.length = 0;
    for (let i = 0; i < 650; i++) {
      advance(made, 100);
      feedModem(made, { type: "serial", bytes: bytes(20, i) });
      if (i === 105) expect(did(made, "reopenSerial")).toHaveLength(1);
    }
    expect(did(made, "restart")).toMatchObject([{ why: "nothing on the wire is a frame" }]);
    expect(nextDeadline(made.modem)).toBeDefined();
  });

  test("a factory reset needs the boot's own number", () => {
    const made = server();
    command(made, { type: "factoryReset", boot: 99 });
    advance(made, 20);
    expect(did(made, "factoryReset")).toEqual([]);
    command(made, { type: "factoryReset", boot: 1 });
    advance(made, 20);
    expect(made.effects.slice(-2).map(({ type }) => type)).toEqual(["factoryReset", "restart"]);
  });
});
