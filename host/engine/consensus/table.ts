/** What the table has agreed about itself: its members by epoch, the version of its rules, who executed which requests. It
 * changes with the order of batches alone, and is part of every checkpoint. */
import type { Barrier } from "../../../protocol/agreement/request.ts";
import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX, OBJECT_SIZE_MAX, OPERATION_SIZE_MAX, RESULT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import {
  AgreedTime,
  bytesComeBefore,
  Counter,
  Digest,
  Epoch,
  PublicKey,
  Sequence,
  View,
} from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { CHANGES_PENDING_MAX, REPLIES_KEPT_MAX } from "./limits.ts";
import { faultsMax, quorum } from "./quorum.ts";

const Reply = struct("KeptReply", { number: Counter, sequence: Sequence, result: blob(RESULT_SIZE_MAX) });

const Client = struct("Client", {
  /** All requests up to this were executed, each once. */
  executed: Counter,
  replies: list(Reply, REPLIES_KEPT_MAX),
});

/** What may change beside the game. */
export const Change = union("Change", {
  admit: [0x01, struct("Admit", { key: PublicKey })],
  remove: [0x02, struct("Remove", { key: PublicKey })],
  rules: [0x03, struct("Rules", { version: varint(0xffff) })],
});
export type Change = ValueOf<typeof Change>;

const Proposed = struct("ProposedChange", {
  change: Change,
  /** One bit each member. */
  approvals: varint(2 ** MEMBERS_MAX - 1),
});

const Agreed = struct("TableState", {
  epoch: Epoch,
  members: list(PublicKey, MEMBERS_MAX),
  rules: varint(0xffff),
  /** No lower view comes any more. */
  view: View,
  rotated: AgreedTime,
  clients: list(Client, MEMBERS_MAX),
  proposed: list(Proposed, CHANGES_PENDING_MAX),
  due: list(Change, CHANGES_PENDING_MAX),
  machine: blob(OBJECT_SIZE_MAX),
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type TableClient = {
  executed: number;
  replies: { readonly number: number; readonly sequence: number; readonly result: Uint8Array }[];
};

export interface Table {
  epoch: number;
  members: readonly Uint8Array[];
  rules: number;
  view: number;
  rotated: number;
  clients: TableClient[];
  proposed: { readonly change: Change; approvals: number }[];
  due: Change[];
}

export function foundTable(members: readonly Uint8Array[], rules: number): Table {
  assert(members.length >= 1 && members.length <= MEMBERS_MAX, "a table has members");
  for (let i = 1; i < members.length; i++) {
    assert(bytesComeBefore(members[i - 1], members[i]), "members stand in the order of their keys");
  }
  const clients = members.map((): TableClient => ({ executed: 0, replies: [] }));
  return { epoch: 0, members, rules, view: 0, rotated: 0, clients, proposed: [], due: [] };
}

export function encodeTable(table: Table, machine: Uint8Array): Uint8Array {
  return encode(Agreed, { ...table, machine } as unknown as ValueOf<typeof Agreed>);
}

export function decodeTable(bytes: Uint8Array): { readonly table: Table; readonly machine: Uint8Array } | undefined {
  const decoded = decode(Agreed, bytes);
  if (!decoded.ok) return undefined;
  const { machine, ...rest } = decoded.value;
  const clients = rest.clients.map((client) => ({ executed: client.executed, replies: [...client.replies] }));
  const proposed = rest.proposed.map((each) => ({ ...each }));
  return { table: { ...(rest as Mutable<typeof rest>), clients, proposed, due: [...rest.due] }, machine };
}

/** What a kiosk itself may order. */
export const TableOperation = union("TableOperation", {
  /** Wants a change, and approves of it; the same change by others is their approval. */
  approve: [0x01, struct("Approve", { change: Change })],
  /** Its own seat among the members it may give up without asking. */
  leave: [0x02, struct("Leave", {})],
  /** Shows what another did: evidence removes a member, absence never does. */
  accuse: [0x03, struct("Accuse", { evidence: blob(OPERATION_SIZE_MAX - 8) })],
});
export type TableOperation = ValueOf<typeof TableOperation>;

export const TableResult = union("TableResult", {
  noted: [0x01, struct("Noted", {})],
  due: [0x02, struct("Due", {})],
  refused: [0x03, struct("TableRefused", { why: varint(7) })],
});
const WHY = { layout: 0, member: 1, full: 2, few: 3, unproved: 4, rules: 5, twice: 6 } as const;

/** What comes of evidence. */
export interface Court {
  /** The member whom it convicts by the keys of this epoch, or nothing. */
  guilty(evidence: Uint8Array): number | undefined;
  /** Lets what is agreed about answer for it; true where it did not know. */
  convict(evidence: Uint8Array): boolean;
}

/** Executes what a kiosk ordered about the table. */
export function executeTable(table: Table, client: number, bytes: Uint8Array, court: Court): Uint8Array {
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok) return refused("layout");
  const operation = decoded.value;
  switch (operation.type) {
    case "leave":
      return makeDue(table, { type: "remove", key: table.members[client] });
    case "accuse": {
      const deviant = court.guilty(operation.evidence);
      if (deviant === undefined) return refused("unproved");
      const isNews = court.convict(operation.evidence);
      const { length } = table.due;
      const made = makeDue(table, { type: "remove", key: table.members[deviant] });
      // A stake answers also where the seat goes already, or cannot go.
      return isNews && table.due.length === length ? encode(TableResult, { type: "noted" }) : made;
    }
    case "approve":
      return approve(table, client, operation.change);
  }
}

/** The version that an operation approves of, if that is what it is. */
export function rulesApproved(bytes: Uint8Array): number | undefined {
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok || decoded.value.type !== "approve" || decoded.value.change.type !== "rules") return undefined;
  return decoded.value.change.version;
}

