/** Two ends of a serial link that live through whatever one seed draws: spaces, latency, noise, packets, busy times,
 * outages, restarts and reboots. The rules of the link are checked at each step; `recover` ends the noise and sees that all
 * comes to rest. */
import { type Noise, noise } from "../../../hardware/virtual/noise.ts";
import { wire } from "../../../hardware/virtual/wire.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, draw, draw32, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { SERIAL_FRAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { decodeFrame } from "../../../protocol/frame/frame.ts";
import { type Slip, slip, slipDecode } from "../../../protocol/frame/slip.ts";
import type { LinkEffect } from "../../../protocol/link/events.ts";
import { nextDeadline } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { advancePair, config, type End, end, feed, type Pair } from "./pair.ts";

export interface Plan {
  readonly seed: number;
  /** Milliseconds of trouble. */
  readonly lastsMs: number;
  readonly spaces: readonly [number, number];
  readonly latencyMs: number;
  readonly noiseRate: number;
  readonly packetSizeMax: number;
  /** Packets submitted at once, now and then. */
  readonly burst: number;
  readonly busyMaxMs: number;
  /** Chances, a millisecond, of each kind of trouble. */
  readonly restarts: number;
  readonly reboots: number;
  readonly outages: number;
  /** Chance that a byte of a packet is one that SLIP escapes. */
  readonly escapes: number;
}

interface Sent {
  readonly bytes: Uint8Array;
  readonly class: PacketClass;
  readonly by: End;
  /** Which life of the sender: what a reboot takes with it has no outcome. */
  readonly life: number;
  outcome: "acknowledged" | "lost" | "refused" | undefined;
  deliveries: number;
}

interface Side {
  readonly noise: Noise;
  life: number;
  /** What this end put on the wire, for the sizes of frames that need no grant. */
  heardOut: Slip;
  /** Bytes beyond any grant or made up by the wire on the way from this end, with the time. */
  readonly excess: { at: Millis; size: number }[];
  inserted: number;
  starved: number;
  readonly lastByClass: number[];
}

export interface World extends Pair {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly sides: readonly [Side, Side];
  readonly packets: Sent[];
  readonly tally: { [name: string]: number };
  session: number;
  outageUntil: number;
}

const EXCESS_MEMORY_MS = 400;

export function world(plan: Plan): World {
  const random = chance(plan.seed);
  const packets: Sent[] = [];
  const tally: World["tally"] = { acknowledged: 0, lost: 0, refused: 0, opened: 0, closed: 0, delivered: 0 };
  const side = (): Side => ({
    noise: noise(plan.noiseRate, chance(draw32(random))),
    life: 0,
    heardOut: slip(SERIAL_FRAME_SIZE_MAX),
    excess: [],
    inserted: 0,
    starved: 0,
    lastByClass: [-1, -1, -1, -1],
  });
  const sides = [side(), side()] as const;
  const make = (who: 0 | 1): End =>
    end(config({ space: plan.spaces[who] }), wire(921_600, plan.latencyMs, sides[who].noise), (effect, by) =>
      heed(state, who, effect, by),
    );
  const state: World = {
    now: millis(0),
    ends: [make(0), make(1)],
    plan,
    chance: random,
    sides,
    packets,
    tally,
    session: 1,
    outageUntil: 0,
  };
  for (const each of state.ends) restart(state, each);
  return state;
}

function heed(state: World, who: 0 | 1, effect: LinkEffect, by: End): void {
  if (effect.type in state.tally) state.tally[effect.type] += 1;
  if (effect.type === "transmit") {
    noteFree(state, who, effect.bytes);
  } else if (effect.type === "acknowledged" || effect.type === "lost" || effect.type === "refused") {
    const packet = state.packets[effect.token];
    assert(packet.outcome === undefined, `packet ${effect.token} ends once`);
    assert(packet.by === by && packet.life === state.sides[who].life, "it ends where and when it was submitted");
    packet.outcome = effect.type;
    if (effect.type === "acknowledged")
      assert(packet.deliveries === 1, `packet ${effect.token} came before it is said`);
  } else if (effect.type === "deliver") {
    const { bytes } = effect;
    const token = ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
    const packet = state.packets[token];
    assert(packet !== undefined && packet.by !== by, "what is delivered was sent");
    assert(packet.class === effect.class && same(packet.bytes, bytes), `packet ${token} is whole`);
    packet.deliveries += 1;
    state.tally.delivered += 1;
    assert(packet.deliveries === 1, `packet ${token} comes once`);
    const last = state.sides[who].lastByClass;
    assert(token > last[effect.class], `packet ${token} comes in order`);
    last[effect.class] = token;
  }
}

