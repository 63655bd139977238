/** What a kiosk's process is told, and what it tells. Bytes cross as hexadecimal text. */

import type { Lie } from "../../liars/lies.ts";
import type { Role } from "../../mesh/topology/radios.ts";
import type { RadioReport, RadioTally } from "../../node/radio-transport.ts";
import type { RollFile } from "../../node/roll-file.ts";
import type { SeatAtRoll } from "../../node/roll-watch.ts";
import type { SecureTally } from "../../node/secure-transport.ts";
import type { PortAsks, PortSaid } from "./port-words.ts";
import type { TableFile } from "./table-file.ts";

/** In their order: who are you; sit at this table; then now and then the others. */
export type KioskOrder =
  | {
      readonly type: "own";
      readonly kiosk: number;
      readonly folder: string;
      /** What opens its key; null where it lies there as it is. */
      readonly passphraseFile: string | null;
    }
  | {
      readonly type: "sit";
      readonly table: TableFile;
      /** By kiosk, whose key it has. */
      readonly kiosks: readonly string[];
      /** The file of the table's secret. */
      readonly secretFile: string;
      /** By device URL. */
      readonly radios: readonly { readonly device: string; readonly role: Role }[];
      /** Kiosks to open links to. */
      readonly opens: readonly number[];
      readonly isVirtual: boolean;
      readonly seed: number;
      /** So many times as fast as a clock on the wall. */
      readonly speed: number;
      /** The date at which its clock is right, whatever its speed is. */
      readonly beganAt: number;
      /** In which way it lies from its beginning; null: it is honest. */
      readonly lie: Lie | null;
    }
  /** Do and hear nothing for a while. */
  | { readonly type: "pause"; readonly ms: number }
  /** Somebody bets at its page, who has not sat down yet perhaps. */
  | { readonly type: "bet" }
  /** By whoever is at the page that shows it. */
  | { readonly type: "ask"; readonly id: number; readonly asks: PortAsks }
  /** Where radios are virtual: lie in that way from now on; null: be honest again. */
  | { readonly type: "lie"; readonly lie: Lie | null }
  /** Ask for nothing new. */
  | { readonly type: "rest" }
  | { readonly type: "end" };

export type KioskSaid =
  | { readonly type: "own"; readonly kiosk: number; readonly key: string; readonly isUnderPassphrase: boolean }
  | { readonly type: "failed"; readonly kiosk: number; readonly why: string; readonly next: string }
  /** It sits at its table. */
  | { readonly type: "up"; readonly kiosk: number }
  /** To whoever shows it. */
  | { readonly type: "port"; readonly kiosk: number; readonly said: PortSaid }
  /** What came of a bet that a key placed, in words. */
  | { readonly type: "betted"; readonly kiosk: number; readonly words: string }
  | RollSaid
  | Report;

/** When a roll was executed here, and not when it is remembered at a start. */
export interface RollSaid {
  readonly type: "rolled";
  readonly kiosk: number;
  readonly sequence: number;
  readonly view: number;
  /** Places among the members, as everywhere here. */
  readonly primary: number;
  readonly roll: number;
  /** Undefined where every bet went back. */
  readonly fell: { readonly first: number; readonly second: number; readonly file: RollFile } | undefined;
  readonly point: number;
  readonly shooter: number | undefined;
  readonly seats: readonly SeatAtRoll[];
}

/** Once a second. */
export interface Report {
  readonly type: "report";
  readonly kiosk: number;
  /** Its place among the members, by their keys. */
  readonly member: number;
  readonly sequence: number;
  readonly view: number;
  readonly isChanging: boolean;
  /** It does and hears nothing, as it was told. */
  readonly isPaused: boolean;
  readonly primary: number;
  /** Of all members, since the table began. */
  readonly operations: number;
  /** Sequences that were decided here by the votes of all, and by commits, since this process began. */
  readonly fast: number;
  readonly slow: number;
  /** Of own requests answered in this second, in milliseconds. */
  readonly latencies: readonly number[];
  /** Asked for and not executed yet, by anybody. */
  readonly waiting: number;
  readonly rolls: number;
  /** Dice are on their way. */
  readonly isRolling: boolean;
  /** Of each member's player, on the table or not; null, as JSON has it, of one who never sat. */
  readonly chips: readonly (number | null)[];
  /** All chips that were made are somewhere. */
  readonly isBalanced: boolean;
  /** Of history and application: alike where the sequence is. */
  readonly digest: string;
  /** What its journal held when it began, and in which state it was. */
  readonly recovered: { readonly records: number; readonly verdict: string; readonly sequence: number };
  /** Why it signs nothing, if so. */
  readonly muted: string | undefined;
  /** How often it has lied, as it was told to. */
  readonly lies: number;
  /** Kiosks that it has a link to, by their places among the members, and those that nobody hears. */
  readonly neighbours: readonly number[];
  readonly suspected: readonly number[];
  readonly flushes: number;
  readonly radios: readonly RadioReport[];
  readonly packets: RadioTally;
  readonly secured: SecureTally;
  /** Packets that brought nothing, by the reason's name. */
  readonly refused: { readonly [why: string]: number };
}
