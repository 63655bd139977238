/** A random run of one radio: what a host, neighbours, strangers and a bad cable might do to it, drawn from one seed. Every
 * fact that must hold whatever happens is asserted on the way. */
import type { ModemEffect } from "../../../firmware-js/modem/events.ts";
import type { PeerKey } from "../../../firmware-js/modem/facts.ts";
import { isShut } from "../../../firmware-js/modem/links.ts";
import { noise } from "../../../hardware/virtual/noise.ts";
import { wire } from "../../../hardware/virtual/wire.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { RADIO_PEERS_MAX } from "../../../protocol/core/limits.ts";
import { LOW, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import type { Command } from "../../../protocol/radio/command.ts";
import type { Report } from "../../../protocol/radio/report.ts";
import {
  advance,
  breakLink,
  command,
  connect,
  did,
  feedHost,
  feedModem,
  later,
  type Neighbour,
  peer,
  type Rig,
  restartHost,
  rig,
  say,
  serviceData,
} from "./rig.ts";

export interface Outcome {
  sent: number;
  dropped: number;
  unknown: number;
  /** Sends whose session ended before they were told. */
  voided: number;
  received: number;
  sessions: number;
  restarts: number;
  barred: number;
  size: number;
}

const ACTIONS = 40;
const ADVERT = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };
const POWERS = [undefined, "active", "lowPower", "sleep"] as const;

interface Run {
  readonly rig: Rig;
  readonly chance: Chance;
  readonly role: "server" | "client";
  readonly outcome: Outcome;
  /** Sends of the host's present session that it knows no end of. */
  readonly pending: Set<number>;
  readonly links: Set<number>;
  /** Numbers of packets that hosts have: those of the neighbours, and ours. */
  readonly there: Set<number>;
  readonly here: Set<number>;
  readonly neighbours: Neighbour[];
  readonly generations: Set<string>;
  number: number;
  handle: number;
}

export function runSchedule(seed: number): Outcome {
  const from = chance(seed);
  const role = drawBelow(from, 2) === 0 ? "server" : "client";
  const bad = drawBelow(from, 3) === 0 ? 0.002 * draw(from) : 0;
  const out = noise(bad, from);
  const back = noise(bad, from);
  const baud = drawBelow(from, 4) === 0 ? 115_200 : 921_600;
  const run: Run = {
    rig: rig({
      chance: from,
      loss: drawBelow(from, 2) === 0 ? 0 : 0.1 * draw(from),
      toHost: wire(baud, 1, out),
      toModem: wire(baud, 1, back),
      facts: {
        links: 3,
        linksAsServer: 1 + drawBelow(from, 3),
        linksAsClient: 1 + drawBelow(from, 3),
        natives: { deepSleep: 0, cancel: drawBelow(from, 2), parameters: drawBelow(from, 2), crc: 0 },
      },
      onReport: (report) => onReport(run, report),
      onSession: () => {
        run.outcome.voided += run.pending.size;
        run.pending.clear();
        run.links.clear();
      },
      onEffect: (effect) => onEffect(run, effect),
    }),
    chance: from,
    role,
    outcome: { sent: 0, dropped: 0, unknown: 0, voided: 0, received: 0, sessions: 0, restarts: 0, barred: 0, size: 0 },
    pending: new Set(),
    links: new Set(),
    there: new Set(),
    here: new Set(),
    neighbours: [],
    generations: new Set(),
    number: 0,
    handle: 0,
  };
  advance(run.rig, 40);
  command(run.rig, { type: "start", role, name: "" });
  advance(run.rig, 120);
  for (let i = 0; i < ACTIONS; i++) {
    act(run);
    advance(run.rig, drawBelow(from, 3) === 0 ? drawBelow(from, 400) : drawBelow(from, 20));
    check(run, i % 8 === 0);
  }
  out.next = Number.POSITIVE_INFINITY;
  back.next = Number.POSITIVE_INFINITY;
  if (!run.rig.hostOn) plug(run);
  for (let i = 0; i < 80 && run.pending.size > 0; i++) advance(run.rig, 1000);
  assert(run.pending.size === 0, "every send has its end");
  check(run, true);
  run.outcome.restarts = did(run.rig, "restart").length;
  return run.outcome;
}

