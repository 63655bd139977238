/** Messages of every kind, for properties and fuzzers. */
import fc from "fast-check";
import {
  BATCH_INLINE_SIZE_MAX,
  CHUNK_BYTES_MAX,
  CHUNK_COUNT_MAX,
  CHUNK_PATH_MAX,
  COUNTER_MAX,
  DIGEST_SIZE,
  EPOCH_MAX,
  EVIDENCE_SIZE_MAX,
  JOIN_PROOF_SIZE_MAX,
  MEMBERS_MAX,
  NAME_SIZE_MAX,
  OBJECT_SIZE_MAX,
  OPERATION_SIZE_MAX,
  PEER_TAG_SIZE,
  PEERS_SEEN_MAX,
  PROPOSAL_SIZE_MAX,
  PUBLIC_KEY_SIZE,
  REASON_SIZE_MAX,
  RESULT_SIZE_MAX,
  SEATS_MAX,
  SEQUENCE_MAX,
  SIGNATURE_SIZE,
  SLOTS_MAX,
  TABLE_ID_SIZE,
  TIME_MAX_MS,
  VIEW_MAX,
} from "../../../protocol/core/limits.ts";
import { agreedMillis, counter, epoch, memberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import type { Sender } from "../../../protocol/envelope/signing.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import type { Message, MessageType } from "../../../protocol/message/kinds.ts";

type Arbitraries = { readonly [T in MessageType]: fc.Arbitrary<Extract<Message, { type: T }>> };

/** Small numbers, whose varints are short, as often as any. */
const natural = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 0, max: Math.min(max, 300) }), fc.integer({ min: 0, max }), fc.constant(max));
const exactly = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
/** Short ones as often as any, and sometimes bytes that repeat. */
const upTo = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: Math.min(size, 40) }),
    fc.uint8Array({ maxLength: size }),
    fc.integer({ min: 0, max: size }).map((length) => new Uint8Array(length).fill(7)),
  );
const text = (sizeMax: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: "grapheme", maxLength: Math.floor(sizeMax / 4) })
    .filter((value) => new TextEncoder().encode(value).length <= sizeMax);
const optional = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(item, { nil: undefined });
const type = <T extends MessageType>(value: T): fc.Arbitrary<T> => fc.constant(value);

/** Sets by a key, in their one order. */
const setBy = <T>(
  item: fc.Arbitrary<T>,
  countMax: number,
  comesBefore: (left: T, right: T) => boolean,
): fc.Arbitrary<T[]> =>
  fc.array(item, { maxLength: countMax }).map((items) => {
    const sorted = items
      .slice()
      .sort((left, right) => (comesBefore(left, right) ? -1 : comesBefore(right, left) ? 1 : 0));
    return sorted.filter((each, index) => index === 0 || comesBefore(sorted[index - 1]!, each));
  });

const digest = exactly(DIGEST_SIZE);
const views = natural(VIEW_MAX).map(view);
const sequences = natural(SEQUENCE_MAX).map(sequence);
const counters = natural(COUNTER_MAX).map(counter);
const members = fc.integer({ min: 0, max: MEMBERS_MAX - 1 }).map(memberIndex);
const epochs = natural(EPOCH_MAX).map(epoch);
const seat = fc.integer({ min: 0, max: SEATS_MAX - 1 });
const seats = fc.integer({ min: 0, max: SEATS_MAX });
const agreedTime = natural(TIME_MAX_MS).map(agreedMillis);
const ownTime = natural(TIME_MAX_MS).map(millis);
const reason = text(REASON_SIZE_MAX);
const name = text(NAME_SIZE_MAX);
const place = fc.record({ sequence: sequences, digest });
const object = fc.record({ digest, size: natural(OBJECT_SIZE_MAX) });
const ballot = fc.record({ view: views, digest });
const version = fc.record({ major: natural(255), minor: natural(255), features: natural(0xffffffff) });
const subject = fc.constantFrom("snapshot", "batches", "batch", "certificates", "viewChange", "evidence");
const chunkIndex = fc.integer({ min: 0, max: CHUNK_COUNT_MAX - 1 });

