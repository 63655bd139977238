/** What a kiosk that was given a place believes of its table until it has the proof: it begins its journal with that, at its first
 * start. */
import { join } from "node:path";
import { CheckpointHeader } from "../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import type { Belief } from "../../node/joining-founding.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";

export const BELIEF_FILE = "belief";

export const writeBelief = (folder: string, { header }: Belief): void =>
  writePrivate(join(folder, BELIEF_FILE), encode(CheckpointHeader, header).slice());

/** Undefined of a kiosk that founded its table, and of bytes that are none: then it is told that it is no member. */
export function readBelief(folder: string): Belief | undefined {
  const file = readPrivate(join(folder, BELIEF_FILE));
  const header = file === undefined ? undefined : decode(CheckpointHeader, file);
  return header?.ok ? { header: header.value } : undefined;
}
