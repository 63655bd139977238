/** A fault that is planted on purpose: one guard of the engine is taken away, and somebody has to notice. */

/** Text that stands in its file once and no more: a patch that does not fit any more is an error, not a survivor. */
export interface Edit {
  /** From the top of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Mutant extends Edit {
  /** What the engine does with the fault in it. */
  readonly name: string;
  /** What was taken away, with its section in docs/consensus.md where it has one. */
  readonly guard: string;
  /** Where one guard stands in two places. */
  readonly and?: readonly Edit[];
  readonly by: Killer;
  /** So many seeds of the simulator notice it as well. */
  readonly seeds?: number;
}

/** The tests that have to notice it. */
export interface Killer {
  readonly file: string;
}

/** Of the engine, as "consensus/votes". */
export const test = (name: string): Killer => ({ file: `test/host/engine/${name}.test.ts` });

/** Of the host around it, as "storage/journal/damage". */
export const hostTest = (name: string): Killer => ({ file: `test/host/${name}.test.ts` });

export const editsOf = (mutant: Mutant): readonly Edit[] => [mutant, ...(mutant.and ?? [])];

const ENGINE = "host/engine";

/** Rows of one file of the engine, as "consensus/quorum". */
export const inEngine =
  (path: string) =>
  (name: string, guard: string, from: string, to: string, by: Killer, and: readonly Edit[] = []): Mutant => ({
    ...{ name, guard, file: `${ENGINE}/${path}.ts`, from, to, by, and },
  });
