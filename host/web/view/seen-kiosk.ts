/** What a view is made of: a kiosk that runs, as far as it is looked at, and what only its process knows. */
import type { OwnDice } from "../../engine/dice/own-state.ts";
import type { NodeClock } from "../../node/clock.ts";
import type { CrapsRules, CrapsTable } from "../../node/craps-table.ts";
import type { RunningNode } from "../../node/node.ts";
import type { PairingControl } from "../../node/pairing-desk.ts";
import type { Radios } from "../../node/radio-transport.ts";
import type { Answer } from "../contract/answers.ts";
import type { Logs, OperatorPart, Settings } from "../contract/operator-part.ts";
import type { OperatorOrder } from "../contract/orders.ts";
import type { KioskPort } from "../server/kiosk-port.ts";
import type { Detection } from "./conduct-watch.ts";

export interface SeenKiosk {
  readonly node: RunningNode<CrapsTable>;
  /** Undefined where nobody can be paired with. */
  readonly pairing?: PairingControl | undefined;
  readonly radios: Pick<Radios, "reports" | "tally">;
  /** Its own part in the dice, where it may be looked at. */
  readonly dice?: OwnDice | undefined;
}

export interface AboutKiosk {
  /** What people read on its screen. */
  readonly name: string;
  readonly version: string;
  readonly key: Uint8Array;
  readonly rules: CrapsRules;
  /** Of the engine, those that people sit at here; the page's first is the first of them. */
  readonly seats: readonly number[];
  /** Of a member, by its key in hexadecimal text; undefined where nobody has told. */
  readonly nameOf: (key: string) => string | undefined;
  readonly isVirtual: boolean;
  readonly batchLengthMax: number;
  readonly clock: NodeClock;
  readonly operator: OperatorDesk;
}

/** What an operator may see and do beside the table. The engine's pause and its pairings are the view's own. */
export interface OperatorDesk {
  /** Undefined: nothing is told of how others behave. */
  readonly detection?: Detection | undefined;
  readonly part: () => Omit<OperatorPart, "pairing" | "dice">;
  readonly settings: () => Settings;
  readonly logs: () => Logs;
  readonly order: (order: Exclude<OperatorOrder, { readonly type: "pause" | "pair" }>) => Promise<Answer>;
  /** The ledger as a signed file; undefined where nobody at a page may take it. */
  readonly exportLedger?: KioskPort["ledger"];
  /** Bytes that journal, history and logs have written. */
  readonly writtenBytes: () => number;
}
