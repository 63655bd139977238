/** What a kiosk process is told at its start and what it says each second. Bytes cross as hexadecimal text. */
import type { LinkCounters } from "../../protocol/link/state.ts";
import type { OutboxCounters } from "../../protocol/packet/events.ts";
import type { Tally } from "./rehearsal.ts";

export interface Begin {
  readonly me: number;
  readonly path: string;
  readonly seed: string;
  readonly table: string;
  readonly members: readonly string[];
  readonly session: number;
  readonly errorRate: number;
  readonly noiseSeed: number;
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
  readonly open: boolean;
  readonly tally: Tally;
  readonly link: LinkCounters;
  readonly outbox: OutboxCounters;
  readonly noise: { readonly flipped: number; readonly lost: number; readonly inserted: number };
}
