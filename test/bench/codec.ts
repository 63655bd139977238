/** A signed vote of a member, through our layouts and through cbor-x as the same plain object. No signature is made or
 * checked while the clock runs. */
import { isDeepStrictEqual } from "node:util";
import { Encoder } from "cbor-x";
import { decode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance } from "../../protocol/core/chance.ts";
import {
  COUNTER_MAX,
  DIGEST_SIZE,
  ENVELOPE_OVERHEAD_MAX,
  EPOCH_MAX,
  MEMBERS_MAX,
  SEQUENCE_MAX,
  SIGNATURE_SIZE,
  TABLE_ID_SIZE,
  VIEW_MAX,
} from "../../protocol/core/limits.ts";
import { counter, epoch, memberIndex, sequence, view } from "../../protocol/core/units.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import type { Sender } from "../../protocol/envelope/signing.ts";
import { kindOf, Message } from "../../protocol/message/kinds.ts";
import { toJson } from "../protocol/message/json-value.ts";
import { type Row, race } from "./bench.ts";
import { subject, vote } from "./corpus.ts";

/** More than a processor's branch prediction learns by heart. */
const VOTE_COUNT = 64;
const CHUNK_SIZE = 4096;

/** An envelope with its body decoded. */
type Vote = ReturnType<typeof decodeVote>;

export function bench(): Row[] {
  const random = chance(1);
  const sealed = Array.from({ length: VOTE_COUNT }, (_, index) => vote(random, subject(random), index % 10));
  const votes = sealed.map(decodeVote);
  const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
  const theirs = votes.map((each) => cbor.encode(each));
  const out = new Writer(CHUNK_SIZE);
  for (const [at, each] of votes.entries()) {
    assert(Buffer.compare(encodeVote(each, out), sealed[at]!) === 0, "what was decoded is encoded as it was sealed");
    assert(isDeepStrictEqual(toJson(cbor.decode(theirs[at]!)), toJson(each)), "both say the same");
  }

  const size = largest(sealed);
  const theirSize = largest(theirs);
  const turn = { encode: 0, theirEncode: 0, decode: 0, theirDecode: 0 };
  return [
    { metric: "vote-bytes", value: size, unit: "bytes", baseline: theirSize, ratio: size / theirSize },
    { metric: "vote-bytes-worst", value: worstSize(), unit: "bytes" },
    speed("vote-encode", {
      ours: () => encodeVote(votes[turn.encode++ % VOTE_COUNT]!, out),
      baseline: () => cbor.encode(votes[turn.theirEncode++ % VOTE_COUNT]!),
    }),
    speed("vote-decode", {
      ours: () => decodeVote(sealed[turn.decode++ % VOTE_COUNT]!),
      baseline: () => cbor.decode(theirs[turn.theirDecode++ % VOTE_COUNT]!),
    }),
  ];
}

function speed(metric: string, racers: Parameters<typeof race>[0]): Row {
  const { oursNs, baselineNs, ratio } = race(racers);
  return { metric, value: oursNs, unit: "ns", baseline: baselineNs, ratio };
}

/** As `seal` writes it: the body by its kind's own bound, then the envelope around it. */
function encodeVote(vote: Vote, out: Writer): Uint8Array {
  out.reserve(1 + kindOf(vote.body.type).bodySizeMax);
  Message.write(out, vote.body);
  const message = out.take();
  const { type, reach, table, epoch, counter, signature, kind } = vote;
  const body = message.subarray(1);
  out.reserve(ENVELOPE_OVERHEAD_MAX + body.length);
  Envelope.write(out, { type, reach, table, epoch, counter, signature, kind, body });
  return out.take();
}

/** As `open` reads it: the envelope, then the message that its last bytes are. */
function decodeVote(bytes: Uint8Array) {
  const envelope = decode(Envelope, bytes);
  assert(envelope.ok && envelope.value.type === "member", "a vote is a member's and not packed");
  const { type, reach, table, epoch, counter, signature, kind, body } = envelope.value;
  const message = decode(Message, bytes.subarray(bytes.length - body.length - 1));
  assert(message.ok && message.value.type === "prepare", "the body is a prepare");
  return { type, reach, table, epoch, counter, signature, kind, body: message.value };
}

/** With every number at its end: no table lives that long. */
function worstSize(): number {
  const sender: Sender = {
    type: "member",
    table: new Uint8Array(TABLE_ID_SIZE),
    epoch: epoch(EPOCH_MAX),
    sender: memberIndex(MEMBERS_MAX - 1),
    counter: counter(COUNTER_MAX),
  };
  const digest = new Uint8Array(DIGEST_SIZE);
  const message = { type: "prepare", view: view(VIEW_MAX), sequence: sequence(SEQUENCE_MAX), digest } as const;
  return seal(message, sender, { sign: () => new Uint8Array(SIGNATURE_SIZE) }).bytes.length;
}

const largest = (all: readonly Uint8Array[]): number => Math.max(...all.map((bytes) => bytes.length));