/** Frames that open or repair a link need no grant. */
function noteFree(state: World, who: 0 | 1, bytes: Uint8Array): void {
  const side = state.sides[who];
  for (let at = 0; at < bytes.length; ) {
    at = slipDecode(side.heardOut, bytes, at);
    const { frame, frameWireSize } = side.heardOut;
    const decoded = frame === undefined ? undefined : decodeFrame(frame);
    if (decoded?.ok !== true || (decoded.frame.type !== "reset" && decoded.frame.type !== "resetAck")) continue;
    side.excess.push({ at: state.now, size: frameWireSize + 1 });
  }
}

export function restart(state: World, which: End): void {
  state.session += 1 + drawBelow(state.chance, 5) * 1000;
  feed(state, which, { type: "open", at: state.now, session: state.session });
}

/** Power fails: memory is gone, and with it what was unread. */
function reboot(state: World, who: 0 | 1): void {
  const which = state.ends[who] as End & { link: Link };
  which.link = link(which.link.config);
  which.unread = [];
  which.unreadSize = 0;
  state.sides[who].life += 1;
  state.sides[who].starved = 0;
  restart(state, which);
}

function submit(state: World, who: 0 | 1): void {
  const { plan, chance } = state;
  const by = state.ends[who];
  const token = state.packets.length;
  const size = 4 + drawBelow(chance, draw(chance) < 0.5 ? 40 : plan.packetSizeMax);
  const bytes = drawBytes(chance, size);
  for (let at = 0; at < size; at++) if (draw(chance) < plan.escapes) bytes[at] = 0xc0;
  bytes.set([token >>> 24, token >>> 16, token >>> 8, token]);
  const packetClass = drawBelow(chance, 4) as PacketClass;
  const { life } = state.sides[who];
  state.packets.push({ bytes, class: packetClass, by, life, outcome: undefined, deliveries: 0 });
  feed(state, by, { type: "submit", at: state.now, class: packetClass, bytes, token });
}

export function trouble(state: World): void {
  const { plan, chance } = state;
  while (state.now < plan.lastsMs) {
    const who = drawBelow(chance, 2) as 0 | 1;
    const which = state.ends[who];
    const spanMs = 0.2 + draw(chance) * 8;
    const happens = (rate: number): boolean => draw(chance) < rate * spanMs;
    if (happens(plan.restarts)) restart(state, which);
    if (happens(plan.reboots)) reboot(state, who);
    if (happens(plan.outages)) state.outageUntil = state.now + drawBelow(chance, 600);
    if (draw(chance) < 0.3) for (let i = drawBelow(chance, plan.burst + 1); i > 0; i--) submit(state, who);
    if (draw(chance) < 0.1) which.busyUntil = millis(state.now + drawBelow(chance, plan.busyMaxMs + 1));
    if (draw(chance) < 0.1)
      feed(state, which, {
        type: "log",
        at: state.now,
        level: 2,
        text: "Žluťoučký kůň ".repeat(1 + drawBelow(chance, 12)),
      });
    if (draw(chance) < 0.1 && which.busyUntil <= state.now)
      feed(state, which, { type: "writable", at: state.now, room: drawBelow(chance, 200) });
    run(state, state.now + spanMs);
  }
}

export function run(state: World, until: number): void {
  for (let steps = 0; ; steps++) {
    assert(steps < 1_000_000, "time goes on");
    const more = advancePair(state, millis(until));
    if (state.now < state.outageUntil) for (const each of state.ends) each.out.underway.length = 0;
    inspect(state);
    if (!more) return;
  }
}

