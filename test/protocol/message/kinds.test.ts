import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { BODY_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { kindOf, kindOfTag, kinds, Message, type MessageType } from "../../../protocol/message/kinds.ts";
import { anyMessage, arbitraries } from "./arbitrary.ts";

const AGREEMENT: readonly MessageType[] = [
  "request",
  "prePrepare",
  "prepare",
  "commit",
  "reply",
  "viewChange",
  "newView",
  "checkpoint",
];
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
  "heartbeat",
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
  for (const type of AGREEMENT) {
    test(`${type}: round trip, and no byte more or less [B03]`, () => expectRoundTrip(type));
  }
  for (const type of PAYLOADS) {
    test(`${type}: round trip, and no byte more or less [H02]`, () => expectRoundTrip(type));
  }
  test("there is no kind beside these", () => {
    expect(kinds.map((kind) => kind.type).sort()).toEqual([...AGREEMENT, ...PAYLOADS].sort());
  });
});

test("damaged messages are refused or are another message's one encoding, and nothing throws [B03]", () => {
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
    request: 0x10,
    prePrepare: 0x11,
    prepare: 0x12,
    commit: 0x13,
    reply: 0x14,
    viewChange: 0x15,
    newView: 0x16,
    checkpoint: 0x17,
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
    heartbeat: 0x70,
    leaderProposal: 0x80,
    leaderAccept: 0x81,
    partitionRecovery: 0x90,
    cheatAlert: 0xa0,
  });
});

test("votes, disputes and alerts are critical; proposals, transfer and recovery high; randomness and leaders normal; presence and joining low [H04]", () => {
  const inClass = (packetClass: number): string[] =>
    kinds.filter((kind) => kind.packetClass === packetClass).map((kind) => kind.type);
  expect(inClass(CRITICAL)).toEqual([
    "prepare",
    "commit",
    "viewChange",
    "vote",
    "disputeClaim",
    "disputeVote",
    "cheatAlert",
  ]);
  expect(inClass(HIGH)).toEqual(["prePrepare", "newView", "checkpoint", "proposal", "stateSync", "partitionRecovery"]);
  expect(inClass(NORMAL)).toEqual([
    "request",
    "reply",
    "randomnessCommit",
    "randomnessReveal",
    "leaderProposal",
    "leaderAccept",
  ]);
  expect(inClass(LOW)).toEqual(["joinRequest", "joinAccept", "joinReject", "heartbeat"]);
});
