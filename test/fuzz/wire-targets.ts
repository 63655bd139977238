/** What comes off a serial wire: bytes, frames, and a whole link with both its opening and its traffic. */
import { crc16 } from "../../protocol/bytes/crc16.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { SERIAL_FRAME_SIZE_MAX } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { type Crc, decodeFrame, encodeFrame, Frame } from "../../protocol/frame/frame.ts";
import {
  END,
  ESC,
  ESC_END,
  ESC_ESC,
  type Slip,
  slip,
  slipDecode,
  slipEncode,
  slipSizeMax,
} from "../../protocol/frame/slip.ts";
import type { LinkEffect, LinkEvent } from "../../protocol/link/events.ts";
import { nextDeadline, step } from "../../protocol/link/link.ts";
import { type Link, link } from "../../protocol/link/state.ts";
import { config } from "../protocol/link/pair.ts";
import { layout, layoutWeightMax, same, type Target } from "./target.ts";

/** As if every checksum held: what is behind it must stand on its own, for sixteen bits let some damage through. */
const everyCrcHolds: Crc = (bytes, _start, end) => (bytes[end] << 8) | bytes[end + 1];

const opening = { session: 0xc0dbc0db, major: 1, minor: 0, features: 0, space: 4096, packetSizeMax: 4112 };
const position = 0xdbc0;
const grant = 0x1000;
const frames: readonly Frame[] = [
  { type: "reset", position, opening },
  { type: "resetAck", position, grant, echo: 7, opening },
  { type: "data", sequence: 0, ack: 0, position, grant, flags: { class: 2, last: 1 }, chunk: drawBytes(chance(1), 40) },
  { type: "data", sequence: 1, ack: 0, position, grant, flags: { class: 0, last: 0 }, chunk: new Uint8Array(245) },
  { type: "data", sequence: 2, ack: 3, position, grant, flags: { class: 3, last: 1 }, chunk: new Uint8Array(0) },
  { type: "ack", ack: 3, position, grant },
  { type: "again", ack: 3, position, grant },
  { type: "log", position, level: 2, text: drawBytes(chance(2), 120) },
];
const frameBytes = frames.map((each) => encodeFrame(each, new Uint8Array(SERIAL_FRAME_SIZE_MAX)).slice());

const onWire = (bytes: Uint8Array): Uint8Array => {
  const wire = new Uint8Array(slipSizeMax(bytes.length));
  wire[0] = END;
  return wire.subarray(0, slipEncode(bytes, wire, 1));
};
const escapes = [END, ESC, ESC_END, ESC_ESC];
/** Around the longest frame, all of it escaped. */
const bounds = [-1, 0, 1].map((beyond) => new Uint8Array(SERIAL_FRAME_SIZE_MAX + beyond).fill(END));
const slipSeeds = [...frameBytes, Uint8Array.from({ length: 256 }, (_, at) => escapes[at % 4]), ...bounds].map(onWire);

/** However the wire cuts a stream, the frames in it are the same, and they are what the standard's own words give. */
const slipStream: Target = {
  seeds: [...slipSeeds, join(slipSeeds.slice(0, 3)), join(slipSeeds.slice(5))],
  weightMax: (inputSize) => 64 + 16 * inputSize,
  run(bytes) {
    const whole = framesOf(slip(SERIAL_FRAME_SIZE_MAX), [bytes]);
    const cut = framesOf(slip(SERIAL_FRAME_SIZE_MAX), cutUp(bytes));
    assert(alike(whole, cut), "a stream means the same in one piece and in many");
    assert(alike(whole, byTheBook(bytes)), "it means what it means byte by byte");
    return whole;
  },
};

function framesOf(state: Slip, pieces: Iterable<Uint8Array>): (Uint8Array | string)[] {
  const found: (Uint8Array | string)[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const next = slipDecode(state, piece, at);
      assert(next > at && next <= piece.length, "each call takes bytes, and none that are not there");
      at = next;
      if (state.frame !== undefined) {
        assert(state.frame.length > 0 && state.frame.length <= SERIAL_FRAME_SIZE_MAX, "a frame keeps its bounds");
        assert(state.frameWireSize > state.frame.length, "a frame took its bytes and an END");
        found.push(state.frame.slice());
      }
      if (state.refused !== undefined) found.push(state.refused);
    }
  }
  return found;
}

/** RFC 1055 a byte at a time. The first fault of a frame is the one that counts. */
function byTheBook(bytes: Uint8Array): (Uint8Array | string)[] {
  const found: (Uint8Array | string)[] = [];
  let frame: number[] = [];
  let fault = "";
  let escaped = false;
  for (const byte of bytes) {
    if (byte === END) {
      if (escaped && fault === "") fault = "bad escape";
      if (fault !== "") found.push(fault);
      else if (frame.length > 0) found.push(Uint8Array.from(frame));
      frame = [];
      fault = "";
      escaped = false;
    } else if (fault !== "") {
      // Nothing counts any more up to the END.
    } else if (!escaped && byte === ESC) {
      escaped = true;
    } else if (escaped && byte !== ESC_END && byte !== ESC_ESC) {
      fault = "bad escape";
    } else {
      if (frame.length === SERIAL_FRAME_SIZE_MAX) fault = "oversized";
      frame.push(!escaped ? byte : byte === ESC_END ? END : ESC);
      escaped = false;
    }
  }
  return found;
}

function alike(left: readonly (Uint8Array | string)[], right: readonly (Uint8Array | string)[]): boolean {
  return left.length === right.length && left.every((each, at) => sameFrame(each, right[at]));
}

