/** A ballot of a member on its way, through our layouts and through cbor-x as the same plain object. No signature is made or
 * checked while the clock runs. */
import { isDeepStrictEqual } from "node:util";
import { Encoder } from "cbor-x";
import { HINT_SIZE } from "../../protocol/agreement/ballot.ts";
import { Proposals } from "../../protocol/agreement/request.ts";
import { Said, saidKindOf } from "../../protocol/agreement/said.ts";
import { decode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance } from "../../protocol/core/chance.ts";
import {
  ENVELOPE_OVERHEAD_MAX,
  EPOCH_MAX,
  MEMBERS_MAX,
  SEQUENCE_MAX,
  SIGNATURE_SIZE,
  TABLE_ID_SIZE,
  VIEW_MAX,
} from "../../protocol/core/limits.ts";
import { epoch, memberIndex, sequence, view } from "../../protocol/core/units.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { SAID_REPEAT_MAX } from "../../protocol/envelope/limits.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
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

const BALLOT_SIZE_MAX = saidKindOf("ballot").sizeMax - Proposals.sizeMax;

/** As `sealSaid` writes it: what is said by its own bound, then the envelope around it. */
function encodeVote({ said, ...around }: Vote, out: Writer): Uint8Array {
  out.reserve(BALLOT_SIZE_MAX);
  Said.write(out, said);
  const body = out.take();
  out.reserve(ENVELOPE_OVERHEAD_MAX + body.length);
  const { type, reach, table, epoch, repeat } = around;
  Envelope.write(out, { type, reach, table, epoch, repeat, body });
  return out.take();
}

/** As `openSaid` reads it: the envelope, then what is said in it. */
function decodeVote(bytes: Uint8Array) {
  const envelope = decode(Envelope, bytes);
  assert(envelope.ok && envelope.value.type === "said", "a ballot is said openly and not packed");
  const { type, reach, table, epoch, repeat, body } = envelope.value;
  const said = decode(Said, body);
  assert(said.ok && said.value.type === "ballot", "what is said is a ballot");
  return { type, reach, table, epoch, repeat, said: said.value };
}

/** With every number at its end: no table lives that long. */
function worstSize(): number {
  const at = { sequence: sequence(SEQUENCE_MAX), history: undefined };
  const ballot = {
    sender: memberIndex(MEMBERS_MAX - 1),
    signature: new Uint8Array(SIGNATURE_SIZE),
    view: view(VIEW_MAX),
    ...{ proposed: undefined, prepared: at, committed: at, checkpoint: undefined },
  };
  const said = { type: "ballot", ballot, hint: new Uint8Array(HINT_SIZE), proposals: undefined } as const;
  const table = { id: new Uint8Array(TABLE_ID_SIZE), epoch: epoch(EPOCH_MAX) };
  return sealSaid(said, table, { repeat: SAID_REPEAT_MAX, packAbove: Number.POSITIVE_INFINITY }).bytes.length;
}

const largest = (all: readonly Uint8Array[]): number => Math.max(...all.map((bytes) => bytes.length));