function onReport(run: Run, report: Report): void {
  const { outcome, rig } = run;
  assert((report.type === "hello") === (rig.reports.length === 1), "hello comes first, and once a session");
  switch (report.type) {
    case "hello":
      outcome.sessions += 1;
      break;
    case "linkUp": {
      const [hello] = rig.reports as (Report & { type: "hello" })[];
      const name = `${hello.boot} ${report.link}`;
      assert(!run.generations.has(name), "a generation is used once in a boot");
      run.generations.add(name);
      run.links.add(report.link);
      if (drawBelow(run.chance, 5) > 0) command(rig, { type: "keep", link: report.link });
      break;
    }
    case "linkDown":
      assert(run.links.delete(report.link), "a link goes down once");
      if (report.reason === "barred") outcome.barred += 1;
      break;
    case "sent":
      collect(run);
      assert(run.there.has(report.token), "the neighbour's host has what was sent");
      settle(run, report.token);
      outcome.sent += 1;
      break;
    case "dropped":
    case "unknown":
      collect(run);
      if (report.type === "dropped") assert(!run.there.has(report.token), "nobody has what was dropped");
      settle(run, report.token);
      outcome[report.type] += 1;
      break;
    case "received":
      outcome.received += 1;
      run.here.add(numberOf(report.packet));
      break;
    default:
      break;
  }
}

function settle(run: Run, token: number): void {
  assert(run.pending.delete(token), "a send of this session ends, once");
}

function onEffect(run: Run, effect: ModemEffect): void {
  const { rig, chance } = run;
  const { modem } = rig;
  if (effect.type === "begin") {
    later(rig, 50, () => {
      if (rig.modem === modem) feedModem(rig, { type: "ready", role: effect.role });
    });
  } else if (effect.type === "connect") {
    const fate = drawBelow(chance, 4);
    later(rig, drawBelow(chance, 300), () => {
      if (rig.modem !== modem || fate === 0) return;
      if (fate === 1) feedModem(rig, { type: "connectFailed" });
      else meet(run, effect.to, "client");
    });
  } else if (effect.type === "cancelConnect") {
    later(rig, drawBelow(chance, 50), () => {
      if (rig.modem === modem) feedModem(rig, { type: "connectFailed" });
    });
  } else if (effect.type === "restart") {
    later(rig, 400, () => command(rig, { type: "start", role: run.role, name: "" }));
  }
}

function meet(run: Run, address: ReturnType<typeof peer>, role: "server" | "client"): void {
  run.handle = (run.handle + 1) % 8;
  if (run.rig.neighbours.has(run.handle)) return;
  run.neighbours.push(connect(run.rig, run.handle, address, role));
}

/** Facts about the state, whatever happened. */
function check(run: Run, measured: boolean): void {
  const { modem } = run.rig;
  const keys = new Set<PeerKey>();
  for (const link of modem.links) {
    assert(!isShut(modem, link.peer.key), "no link stands to a barred peer");
    keys.add(link.peer.key);
  }
  assert(modem.peers.entries.length <= RADIO_PEERS_MAX, "peers keep their bound");
  collect(run);
  for (const neighbour of run.neighbours) {
    for (const effect of neighbour.settled.splice(0)) {
      if (effect.type !== "settled" || effect.outcome.type !== "sent") continue;
      assert(run.here.has(effect.token), "our host has what the neighbour's was told is sent");
    }
  }
  if (measured) run.outcome.size = Math.max(run.outcome.size, sizeOf(modem));
}

function collect(run: Run): void {
  for (const neighbour of run.neighbours) {
    for (const bytes of neighbour.got.splice(0)) run.there.add(numberOf(bytes));
  }
}

function act(run: Run): void {
  const { rig, chance } = run;
  const die = drawBelow(chance, 100);
  if (die < 30) send(run);
  else if (die < 45) order(run);
  else if (die < 57) speak(run);
  else if (die < 67) meetSomeone(run);
  else if (die < 85) stir(run);
  else if (die < 88 && !rig.hostOn) plug(run);
  else if (die < 90) restartHost(rig);
  else if (die < 91) rig.hostOn = false;
  else if (die < 92) command(rig, { type: "restart", into: "normal" });
  else advance(rig, drawBelow(chance, 1200));
}

function plug(run: Run): void {
  run.rig.hostOn = true;
  restartHost(run.rig);
}

function send(run: Run): void {
  const { rig, chance } = run;
  if (run.links.size === 0 && drawBelow(chance, 8) > 0) {
    meetSomeone(run);
    return;
  }
  const count = 1 + drawBelow(chance, drawBelow(chance, 10) === 0 ? 40 : 4);
  for (let i = 0; i < count; i++) {
    const packetClass = drawBelow(chance, 4) as PacketClass;
    if (!rig.hostOn || rig.reports.length === 0 || rig.host.mode !== "open") return;
    if (rig.host.waiting[packetClass]!.length > 60 || rig.host.waitingSize > 50_000) return;
    const token = ++run.number;
    run.pending.add(token);
    const packet = packetOf(token, sizeBelow(chance, drawBelow(chance, 8) === 0 ? 4000 : 400));
    command(rig, { type: "send", link: someLink(run), class: packetClass, token, packet });
  }
}

