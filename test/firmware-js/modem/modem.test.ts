import { describe, expect, test } from "vitest";
import { nextDeadline } from "../../../firmware-js/modem/modem.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { SERIAL_FRAME_SIZE_MAX, SERIAL_PACKET_SIZE_MAX, WIRE_FRAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { encodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { slipEncode } from "../../../protocol/frame/slip.ts";
import { Command } from "../../../protocol/radio/command.ts";
import { COUNTER_NAMES } from "../../../protocol/radio/counter-names.ts";
import {
  advance,
  breakLink,
  command,
  connect,
  did,
  feedHost,
  feedModem,
  peer,
  type Rig,
  readyRig,
  restartHost,
  rig,
  say,
  told,
  VOTE,
} from "./rig.ts";

const advert = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };
const bytes = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);
const server = (over = {}): Rig => readyRig("server", { chance: chance(1), ...over });
const client = (over = {}): Rig => readyRig("client", { chance: chance(1), ...over });

/** A server's link that the host keeps. */
function linked(made: Rig, number = 1): { handle: number; link: ReturnType<typeof linkGeneration> } {
  connect(made, number, peer(number));
  advance(made, 50);
  const { link } = told(made, "linkUp").at(-1)!;
  command(made, { type: "keep", link });
  advance(made, 50);
  return { handle: number, link };
}

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

describe("a link", () => {
  test("of a server that nobody keeps is gone after 5 s, and counted", () => {
    const made = server();
    connect(made, 1, peer(1));
    advance(made, 4900);
    expect(told(made, "linkDown")).toEqual([]);
    advance(made, 200);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "notKept" }]);
    expect(did(made, "disconnect")).toMatchObject([{ handle: 1 }]);
    expect(made.modem.counters.linksNotKept).toBe(1);
  });

  test("that the host keeps stays", () => {
    const made = server();
    linked(made);
    advance(made, 20_000);
    expect(told(made, "linkDown")).toEqual([]);
  });

  test("has a generation that no later one has, though the stack uses its handle again", () => {
    const made = server();
    const first = linked(made);
    breakLink(made, 1);
    const second = linked(made);
    expect(second.link).not.toBe(first.link);
    command(made, { type: "send", link: first.link, class: VOTE, token: 5, packet: bytes(9) });
    command(made, { type: "disconnect", link: first.link });
    advance(made, 50);
    expect(told(made, "dropped")).toEqual([{ type: "dropped", token: 5, reason: "noLink" }]);
    expect(made.modem.links).toHaveLength(1);
    expect(made.modem.counters.commandsStale).toBe(2);
  });

  test("is refused beyond the board's number, without a host, and of a peer that is linked", () => {
    const made = server({ facts: { links: 1, linksAsServer: 1, linksAsClient: 1 } });
    linked(made);
    connect(made, 2, peer(2));
    expect(made.modem.counters.linksRefused).toBe(1);
    const two = server();
    linked(two);
    connect(two, 5, peer(1));
    expect(two.modem.counters.linksRefused).toBe(1);
    two.hostOn = false;
    advance(two, 3000);
    connect(two, 6, peer(6));
    expect(two.modem.links).toEqual([]);
    expect(two.modem.counters.linksRefused).toBe(2);
  });

  test("that the stack does not end is asked for again, and at last the board restarts", () => {
    const made = server();
    feedModem(made, { type: "connected", handle: 4, role: "server", peer: peer(1) });
    advance(made, 14_900);
    expect(did(made, "disconnect")).toHaveLength(2);
    advance(made, 5200);
    expect(did(made, "restart")).toMatchObject([{ why: "a connection could not be ended" }]);
  });
});

describe("a client", () => {
  test("connects only where the host orders it", () => {
    const made = client();
    connect(made, 1, peer(1), "client");
    expect(made.modem.links).toEqual([]);
    command(made, { type: "connect", to: peer(2) });
    advance(made, 20);
    expect(did(made, "connect")).toMatchObject([{ to: peer(2) }]);
    connect(made, 2, peer(2), "client");
    advance(made, 10_000);
    expect(told(made, "linkUp")).toMatchObject([{ role: "client", peer: peer(2) }]);
    expect(made.modem.links).toHaveLength(1);
  });

  test("scans again after a connection ended its scan", () => {
    const made = client();
    command(made, { type: "scan", on: true, intervalMs: 100, windowMs: 20 });
    command(made, { type: "connect", to: peer(2) });
    advance(made, 20);
    feedModem(made, { type: "connectFailed" });
    advance(made, 20);
    expect(did(made, "scan")).toHaveLength(2);
    expect(told(made, "notConnected")).toMatchObject([{ to: peer(2), why: "failed" }]);
  });

  test("without a cancel restarts 5 s after it was told to, unless the attempt ends by itself", () => {
    const ends = client();
    command(ends, { type: "connect", to: peer(2) });
    command(ends, { type: "cancel" });
    advance(ends, 100);
    connect(ends, 1, peer(2), "client");
    advance(ends, 10_000);
    expect(ends.modem.links).toEqual([]);
    expect(did(ends, "restart")).toEqual([]);
    const hangs = client();
    command(hangs, { type: "connect", to: peer(2) });
    command(hangs, { type: "cancel" });
    advance(hangs, 4900);
    expect(did(hangs, "cancelConnect")).toEqual([]);
    expect(did(hangs, "restart")).toEqual([]);
    advance(hangs, 200);
    expect(did(hangs, "restart")).toMatchObject([{ why: "a connection could not be cancelled" }]);
  });

  test("with a cancel uses it", () => {
    const made = client({ facts: { natives: { deepSleep: 0, cancel: 1, parameters: 0, crc: 0 } } });
    command(made, { type: "connect", to: peer(2) });
    command(made, { type: "cancel" });
    advance(made, 20);
    expect(did(made, "cancelConnect")).toHaveLength(1);
    feedModem(made, { type: "connectFailed" });
    command(made, { type: "connect", to: peer(3) });
    advance(made, 6000);
    expect(did(made, "connect")).toHaveLength(2);
    expect(did(made, "restart")).toEqual([]);
  });
});

