import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { BODY_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { kindOf, kindOfTag, kinds, Message, type MessageType } from "../../../protocol/message/kinds.ts";
import { anyMessage, arbitraries } from "./arbitrary.ts";
import { examples } from "./examples.ts";

const PAYLOADS: readonly MessageType[] = [
  "proposal",
  "vote",
  "stateSync",
  "randomnessCommit",
  "randomnessReveal",
  "disputeClaim",
  "disputeVote",
  "joinRequest",
  "joinAccept",
  "joinReject",
  "tableAnnouncement",
  "heartbeat",
  "boards",
  "leaderProposal",
  "leaderAccept",
  "partitionRecovery",
  "cheatAlert",
];

function expectRoundTrip(type: MessageType): void {
  fc.assert(
    fc.property(arbitraries[type], (message) => {
      const bytes = encode(Message, message);
      expect(bytes[0]).toBe(kindOf(type).tag);
      expect(bytes.length - 1).toBeLessThanOrEqual(kindOf(type).bodySizeMax);
      expect(decode(Message, bytes)).toEqual({ ok: true, value: message });
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      expect(decode(Message, longer)).toMatchObject({ ok: false });
      expect(decode(Message, bytes.subarray(0, -1))).toMatchObject({ ok: false });
    }),
    { seed: 1, numRuns: 60 },
  );
}

describe("what is written is read", () => {
  test("reply: round trip, and no byte more or less [B03]", () => expectRoundTrip("reply"));
  for (const type of PAYLOADS) {
    test(`${type}: round trip, and no byte more or less [H02]`, () => expectRoundTrip(type));
  }
  test("there is no kind beside these", () => {
    expect(kinds.map((kind) => kind.type).sort()).toEqual(["reply", ...PAYLOADS].sort());
  });
});

test("damaged messages are refused or are another message's one encoding, and nothing throws [H02]", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(anyMessage, damage, fc.nat(), (message, edits, cut) => {
      const bytes = encode(Message, message).slice();
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      const shorter = cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
      const decoded = decode(Message, shorter);
      if (decoded.ok) expect(encode(Message, decoded.value)).toEqual(shorter);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("every body fits a packet with its envelope", () => {
  for (const kind of kinds) expect(kind.bodySizeMax).toBeLessThanOrEqual(BODY_SIZE_MAX);
});

test("a tag finds its kind and another byte none", () => {
  for (let tag = 0; tag <= 0xff; tag++) {
    const kind = kindOfTag(tag);
    expect(kind).toBe(kinds.find((each) => each.tag === tag));
  }
  expect(kindOfTag(0)).toBeUndefined();
});

test("tags are what they always were", () => {
  expect(Object.fromEntries(kinds.map((kind) => [kind.type, kind.tag]))).toEqual({
    reply: 0x14,
    proposal: 0x20,
    vote: 0x21,
    stateSync: 0x30,
    randomnessCommit: 0x40,
    randomnessReveal: 0x41,
    disputeClaim: 0x50,
    disputeVote: 0x51,
    joinRequest: 0x60,
    joinAccept: 0x61,
    joinReject: 0x62,
    tableAnnouncement: 0x63,
    heartbeat: 0x70,
    boards: 0x71,
    leaderProposal: 0x80,
    leaderAccept: 0x81,
    partitionRecovery: 0x90,
    cheatAlert: 0xa0,
  });
});

test("tags that were given once are given to nothing else", () => {
  for (const tag of [0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17]) expect([tag, kindOfTag(tag)]).toEqual([tag, undefined]);
});

test("a number written longer than it must be is refused", () => {
  const bytes = encode(Message, examples.reply);
  expect(bytes.subarray(0, 5)).toEqual(Uint8Array.of(0x14, 0x02, 0xf0, 0xa2, 0x04));
  // View 2 as 82 00.
  const longer = Uint8Array.of(0x14, 0x82, 0x00, ...bytes.subarray(2));
  expect(decode(Message, longer)).toEqual({ ok: false, why: "not canonical", at: 3 });
});

test("a set out of its order, or with one of its members twice, is refused", () => {
  const { peers } = examples.heartbeat;
  const bytes = encode(Message, { ...examples.heartbeat, peers: [peers[0]!, { ...peers[1]!, signal: -70 }] }).slice();
  const size = 8 + 1 + 2;
  const at = bytes.length - 2 * size;
  const [first, second] = [bytes.slice(at, at + size), bytes.slice(at + size)];
  expect([first.subarray(0, 8), second.subarray(0, 8)]).toEqual(peers.map(({ peer }) => peer));

  const swapped = Uint8Array.of(...bytes.subarray(0, at), ...second, ...first);
  expect(decode(Message, swapped)).toMatchObject({ ok: false, why: "not canonical" });
  const doubled = Uint8Array.of(...bytes.subarray(0, at), ...first, ...first);
  expect(decode(Message, doubled)).toMatchObject({ ok: false, why: "not canonical" });
  const backward = { ...examples.heartbeat, peers: peers.slice().reverse() };
  expect(() => encode(Message, backward)).toThrow("a set is written in its order");
});

test("a term beyond every view is no message: 2^63 cannot be said", () => {
  const bytes = encode(Message, examples.leaderProposal);
  const huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
  const forged = Uint8Array.of(bytes[0]!, ...huge, ...bytes.subarray(3));
  expect(decode(Message, forged)).toMatchObject({ ok: false, why: "out of range" });
});

test("votes, disputes and alerts are critical; proposals, transfer and recovery high; randomness and leaders normal; presence and joining low [H04]", () => {
  const inClass = (packetClass: number): string[] =>
    kinds.filter((kind) => kind.packetClass === packetClass).map((kind) => kind.type);
  expect(inClass(CRITICAL)).toEqual(["vote", "disputeClaim", "disputeVote", "cheatAlert"]);
  expect(inClass(HIGH)).toEqual(["proposal", "stateSync", "partitionRecovery"]);
  expect(inClass(NORMAL)).toEqual(["reply", "randomnessCommit", "randomnessReveal", "leaderProposal", "leaderAccept"]);
  expect(inClass(LOW)).toEqual(["joinRequest", "joinAccept", "joinReject", "tableAnnouncement", "heartbeat", "boards"]);
});
