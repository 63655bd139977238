/** What an operation on a 244 B packet costs, in steps of the engine, warm: one line "metric steps" each, the mean over
 * packets whose bytes are drawn, so that one byte in 128 is one that SLIP escapes. */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { crc16 } from "../../../protocol/bytes/crc16.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import {
  GATT_VALUE_SIZE_MAX,
  MTU_MAX,
  REASSEMBLY_SIZE_MAX,
  SERIAL_AHEAD_SIZE,
  SERIAL_FRAME_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import { type Crc, decodeFrame, encodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { slip, slipDecode, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as nextLinkDeadline, step as stepLink } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { nextDeadline, type Outbox, outbox, step as stepOutbox } from "../../../protocol/packet/outbox.ts";
import { letGo, reassemble, reassembler } from "../../../protocol/packet/reassembler.ts";
import { partCount, partOf, partSize } from "../../../protocol/packet/splitter.ts";
import { power, step as stepPower } from "../../../protocol/power/power.ts";

const COUNT = 100;
/** Before anything counts: caches of property lookups fill, buffers grow to their size. */
const WARM_UP = 5;
const PACKET_SIZE = 244;
/** More than a packet takes on the wire. */
const ROOM = 1024;
/** What a board's port hands over at a time when it is polled often. */
const PIECE_SIZE = 64;

const random = chance(20);
const packets: Uint8Array[] = [];
for (let i = 0; i < WARM_UP + COUNT; i++) packets.push(drawBytes(random, PACKET_SIZE));

/** Steps of some calls, less what the counting itself takes. */
interface Tally {
  steps: number;
}
const tally = (): Tally => ({ steps: 0 });

function count(tally: Tally, operation: () => void): void {
  const before = host.meter();
  operation();
  tally.steps += host.meter() - before - OVERHEAD;
}

const OVERHEAD = overhead();

function overhead(): number {
  const nothing = (): void => {};
  const before = host.meter();
  nothing();
  return host.meter() - before;
}

function tell(metric: string, tally: Tally): void {
  host.print(`${metric} ${tally.steps / COUNT}`);
}

/** `prepare` makes the operation for one packet, uncounted. */
function cost(metric: string, prepare: (packet: Uint8Array) => () => void): void {
  const total = tally();
  for (let i = 0; i < WARM_UP + COUNT; i++) count(i < WARM_UP ? tally() : total, prepare(packets[i]));
  tell(metric, total);
}

// --- bytes and frames ---

const scratch = new Uint8Array(SERIAL_FRAME_SIZE_MAX);
const wire = new Uint8Array(slipSizeMax(SERIAL_FRAME_SIZE_MAX));
const half = slip(SERIAL_FRAME_SIZE_MAX);

const dataFrame = (packet: Uint8Array): Frame => ({
  type: "data",
  sequence: 7,
  ack: 9,
  position: 1000,
  grant: 5000,
  flags: { class: 1, last: 1 },
  chunk: packet,
});
const framed = (packet: Uint8Array): Uint8Array => encodeFrame(dataFrame(packet), scratch).slice();
const escaped = (frame: Uint8Array): Uint8Array => wire.slice(0, slipEncode(frame, wire, 0));

/** In place of a board's native one, it accepts what is there: what is left is what JavaScript costs. */
const nativeCrc: Crc = (bytes, _start, end) => (bytes[end] << 8) | bytes[end + 1];

cost("crc16", (packet) => () => crc16(packet));
cost("slip-encode", (packet) => {
  const frame = framed(packet);
  return () => slipEncode(frame, wire, 0);
});
cost("slip-decode", (packet) => {
  const bytes = escaped(framed(packet));
  return () => slipDecode(half, bytes, 0);
});
cost("frame-encode", (packet) => {
  const frame = dataFrame(packet);
  return () => encodeFrame(frame, scratch);
});
cost("frame-decode", (packet) => {
  const frame = framed(packet);
  return () => decodeFrame(frame);
});
cost("frame-decode-native-crc", (packet) => {
  const frame = framed(packet);
  return () => decodeFrame(frame, nativeCrc);
});

// --- the serial link ---

interface Side {
  readonly link: Link;
  out: Uint8Array[];
  delivered: number;
  acknowledged: number;
}

type UntimedLink = LinkEvent extends infer E ? (E extends LinkEvent ? Omit<E, "at"> : never) : never;

function side(): Side {
  const size = SERIAL_PACKET_SIZE_MAX;
  const config = { major: 1, minor: 0, features: 0, space: 4096, packetSizeMax: size, waitingSizeMax: 4 * size };
  return { link: link(config), out: [], delivered: 0, acknowledged: 0 };
}

function act(side: Side, event: UntimedLink, crc: Crc, total: Tally): void {
  const effects: LinkEffect[] = [];
  const timed = { ...event, at: millis(0) } as LinkEvent;
  // A driver asks after every event when to wake.
  count(total, () => {
    stepLink(side.link, timed, effects, crc);
    nextLinkDeadline(side.link);
  });
  for (const effect of effects) {
    if (effect.type === "transmit") side.out.push(effect.bytes);
    if (effect.type === "deliver") side.delivered += 1;
    if (effect.type === "acknowledged") side.acknowledged += 1;
  }
}

/** Lets one end speak as long as it has something to say, `room` bytes at a time: what it put on the wire. */
function speak(side: Side, room: number, crc: Crc, total: Tally): Uint8Array {
  for (let before = -1; before < side.out.length; ) {
    before = side.out.length;
    act(side, { type: "writable", room }, crc, total);
  }
  const bytes = joined(side.out);
  side.out = [];
  return bytes;
}

function hear(side: Side, bytes: Uint8Array, pieceSize: number, crc: Crc, total: Tally): void {
  for (let at = 0; at < bytes.length; at += pieceSize) {
    act(side, { type: "received", bytes: bytes.slice(at, at + pieceSize) }, crc, total);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The whole path of a packet over the wire, its acknowledgement back included: what each end spends on it. */
function costLink(suffix: string, room: number, pieceSize: number, crc: Crc): void {
  const [from, to] = [side(), side()];
  const [send, receive] = [tally(), tally()];
  act(from, { type: "open", session: 1 }, crc, tally());
  act(to, { type: "open", session: 2 }, crc, tally());
  for (let turn = 0; turn < 4; turn++) {
    hear(to, speak(from, room, crc, tally()), pieceSize, crc, tally());
    hear(from, speak(to, room, crc, tally()), pieceSize, crc, tally());
  }
  for (let i = 0; i < WARM_UP + COUNT; i++) {
    const [sending, receiving] = i < WARM_UP ? [tally(), tally()] : [send, receive];
    act(from, { type: "submit", class: 1, bytes: packets[i], token: i }, crc, sending);
    hear(to, speak(from, room, crc, sending), pieceSize, crc, receiving);
    hear(from, speak(to, room, crc, receiving), pieceSize, crc, sending);
    assert(to.delivered === i + 1 && from.acknowledged === i + 1, "each packet is delivered and acknowledged");
  }
  tell(`link-send${suffix}`, send);
  tell(`link-receive${suffix}`, receive);
}

costLink("", ROOM, ROOM, crc16);
costLink("-native-crc", ROOM, ROOM, nativeCrc);
costLink("-pieces", SERIAL_AHEAD_SIZE, PIECE_SIZE, nativeCrc);

// --- the air ---

function fragmentsOf(packet: Uint8Array): Uint8Array[] {
  const size = partSize(packet.length, GATT_VALUE_SIZE_MAX);
  const parts = partCount(packet.length, size);
  const fragments: Uint8Array[] = [];
  for (let index = 0; index < parts; index++) {
    const mark = { last: index === parts - 1 ? 1 : 0, class: 1, order: 3 };
    const payload = partOf(packet, size, index);
    fragments.push(
      encode(Fragment, { type: "part", sequence: index, expected: 0, seen: 0, packet: mark, index, payload }),
    );
  }
  return fragments;
}

cost("fragment", (packet) => () => fragmentsOf(packet));

const state = reassembler(REASSEMBLY_SIZE_MAX);

function reassembleAll(fragments: readonly Uint8Array[]): void {
  for (let i = 0; i < fragments.length; i++) {
    const decoded = decode(Fragment, fragments[i]);
    assert(decoded.ok && decoded.value.type === "part", "what was encoded is a part");
    const { index, packet, payload } = decoded.value;
    const got = reassemble(state, 3, index, packet.last === 1, payload, millis(0));
    if (got.type === "complete") letGo(state, got.claimed);
  }
}

cost("reassembly", (packet) => {
  const fragments = fragmentsOf(packet);
  return () => reassembleAll(fragments);
});

type UntimedOutbox = OutboxEvent extends infer E ? (E extends OutboxEvent ? Omit<E, "at"> : never) : never;

interface Coming {
  readonly at: number;
  readonly to: number;
  readonly event: UntimedOutbox;
}

const AIR_MS = 10;

/** The whole path of a packet through the air, from submitted to settled: what each outbox spends on it. */
function costOutbox(): void {
  const generation = linkGeneration(1);
  const ends: [Outbox, Outbox] = [outbox(millis(0)), outbox(millis(0))];
  const totals = [tally(), tally()];
  const coming: Coming[] = [];
  let now = millis(0);
  let settled = 0;
  let counting = totals;

  const feed = (at: number, event: UntimedOutbox): void => {
    const effects: OutboxEffect[] = [];
    const timed = { ...event, at: now } as OutboxEvent;
    count(counting[at], () => {
      stepOutbox(ends[at], timed, effects);
      nextDeadline(ends[at]);
    });
    for (const effect of effects) {
      if (effect.type === "settled") settled += 1;
      if (effect.type === "transmit") {
        coming.push({ at: now + AIR_MS, to: 1 - at, event: { type: "received", generation, bytes: effect.bytes } });
      }
      if (effect.type === "deliver") {
        coming.push({ at: now + 1, to: at, event: { type: "taken", token: effect.token } });
      }
    }
  };
  /** Whatever is next until nothing is. */
  const next = (): boolean => {
    let due: Coming | undefined;
    for (const one of coming) if (due === undefined || one.at < due.at) due = one;
    for (const to of [0, 1]) {
      const at = nextDeadline(ends[to]) ?? Number.POSITIVE_INFINITY;
      if (at < (due?.at ?? Number.POSITIVE_INFINITY)) due = { at, to, event: { type: "tick" } };
    }
    if (due === undefined) return false;
    now = millis(due.at);
    if (coming.includes(due)) coming.splice(coming.indexOf(due), 1);
    feed(due.to, due.event);
    return true;
  };

  const up = { type: "up", generation, mtu: MTU_MAX, stackQueue: 4, intervalMs: 20 } as const;
  for (const at of [0, 1]) feed(at, up);
  for (let i = 0; i < WARM_UP + COUNT; i++) {
    counting = i < WARM_UP ? [tally(), tally()] : totals;
    feed(0, { type: "submit", generation, class: 1, bytes: packets[i], token: i });
    while (next());
    assert(settled === i + 1, "each packet is settled");
  }
  tell("outbox-pass", totals[0]);
  tell("outbox-receive", totals[1]);
}

costOutbox();

const radio = power(millis(0));
let second = 0;
cost("power-event", () => () => {
  second += 1;
  stepPower(radio, { type: "operation", at: millis(second * 1000), class: 1 }, []);
});
