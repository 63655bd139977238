/** All that a member's reception knows, as plain data. None of it is agreed on: who is a member is the consensus' to say. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { NAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../../protocol/core/version.ts";
import type { JoinAccept, JoinReject, JoinRequest, Participant } from "../../../protocol/message/join.ts";
import { ANNOUNCE_EVERY_MS } from "./limits.ts";
import type { AgreedTable } from "./reception-events.ts";
import type { Refusal } from "./refusal.ts";

export interface Reception {
  now: Millis;
  /** Milliseconds since 1970 at `now` zero, for whose clock is off. */
  readonly wallOffsetMs: number;
  readonly key: Uint8Array;
  readonly name: string;
  /** What the table needs of who joins. */
  readonly needed: ProtocolVersion;
  /** Keys of those whose table it was first, in their order: where its history begins. */
  readonly founders: readonly Uint8Array[];
  agreed: AgreedTable;
  isMember: boolean;
  isOpen: boolean;
  /** By when they came. */
  readonly applicants: Applicant[];
  /** Names and seats that members gave when they came; shown, and nothing else. */
  participants: Participant[];
  announceAt: Millis;
  /** When the last answers left, the oldest first. */
  readonly answeredAt: Millis[];
  leaving: Leaving | undefined;
}

export interface Leaving {
  attempts: number;
  againAt: Millis;
}

export interface Applicant {
  readonly key: Uint8Array;
  request: JoinRequest;
  stage: Stage;
}

export type Stage =
  | { readonly type: "identifying"; readonly until: Millis }
  /** `againAt` is undefined while the consensus has the order. */
  | { readonly type: "ordering"; readonly until: Millis; againAt: Millis | undefined }
  /** The same is said again to who asks the same again. */
  | { readonly type: "answered"; readonly answer: Answer; saidAt: Millis; readonly until: Millis };

export type Answer =
  | { readonly type: "accept"; readonly accept: JoinAccept }
  | { readonly type: "reject"; readonly reject: JoinReject; readonly why: Refusal };

export interface ReceptionOptions {
  readonly at: Millis;
  readonly wallMs: number;
  readonly key: Uint8Array;
  readonly name: string;
  readonly needed: ProtocolVersion;
  readonly founders: readonly Uint8Array[];
  readonly agreed: AgreedTable;
  /** Of the members as far as they are known. */
  readonly participants: readonly Participant[];
}

export function reception(options: ReceptionOptions): Reception {
  const { at, wallMs, key, name, needed, founders, agreed, participants } = options;
  assert(utf8Encode(name).length <= NAME_SIZE_MAX, "a table's name fits its announcement");
  return {
    now: at,
    wallOffsetMs: wallMs - at,
    key,
    name,
    needed,
    founders,
    agreed,
    isMember: isAmong(agreed.members, key),
    isOpen: true,
    applicants: [],
    participants: participants.filter((each) => isAmong(agreed.members, each.key)),
    // By its key, so that members do not all speak at once.
    announceAt: millis(at + Math.floor((ANNOUNCE_EVERY_MS * key[key.length - 1]) / 0x100)),
    answeredAt: [],
    leaving: undefined,
  };
}

export const isAmong = (keys: readonly Uint8Array[], key: Uint8Array): boolean =>
  keys.some((each) => bytesEqual(each, key));

export const applicantOf = (of: Reception, key: Uint8Array): Applicant | undefined =>
  of.applicants.find((each) => bytesEqual(each.key, key));