const sameFrame = (left: Uint8Array | string, right: Uint8Array | string): boolean =>
  typeof left === "string" || typeof right === "string" ? left === right : same(left, right);

/** The same pieces for the same size. */
function cutUp(bytes: Uint8Array): Uint8Array[] {
  const from = chance(bytes.length);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + drawBelow(from, 80));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

const frame: Target = {
  seeds: frameBytes,
  weightMax: layoutWeightMax,
  run: (bytes) => [decodeFrame(bytes), decodeFrame(bytes, everyCrcHolds)],
};

const SESSION = 7;
const SENT = [drawBytes(chance(3), 600), new Uint8Array(20), new Uint8Array(300).fill(0xc0)];
/** More than any run transmits in one step. */
const ROOM = 4096;
const DEADLINES = 12;

/** The end under test as it stands when the fuzzed bytes come. */
function opened(heard: readonly Uint8Array[], effects: LinkEffect[]): Link {
  const state = link(config());
  step(state, { type: "open", at: millis(0), session: SESSION }, effects);
  for (const bytes of heard) step(state, { type: "received", at: millis(1), bytes }, effects);
  step(state, { type: "writable", at: millis(1), room: ROOM }, effects);
  if (state.mode !== "open") return state;
  for (const [token, bytes] of SENT.entries()) {
    step(state, { type: "submit", at: millis(1), class: token === 1 ? 0 : 2, bytes, token }, effects);
  }
  return state;
}

const conversation = converse();

/** A peer that answers the opening and then says what peers say; `answer` is its first word, `streams` are the rest. */
function converse(): { answer: Uint8Array[]; streams: Uint8Array[] } {
  const ours: LinkEffect[] = [];
  opened([], ours);
  const peer = link(config({ space: 128 }));
  const say = (event: LinkEvent): Uint8Array[] => {
    const effects: LinkEffect[] = [];
    step(peer, event, effects);
    step(peer, { type: "writable", at: event.at, room: ROOM }, effects);
    return transmitted(effects);
  };
  say({ type: "open", at: millis(0), session: 1001 });
  const answer = transmitted(ours).flatMap((bytes) => say({ type: "received", at: millis(1), bytes }));

  const after: LinkEffect[] = [];
  const state = opened(answer, after);
  assert(state.mode === "open", "the answer opens the link");
  const streams: Uint8Array[][] = [
    transmitted(after).flatMap((bytes) => say({ type: "received", at: millis(2), bytes })),
  ];
  for (const [token, size] of [10, 100, 700, 0].entries()) {
    const bytes = drawBytes(chance(size), size);
    streams.push(say({ type: "submit", at: millis(3), class: token as 0 | 1 | 2 | 3, bytes, token }));
  }
  streams.push(say({ type: "log", at: millis(4), level: 1, text: "a line" }));
  streams.push(say({ type: "tick", at: millis(600) }), say({ type: "tick", at: millis(1700) }));
  return { answer, streams: streams.map(join).filter((bytes) => bytes.length > 0) };
}

function transmitted(effects: readonly LinkEffect[]): Uint8Array[] {
  return effects.flatMap((effect) => (effect.type === "transmit" ? [effect.bytes.slice()] : []));
}

function linkTarget(heard: readonly Uint8Array[], crc: Crc): Target {
  return {
    seeds: [...conversation.streams, join(conversation.streams), ...slipSeeds],
    weightMax: (inputSize) => 64 + 24 * inputSize,
    run(bytes) {
      const effects: LinkEffect[] = [];
      const state = opened(heard, effects);
      effects.length = 0;
      let at = millis(1);
      let rooms = 1;
      for (const piece of cutUp(bytes)) {
        at = millis(at + 7);
        step(state, { type: "received", at, bytes: piece }, effects, crc);
        step(state, { type: "writable", at, room: ROOM }, effects, crc);
        rooms += 1;
      }
      for (let i = 0; i < DEADLINES; i++) {
        at = millis(Math.max(at, nextDeadline(state) ?? at));
        step(state, { type: "tick", at }, effects, crc);
        step(state, { type: "writable", at, room: ROOM }, effects, crc);
        rooms += 2;
        const next: Millis | undefined = nextDeadline(state);
        assert(next === undefined || next > at, "a deadline that has passed is never the next one");
      }
      return judged(state, effects, bytes.length, rooms);
    },
  };
}

/** What left is bounded by the room that was given, and only its size is kept; what came is bounded by the input. */
function judged(state: Link, effects: readonly LinkEffect[], inputSize: number, rooms: number): unknown {
  let left = 0;
  let came = 0;
  for (const effect of effects) {
    if (effect.type === "transmit") left += effect.bytes.length;
    if (effect.type === "deliver") came += effect.bytes.length;
  }
  assert(left <= rooms * ROOM, "no more leaves than there is room for");
  assert(came <= inputSize, "no more is delivered than came");
  const heard = effects.filter((effect) => effect.type !== "transmit" && effect.type !== "lost");
  return { mode: state.mode, left, heard, counters: Object.values(state.counters) };
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const payloads = frameBytes.map((bytes) => bytes.subarray(0, -2));

export const wireTargets = {
  slip: slipStream,
  frame,
  "frame/layout": layout(Frame, payloads),
  link: linkTarget(conversation.answer, crc16),
  "link/any-checksum": linkTarget(conversation.answer, everyCrcHolds),
  "link/opening": linkTarget([], everyCrcHolds),
};
