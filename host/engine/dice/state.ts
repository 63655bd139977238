/** What the table has agreed about its dice: part of every checkpoint, the same on every kiosk, without a secret in it. */
import { decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { bool } from "../../../protocol/bytes/numbers.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { AgreedTime, Digest, Epoch, PublicKey, TableId } from "../../../protocol/message/fields.ts";
import { BetLock, type RollInput, RollNumber } from "./bet-lock.ts";
import { MemberCommitment, MemberOpening } from "./commitment.ts";
import { type DealContext, holdersDigest } from "./deal-context.ts";
import { Element } from "./element.ts";
import { DiceKey, HeldDealing } from "./key.ts";
import { COMMIT_MS, REVEAL_MS, SETTLE_MS, THRESHOLD_MAX } from "./limits.ts";
import { Members } from "./operation.ts";
import { KeyNumber } from "./partial.ts";
import type { DicePorts } from "./ports.ts";

export const DiceMember = struct("DiceMember", {
  /** Of its signatures. */
  key: PublicKey,
  /** Of what is sealed for it. */
  diceKey: Element,
});
export type DiceMember = ValueOf<typeof DiceMember>;

/** A key in the making: in the order of the table, with who has found its shares right. */
export const Deal = struct("OpenDeal", {
  number: KeyNumber,
  epoch: Epoch,
  /** The dice keys of all who are dealt to. */
  holders: list(Element, MEMBERS_MAX),
  dealings: list(HeldDealing, THRESHOLD_MAX),
  confirmed: Members,
});
export type Deal = ValueOf<typeof Deal>;

/** The dealings stay: a holder that was away may still find that one of them was wrong. */
export const HeldKey = struct("HeldKey", { key: DiceKey, deal: Deal });
export type HeldKey = ValueOf<typeof HeldKey>;

/** How a roll comes about, and in commit–reveal how far it is. */
const Phase = choice("Phase", { partials: 1, committing: 2, revealing: 3 });

export const OpenRoll = struct("OpenRoll", {
  lock: BetLock,
  /** Of the lock. */
  digest: Digest,
  phase: Phase,
  deadline: AgreedTime,
  /** The deadline has passed: members may give up. */
  late: bool,
  gaveUp: Members,
  /** By member, ascending. */
  commitments: list(MemberCommitment, MEMBERS_MAX),
  openings: list(MemberOpening, MEMBERS_MAX),
});
export type OpenRoll = ValueOf<typeof OpenRoll>;

const Agreed = struct("DiceState", {
  table: TableId,
  /** The table wants commit–reveal, whatever its size. */
  revealAlways: bool,
  epoch: Epoch,
  members: list(DiceMember, MEMBERS_MAX),
  /** Members that dealt a wrong share: they deal no more. */
  excluded: Members,
  lastKey: KeyNumber,
  deal: optional(Deal),
  key: optional(HeldKey),
  lastRoll: RollNumber,
  roll: optional(OpenRoll),
});

/** Parts are replaced, never changed in place. */
export type DiceState = { -readonly [K in keyof ValueOf<typeof Agreed>]: ValueOf<typeof Agreed>[K] };

export const encodeDice = (state: DiceState): Uint8Array => encode(Agreed, state);

/** Of bytes of its own: the state keeps views of them. */
export function decodeDice(bytes: Uint8Array): DiceState | undefined {
  const decoded = decode(Agreed, new Uint8Array(bytes));
  return decoded.ok ? decoded.value : undefined;
}

export const inputOf = ({ table, epoch }: DiceState, { lock, digest }: OpenRoll): RollInput => ({
  ...{ table, epoch, roll: lock.roll, lock: digest },
});

/** How long a phase may take. */
export function spanOf({ phase }: Pick<OpenRoll, "phase">): number {
  switch (phase) {
    case "partials":
      return REVEAL_MS + SETTLE_MS;
    case "committing":
      return COMMIT_MS;
    case "revealing":
      return REVEAL_MS;
    default:
      return unreachable(phase);
  }
}

export const dealContext = (ports: DicePorts, table: Uint8Array, { epoch, number, holders }: Deal): DealContext => ({
  ...{ table, epoch, number, holders: holdersDigest(ports, holders) },
});

export const hasBit = (bits: number, at: number): boolean => ((bits >> at) & 1) === 1;

export function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest >>= 1) count += rest & 1;
  return count;
}

assert(MEMBERS_MAX < 31, "members are bits of a number");
