/** Two ends of a serial link on one engine: COUNT packets each way over wires that spoil RATE of their bytes. Prints what
 * came of it, with a digest of every effect and of both ends' states. */
import { type Noise, noise } from "../../../hardware/virtual/noise.ts";
import { backlog, nextArrival, put, take, type Wire, wire } from "../../../hardware/virtual/wire.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { SERIAL_AHEAD_SIZE, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline, step } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { classOf, firstOfClasses, isPacket, nextOfClass, packetOf } from "./packets.ts";
import { tellMemory } from "./tell-memory.ts";
import { digestOf, note, trace } from "./trace.ts";

interface End {
  readonly link: Link;
  readonly out: Wire;
  readonly noise: Noise;
  submitted: number;
  /** Of each class, the number that is to come next. */
  readonly awaited: number[];
  delivered: number;
  /** Not the packet that was next in its class, byte for byte. */
  wrong: number;
  closed: number;
}

type Untimed = LinkEvent extends infer E ? (E extends LinkEvent ? Omit<E, "at"> : never) : never;

const BAUD = 921_600;
const BRIDGE_MS = 1;
const UNTIL_MS = 600_000;

const [rate = 0, count = 8, seed = 1] = host.args.map(Number);
const seen = trace();
let now = millis(0);

function end(space: number, at: number): End {
  const spoiling = noise(rate, chance(seed + at));
  const size = SERIAL_PACKET_SIZE_MAX;
  return {
    link: link({ major: 1, minor: 0, features: 0, space, packetSizeMax: size, waitingSizeMax: 2 * size }),
    out: wire(BAUD, BRIDGE_MS, spoiling),
    noise: spoiling,
    submitted: 0,
    awaited: firstOfClasses(),
    delivered: 0,
    wrong: 0,
    closed: 0,
  };
}

function feed(end: End, event: Untimed): void {
  const effects: LinkEffect[] = [];
  step(end.link, { ...event, at: now } as LinkEvent, effects);
  for (const effect of effects) {
    note(seen, effect);
    if (effect.type === "transmit") put(end.out, effect.bytes, now);
    else if (effect.type === "closed") end.closed += 1;
    else if (effect.type === "deliver") {
      const number = end.awaited[effect.class];
      if (!isPacket(number, effect.bytes)) end.wrong += 1;
      end.awaited[effect.class] = nextOfClass(number, effect.class);
      end.delivered += 1;
    }
  }
}

/** When the port takes a worthwhile piece again. */
function roomAt(end: End): number {
  if (end.link.room >= SERIAL_AHEAD_SIZE / 2) return Number.POSITIVE_INFINITY;
  return Math.max(now, end.out.busyUntil - (SERIAL_AHEAD_SIZE / 2) * end.out.byteMs);
}

function wakeAt(end: End, from: Wire): number {
  const never = Number.POSITIVE_INFINITY;
  return Math.min(nextArrival(from) ?? never, nextDeadline(end.link) ?? never, roomAt(end));
}

function wake(end: End, from: Wire): void {
  for (let bytes = take(from, now); bytes !== undefined; bytes = take(from, now))
    feed(end, { type: "received", bytes });
  if (roomAt(end) <= now) feed(end, { type: "writable", room: SERIAL_AHEAD_SIZE - backlog(end.out, now) });
  if ((nextDeadline(end.link) ?? now + 1) <= now) feed(end, { type: "tick" });
  if (end.link.mode === "open" && end.submitted < count && end.link.waitingSize < SERIAL_PACKET_SIZE_MAX) {
    const token = end.submitted++;
    feed(end, { type: "submit", class: classOf(token), bytes: packetOf(token), token });
  }
}

tellMemory();
// A host's space and the smallest board's.
const [left, right] = [end(4096, 0), end(128, 1)];
feed(left, { type: "open", session: 1 });
feed(right, { type: "open", session: 1001 });
while (left.delivered < count || right.delivered < count) {
  now = millis(Math.min(wakeAt(left, right.out), wakeAt(right, left.out)));
  assert(now < UNTIL_MS, "the packets cross in time");
  wake(left, right.out);
  wake(right, left.out);
}
for (const { link, noise, delivered, wrong, closed } of [left, right]) {
  note(seen, link);
  const faults = noise.flipped + noise.lost + noise.inserted;
  host.print(JSON.stringify({ delivered, wrong, closed, faults, counters: link.counters }));
}
host.print(`${now} ms, digest ${digestOf(seen)}`);
