import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Chance, chance, draw, draw32, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { CHUNK_SIZE_MAX, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import type { Frame, Opening } from "../../../protocol/frame/frame.ts";
import type { LinkEvent, LogLevel } from "../../../protocol/link/events.ts";
import { nextDeadline } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { config } from "./pair.ts";
import { heed, linkIn, onWire, peerOpening } from "./states.ts";

/** A frame with a right checksum and any content, often near what the link expects. */
function drawFrame(random: Chance, state: Link): Frame {
  const near = (value: number, modulus: number) =>
    draw(random) < 0.7 ? (value + drawBelow(random, 4) - 1 + modulus) % modulus : drawBelow(random, modulus);
  const position = near(state.received, 0x10000);
  const grant = near(state.sent + 128, 0x10000);
  const ack = near(state.nextSequence, 256);
  const session = draw(random) < 0.7 ? (state.peer?.session ?? 900) : draw32(random);
  const space = draw(random) < 0.8 ? 96 + drawBelow(random, 5000) : drawBelow(random, 0x10000);
  const opening: Opening = {
    session,
    major: draw(random) < 0.8 ? 1 : drawBelow(random, 256),
    minor: drawBelow(random, 256),
    features: draw32(random),
    space,
    packetSizeMax: drawBelow(random, 0x10000),
  };
  const kind = drawBelow(random, 12);
  if (kind === 0) return { type: "reset", position, opening };
  if (kind === 1) return { type: "resetAck", position, grant, echo: near(state.session, 2 ** 32), opening };
  if (kind === 2) return { type: "log", position, level: drawBelow(random, 4), text: drawBytes(random, 20) };
  if (kind === 3) return { type: "again", ack, position, grant };
  if (kind < 6) return { type: "ack", ack, position, grant };
  const chunk = drawBytes(random, drawBelow(random, draw(random) < 0.5 ? 3 : CHUNK_SIZE_MAX + 1));
  const flags = { class: drawBelow(random, 4), last: drawBelow(random, 2) };
  return { type: "data", sequence: near(state.expected, 256), ack, position, grant, flags, chunk };
}

function drawEvent(random: Chance, state: Link, token: number): LinkEvent {
  const at = millis(state.now + (draw(random) < 0.5 ? 0 : draw(random) * 400));
  const kind = drawBelow(random, 20);
  if (kind === 0) return { type: "open", at, session: drawBelow(random, 4) };
  if (kind < 4) {
    const bytes = drawBytes(random, drawBelow(random, draw(random) < 0.9 ? 400 : SERIAL_PACKET_SIZE_MAX + 2));
    return { type: "submit", at, class: drawBelow(random, 4) as PacketClass, bytes, token };
  }
  if (kind === 4)
    return { type: "log", at, level: drawBelow(random, 4) as LogLevel, text: "ů\ud800".repeat(token % 90) };
  if (kind < 8) return { type: "writable", at, room: draw(random) < 0.8 ? drawBelow(random, 100) : 1_000_000 };
  if (kind < 11) return { type: "tick", at: millis(Math.max(at, nextDeadline(state) ?? at)) };
  if (kind === 11) return { type: "received", at, bytes: drawBytes(random, drawBelow(random, 300)) };
  const bytes = onWire(drawFrame(random, state));
  return {
    type: "received",
    at,
    bytes: draw(random) < 0.8 ? bytes : bytes.subarray(0, drawBelow(random, bytes.length)),
  };
}

/** Queues, the window and what comes in, at their fullest. */
const STATE_SIZE_MAX = 16_384 + 20 * SERIAL_PACKET_SIZE_MAX + 4 * 2 * SERIAL_PACKET_SIZE_MAX + 40_000;

describe("every event in every mode", () => {
  for (const mode of ["closed", "opening", "half-open", "open", "incompatible"] as const) {
    it(`is legal: ${mode}; the state stays plain data and a snapshot goes on alike`, () => {
      fc.assert(
        fc.property(fc.nat(), fc.constantFrom(96, 128, 600, 4096), (seed, space) => {
          const random = chance(seed);
          const state = linkIn(mode, space);
          let snapshot = structuredClone(state);
          for (let i = 0; i < 80; i++) {
            if (i % 16 === 0) snapshot = structuredClone(state);
            const event = drawEvent(random, state, i);
            const effects = heed(state, event);
            expect(serialize(heed(snapshot, structuredClone(event)))).toEqual(serialize(effects));
            if (event.type === "tick") expect(nextDeadline(state) ?? Infinity).toBeGreaterThan(event.at);
            const sent = effects.filter((effect) => effect.type === "transmit");
            expect(sent.length).toBeLessThan(60);
            if (event.type === "writable") {
              expect(sent.reduce((sum, each) => sum + each.bytes.length, 0)).toBeLessThanOrEqual(event.room);
            }
          }
          expect(serialize(snapshot)).toEqual(serialize(structuredClone(state)));
          expect(serialize(state).length).toBeLessThan(STATE_SIZE_MAX);
        }),
        { seed: 1, numRuns: 40 },
      );
    });
  }
});

describe("a mad other end", () => {
  it("that sends chunks of nothing or of a byte for ever costs no more than a packet", () => {
    for (const size of [0, 1]) {
      const state = linkIn("open");
      const chunk = new Uint8Array(size);
      for (let i = 0; i < 10_000; i++) {
        const at = millis(i / 100);
        const flags = { class: i & 3, last: 0 };
        const position = state.received;
        const data = { type: "data", sequence: i & 0xff, ack: 0, position, grant: 128, flags, chunk } as const;
        heed(state, { type: "received", at, bytes: onWire(data) });
      }
      expect(state.counters.framesIn).toBe(10_001);
      expect(serialize(state).length).toBeLessThan(4000 + 4 * (size * 2 * 2500));
    }
  });

  it("that acknowledges what was never sent is counted, and nothing is taken for acknowledged", () => {
    const state = linkIn("open");
    const ack = { type: "ack", ack: 9, position: state.received, grant: 128 } as const;
    const effects = heed(state, { type: "received", at: millis(1), bytes: onWire(ack) });
    expect(effects).toEqual([]);
    expect(state.counters.unexpected).toBe(1);
  });

  it("that says anything while it reads slowly never has more unread than its space", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = chance(seed);
      const space = [96, 128, 256, 700][seed % 4];
      const state = link(config({ space: seed % 3 === 0 ? 200 : 4096 }));
      heed(state, { type: "open", at: millis(0), session: 5 });
      const opening = peerOpening({ space });
      heed(state, {
        type: "received",
        at: millis(0),
        bytes: onWire({ type: "resetAck", position: 0, grant: space, echo: 5, opening }),
      });
      let sent = 0;
      let read = 0;
      for (let i = 0; i < 300; i++) {
        const at = millis(i * 3);
        read += drawBelow(random, sent - read + 1);
        const made = drawFrame(random, state);
        const free = made.type === "reset" || made.type === "resetAck" || made.type === "log";
        const frame = free ? undefined : { ...made, grant: (read + space) & 0xffff };
        const events: LinkEvent[] = [
          { type: "submit", at, class: 2, bytes: drawBytes(random, drawBelow(random, 700)), token: i },
          { type: "writable", at, room: drawBelow(random, 300) },
        ];
        if (frame !== undefined) events.push({ type: "received", at, bytes: onWire(frame) });
        for (const event of events) {
          // The answer to the opening, the third leg, needs no grant.
          for (const effect of heed(state, event)) if (effect.type === "transmit") sent += effect.bytes.length;
          expect(sent - read).toBeLessThanOrEqual(space + 60);
        }
      }
      expect(sent).toBeGreaterThan(space);
    }
  });
});
