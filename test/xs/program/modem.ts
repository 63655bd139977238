/** One modem between a host's end of the serial link and a neighbour's outbox, in virtual time: COUNT packets each way over
 * a wire that passes at once and an air that loses LOSS of all values. Prints what came of it, with a digest of every effect
 * and of the modem's last state. */
import type { ModemEffect, ModemEvent } from "../../../firmware-js/modem/events.ts";
import { type BoardFacts, modemConfig } from "../../../firmware-js/modem/facts.ts";
import { nextDeadline as modemDeadline, step as modemStep } from "../../../firmware-js/modem/modem.ts";
import { modem } from "../../../firmware-js/modem/state.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as linkStep } from "../../../protocol/link/link.ts";
import { link } from "../../../protocol/link/state.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import { outbox, nextDeadline as outboxDeadline, step as outboxStep } from "../../../protocol/packet/outbox.ts";
import { Command, commandClass } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";
import { classOf, firstOfClasses, isPacket, nextOfClass, packetOf } from "./packets.ts";
import { tellMemory } from "./tell-memory.ts";
import { digestOf, note, trace } from "./trace.ts";

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

const WIRE_MS = 1;
const AIR_MS = 10;
const UNTIL_MS = 600_000;
const WAITING_SIZE_MAX = 3_000;
const HANDLE = 7;
const ONE = linkGeneration(1);

const [loss = 0, count = 16, seed = 1] = host.args.map(Number);
const random: Chance = chance(seed);
const seen = trace();
const coming: { readonly at: number; readonly act: () => void }[] = [];
let now = millis(0);

tellMemory();
const eight = new Uint8Array(8);
const facts: BoardFacts = {
  board: "xs",
  chip: eight,
  build: eight,
  address: { kind: "public", address: eight.subarray(0, 6) },
  receiveSpace: 256,
  bauds: [230_400],
  roles: { dual: 0, client: 1, server: 1 },
  links: 1,
  linksAsServer: 1,
  linksAsClient: 1,
  stackQueue: 2,
  baud: 230_400,
  intervalMinMs: 8,
  intervalMaxMs: 20,
  natives: { deepSleep: 0, cancel: 0, parameters: 0, crc: 0 },
};
const radio = modem(facts, modemConfig(now, 1));
const above = link({
  major: 1,
  minor: 0,
  features: 0,
  space: 1024,
  packetSizeMax: SERIAL_PACKET_SIZE_MAX,
  waitingSizeMax: 6_000,
});
const beyond = outbox(now);
const tally = { hostGot: 0, neighbourGot: 0, wrong: 0, sent: 0, dropped: 0, neighbourSent: 0 };
const hostAwaits = firstOfClasses();
const neighbourAwaits = firstOfClasses();
let linked = false;
let hostToken = 0;
let neighbourToken = 0;

function feedRadio(event: Untimed<ModemEvent>): void {
  const effects: ModemEffect[] = [];
  modemStep(radio, { ...event, at: now } as ModemEvent, effects);
  for (const effect of effects) {
    note(seen, effect);
    if (effect.type === "serial") {
      const { bytes } = effect;
      later(WIRE_MS, () => feedHost({ type: "received", bytes }));
    } else if (effect.type === "value") {
      const { bytes } = effect;
      pass(() => feedNeighbour({ type: "received", generation: ONE, bytes }));
    } else if (effect.type === "begin") {
      later(5, () => feedRadio({ type: "ready", role: "server" }));
    }
  }
  if (radio.serial.room < 16) later(WIRE_MS, () => feedRadio({ type: "writable", room: 32 }));
}

function feedHost(event: Untimed<LinkEvent>): void {
  const effects: LinkEffect[] = [];
  linkStep(above, { ...event, at: now } as LinkEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      const { bytes } = effect;
      later(WIRE_MS, () => feedRadio({ type: "serial", bytes }));
    } else if (effect.type === "deliver") {
      const decoded = decode(Report, effect.bytes);
      // Later, so that a board's stack holds the radio alone.
      if (decoded.ok) later(0, () => onReport(decoded.value));
      else tally.wrong += 1;
    }
  }
  if (above.room < 16) later(WIRE_MS, () => feedHost({ type: "writable", room: 32 }));
}

