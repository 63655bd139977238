/** What one radio hears of another: single fragments, packets put together, and an outbox with a link to it. */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { FRAGMENTS_MAX, PACKET_SIZE_MAX, REASSEMBLY_SIZE_MAX, REASSEMBLY_SLOTS } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../protocol/core/units.ts";
import type { OutboxEffect } from "../../protocol/packet/events.ts";
import { Fragment, packetId } from "../../protocol/packet/fragment.ts";
import { nextDeadline, type Outbox, outbox, step } from "../../protocol/packet/outbox.ts";
import { expireSlots, letGo, type Reassembler, reassemble, reassembler } from "../../protocol/packet/reassembler.ts";
import { partCount, partOf, partSize } from "../../protocol/packet/splitter.ts";
import { layout, same, type Target } from "./target.ts";

const ack = { expected: 3, seen: 0b101 };
const packet = { class: 2, order: 5 };
const fragments: readonly Fragment[] = [
  { type: "whole", sequence: 0, ...ack, packet, payload: drawBytes(chance(1), 60) },
  { type: "part", sequence: 1, ...ack, packet: { ...packet, last: 0 }, index: 0, payload: drawBytes(chance(2), 237) },
  { type: "part", sequence: 2, ...ack, packet: { ...packet, last: 1 }, index: 300, payload: drawBytes(chance(3), 9) },
  { type: "ack", ...ack },
  { type: "cancel", sequence: 4, ...ack, packet },
  { type: "ask", ...ack },
];

/** The parts of a packet, as values of `valueSize`, in an order that a chance draws. */
function parts(seed: number, packetClass: number, order: number, size: number, valueSize: number): Uint8Array[] {
  const bytes = drawBytes(chance(seed), size);
  const each = partSize(size, valueSize);
  const count = partCount(size, each);
  const values = Array.from({ length: count }, (_, index) =>
    encode(Fragment, {
      type: "part",
      sequence: index & 0xff,
      expected: 0,
      seen: 0,
      packet: { last: index === count - 1 ? 1 : 0, class: packetClass, order },
      index,
      payload: partOf(bytes, each, index),
    }),
  );
  return seed % 2 === 0 ? values : values.reverse();
}

/** A stream of values, a length byte before each: how a fuzzer says that something came after something else. */
function strung(values: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value.length, ...value]));
}

function* unstrung(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + bytes[at]);
    yield bytes.subarray(at + 1, end);
    at = end;
  }
}

const putTogether: Target = {
  seeds: [
    strung(parts(1, 0, 0, 300, 60)),
    strung(parts(2, 1, 1, 700, 120)),
    strung(parts(3, 2, 31, 100, 20)),
    strung([...parts(4, 0, 0, 200, 60), ...parts(5, 0, 1, 200, 60), ...parts(6, 3, 0, 150, 40)]),
    strung(parts(7, 3, 9, 4096, 244)),
  ],
  weightMax: (inputSize) => 64 + 16 * inputSize,
  run(bytes) {
    const state = reassembler(REASSEMBLY_SIZE_MAX);
    const answers: unknown[] = [];
    // What was kept last of each index of each packet, and how many indexes a packet has.
    const kept = new Map<number, Uint8Array>();
    const counts = new Map<number, number>();
    let now = 0;
    let heard = 0;
    let complete = 0;
    for (const value of unstrung(bytes)) {
      now += 250;
      const decoded = decode(Fragment, value);
      if (!decoded.ok || decoded.value.type !== "part") continue;
      const { packet, index, payload } = decoded.value;
      const id = packetId(packet.class, packet.order);
      const last = packet.last === 1;
      const got = reassemble(state, id, index, last, payload, millis(now));
      checkReassembler(state);
      heard += payload.length;
      if (got.type === "kept" || got.type === "complete") {
        kept.set(id * FRAGMENTS_MAX + index, payload);
        if (last) counts.set(id, index + 1);
      }
      if (got.type === "complete") {
        assert(got.bytes.length <= PACKET_SIZE_MAX, "a packet keeps its bound");
        let at = 0;
        for (let each = 0; each < (counts.get(id) ?? 0); each++) {
          const part = kept.get(id * FRAGMENTS_MAX + each) ?? new Uint8Array(0);
          assert(same(got.bytes.subarray(at, at + part.length), part), "a part stands where its index says");
          at += part.length;
        }
        assert(at === got.bytes.length, "a packet is its parts and nothing else");
        complete += got.bytes.length;
        letGo(state, got.claimed);
      }
      answers.push(got.type === "refused" ? got.why : got.type === "complete" ? got.bytes : got.type);
    }
    assert(complete <= heard, "no byte of a packet was made up");
    expireSlots(state, millis(now + 60_000));
    assert(state.slots.length === 0 && state.size === 0, "time gives all memory back");
    return answers;
  },
};