function inspect(state: World): void {
  for (const who of [0, 1] as const) {
    const which = state.ends[who];
    const side = state.sides[who];
    if (side.noise.inserted > side.inserted) {
      side.excess.push({ at: state.now, size: side.noise.inserted - side.inserted });
      side.inserted = side.noise.inserted;
    }
    if (which.link.counters.starved > side.starved) {
      side.excess.push({ at: state.now, size: 26 });
      side.starved = which.link.counters.starved;
    }
    while (side.excess.length > 0 && side.excess[0].at < state.now - EXCESS_MEMORY_MS) side.excess.shift();
    const other = state.ends[1 - who];
    const begun = which.link.wireFree ? which.link.wireFrom : 0;
    const excess = side.excess.reduce((sum, each) => sum + each.size, begun);
    assert(
      other.unreadSize <= other.link.config.space + excess,
      `unread bytes keep the space: ${other.unreadSize} > ${other.link.config.space} + ${excess} at ${state.now}`,
    );
    const deadline = nextDeadline(which.link);
    if (which.link.mode !== "closed" && which.busyUntil <= state.now) assert(deadline !== undefined, "it wakes again");
  }
}

/** Quiet again: the link opens, what was submitted ends, and idleness does not close it. */
export function recover(state: World): void {
  for (const side of state.sides) side.noise.next = Number.POSITIVE_INFINITY;
  state.outageUntil = 0;
  const calmAt = Math.max(state.now, ...state.ends.map((each) => each.busyUntil));
  const open = () => state.ends.every((each) => each.link.mode === "open");
  const untilTrue = (done: () => boolean, ms: number, fact: string) => {
    for (let at = state.now + 10; !done(); at += 10) {
      assert(at < calmAt + ms, `${fact}: ${state.ends.map((each) => each.link.mode)}`);
      run(state, at);
    }
  };
  untilTrue(open, 10_000, "both ends open in time");
  const settled = () =>
    state.packets.every((each) => each.outcome !== undefined || each.life !== state.sides[sideOf(state, each.by)].life);
  // A frame of some thirty bytes a round trip is the least that the smallest spaces carry.
  const left = () => state.packets.reduce((sum, each) => sum + (each.outcome === undefined ? each.bytes.length : 0), 0);
  const patienceMs = () => state.now - calmAt + 2000 + (left() * (2 * state.plan.latencyMs + 4)) / 8;
  untilTrue(settled, patienceMs(), "everything submitted ends");
  const { closed } = state.tally;
  run(state, state.now + 4000);
  assert(open() && state.tally.closed === closed, "a quiet link stays open");
  for (const who of [0, 1] as const) {
    submit(state, who);
    untilTrue(settled, patienceMs(), "the next packet crosses");
    assert(state.packets.at(-1)?.outcome === "acknowledged", "and whole");
  }
  for (const packet of state.packets)
    assert(packet.outcome !== "refused" || packet.deliveries === 0, "what was refused was not delivered");
}

const sideOf = (state: World, by: End): 0 | 1 => (state.ends[0] === by ? 0 : 1);

const same = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at]);

/** A plan of any kind. */
export function anyPlan(seed: number): Plan {
  const random = chance(seed);
  const either = <T>(...choices: T[]): T => choices[drawBelow(random, choices.length)];
  const space = () => either(96, 128, 256, 513, 514, 600, 1500, 4096, 96 + drawBelow(random, 4000));
  return {
    seed,
    lastsMs: 800,
    spaces: [space(), space()],
    latencyMs: either(0, 1, draw(random) * 20, 20),
    noiseRate: either(0, 1e-4, 1e-3, 0.02 * draw(random)),
    packetSizeMax: either(40, 300, 4000),
    burst: either(1, 3, 10),
    busyMaxMs: either(0, 20, 100),
    restarts: either(0, 0.0005, 0.005),
    reboots: either(0, 0.0005, 0.005),
    outages: either(0, 0, 0.001),
    escapes: either(0, 0, 0.5, 1),
  };
}