function onReport(report: Report): void {
  if (report.type === "hello") {
    command({ type: "start", role: "server", name: "" });
  } else if (report.type === "ready") {
    feedNeighbour({ type: "up", generation: ONE, mtu: 247, stackQueue: 2, intervalMs: 20 });
    feedRadio({ type: "connected", handle: HANDLE, role: "server", peer: facts.address });
    feedRadio({ type: "mtu", handle: HANDLE, mtu: 247 });
  } else if (report.type === "linkUp") {
    command({ type: "keep", link: report.link });
    linked = true;
  } else if (report.type === "sent") {
    tally.sent += 1;
  } else if (report.type === "dropped" || report.type === "unknown") {
    tally.dropped += 1;
  } else if (report.type === "received") {
    const number = hostAwaits[report.class];
    if (!isPacket(number, report.packet)) tally.wrong += 1;
    hostAwaits[report.class] = nextOfClass(number, classOf(number));
    tally.hostGot += 1;
  }
}

function command(value: Command): void {
  const out = new Writer(value.type === "send" ? value.packet.length + 16 : 64);
  Command.write(out, value);
  feedHost({ type: "submit", class: commandClass(value), bytes: out.take(), token: 0 });
}

function feedNeighbour(event: Untimed<OutboxEvent>): void {
  const effects: OutboxEffect[] = [];
  outboxStep(beyond, { ...event, at: now } as OutboxEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      const { bytes } = effect;
      pass(() => feedRadio({ type: "value", handle: HANDLE, bytes }));
    } else if (effect.type === "deliver") {
      const number = neighbourAwaits[effect.class];
      if (!isPacket(number, effect.bytes)) tally.wrong += 1;
      neighbourAwaits[effect.class] = nextOfClass(number, effect.class);
      tally.neighbourGot += 1;
      const { token } = effect;
      later(WIRE_MS, () => feedNeighbour({ type: "taken", token }));
    } else if (effect.type === "settled" && effect.outcome.type === "sent") {
      tally.neighbourSent += 1;
    }
  }
}

function pass(act: () => void): void {
  if (draw(random) >= loss) later(AIR_MS + drawBelow(random, AIR_MS), act);
}

function later(ms: number, act: () => void): void {
  coming.push({ at: now + ms, act });
}

function topUp(): void {
  if (!linked) return;
  while (hostToken < count && hostToken - tally.sent - tally.dropped < 4 && above.waitingSize < WAITING_SIZE_MAX) {
    const token = hostToken++;
    command({ type: "send", link: ONE, class: classOf(token), token, packet: packetOf(token) });
  }
  while (neighbourToken < count && beyond.flows[0].sender.bytes < WAITING_SIZE_MAX) {
    const token = neighbourToken++;
    feedNeighbour({ type: "submit", generation: ONE, class: classOf(token), bytes: packetOf(token), token });
  }
}

function advance(): boolean {
  let best = -1;
  for (let i = 0; i < coming.length; i++) if (best < 0 || coming[i].at < coming[best].at) best = i;
  const at = Math.min(
    best < 0 ? UNTIL_MS : coming[best].at,
    modemDeadline(radio) ?? UNTIL_MS,
    linkDeadline(above) ?? UNTIL_MS,
    outboxDeadline(beyond) ?? UNTIL_MS,
  );
  if (at >= UNTIL_MS) return false;
  now = millis(Math.max(now, at));
  if (best >= 0 && coming[best].at <= now) coming.splice(best, 1)[0].act();
  if ((modemDeadline(radio) ?? UNTIL_MS) <= now) feedRadio({ type: "tick" });
  if ((linkDeadline(above) ?? UNTIL_MS) <= now) feedHost({ type: "tick" });
  if ((outboxDeadline(beyond) ?? UNTIL_MS) <= now) feedNeighbour({ type: "tick" });
  return true;
}

feedRadio({ type: "boot" });
feedHost({ type: "open", session: 99 });
do topUp();
while (tally.sent + tally.dropped + tally.neighbourSent < 2 * count && advance());
note(seen, radio);
host.print(JSON.stringify(tally));
host.print(JSON.stringify(radio.counters));
host.print(`${Math.round(now)} ms, digest ${digestOf(seen)}`);