function approve(table: Table, client: number, change: Change): Uint8Array {
  const why = inadmissible(table, change);
  if (why !== undefined) return refused(why);
  let proposed = table.proposed.find((each) => sameChange(each.change, change));
  if (proposed === undefined) {
    if (table.proposed.length === CHANGES_PENDING_MAX) table.proposed.shift();
    proposed = { change, approvals: 0 };
    table.proposed.push(proposed);
  }
  proposed.approvals |= 1 << client;
  // Rules that a member does not know would silence it: everyone has to know them first.
  const needed = change.type === "rules" ? table.members.length : quorum(table.members.length);
  if (bits(proposed.approvals) < needed) return encode(TableResult, { type: "noted" });
  table.proposed = table.proposed.filter((each) => each !== proposed);
  return makeDue(table, change);
}

function inadmissible(table: Table, change: Change): keyof typeof WHY | undefined {
  if (change.type === "rules") return change.version <= table.rules ? "rules" : undefined;
  const seated = table.members.some((key) => bytesEqual(key, change.key));
  if (change.type === "admit") return seated ? "member" : table.members.length === MEMBERS_MAX ? "full" : undefined;
  // Nobody is voted out: a member goes by its own wish, or by evidence.
  return "unproved";
}

/** Members that lost their seat by what is proved of them go as soon as there is room for it. */
export function letGo(table: Table, keys: readonly Uint8Array[]): void {
  for (const key of keys) makeDue(table, { type: "remove", key });
}

function makeDue(table: Table, change: Change): Uint8Array {
  if (table.due.some((each) => sameChange(each, change))) return refused("twice");
  if (table.due.length === CHANGES_PENDING_MAX) return refused("full");
  const removals = table.due.filter((each) => each.type === "remove").length;
  if (change.type === "remove" && table.members.length - removals <= 2) return refused("few");
  table.due.push(change);
  return encode(TableResult, { type: "due" });
}

const refused = (why: keyof typeof WHY): Uint8Array => encode(TableResult, { type: "refused", why: WHY[why] });

const sameChange = (left: Change, right: Change): boolean => bytesEqual(encode(Change, left), encode(Change, right));

export const changeDigest = (ports: Ports, change: Change): Uint8Array =>
  ports.digest("hardway change", encode(Change, change));

/** The barrier takes effect: all of its batch was executed before. */
export function enact(table: Table, barrier: Barrier, time: number, ports: Ports): void {
  table.view = barrier.view;
  if (barrier.type === "rotate") {
    table.rotated = time;
    return;
  }
  const at = table.due.findIndex((each) => bytesEqual(changeDigest(ports, each), barrier.change));
  // A batch with a barrier that is not due is never prepared; one that was due in another history changes nothing.
  if (at < 0) return;
  const [change] = table.due.splice(at, 1);
  table.rotated = time;
  if (change.type === "rules") {
    table.rules = change.version;
    return;
  }
  const rows = table.members.map((key, i) => ({ key, client: table.clients[i] }));
  if (change.type === "admit") {
    if (rows.length === MEMBERS_MAX) return;
    rows.push({ key: change.key, client: { executed: 0, replies: [] } });
  }
  const kept = change.type === "remove" ? rows.filter((row) => !bytesEqual(row.key, change.key)) : rows;
  kept.sort((left, right) => (bytesComeBefore(left.key, right.key) ? -1 : 1));
  table.members = kept.map((row) => row.key);
  table.clients = kept.map((row) => row.client);
  table.epoch += 1;
  // Approvals are counted by place, and places have moved.
  table.proposed = [];
  const faults = faultsMax(kept.length);
  const votes = quorum(kept.length);
  assert(2 * votes - kept.length > faults && votes <= kept.length - faults, "quorums of the new members intersect");
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

export { Digest };
