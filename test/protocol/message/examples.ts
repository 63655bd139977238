/** One message of each kind, with plain values: the golden vectors are made from them. */
import { agreedMillis, counter, epoch, memberIndex, millis, sequence, view } from "../../../protocol/core/units.ts";
import type { Message, MessageType } from "../../../protocol/message/kinds.ts";

/** `size` bytes that rise from `first`, so that a shifted field shows. */
export function rising(first: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (first + index) & 0xff);
}

const digest = (first: number): Uint8Array => rising(first, 32);
const place = (at: number, first: number) => ({ sequence: sequence(at), digest: digest(first) });
const object = (first: number, size: number) => ({ digest: digest(first), size });
const version = { major: 1, minor: 0, features: 0x1f };
const TIME = 1_767_225_600_000;

export const examples: { readonly [T in MessageType]: Extract<Message, { type: T }> } = {
  reply: {
    type: "reply",
    view: view(2),
    sequence: sequence(70_000),
    digest: digest(2),
    client: memberIndex(3),
    seat: 7,
    number: counter(300),
    result: rising(5, 6),
  },
  proposal: {
    type: "proposal",
    subject: "settings",
    state: digest(12),
    expires: agreedMillis(TIME),
    content: rising(3, 12),
  },
  vote: { type: "vote", proposal: digest(13), answer: "reject", reason: "the table is full" },
  stateSync: {
    type: "stateSync",
    step: {
      type: "chunk",
      object: object(14, 65_536),
      index: 31,
      path: [digest(15), digest(16)],
      bytes: rising(17, 64),
    },
  },
  randomnessCommit: { type: "randomnessCommit", roll: 512, betLock: digest(18), commitment: digest(19) },
  randomnessReveal: {
    type: "randomnessReveal",
    roll: 512,
    content: { type: "partial", point: rising(20, 32), proof: rising(21, 64) },
  },
  disputeClaim: {
    type: "disputeClaim",
    kind: "invalidPayout",
    suspect: memberIndex(1),
    sequence: sequence(69_999),
    opened: agreedMillis(TIME),
    digest: digest(22),
    evidence: rising(23, 40),
  },
  disputeVote: { type: "disputeVote", dispute: digest(24), answer: "needMoreEvidence", reason: "" },
  joinRequest: {
    type: "joinRequest",
    version,
    software: "hardway 0.1.0",
    name: "Fenster ♠",
    role: "member",
    seats: 2,
    proof: rising(25, 122),
  },
  joinAccept: {
    type: "joinAccept",
    version,
    applicant: rising(26, 32),
    epoch: epoch(4),
    view: view(131),
    checkpoint: place(70_000, 27),
    state: object(28, 20_000),
    participants: [
      { key: rising(29, 32), name: "bar", seats: 2 },
      { key: rising(30, 32), name: "corner", seats: 1 },
    ],
    founders: [rising(29, 32), rising(34, 32)],
    rules: 3,
  },
  joinReject: {
    type: "joinReject",
    version,
    applicant: rising(26, 32),
    refusal: "noSeatFree",
    seatsFree: 0,
    time: millis(TIME),
    reason: "eight seats are taken",
  },
  tableAnnouncement: {
    type: "tableAnnouncement",
    version,
    name: "Nebentisch ♠",
    rules: 1,
    epoch: epoch(4),
    members: 4,
    seats: 8,
    seatsFree: 3,
    door: "open",
  },
  heartbeat: {
    type: "heartbeat",
    time: millis(TIME),
    view: view(131),
    executed: place(70_003, 31),
    power: "powerSaver",
    batteryPercent: 81,
    peers: [
      { peer: rising(32, 8), ageSeconds: 0, signal: -61 },
      { peer: rising(33, 8), ageSeconds: 14, signal: undefined },
    ],
  },
  boards: {
    type: "boards",
    boards: [
      { role: "client", linksAsServer: 0, linksAsClient: 2, isDualProved: false },
      { role: "dual", linksAsServer: 1, linksAsClient: 2, isDualProved: true },
    ],
  },
  leaderProposal: { type: "leaderProposal", term: view(132), priorityScore: 730, executed: place(70_003, 31) },
  leaderAccept: { type: "leaderAccept", term: view(132), leader: memberIndex(2), priorityScore: 730 },
  partitionRecovery: {
    type: "partitionRecovery",
    step: "readOnly",
    view: view(131),
    stable: place(70_000, 27),
    executed: place(70_003, 31),
    reachable: 0b0101,
  },
  cheatAlert: {
    type: "cheatAlert",
    kind: "doubleVote",
    suspect: memberIndex(1),
    severity: 700,
    sequence: sequence(70_001),
    time: agreedMillis(TIME),
    evidence: object(34, 220),
  },
};

/** What goes to and fro while somebody catches up, beside the chunk above. */
export const syncExamples: readonly Extract<Message, { type: "stateSync" }>["step"][] = [
  {
    type: "status",
    epoch: epoch(4),
    view: view(130),
    changing: view(131),
    stable: sequence(69_950),
    executed: place(70_000, 40),
    known: sequence(70_004),
    prepared: sequence(70_003),
    committed: sequence(70_001),
    attempt: 2,
    time: millis(TIME),
    recall: false,
  },
  {
    type: "status",
    epoch: epoch(4),
    view: view(130),
    changing: undefined,
    stable: sequence(0),
    executed: place(0, 41),
    known: sequence(0),
    prepared: sequence(0),
    committed: sequence(0),
    attempt: 0,
    time: millis(TIME),
    recall: true,
  },
  { type: "requestObject", subject: "viewChange", from: sequence(69_950), to: sequence(70_000) },
  { type: "offer", subject: "snapshot", from: sequence(0), to: sequence(69_950), object: object(42, 20_000) },
  { type: "requestChunks", object: object(42, 20_000), index: 3, count: 4 },
  { type: "refuse", object: object(42, 20_000), reason: "collected" },
  { type: "confirm", executed: place(70_000, 40) },
  { type: "recalled", stable: sequence(69_950), ballot: rising(43, 170), change: rising(44, 105) },
  { type: "recalled", stable: sequence(69_950), ballot: undefined, change: undefined },
];
