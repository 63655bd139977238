/** What a member signed and no honest member signs. Anyone can check it who knows the member's key, and nobody else's word
 * is part of it. */
import type { ValueOf } from "../bytes/codec.ts";
import { list, struct, union } from "../bytes/compound.ts";
import { MEMBERS_MAX } from "../core/limits.ts";
import { SignedBallot } from "./ballot.ts";
import { SignedNewView, SignedViewChange, ViewChangeBody } from "./certificate.ts";

export const Evidence = union("Evidence", {
  /** Two ballots with every history said that differ at one sequence of one phase of one view, or at one checkpoint. */
  contradiction: [0x01, struct("Contradiction", { first: SignedBallot, second: SignedBallot })],
  /** A commit, and a wish for a later view that knows nothing of what was prepared there. */
  amnesia: [0x02, struct("Amnesia", { committed: SignedBallot, change: SignedViewChange, body: ViewChangeBody })],
  /** A new view that does not follow from the wishes that it names. */
  falseNewView: [0x03, struct("FalseNewView", { newView: SignedNewView, bodies: list(ViewChangeBody, MEMBERS_MAX) })],
});
export type Evidence = ValueOf<typeof Evidence>;
