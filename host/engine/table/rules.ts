/** A table as it is founded: which game, by which rules, among whom. Every kiosk founds the same one. */
import type { TwoDice } from "../dice/draw.ts";
import type { DicePorts } from "../dice/ports.ts";
import type { DiceMember } from "../dice/state.ts";
import type { Game } from "../game/game.ts";
import type { LedgerRules } from "../ledger/rules.ts";
import type { StakeRules } from "../stakes/rules.ts";

export interface TableRules<C, S, A extends { readonly type: string }, O> {
  readonly table: Uint8Array;
  readonly members: readonly DiceMember[];
  readonly game: Game<C, S, A, O>;
  readonly config: C;
  /** Places in the game, whoever sits there. */
  readonly places: number;
  /** What a roll means in this game: its two dice, or its seed. */
  readonly outcomeOf: (dice: TwoDice, seed: Uint8Array) => O;
  readonly ledger: LedgerRules;
  readonly stakes: StakeRules;
  readonly bank: number;
  readonly pool: number;
  /** Commit–reveal although the table could do better. */
  readonly revealAlways: boolean;
  /** Those of the consensus: what is evidence in one place is evidence in the other. */
  readonly ports: DicePorts;
  /** Of a member that is admitted later. Where there is none, the table throws by commit–reveal. */
  readonly diceKeyOf?: (key: Uint8Array) => Uint8Array | undefined;
}
