/** Throws the dice of a stored roll again, from its proof and the members' keys alone, and says where it does not fit. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { unreachable } from "../../../protocol/core/assert.ts";
import { quorum } from "../consensus/quorum.ts";
import { inputDigest, lockDigest, type RollInput } from "./bet-lock.ts";
import { commitmentBytes, commitmentDigest, openedSeed } from "./commitment.ts";
import { drawTwoDice, type TwoDice } from "./draw.ts";
import type { DiceKey } from "./key.ts";
import { combinePartials, outputSeed } from "./output.ts";
import { checkPartial, rollPoint } from "./partial.ts";
import type { DicePorts } from "./ports.ts";
import { type Randomness, RollProof } from "./roll-proof.ts";

/** Of the epoch of the roll, as the table agreed on them. */
export interface RollKeys {
  readonly table: Uint8Array;
  readonly epoch: number;
  /** The members' signing keys, in their order. */
  readonly members: readonly Uint8Array[];
  /** What a distributed roll is checked by: each holder's part of the key that the table had then. */
  readonly key: DiceKey | undefined;
}

export type RollVerdict =
  | { readonly ok: true; readonly roll: number; readonly dice: TwoDice; readonly seed: Uint8Array }
  | { readonly ok: false; readonly where: ProofPlace; readonly member?: number; readonly at?: number };

export type ProofPlace =
  /** No proof at all, from the byte `at` on. */
  | "layout"
  | "table"
  | "epoch"
  /** Table, epoch, roll, bets or nonces are not those that the randomness was made for. */
  | "input"
  /** It was made with another key. */
  | "key"
  /** Too few took part, or too many, or one twice. */
  | "count"
  /** Of the holder `member`. */
  | "partial"
  | "output"
  /** Of `member`: does not fit what it opened. */
  | "commitment"
  /** Of `member`, under its commitment. */
  | "signature"
  /** What people saw is not what was drawn. */
  | "dice";

export function verifyRoll(ports: DicePorts, keys: RollKeys, bytes: Uint8Array): RollVerdict {
  const decoded = decode(RollProof, bytes);
  if (!decoded.ok) return { ok: false, where: "layout", at: decoded.at };
  const proof = decoded.value;
  if (!bytesEqual(proof.table, keys.table)) return { ok: false, where: "table" };
  if (proof.epoch !== keys.epoch) return { ok: false, where: "epoch" };
  const { lock } = proof;
  const input = { table: proof.table, epoch: proof.epoch, roll: lock.roll, lock: lockDigest(ports, lock) };
  if (!bytesEqual(inputDigest(ports, input), proof.input)) return { ok: false, where: "input" };
  const seed = seedOf(ports, keys, input, proof.randomness);
  if (!seed.ok) return seed;
  const dice = drawTwoDice(ports, seed.seed);
  if (dice[0] !== proof.first || dice[1] !== proof.second) return { ok: false, where: "dice" };
  return { ok: true, roll: lock.roll, dice, seed: seed.seed };
}

type Seed = { readonly ok: true; readonly seed: Uint8Array } | Extract<RollVerdict, { readonly ok: false }>;
type Distributed = Extract<Randomness, { readonly type: "distributed" }>;
type Revealed = Extract<Randomness, { readonly type: "revealed" }>;

function seedOf(ports: DicePorts, keys: RollKeys, input: RollInput, randomness: Randomness): Seed {
  switch (randomness.type) {
    case "distributed":
      return distributedSeed(ports, keys.key, input, randomness);
    case "revealed":
      return revealedSeed(ports, keys.members, input, randomness);
    default:
      return unreachable(randomness);
  }
}

function distributedSeed(
  ports: DicePorts,
  key: DiceKey | undefined,
  input: RollInput,
  { key: number, output, partials }: Distributed,
): Seed {
  if (key === undefined || key.number !== number) return { ok: false, where: "key" };
  if (partials.length !== key.threshold) return { ok: false, where: "count" };
  const point = rollPoint(ports.group, input);
  for (let at = 0; at < partials.length; at++) {
    const { holder, partial } = partials[at];
    if (at > 0 && partials[at - 1].holder >= holder) return { ok: false, where: "count" };
    const verifying = key.verifying[holder];
    if (verifying === undefined || checkPartial(ports.group, input, point, verifying, partial) !== undefined) {
      return { ok: false, where: "partial", member: holder };
    }
  }
  const combined = combinePartials(ports.group, partials);
  if (combined === undefined || !bytesEqual(combined, output)) return { ok: false, where: "output" };
  return { ok: true, seed: outputSeed(ports, input, output) };
}

function revealedSeed(ports: DicePorts, members: readonly Uint8Array[], input: RollInput, { secrets }: Revealed): Seed {
  if (secrets.length < quorum(members.length)) return { ok: false, where: "count" };
  for (let at = 0; at < secrets.length; at++) {
    const { member, commitment, opening } = secrets[at];
    const key = members[member];
    if (key === undefined || (at > 0 && secrets[at - 1].member >= member)) return { ok: false, where: "count" };
    if (!bytesEqual(commitmentDigest(ports, input, member, opening), commitment.digest)) {
      return { ok: false, where: "commitment", member };
    }
    if (!ports.verify(key, commitmentBytes(input, member, commitment.digest), commitment.signature)) {
      return { ok: false, where: "signature", member };
    }
  }
  return {
    ok: true,
    seed: openedSeed(
      ports,
      input,
      secrets.map(({ member, opening }) => ({ member, opening })),
    ),
  };
}
