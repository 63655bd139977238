/** Attackers by name. */
import type { Attack } from "../kinds.ts";
import type { Means } from "./attacker.ts";
import { doubleVote, equivocation } from "./equivocation.ts";
import { forgedCertificates, replay, staleProofs } from "./forgers.ts";
import { mutation } from "./mutation.ts";
import { corruptChunks, flooding, lyingStatus, viewChangeSpam } from "./noise.ts";
import type { Attacker } from "./role.ts";
import { selectiveSilence, slowPrimary, withholding } from "./silence.ts";
import { twins } from "./twins.ts";
import { amnesiac, falseNewView } from "./view-liars.ts";

const BY_KIND: { readonly [A in Attack]: (means: Means) => Attacker } = {
  twins,
  mutation,
  equivocation,
  doubleVote,
  withholding,
  selectiveSilence,
  forgedCertificates,
  replay,
  viewChangeSpam,
  flooding,
  corruptChunks,
  slowPrimary,
  lyingStatus,
  staleProofs,
  amnesiac,
  falseNewView,
};

export const attackerOf = (kind: Attack, means: Means): Attacker => BY_KIND[kind](means);
