/** Which deeds at the table are worth points, for better and for worse. They are shown, and decide nothing. */
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import type { DiceChange } from "../dice/answer.ts";
import type { OpenRoll } from "../dice/state.ts";
import { credit } from "../judge/points.ts";
import { accountsOf } from "./players.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

/** Once an hour: for a kiosk at which somebody plays. By the roll, an evening would outweigh every offence. */
export function creditPlayers<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  time: AgreedMillis,
): void {
  if (state.places.every((account) => account === undefined)) return;
  for (const { key } of state.dice.members) {
    const plays = accountsOf(rules, state, key).some((account) => state.places.includes(account));
    if (plays) credit(state.judge.points, key, "game", time);
  }
}

/** Of a roll by commit–reveal that has come to its end: who kept a part of it back. Between two, each could say so of the other. */
export function noteMissed(
  { dice, judge }: TableState<unknown>,
  { phase, commitments, openings }: OpenRoll,
  change: DiceChange,
  time: AgreedMillis,
): void {
  const isOver = change.type === "rolled" || change.type === "void";
  if (!isOver || phase === "partials" || dice.members.length <= 2) return;
  for (const [member, { key }] of dice.members.entries()) {
    if (!commitments.some((each) => each.member === member)) credit(judge.points, key, "commitMissed", time);
    else if (change.type === "void" && phase === "revealing" && !openings.some((each) => each.member === member)) {
      credit(judge.points, key, "revealMissed", time);
    }
  }
}
