/** What a kiosk process is told at its start and what it says each second. Bytes cross as hexadecimal text. */
import type { Tally } from "./rehearsal.ts";

export interface Begin {
  readonly me: number;
  /** Its radios, by device URL, in the order of their roles. */
  readonly devices: readonly string[];
  readonly seed: string;
  readonly table: string;
  readonly members: readonly string[];
}

/** The starter's last word: say nothing new, and report once what was said is heard. */
export interface Rest {
  readonly type: "rest";
}

export interface Report {
  readonly type: "report";
  readonly me: number;
  /** Nothing more is said, and time was given for what was under way. */
  readonly final: boolean;
  readonly linkCount: number;
  readonly tally: Tally;
  readonly radios: readonly RadioReport[];
}

export interface RadioReport {
  readonly board: string;
  /** Plain words: what is awaited or wrong, or that it is up. */
  readonly words: string;
  /** The radio's own, by name, as of its last report of them. */
  readonly counters: { readonly [name: string]: number };
}
