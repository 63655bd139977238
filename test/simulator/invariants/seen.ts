/** What was seen so far, as far as the invariants ask for it. */
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { SignedViewChange } from "../../../protocol/agreement/certificate.ts";

export type Executed = Extract<Effect, { type: "executed" }>;

export interface Entry {
  readonly history: number;
  readonly executed: Executed;
  readonly by: number;
}

export interface Ledger {
  /** By sequence, from 1. */
  readonly entries: Entry[];
  /** By place of the client: the last number, the results by number, and answers that came before the entry. */
  readonly lastNumber: number[];
  readonly results: Map<number, Uint8Array>[];
  readonly answers: Map<number, Uint8Array>[];
  readonly answered: Set<number>[];
  /** By place of the client and number: all operations that were written, and the one that was said. */
  readonly written: Map<number, Uint8Array[]>[];
  readonly said: Map<number, Uint8Array>[];
  requests: number;
}

export function ledger(places: number): Ledger {
  const maps = <T>(): Map<number, T>[] => new Array(places).fill(undefined).map(() => new Map());
  return {
    entries: [],
    lastNumber: new Array(places).fill(0),
    results: maps(),
    answers: maps(),
    answered: new Array(places).fill(undefined).map(() => new Set()),
    written: maps(),
    said: maps(),
    requests: 0,
  };
}

/** What one key signed in one view, as far as it left its kiosk. */
export interface Words {
  readonly epoch: number;
  readonly view: number;
  /** The furthest history that was named in any phase. */
  tip: number;
  tipAt: number;
  prepared: number;
  committed: number;
}

export interface Signer {
  readonly words: Words[];
  /** Ballots that left, by signature. */
  readonly said: Set<number>;
  /** The last wish that left. */
  wish: { readonly epoch: number; readonly change: SignedViewChange } | undefined;
  /** By epoch and sequence: the checkpoint that was signed. */
  readonly checkpoints: Map<number, number>;
}

export const signer = (): Signer => ({ words: [], said: new Set(), wish: undefined, checkpoints: new Map() });

export interface Entered {
  readonly epoch: number;
  readonly view: number;
  readonly startAt: number;
  /** The last that is proposed again. */
  readonly tipAt: number;
  readonly tip: number;
  readonly byQuorum: boolean;
}

export interface Committed {
  readonly epoch: number;
  readonly view: number;
  at: number;
  history: number;
  /** As far as by the votes of all alone. */
  unanimousAt: number;
}

export interface ViewsSeen {
  readonly entered: Entered[];
  readonly committed: Committed[];
}

const viewsSeen = (): ViewsSeen => ({ entered: [], committed: [] });

export interface Epoch {
  /** Kiosks by their place among all keys. */
  readonly members: readonly number[];
  readonly faulty: number;
}

export interface Checker {
  readonly ledger: Ledger;
  readonly signers: readonly Signer[];
  readonly views: ViewsSeen;
  /** By number. */
  readonly epochs: (Epoch | undefined)[];
  /** By sequence: what is stable there. */
  readonly checkpoints: Map<number, Uint8Array>;
  transfers: number;
  fastAcrossViews: number;
}

export const checker = (places: number): Checker => ({
  ledger: ledger(places),
  signers: new Array(places).fill(undefined).map(() => signer()),
  views: viewsSeen(),
  epochs: [],
  checkpoints: new Map(),
  transfers: 0,
  fastAcrossViews: 0,
});