describe("a stack that links more as a client than as a server", () => {
  test("advertises again once its only link as a server is gone, and not before", () => {
    const made = server({ facts: { links: 2, linksAsServer: 1, linksAsClient: 2 } });
    command(made, { type: "advertise", on: true, intervalMs: 100, advert });
    advance(made, 50);
    linked(made);
    advance(made, 1000);
    expect(did(made, "advertise")).toHaveLength(1);
    connect(made, 2, peer(2));
    advance(made, 50);
    expect(made.modem.counters.linksRefused).toBe(1);
    breakLink(made, 1);
    advance(made, 50);
    expect(did(made, "advertise")).toHaveLength(2);
  });
});

describe("a packet", () => {
  test("is sent when the neighbour's host has it, and not before ours says so", () => {
    const made = server();
    const { link } = linked(made);
    const [neighbour] = made.neighbours.values();
    command(made, { type: "send", link, class: VOTE, token: 77, packet: bytes(1000) });
    say(made, neighbour!, HIGH, bytes(1000, 9));
    made.hostOn = false;
    advance(made, 1000);
    expect(neighbour!.settled).toEqual([]);
    made.hostOn = true;
    advance(made, 1000);
    expect(told(made, "received")).toMatchObject([{ link, class: HIGH, packet: bytes(1000, 9) }]);
    expect(neighbour!.settled).toMatchObject([{ type: "settled", outcome: { type: "sent" } }]);
    expect(told(made, "sent")).toMatchObject([{ token: 77 }]);
  });

  test("of a link that goes is unknown if it had begun, dropped if not", () => {
    const made = server();
    const { link } = linked(made);
    for (let token = 1; token <= 3; token++) {
      command(made, { type: "send", link, class: HIGH, token, packet: bytes(4000) });
    }
    advance(made, 200);
    breakLink(made, 1);
    advance(made, 100);
    expect(told(made, "unknown")).toMatchObject([{ token: 1 }]);
    expect(told(made, "dropped")).toMatchObject([
      { token: 2, reason: "noLink" },
      { token: 3, reason: "noLink" },
    ]);
    expect(told(made, "linkDown")).toMatchObject([{ reason: "supervision" }]);
  });

  test("finds a full outbox: the host is told which", () => {
    const made = server();
    const { link } = linked(made);
    for (let token = 1; token <= 6; token++) {
      command(made, { type: "send", link, class: NORMAL, token, packet: bytes(4000) });
    }
    advance(made, 300);
    expect(told(made, "dropped").map(({ reason }) => reason)).toContain("full");
  });
});

describe("power", () => {
  test("five idle minutes bring Sleep, and submitting an operation ends it before the packet is judged [J04]", () => {
    const made = server();
    const { link } = linked(made);
    advance(made, 310_000);
    expect(made.modem.power.state).toBe("sleep");
    expect(told(made, "battery").at(-1)).toMatchObject({ state: "sleep" });
    command(made, { type: "send", link, class: LOW, token: 1, packet: bytes(9) });
    advance(made, 100);
    expect(told(made, "dropped")).toMatchObject([{ token: 1, reason: "power" }]);
    expect(made.modem.power.state).toBe("sleep");
    command(made, { type: "send", link, class: NORMAL, token: 2, packet: bytes(9) });
    advance(made, 500);
    expect(made.modem.power.state).toBe("active");
    expect(made.modem.outbox.power).toBe("active");
    expect(told(made, "sent")).toMatchObject([{ token: 2 }]);
  });

  test("the states thin out advertising and scanning, and ask for an interval where the board can [J01] [J02]", () => {
    const made = server({ facts: { natives: { deepSleep: 0, cancel: 0, parameters: 1, crc: 0 } } });
    command(made, { type: "advertise", on: true, intervalMs: 20, advert });
    advance(made, 20);
    linked(made);
    advance(made, 31_000);
    expect(did(made, "advertise").map(({ intervalMs }) => intervalMs)).toEqual([100, 100, 250]);
    expect(did(made, "requestParameters").map(({ intervalMs }) => intervalMs)).toEqual([20, 50]);
    const scanner = client();
    command(scanner, { type: "scan", on: true, intervalMs: 100, windowMs: 80 });
    advance(scanner, 31_000);
    expect(did(scanner, "scan").map(({ windowMs }) => windowMs)).toEqual([50, 20]);
  });

  test("an empty battery drops Low and nothing else [J03]", () => {
    const made = server();
    const { link } = linked(made);
    advance(made, 11_000);
    feedModem(made, { type: "battery", percent: 14 });
    command(made, { type: "send", link, class: LOW, token: 1, packet: bytes(9) });
    command(made, { type: "send", link, class: NORMAL, token: 2, packet: bytes(9) });
    advance(made, 500);
    expect(told(made, "battery").at(-1)).toMatchObject({ percent: 14, state: "lowPower" });
    expect(told(made, "dropped")).toMatchObject([{ token: 1, reason: "power" }]);
    expect(told(made, "sent")).toMatchObject([{ token: 2 }]);
  });

  test("what the host forces holds until it lets go [J05]", () => {
    const made = server();
    command(made, { type: "power", state: "lowPower" });
    advance(made, 60_000);
    expect(made.modem.power.state).toBe("lowPower");
    command(made, { type: "power", state: undefined });
    advance(made, 20_000);
    expect(made.modem.power.state).toBe("powerSaver");
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
