/** Every kind of message: its tag, its class, its body, and whether one may say it before sharing a table. */
import type { ValueOf } from "../bytes/codec.ts";
import { type Struct, union } from "../bytes/compound.ts";
import { assert } from "../core/assert.ts";
import { BODY_SIZE_MAX } from "../core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../core/packet-class.ts";
import { CheatAlert } from "./alert.ts";
import { TableAnnouncement } from "./announcement.ts";
import { Boards } from "./boards.ts";
import { DisputeClaim, DisputeVote } from "./dispute.ts";
import { JoinAccept, JoinReject, JoinRequest } from "./join.ts";
import { LeaderAccept, LeaderProposal } from "./leader.ts";
import { Heartbeat } from "./presence.ts";
import { Proposal, Vote } from "./proposal.ts";
import { RandomnessCommit, RandomnessReveal } from "./randomness.ts";
import { PartitionRecovery } from "./recovery.ts";
import { Reply } from "./reply.ts";
import { StateSync } from "./sync.ts";

/** Members speak by their place at a table; the others only by their key, and not of what members decide. */
type Speaker = "members" | "anyone";

const kind = <B>(tag: number, packetClass: PacketClass, speaker: Speaker, body: Struct<B>) => ({
  tag,
  packetClass,
  speaker,
  body,
});

/** A family has sixteen tags. A tag once given is not given again. */
const KINDS = {
  // 0x10 to 0x13 and 0x15 to 0x17 were given: how members agree is said openly, as `agreement/said.ts` lists it.
  reply: kind(0x14, NORMAL, "members", Reply),

  proposal: kind(0x20, HIGH, "members", Proposal),
  vote: kind(0x21, CRITICAL, "members", Vote),

  stateSync: kind(0x30, HIGH, "anyone", StateSync),

  randomnessCommit: kind(0x40, NORMAL, "members", RandomnessCommit),
  randomnessReveal: kind(0x41, NORMAL, "members", RandomnessReveal),

  disputeClaim: kind(0x50, CRITICAL, "members", DisputeClaim),
  disputeVote: kind(0x51, CRITICAL, "members", DisputeVote),

  joinRequest: kind(0x60, LOW, "anyone", JoinRequest),
  joinAccept: kind(0x61, LOW, "anyone", JoinAccept),
  joinReject: kind(0x62, LOW, "anyone", JoinReject),
  tableAnnouncement: kind(0x63, LOW, "anyone", TableAnnouncement),

  heartbeat: kind(0x70, LOW, "anyone", Heartbeat),
  boards: kind(0x71, LOW, "members", Boards),

  leaderProposal: kind(0x80, NORMAL, "members", LeaderProposal),
  leaderAccept: kind(0x81, NORMAL, "members", LeaderAccept),

  partitionRecovery: kind(0x90, HIGH, "members", PartitionRecovery),

  cheatAlert: kind(0xa0, CRITICAL, "members", CheatAlert),
} as const;

export type MessageType = keyof typeof KINDS;

/** A kind's tag and its body: the part of a message that means something. */
export const Message = union("Message", cases());
export type Message = ValueOf<typeof Message>;

export interface Kind {
  readonly type: MessageType;
  readonly tag: number;
  readonly packetClass: PacketClass;
  readonly speaker: Speaker;
  /** Of the body, unpacked and without the tag. */
  readonly bodySizeMax: number;
}

const types = Object.keys(KINDS) as MessageType[];
const byType = Object.freeze(Object.fromEntries(types.map((type) => [type, row(type)]))) as {
  readonly [T in MessageType]: Kind;
};
const byTag: readonly (Kind | undefined)[] = Object.freeze(tagTable());

export const kinds: readonly Kind[] = Object.freeze(types.map((type) => byType[type]));

export function kindOf(type: MessageType): Kind {
  return byType[type];
}

/** Nothing where no kind has the tag. */
export function kindOfTag(tag: number): Kind | undefined {
  return byTag[tag];
}

type Cases = { readonly [T in MessageType]: readonly [tag: number, body: (typeof KINDS)[T]["body"]] };

function cases(): Cases {
  const entries = Object.entries(KINDS).map(([type, { tag, body }]) => [type, [tag, body]]);
  return Object.fromEntries(entries) as Cases;
}

function row(type: MessageType): Kind {
  const { tag, packetClass, speaker, body } = KINDS[type];
  assert(body.sizeMax <= BODY_SIZE_MAX, "every body fits a packet with its envelope");
  return Object.freeze({ type, tag, packetClass, speaker, bodySizeMax: body.sizeMax });
}

function tagTable(): (Kind | undefined)[] {
  const table: (Kind | undefined)[] = [];
  for (let tag = 0; tag <= 0xff; tag++) table.push(undefined);
  for (const type of types) table[byType[type].tag] = byType[type];
  return table;
}
