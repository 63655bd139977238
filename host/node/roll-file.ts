/** A roll as a file: its proof, and the keys that it is checked by. Whoever checks it needs nothing else, but must know from
 * elsewhere that these are the keys of that table. */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { MEMBERS_MAX, PUBLIC_KEY_SIZE } from "../../protocol/core/limits.ts";
import { sha256 } from "../crypto/sha256.ts";
import { DiceKey } from "../engine/dice/key.ts";
import { RollProof } from "../engine/dice/roll-proof.ts";
import type { RollKeys } from "../engine/dice/verify-roll.ts";

/** Bytes as hexadecimal text. */
export interface RollFile {
  readonly rollProof: typeof ROLL_FILE_VERSION;
  readonly table: string;
  readonly epoch: number;
  /** In the table's order. */
  readonly members: readonly string[];
  /** The dice key of that time; left out where everyone opened a secret instead. */
  readonly key?: string;
  readonly proof: string;
}

export type ParsedRollFile =
  | { readonly ok: true; readonly keys: RollKeys; readonly proof: Uint8Array }
  | { readonly ok: false; readonly why: string };

export const ROLL_FILE_VERSION = 1;
/** Of the text: several times what the longest proof and the most members take. */
export const ROLL_FILE_SIZE_MAX = 65_536;

export const rollFile = ({ table, epoch, members, key }: RollKeys, proof: RollProof): RollFile => ({
  ...{ rollProof: ROLL_FILE_VERSION, table: hex(table), epoch, members: members.map(hex) },
  ...(key === undefined ? {} : { key: hex(encode(DiceKey, key)) }),
  proof: hex(encode(RollProof, proof)),
});

export function parseRollFile(text: string): ParsedRollFile {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return wrong("it is no JSON");
  }
  if (typeof said !== "object" || said === null || !("rollProof" in said)) return wrong("it is no roll's proof");
  const file = said as { readonly [name in keyof RollFile]: unknown };
  if (file.rollProof !== ROLL_FILE_VERSION) return wrong("another version of this program wrote it");
  const table = bytesOf(file.table);
  if (table === undefined) return wrong('"table" is no hexadecimal text');
  if (typeof file.epoch !== "number" || !Number.isSafeInteger(file.epoch)) return wrong('"epoch" is no whole number');
  const members = Array.isArray(file.members) ? file.members.map(bytesOf) : [];
  const known = members.filter((key) => key?.length === PUBLIC_KEY_SIZE) as Uint8Array[];
  if (known.length !== members.length || known.length === 0 || known.length > MEMBERS_MAX) {
    return wrong('"members" are no public keys');
  }
  const keyBytes = bytesOf(file.key ?? "");
  const key = keyBytes === undefined ? undefined : decode(DiceKey, keyBytes);
  if (file.key !== undefined && !key?.ok) return wrong('"key" is no dice key');
  const proof = bytesOf(file.proof);
  if (proof === undefined) return wrong('"proof" is no hexadecimal text');
  return {
    ok: true,
    keys: { table, epoch: file.epoch, members: known, key: key?.ok ? key.value : undefined },
    proof,
  };
}

/** In hexadecimal text, as screens show it: the SHA-256 of the proof's bytes. */
export const proofDigest = (proof: Uint8Array): string => hex(sha256(proof));

const wrong = (why: string): ParsedRollFile => ({ ok: false, why });

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");

function bytesOf(text: unknown): Uint8Array | undefined {
  return typeof text === "string" && /^(?:[0-9a-f]{2})*$/.test(text)
    ? new Uint8Array(Buffer.from(text, "hex"))
    : undefined;
}