function order(run: Run): void {
  const { rig, chance } = run;
  if (!rig.hostOn) return;
  const someone = peer(drawBelow(chance, 6));
  const commands: Command[] = [
    { type: "advertise", on: drawBelow(chance, 3) > 0, intervalMs: 100, advert: ADVERT },
    { type: "scan", on: drawBelow(chance, 3) > 0, intervalMs: 100, windowMs: 50 },
    { type: "connect", to: someone },
    { type: "connect", to: someone },
    { type: "cancel" },
    { type: "disconnect", link: someLink(run) },
    { type: "bar", peer: someone, seconds: 1 + drawBelow(chance, 5) },
    { type: "unbar", peer: someone },
    { type: "power", state: POWERS[drawBelow(chance, 4)] },
    { type: "counters" },
    { type: "factoryReset", boot: 99 },
    { type: "echo", bytes: drawBytes(chance, drawBelow(chance, 512)) },
    { type: "baud", baud: [230_400, 1_000_000, 921_600][drawBelow(chance, 3)] },
  ];
  if (drawBelow(chance, 12) === 0) {
    feedHost(rig, { type: "submit", class: LOW, bytes: drawBytes(chance, 1 + drawBelow(chance, 40)), token: 0 });
  } else {
    command(rig, commands[drawBelow(chance, commands.length)]!);
  }
}

function speak(run: Run): void {
  const { rig, chance } = run;
  for (const neighbour of rig.neighbours.values()) {
    const count = drawBelow(chance, 5);
    for (let i = 0; i < count; i++) {
      const number = ++run.number;
      neighbour.token = number - 1;
      say(
        rig,
        neighbour,
        drawBelow(chance, 4) as PacketClass,
        packetOf(number, sizeBelow(chance, drawBelow(chance, 8) === 0 ? 4000 : 400)),
      );
    }
  }
}

function meetSomeone(run: Run): void {
  const { rig, chance } = run;
  if (run.role === "server" || drawBelow(chance, 10) === 0) meet(run, peer(drawBelow(chance, 6)), "server");
  else if (rig.hostOn) command(rig, { type: "connect", to: peer(drawBelow(chance, 6)) });
}

/** What a stack reports, a stranger tries, and a bad neighbour says. */
function stir(run: Run): void {
  const { rig, chance } = run;
  const handle = drawBelow(chance, 8);
  switch (drawBelow(chance, 9)) {
    case 0:
      breakLink(rig, handle);
      break;
    case 1:
      feedModem(rig, { type: "disconnected", handle: 50 + handle, reason: "remote" });
      break;
    case 2:
      for (let i = drawBelow(chance, 7); i > 0; i--) {
        feedModem(rig, { type: "value", handle, bytes: drawBytes(chance, drawBelow(chance, 30)) });
      }
      break;
    case 3:
      for (let i = drawBelow(chance, 150); i > 0; i--) {
        feedModem(rig, { type: "value", handle, bytes: Uint8Array.of(3, 0, 0) });
      }
      break;
    case 4:
      for (let i = drawBelow(chance, 100); i > 0; i--) {
        const bytes = drawBelow(chance, 5) === 0 ? drawBytes(chance, 7) : serviceData();
        feedModem(rig, { type: "advert", peer: peer(drawBelow(chance, 1000)), rssi: -60, serviceData: bytes });
      }
      break;
    case 5:
      feedModem(rig, { type: "battery", percent: drawBelow(chance, 101) });
      break;
    case 6:
      feedModem(rig, { type: "rssi", handle, rssi: -40 - drawBelow(chance, 60) });
      break;
    case 7:
      feedModem(rig, { type: "interval", handle, intervalMs: 8 + drawBelow(chance, 100) });
      break;
    default:
      feedModem(rig, { type: "log", level: 1, text: "a line" });
  }
}

const sizeBelow = (chance: Chance, sizeMax: number): number => 5 + Math.floor(sizeMax ** draw(chance));

function someLink(run: Run) {
  const links = [...run.links];
  if (links.length === 0 || drawBelow(run.chance, 10) === 0) return linkGeneration(1 + drawBelow(run.chance, 20));
  return linkGeneration(links[drawBelow(run.chance, links.length)]!);
}

function packetOf(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size).fill(number);
  bytes[0] = number >> 16;
  bytes[1] = number >> 8;
  bytes[2] = number;
  return bytes;
}

const numberOf = (bytes: Uint8Array): number => (bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!;

/** Bytes of all byte strings, and eight for each other value. */
export function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Uint8Array) return value.length;
  let size = 8;
  for (const part of Object.values(value)) size += sizeOf(part);
  return size;
}
