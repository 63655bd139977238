import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { counter, epoch, memberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";
import { decrementHops, Envelope } from "../../../protocol/envelope/envelope.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { messageId, type Sender, Signing } from "../../../protocol/envelope/signing.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { examples, rising } from "../message/examples.ts";
import { toHex } from "../message/json-value.ts";
import {
  context,
  EPOCH,
  hashing,
  MEMBERS,
  member,
  NOW,
  STRANGER,
  sealBy,
  stranger,
  TABLE_ID,
  table,
  verifying,
} from "./people.ts";

const reply = examples.reply;
const signedBy = (message: Message, sender: Sender): Uint8Array =>
  seal(message, sender, sender.type === "member" ? MEMBERS[sender.sender]!.ports : STRANGER.ports).signed;
const otherTableId = Uint8Array.of(TABLE_ID[0]!, TABLE_ID[1]!, ...rising(1, 14));

test("the signed bytes are their layout's: domain, major version, form, whole table, epoch, sender, counter, tag, body [B11]", () => {
  const sender = member(2, 7);
  const signed = signedBy(reply, sender);
  expect(decode(Signing, signed)).toEqual({
    ok: true,
    value: { head: { domain: "hardway", major: PROTOCOL_MAJOR, sender }, message: reply },
  });
  expect(toHex(signed)).toBe(
    [
      "07",
      toHex(Buffer.from("hardway")),
      "01",
      "01",
      toHex(TABLE_ID),
      "04",
      "02",
      "07",
      "14",
      "02f0a204",
      toHex(rising(2, 32)),
      "0307ac02",
      `06${toHex(rising(5, 6))}`,
    ].join(""),
  );
  const fromStranger = stranger(7);
  expect(decode(Signing, signedBy(examples.joinRequest, fromStranger))).toMatchObject({
    ok: true,
    value: { head: { sender: fromStranger }, message: examples.joinRequest },
  });
});

/** An honest envelope of member 2 whose signature is kept while the rest is changed to mean something else. */
function replayed(change: Partial<Extract<Envelope, { type: "member" }>>, message: Message = reply): Uint8Array {
  const honest = decode(Envelope, sealBy(reply, member(2, 7)));
  if (!honest.ok || honest.value.type !== "member") throw new Error("an honest envelope is one");
  const shown = decode(Envelope, sealBy(message, member(2, 7)));
  if (!shown.ok || shown.value.type !== "member") throw new Error("an honest envelope is one");
  const { kind, body } = shown.value;
  return encode(Envelope, { ...honest.value, kind, body, ...change });
}

const BAD_SIGNATURE = { ok: false, verdict: "reject", why: "bad signature" };

test("the envelope that is changed in nothing opens [B11]", () => {
  expect(open(replayed({}), context(), verifying())).toMatchObject({ ok: true, message: reply });
});

test("a vote's signature is none on a dispute's, which has the same body [B11]", () => {
  const { proposal, reason } = examples.vote;
  const accept = sealBy({ type: "vote", proposal, answer: "accept", reason }, member(2, 7));
  const uphold = sealBy({ type: "disputeVote", dispute: proposal, answer: "uphold", reason }, member(2, 7));
  const [honest, other] = [decode(Envelope, accept), decode(Envelope, uphold)];
  if (!honest.ok || honest.value.type !== "member" || !other.ok || other.value.type !== "member")
    throw new Error("they are");
  expect(other.value.body).toEqual(honest.value.body);
  const crossed = encode(Envelope, { ...honest.value, kind: other.value.kind });
  expect(open(accept, context(), verifying())).toMatchObject({ ok: true });
  expect(open(crossed, context(), verifying())).toEqual(BAD_SIGNATURE);
});

test("a signature of one view is none in another, nor at another sequence, nor on another digest [B11]", () => {
  for (const changed of [
    { ...reply, view: view(3) },
    { ...reply, sequence: sequence(70_001) },
    { ...reply, digest: rising(3, 32) },
  ]) {
    expect(open(replayed({}, changed), context(), verifying())).toEqual(BAD_SIGNATURE);
  }
});

test("a signature of one table is none at another, even at one with the same short id [B11]", () => {
  const bytes = sealBy(reply, member(2, 7));
  expect(open(bytes, context([table(otherTableId)]), verifying())).toEqual(BAD_SIGNATURE);
  expect(open(bytes, context([table(TABLE_ID)]), verifying())).toMatchObject({ ok: true });
});

test("a signature of one epoch is none in the next [B11]", () => {
  const next = epoch(EPOCH + 1);
  expect(open(replayed({ epoch: next }), context([table(TABLE_ID, next)]), verifying())).toEqual(BAD_SIGNATURE);
});

test("one member's signature is none under another's index [B11]", () => {
  for (const sender of [0, 1, 3]) {
    expect(open(replayed({ reach: { sender, hops: 8 } }), context(), verifying())).toEqual(BAD_SIGNATURE);
  }
});

test("one member cannot speak as another: the index is bound to the key of the membership [B11]", () => {
  const forged = seal(reply, member(2, 7), MEMBERS[1]!.ports).bytes;
  expect(open(forged, context(), verifying())).toEqual(BAD_SIGNATURE);
});

test("a signature under one counter is none under another [B11]", () => {
  expect(open(replayed({ counter: counter(8) }), context(), verifying())).toEqual(BAD_SIGNATURE);
});

test("what a member signed is nothing that it said as a stranger, nor the other way round [B11]", () => {
  const asMember: Sender = {
    type: "member",
    table: TABLE_ID,
    epoch: EPOCH,
    sender: memberIndex(0),
    counter: counter(7),
  };
  const asStranger: Sender = {
    type: "stranger",
    key: MEMBERS[0]!.key,
    time: NOW,
    counter: counter(7),
    table: TABLE_ID,
  };
  const heartbeat = examples.heartbeat;
  const unpacked = { packAbove: 4096 };
  const one = decode(Envelope, seal(heartbeat, asMember, MEMBERS[0]!.ports, unpacked).bytes);
  const other = decode(Envelope, seal(heartbeat, asStranger, MEMBERS[0]!.ports, unpacked).bytes);
  if (!one.ok || one.value.type !== "member") throw new Error("an honest envelope is one");
  if (!other.ok || other.value.type !== "stranger") throw new Error("an honest envelope is one");
  const swappedOne = encode(Envelope, { ...one.value, signature: other.value.signature });
  const swappedOther = encode(Envelope, { ...other.value, signature: one.value.signature });
  expect(open(swappedOne, context(), verifying())).toEqual(BAD_SIGNATURE);
  expect(open(swappedOther, context(), verifying())).toEqual(BAD_SIGNATURE);
});

test("a stranger's key, time, counter and table are what it signed [B11]", () => {
  const honest = decode(Envelope, sealBy(examples.joinRequest, stranger(7)));
  if (!honest.ok || (honest.value.type !== "stranger" && honest.value.type !== "strangerPacked"))
    throw new Error("it is");
  for (const change of [
    { key: MEMBERS[0]!.key },
    { time: millis(NOW + 1) },
    { counter: counter(8) },
    { table: TABLE_ID },
  ]) {
    expect(open(encode(Envelope, { ...honest.value, ...change }), context(), verifying())).toEqual(BAD_SIGNATURE);
  }
});

test("hops and packing are outside the signature [H06]", () => {
  const state = { ...examples.proposal, content: new Uint8Array(500).fill(7) };
  const stored = seal(state, member(1, 9), MEMBERS[1]!.ports, { packAbove: 1000 });
  const packed = seal(state, member(1, 9), MEMBERS[1]!.ports, { packAbove: 0 });
  expect(packed.bytes.length).toBeLessThan(stored.bytes.length);
  expect(packed.signed).toEqual(stored.signed);
  const relayed = decrementHops(packed.bytes);
  if (relayed === "exhausted") throw new Error("eight relays may pass it on");
  const opened = open(relayed, context(), verifying());
  expect(opened).toMatchObject({ ok: true, signed: stored.signed, message: state });
});

test("two payloads in one second have two ids, and one envelope has one id by whatever way it came [H03]", () => {
  const id = (message: Message, sender: Sender): string => toHex(messageId(signedBy(message, sender), hashing));
  const sayings = [
    id(reply, member(2, 7)),
    id(reply, member(2, 8)),
    id(reply, member(1, 7)),
    id(examples.vote, member(2, 7)),
    id({ ...reply, digest: rising(3, 32) }, member(2, 7)),
    id(reply, member(2, 7, otherTableId)),
    id(examples.heartbeat, stranger(1)),
    id(examples.heartbeat, stranger(2)),
    id({ ...examples.heartbeat, batteryPercent: 80 }, stranger(1)),
  ];
  expect(new Set(sayings).size).toBe(sayings.length);
  for (const each of sayings) expect(each).toMatch(/^[0-9a-f]{64}$/);

  const sealed = seal(reply, member(2, 7), MEMBERS[2]!.ports);
  const relayed = decrementHops(sealed.bytes);
  if (relayed === "exhausted") throw new Error("eight relays may pass it on");
  for (const bytes of [sealed.bytes, relayed]) {
    const opened = open(bytes, context(), verifying());
    if (!opened.ok) throw new Error(opened.why);
    expect(toHex(messageId(opened.signed, hashing))).toBe(sayings[0]);
  }
});

test("a writer of one's own changes no byte", () => {
  const out = new Writer(8192);
  for (let count = 0; count < 200; count++) {
    const sender = member(count % 4, count);
    const ports = MEMBERS[count % 4]!.ports;
    const shared = seal(reply, sender, ports, { out });
    const alone = seal(reply, sender, ports);
    expect(shared).toEqual(alone);
    expect(open(shared.bytes, context(), verifying(), out)).toEqual(open(alone.bytes, context(), verifying()));
  }
});
