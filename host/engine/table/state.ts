/** All that a table has agreed on: plain data, the same on every kiosk. */

import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { agreedMillis } from "../../../protocol/core/units.ts";
import { foundDice } from "../dice/dice.ts";
import type { RollProof } from "../dice/roll-proof.ts";
import type { DiceState } from "../dice/state.ts";
import { type Play, start } from "../game/play.ts";
import type { OpenEvidence } from "../judge/evidence-parts.ts";
import { type JudgeState, judgeState } from "../judge/judge-snapshot.ts";
import { foundLedger } from "../ledger/genesis.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { foundStakes, type Stakes } from "../stakes/stakes.ts";
import { firstEpoch, type TableEpoch } from "./epochs.ts";
import type { TableRules } from "./rules.ts";

export interface TableState<S> {
  readonly ledger: Ledger;
  readonly stakes: Stakes;
  readonly dice: DiceState;
  /** Offences, disputes, points. */
  readonly judge: JudgeState;
  /** Whose offences can still be brought; the epoch of now last. */
  epochs: readonly TableEpoch[];
  /** Keys of members that have lost their seat and wait for a barrier. */
  outcasts: readonly Uint8Array[];
  /** What is brought in parts, and not complete yet. */
  evidence: readonly OpenEvidence[];
  play: Play<S>;
  /** Who sits where in the game. */
  readonly places: (AccountIndex | undefined)[];
  /** Of players whose kiosk has gone, one bit each: free as soon as nothing of theirs lies on the table. */
  closing: number;
  /** When the table goes on by itself; undefined where nothing lies on it, or dice are on their way. */
  movesUntil: AgreedMillis | undefined;
  /** The last of them last. */
  readonly rolls: RollProof[];
}

type AnyAction = { readonly type: string };

export function foundTable<C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>): TableState<S> {
  const { bank, pool, table, members, revealAlways } = rules;
  const founded = foundLedger(rules.ledger, { bank, pool, allotments: [] });
  assert(founded.ok, "a table is founded with money that adds up");
  const staked = foundStakes(rules.stakes, agreedMillis(0));
  assert(staked.ok, "a table is founded with sound rules of stakes");
  return {
    ledger: founded.ledger,
    stakes: staked.stakes,
    dice: foundDice({ table, members, revealAlways }),
    judge: judgeState(),
    epochs: [firstEpoch(rules)],
    outcasts: [],
    evidence: [],
    play: start(rules.game, rules.config, rules.places),
    places: new Array<AccountIndex | undefined>(rules.places).fill(undefined),
    closing: 0,
    movesUntil: undefined,
    rolls: [],
  };
}

/** Of the members, by place. */
export const keysOf = ({ dice }: TableState<unknown>): readonly Uint8Array[] => dice.members.map(({ key }) => key);