const syncStep = fc.oneof(
  fc.record({ type: fc.constant("status" as const), view: views, stable: place, executed: place }),
  fc.record({ type: fc.constant("requestObject" as const), subject, from: sequences, to: sequences }),
  fc.record({ type: fc.constant("offer" as const), subject, from: sequences, to: sequences, object }),
  fc.record({
    type: fc.constant("requestChunks" as const),
    object,
    index: chunkIndex,
    count: natural(CHUNK_COUNT_MAX),
  }),
  fc.record({
    type: fc.constant("chunk" as const),
    object,
    index: chunkIndex,
    path: fc.array(digest, { maxLength: CHUNK_PATH_MAX }),
    bytes: upTo(CHUNK_BYTES_MAX),
  }),
  fc.record({
    type: fc.constant("refuse" as const),
    object,
    reason: fc.constantFrom("unknown", "collected", "busy", "notAllowed"),
  }),
  fc.record({ type: fc.constant("confirm" as const), executed: place }),
);

const randomnessContent = fc.oneof(
  fc.record({ type: fc.constant("opening" as const), secret: exactly(32), salt: exactly(32) }),
  fc.record({ type: fc.constant("partial" as const), point: exactly(32), proof: exactly(64) }),
);

export const arbitraries: Arbitraries = {
  request: fc.record({ type: type("request"), seat, number: counters, operation: upTo(OPERATION_SIZE_MAX) }),
  prePrepare: fc.record({
    type: type("prePrepare"),
    view: views,
    sequence: sequences,
    digest,
    batch: optional(upTo(BATCH_INLINE_SIZE_MAX)),
  }),
  prepare: fc.record({ type: type("prepare"), view: views, sequence: sequences, digest }),
  commit: fc.record({ type: type("commit"), view: views, sequence: sequences, digest }),
  reply: fc.record({
    type: type("reply"),
    view: views,
    sequence: sequences,
    digest,
    client: members,
    seat,
    number: counters,
    result: upTo(RESULT_SIZE_MAX),
  }),
  viewChange: fc.record({
    type: type("viewChange"),
    view: views,
    sequence: sequences,
    digest,
    checkpoint: place,
    slots: setBy(
      fc.record({ sequence: sequences, prepared: optional(ballot), claim: optional(ballot) }),
      SLOTS_MAX,
      (left, right) => left.sequence < right.sequence,
    ),
    proof: object,
  }),
  newView: fc.record({
    type: type("newView"),
    view: views,
    sequence: sequences,
    digest,
    viewChanges: setBy(
      fc.record({ sender: members, digest }),
      MEMBERS_MAX,
      (left, right) => left.sender < right.sender,
    ),
    slots: setBy(
      fc.record({ sequence: sequences, digest: optional(digest) }),
      SLOTS_MAX,
      (left, right) => left.sequence < right.sequence,
    ),
  }),
  checkpoint: fc.record({ type: type("checkpoint"), sequence: sequences, digest }),
  proposal: fc.record({
    type: type("proposal"),
    subject: fc.constantFrom("game", "members", "rules", "settings"),
    state: digest,
    expires: agreedTime,
    content: upTo(PROPOSAL_SIZE_MAX),
  }),
  vote: fc.record({ type: type("vote"), proposal: digest, answer: fc.constantFrom("accept", "reject"), reason }),
  stateSync: fc.record({ type: type("stateSync"), step: syncStep }),
  randomnessCommit: fc.record({
    type: type("randomnessCommit"),
    roll: natural(SEQUENCE_MAX),
    betLock: digest,
    commitment: digest,
  }),
  randomnessReveal: fc.record({
    type: type("randomnessReveal"),
    roll: natural(SEQUENCE_MAX),
    betLock: digest,
    content: randomnessContent,
  }),
  disputeClaim: fc.record({
    type: type("disputeClaim"),
    kind: fc.constantFrom(
      "invalidBet",
      "invalidRoll",
      "invalidPayout",
      "doubleSpending",
      "consensusViolation",
      "failedReveal",
      "invalidSignature",
      "timeout",
    ),
    suspect: members,
    sequence: sequences,
    opened: agreedTime,
    digest,
    evidence: upTo(EVIDENCE_SIZE_MAX),
  }),
  disputeVote: fc.record({
    type: type("disputeVote"),
    dispute: digest,
    answer: fc.constantFrom("uphold", "reject", "abstain", "needMoreEvidence"),
    reason,
  }),
  joinRequest: fc.record({
    type: type("joinRequest"),
    version,
    software: name,
    name,
    role: fc.constantFrom("member", "spectator"),
    seats,
    proof: upTo(JOIN_PROOF_SIZE_MAX),
  }),
  joinAccept: fc.record({
    type: type("joinAccept"),
    version,
    applicant: exactly(PUBLIC_KEY_SIZE),
    epoch: epochs,
    view: views,
    checkpoint: place,
    state: object,
    participants: setBy(fc.record({ key: exactly(PUBLIC_KEY_SIZE), name, seats }), MEMBERS_MAX, (left, right) =>
      bytesComeBefore(left.key, right.key),
    ),
  }),
  joinReject: fc.record({
    type: type("joinReject"),
    version,
    applicant: exactly(PUBLIC_KEY_SIZE),
    refusal: fc.constantFrom(
      "otherMajorVersion",
      "missingFeature",
      "tableFull",
      "noSeatFree",
      "proofRefused",
      "clockOff",
      "excluded",
      "busy",
      "closed",
    ),
    seatsFree: seats,
    time: ownTime,
    reason,
  }),
  heartbeat: fc.record({
    type: type("heartbeat"),
    time: ownTime,
    view: views,
    executed: place,
    power: fc.constantFrom("active", "powerSaver", "lowPower", "sleep"),
    batteryPercent: optional(natural(100)),
    peers: setBy(
      fc.record({
        peer: exactly(PEER_TAG_SIZE),
        ageSeconds: natural(3600),
        signal: optional(fc.integer({ min: -128, max: 127 })),
      }),
      PEERS_SEEN_MAX,
      (left, right) => bytesComeBefore(left.peer, right.peer),
    ),
  }),
  leaderProposal: fc.record({
    type: type("leaderProposal"),
    term: views,
    priorityScore: natural(1000),
    executed: place,
  }),
  leaderAccept: fc.record({ type: type("leaderAccept"), term: views, leader: members, priorityScore: natural(1000) }),
  partitionRecovery: fc.record({
    type: type("partitionRecovery"),
    step: fc.constantFrom("waiting", "reconnecting", "readOnly", "catchingUp", "whole"),
    view: views,
    stable: place,
    executed: place,
    reachable: natural(2 ** MEMBERS_MAX - 1),
  }),
  cheatAlert: fc.record({
    type: type("cheatAlert"),
    kind: fc.constantFrom(
      "balanceViolation",
      "invalidTransition",
      "forgedSignature",
      "doubleVote",
      "invalidRoll",
      "timestamp",
      "consensusViolation",
    ),
    suspect: members,
    severity: natural(1000),
    sequence: sequences,
    time: agreedTime,
    evidence: object,
  }),
};

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(arbitraries)) as fc.Arbitrary<Message>;

export const anyMemberSender: fc.Arbitrary<Extract<Sender, { type: "member" }>> = fc.record({
  type: fc.constant("member" as const),
  table: exactly(TABLE_ID_SIZE),
  epoch: epochs,
  sender: members,
  counter: counters,
});

export const anyStrangerSender: fc.Arbitrary<Extract<Sender, { type: "stranger" }>> = fc.record({
  type: fc.constant("stranger" as const),
  key: exactly(PUBLIC_KEY_SIZE),
  time: ownTime,
  counter: counters,
  table: optional(exactly(TABLE_ID_SIZE)),
});

export const anySender: fc.Arbitrary<Sender> = fc.oneof(anyMemberSender, anyStrangerSender);
export const anySignature = exactly(SIGNATURE_SIZE);