function checkReassembler(state: Reassembler): void {
  assert(state.slots.length <= REASSEMBLY_SLOTS, "packets being put together keep their bound");
  assert(state.size >= 0 && state.size <= REASSEMBLY_SIZE_MAX, "their bytes keep theirs");
}

const LINK = linkGeneration(1);
const DEADLINES = 8;
const SUBMITTED = [drawBytes(chance(8), 500), drawBytes(chance(9), 60)];

/** A radio with one neighbour, and packets on their way to it. */
function radio(effects: OutboxEffect[]): Outbox {
  const state = outbox(millis(0));
  step(state, { type: "up", at: millis(0), generation: LINK, mtu: 100, stackQueue: 4, intervalMs: 20 }, effects);
  for (const [token, bytes] of SUBMITTED.entries()) {
    step(state, { type: "submit", at: millis(1), generation: LINK, class: 0, bytes, token }, effects);
  }
  return state;
}

/** What the neighbour says when it has packets of its own, of which `sizes` tells. */
function neighbour(sizes: readonly number[]): Uint8Array {
  const ours: OutboxEffect[] = [];
  radio(ours);
  const theirs: OutboxEffect[] = [];
  const state = outbox(millis(0));
  step(state, { type: "up", at: millis(0), generation: LINK, mtu: 100, stackQueue: 4, intervalMs: 20 }, theirs);
  for (const bytes of transmitted(ours))
    step(state, { type: "received", at: millis(2), generation: LINK, bytes }, theirs);
  for (const [token, size] of sizes.entries()) {
    const bytes = drawBytes(chance(size), size);
    step(
      state,
      { type: "submit", at: millis(3), generation: LINK, class: (token % 4) as PacketClass, bytes, token },
      theirs,
    );
  }
  for (let at = 20; at < 400; at += 20) step(state, { type: "tick", at: millis(at) }, theirs);
  return strung(transmitted(theirs));
}

function transmitted(effects: readonly OutboxEffect[]): Uint8Array[] {
  return effects.flatMap((effect) => (effect.type === "transmit" ? [effect.bytes.slice()] : []));
}

const outboxTarget: Target = {
  seeds: [
    neighbour([40]),
    neighbour([40, 50, 60, 70]),
    neighbour([200, 30]),
    neighbour([]),
    strung(fragments.map((each) => encode(Fragment, each))),
  ],
  weightMax: (inputSize) => 128 + 24 * inputSize,
  run(bytes) {
    const effects: OutboxEffect[] = [];
    const state = radio(effects);
    effects.length = 0;
    let at = millis(1);
    let taken = 0;
    let delivered = 0;
    const take = (): void => {
      for (; taken < effects.length; taken++) {
        const effect = effects[taken];
        if (effect.type !== "deliver") continue;
        delivered += effect.bytes.length;
        // A host that takes two of three.
        if (effect.token % 3 !== 2) step(state, { type: "taken", at, token: effect.token }, effects);
      }
    };
    for (const value of unstrung(bytes)) {
      at = millis(at + 11);
      step(state, { type: "received", at, generation: LINK, bytes: value }, effects);
      for (const { receiver } of state.flows) checkReassembler(receiver.reassembler);
      take();
    }
    for (let i = 0; i < DEADLINES; i++) {
      at = millis(Math.max(at, nextDeadline(state) ?? at));
      step(state, { type: "tick", at }, effects);
      take();
    }
    assert(delivered <= bytes.length, "no more is delivered than came");
    step(state, { type: "down", at, generation: LINK }, effects);
    const settled = effects.filter((effect) => effect.type === "settled").map((effect) => effect.token);
    assert(String(settled.sort()) === String([...SUBMITTED.keys()]), "every packet is settled once");
    const heard = effects.filter((effect) => effect.type !== "transmit");
    return { heard, left: transmitted(effects).length, counters: Object.values(state.counters) };
  },
};

export const airTargets = {
  fragment: layout(
    Fragment,
    fragments.map((each) => encode(Fragment, each)),
  ),
  reassembler: putTogether,
  outbox: outboxTarget,
};
