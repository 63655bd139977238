/** The proof of a roll as it is handed out: the file that `roll verify` reads, with what the members signed of it beside. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { count, hex, many, member, orNull, record } from "./forms.ts";
import { PROOF_LENGTH_MAX } from "./limits.ts";

const RollFields = {
  rollProof: z.literal(1),
  table: hex,
  epoch: count,
  /** In the table's order. */
  members: many(hex, MEMBERS_MAX),
  /** The dice key of that time; left out where everyone opened a secret instead. */
  key: hex.max(PROOF_LENGTH_MAX).exactOptional(),
  proof: hex.max(PROOF_LENGTH_MAX),
};

export const RollFile = record(RollFields);
export type RollFile = z.output<typeof RollFile>;

/** Of the batch that brought the roll: who signed that it was agreed. */
export const Quorum = record({
  phase: z.enum(["prepared", "committed", "unanimous"]),
  sequence: count,
  view: count,
  /** Of the table's history up to there. */
  history: hex,
  ballots: many(record({ member, signature: hex }), MEMBERS_MAX),
  /** The certificate itself, as members keep it. */
  certificate: hex,
});
export type Quorum = z.output<typeof Quorum>;

export const RollProof = record({ ...RollFields, quorum: orNull(Quorum) });
export type RollProof = z.output<typeof RollProof>;
