/** All faults, in the order of docs/consensus.md's subjects. */
import { assert } from "../../../protocol/core/assert.ts";
import type { Mutant } from "../mutant.ts";
import { checkpoints } from "./checkpoints.ts";
import { evidence } from "./evidence.ts";
import { evidenceParts } from "./evidence-parts.ts";
import { memory } from "./memory.ts";
import { order } from "./order.ts";
import { time } from "./time.ts";
import { viewChanges } from "./view-changes.ts";
import { votes } from "./votes.ts";

const ALL: readonly Mutant[] = [votes, order, checkpoints, viewChanges, memory, evidence, evidenceParts, time].flat();

/** What the simulator notices as well, nearly all of it within a hundred seeds. */
const SIMULATED: readonly string[] = [
  ...["q-less-one", "fast-path-on-a-quorum", "vote-not-verified", "vote-of-another-view"],
  ...["prepare-for-another-history", "executed-twice", "executed-out-of-order", "request-not-verified"],
  ...["view-from-a-status", "start-of-the-first", "wish-without-certificates", "votes-below-a-wish"],
  ...["new-view-believed", "commit-without-its-certificate", "restart-forgets-its-votes", "restart-forgets-its-claims"],
];
const SEEDS_COUNT = 5_000;

export const MUTANTS: readonly Mutant[] = ALL.map((each) =>
  SIMULATED.includes(each.name) ? { ...each, seeds: SEEDS_COUNT } : each,
);

assert(
  SIMULATED.every((name) => ALL.some((each) => each.name === name)),
  "what is simulated is in the table",
);

assert(new Set(MUTANTS.map(({ name }) => name)).size === MUTANTS.length, "each fault has a name of its own");
