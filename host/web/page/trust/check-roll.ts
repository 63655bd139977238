/** Checks a roll as `hardway roll verify` does, by the same code, and says beside the verdict what each part of the proof is. */
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { lockDigest } from "../../../engine/dice/bet-lock.ts";
import { Commitment } from "../../../engine/dice/commitment.ts";
import { Partial } from "../../../engine/dice/partial.ts";
import type { DicePorts } from "../../../engine/dice/ports.ts";
import { type Randomness, RollProof } from "../../../engine/dice/roll-proof.ts";
import { type ProofPlace, type RollKeys, type RollVerdict, verifyRoll } from "../../../engine/dice/verify-roll.ts";
import { parseRollFile, proofDigest } from "../../../node/roll-file.ts";
import { checkQuorum, type QuorumFacts } from "./check-quorum.ts";

export type CheckedRoll =
  | { readonly ok: false; readonly why: string }
  | {
      readonly ok: true;
      readonly verdict: Verdict;
      /** Undefined where the bytes are none of a proof. */
      readonly facts: RollFacts | undefined;
      /** Of the proof's bytes, in hexadecimal text. */
      readonly digest: string;
      readonly size: number;
      /** Who signed that it was agreed; undefined where the file does not say. */
      readonly quorum: QuorumFacts | undefined;
      /** The byte that was changed before it was checked. */
      readonly tampered: Tampered | undefined;
    };

export type Verdict =
  | { readonly ok: true; readonly first: number; readonly second: number }
  | { readonly ok: false; readonly where: ProofPlace; readonly member: number | undefined };

export interface Tampered {
  readonly at: number;
  readonly was: number;
  readonly is: number;
  /** Around it, in hexadecimal text: what stands before, the byte, and what stands after. */
  readonly before: string;
  readonly after: string;
}

/** Bytes as hexadecimal text. */
export interface RollFacts {
  readonly roll: number;
  readonly table: string;
  readonly epoch: number;
  readonly members: readonly string[];
  readonly betRoot: string;
  readonly lock: string;
  readonly input: string;
  readonly way: Randomness["type"];
  readonly parts: readonly PartFacts[];
  /** The number that the dice are read off; of opened secrets, there is none by itself. */
  readonly output: string | undefined;
  readonly first: number;
  readonly second: number;
}

export interface PartFacts {
  readonly member: number;
  readonly bytes: string;
  /** Checked in their order, up to the first that does not fit. */
  readonly state: "sound" | "unsound" | "unknown";
}

export function checkRoll(ports: DicePorts, text: string, tamperAt: number | undefined): CheckedRoll {
  const parsed = parseRollFile(text);
  if (!parsed.ok) return parsed;
  const proof = new Uint8Array(parsed.proof);
  const tampered = tamperAt === undefined ? undefined : tamper(proof, tamperAt);
  const verdict = plain(verifyRoll(ports, parsed.keys, proof));
  const digest = proofDigest(proof);
  const facts = factsOf(ports, parsed.keys, proof, verdict);
  const quorum = checkQuorum(ports, parsed.keys, text);
  return { ok: true, verdict, facts, digest, size: proof.length, quorum, tampered };
}

/** Flips its lowest bit. */
function tamper(proof: Uint8Array, wanted: number): Tampered {
  const at = wanted % proof.length;
  const was = proof[at];
  proof[at] = was ^ 1;
  const before = hex(proof.subarray(Math.max(0, at - BYTES_AROUND), at));
  return { at, was, is: proof[at], before, after: hex(proof.subarray(at + 1, at + 1 + BYTES_AROUND)) };
}

const BYTES_AROUND = 6;

function plain(verdict: RollVerdict): Verdict {
  if (!verdict.ok) return { ok: false, where: verdict.where, member: verdict.member };
  return { ok: true, first: verdict.dice[0], second: verdict.dice[1] };
}

function factsOf(ports: DicePorts, keys: RollKeys, bytes: Uint8Array, verdict: Verdict): RollFacts | undefined {
  const decoded = decode(RollProof, bytes);
  if (!decoded.ok) return undefined;
  const { table, epoch, lock, input, randomness, first, second } = decoded.value;
  return {
    ...{ roll: lock.roll, table: hex(table), epoch, members: keys.members.map(hex), betRoot: hex(lock.betRoot) },
    ...{ lock: hex(lockDigest(ports, lock)), input: hex(input), way: randomness.type, first, second },
    parts: partsOf(randomness, verdict),
    output: randomness.type === "distributed" ? hex(randomness.output) : undefined,
  };
}

function partsOf(randomness: Randomness, verdict: Verdict): PartFacts[] {
  const parts =
    randomness.type === "distributed"
      ? randomness.partials.map(({ holder, partial }) => ({ member: holder, bytes: hex(encode(Partial, partial)) }))
      : randomness.secrets.map(({ member, commitment }) => ({ member, bytes: hex(encode(Commitment, commitment)) }));
  const bad = verdict.ok ? -1 : parts.findIndex(({ member }) => member === verdict.member);
  const isBefore = !verdict.ok && BEFORE_PARTS.includes(verdict.where);
  return parts.map((part, at) => ({
    ...part,
    state: isBefore || (bad >= 0 && at > bad) ? "unknown" : at === bad ? "unsound" : "sound",
  }));
}

/** What is looked at before any part. */
const BEFORE_PARTS: readonly ProofPlace[] = Object.freeze([
  ...(["layout", "table", "epoch", "input", "key", "count"] as const),
]);

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
