/** Messages of every kind, for properties and fuzzers. */
import fc from "fast-check";
import { CHEAT_KINDS } from "../../../host/engine/judge/cheat.ts";
import {
  CHUNK_BYTES_MAX,
  CHUNK_COUNT_MAX,
  CHUNK_PATH_MAX,
  EVIDENCE_SIZE_MAX,
  JOIN_PROOF_SIZE_MAX,
  MEMBERS_MAX,
  PEER_TAG_SIZE,
  PEERS_SEEN_MAX,
  PROPOSAL_SIZE_MAX,
  PUBLIC_KEY_SIZE,
  RECALLED_SIZE_MAX,
  RESULT_SIZE_MAX,
  SEQUENCE_MAX,
} from "../../../protocol/core/limits.ts";
import type { Sender } from "../../../protocol/envelope/signing.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import type { Message, MessageType } from "../../../protocol/message/kinds.ts";
import { BOARD_LINKS_MAX, BOARDS_MAX } from "../../../protocol/message/limits.ts";
import {
  agreedTime,
  counters,
  digest,
  epochs,
  exactly,
  members,
  name,
  natural,
  object,
  optional,
  ownTime,
  place,
  reason,
  seat,
  seats,
  sequences,
  setBy,
  tableId,
  upTo,
  views,
} from "./arbitrary-fields.ts";

type Arbitraries = { readonly [T in MessageType]: fc.Arbitrary<Extract<Message, { type: T }>> };

const type = <T extends MessageType>(value: T): fc.Arbitrary<T> => fc.constant(value);

const version = fc.record({ major: natural(255), minor: natural(255), features: natural(0xffffffff) });
const subject = fc.constantFrom("snapshot", "batches", "batch", "certificates", "viewChange", "evidence");
const chunkIndex = fc.integer({ min: 0, max: CHUNK_COUNT_MAX - 1 });

const syncStep = fc.oneof(
  fc.record({
    type: fc.constant("status" as const),
    epoch: epochs,
    view: views,
    changing: optional(views),
    stable: sequences,
    executed: place,
    known: sequences,
    prepared: sequences,
    committed: sequences,
    attempt: natural(0xff),
    time: ownTime,
    recall: fc.boolean(),
  }),
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
  fc.record({
    type: fc.constant("recalled" as const),
    stable: sequences,
    ballot: optional(upTo(RECALLED_SIZE_MAX)),
    change: optional(upTo(RECALLED_SIZE_MAX)),
  }),
);

const randomnessContent = fc.oneof(
  fc.record({ type: fc.constant("opening" as const), betLock: digest, secret: exactly(32), salt: exactly(32) }),
  fc.record({ type: fc.constant("partial" as const), point: exactly(32), proof: exactly(64) }),
);

export const arbitraries: Arbitraries = {
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
    founders: setBy(exactly(PUBLIC_KEY_SIZE), MEMBERS_MAX, bytesComeBefore),
    rules: natural(0xffff),
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
  tableAnnouncement: fc.record({
    type: type("tableAnnouncement"),
    version,
    name,
    rules: natural(0xffff),
    epoch: epochs,
    members: natural(MEMBERS_MAX),
    seats,
    seatsFree: seats,
    door: fc.constantFrom("open", "full", "closed"),
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
  boards: fc.record({
    type: type("boards"),
    boards: fc.array(
      fc.record({
        role: fc.constantFrom("server", "client", "dual"),
        linksAsServer: natural(BOARD_LINKS_MAX),
        linksAsClient: natural(BOARD_LINKS_MAX),
        isDualProved: fc.boolean(),
      }),
      { maxLength: BOARDS_MAX },
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
    kind: fc.constantFrom(...CHEAT_KINDS),
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
  table: tableId,
  epoch: epochs,
  sender: members,
  counter: counters,
});

export const anyStrangerSender: fc.Arbitrary<Extract<Sender, { type: "stranger" }>> = fc.record({
  type: fc.constant("stranger" as const),
  key: exactly(PUBLIC_KEY_SIZE),
  time: ownTime,
  counter: counters,
  table: optional(tableId),
});

export const anySender: fc.Arbitrary<Sender> = fc.oneof(anyMemberSender, anyStrangerSender);
