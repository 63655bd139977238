/** The table that is agreed on: a game, its money, its dice, its judge. Whatever is ordered is answered, on every replica alike; what is
 * refused moves nothing. */
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { unreachable } from "../../../protocol/core/assert.ts";
import { type AgreedMillis, agreedMillis } from "../../../protocol/core/units.ts";
import { advanceRoll, rollDeadline } from "../dice/roll.ts";
import { keepTurn, overdue } from "../game/play.ts";
import { disputesDeadline, isAccused } from "../judge/disputes.ts";
import { retentionMs } from "../judge/evidence-book.ts";
import { rebuy } from "../ledger/grants.ts";
import type { Machine, Membership, Operation } from "../machine.ts";
import { payRewards } from "../stakes/rewards.ts";
import { addStake, unstake, withdraw } from "../stakes/staking.ts";
import { bring } from "./accusation.ts";
import { answerBytes, DONE, refuse, type TableAnswer } from "./answer.ts";
import { accuse, bringPart, convictAgreed } from "./court.ts";
import { advanceJudge, dispute, vote } from "./disputes.ts";
import { forgetEpochs } from "./epochs.ts";
import { MOVES_MS } from "./limits.ts";
import { changeTable, mayChange } from "./membership.ts";
import { creditPlayers } from "./merits.ts";
import { goOn, move } from "./moves.ts";
import { TableOperation } from "./operation.ts";
import { accountOf, ownerOf, sit, stand } from "./players.ts";
import { onDice } from "./rolls.ts";
import type { TableRules } from "./rules.ts";
import { restoreTable, takeTable } from "./snapshot.ts";
import { foundTable, type TableState } from "./state.ts";

type AnyAction = { readonly type: string };

export function tableMachine<C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>): Machine<TableState<S>> {
  return Object.freeze({
    initial: () => foundTable(rules),
    execute(state: TableState<S>, operation: Operation) {
      const answer = execute(rules, state, operation);
      turn(rules, state);
      return answerBytes(answer);
    },
    snapshot: (state: TableState<S>) => takeTable(rules, state),
    restore: (bytes: Uint8Array) => restoreTable(rules, bytes),
    deadline: (state: TableState<S>) => deadline(state),
    advance: (state: TableState<S>, time: AgreedMillis) => advance(rules, state, time),
    house: Object.freeze({
      mayChange,
      change(state: TableState<S>, next: Membership) {
        changeTable(rules, state, next);
        turn(rules, state);
      },
      convict: (state: TableState<S>, evidence: Uint8Array, time: AgreedMillis) =>
        convictAgreed(rules, state, evidence, time),
      outcasts: (state: TableState<S>) => state.outcasts,
      bring: (state: TableState<S>, evidence: Evidence) => bring(rules, state, evidence),
    }),
  });
}

function execute<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  { client, seat, time, bytes }: Operation,
): TableAnswer {
  const kiosk = state.dice.members[client];
  if (kiosk === undefined) return refuse("not a member");
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok) return refuse("not an operation");
  const operation = decoded.value;
  switch (operation.type) {
    case "dice":
      return onDice(rules, state, client, operation.operation, time);
    case "accuse":
      return accuse(rules, state, operation.evidence, time);
    case "evidencePart":
      return bringPart(rules, state, kiosk.key, operation, time);
    case "dispute":
      return dispute(rules, state, client, operation.claim, time);
    case "vote":
      return vote(state, client, operation.vote, time);
  }
  const owner = ownerOf(rules, kiosk.key, seat);
  if (operation.type === "sit") return sit(state, owner);
  if (operation.type === "stand") return stand(rules, state, owner);
  const account = accountOf(state, owner);
  if (account === undefined) return refuse("no account");
  const { counter } = operation;
  switch (operation.type) {
    case "act":
      return move(rules, state, account, operation, time);
    case "rebuy":
      return said(rebuy(state.ledger, { account, counter }));
    case "stake":
      return said(addStake(state.stakes, state.ledger, { account, counter, chips: operation.amount }, time));
    case "unstake":
      return said(unstake(state.stakes, state.ledger, { account, counter, chips: operation.amount }, time));
    case "withdraw":
      // While it is argued what the kiosk did, nothing of its stake leaves.
      if (isAccused(state.judge.disputes, kiosk.key)) return refuse("accused");
      return said(withdraw(state.stakes, state.ledger, { account, counter }, time));
    default:
      return unreachable(operation);
  }
}

/** After whatever may have moved the turn, or emptied a place. */
const turn = <C, S, A extends AnyAction, O>({ game }: TableRules<C, S, A, O>, { play, places }: TableState<S>): void =>
  keepTurn(game, play, (place) => places[place] !== undefined);

const said = (answer: { readonly ok: true } | { readonly ok: false; readonly why: string }): TableAnswer =>
  answer.ok ? DONE : refuse(answer.why);

/** The earliest of what the table waits for. */
function deadline<S>(state: TableState<S>): AgreedMillis | undefined {
  let earliest = state.movesUntil;
  for (const each of [rollDeadline(state.dice), disputesDeadline(state.judge.disputes)]) {
    if (each !== undefined && (earliest === undefined || each < earliest)) earliest = each;
  }
  return earliest;
}

/** What was due by then, before anything else of the batch. */
function advance<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  time: AgreedMillis,
): void {
  if (time >= state.stakes.nextRewardAt) {
    payRewards(state.stakes, state.ledger, time);
    creditPlayers(rules, state, time);
    state.epochs = forgetEpochs(state.epochs, time, retentionMs(rules.stakes));
  }
  advanceJudge(rules, state, time);
  advanceRoll(state.dice, time);
  if (state.movesUntil === undefined || time < state.movesUntil) return;
  state.movesUntil = undefined;
  if (overdue(rules.game, rules.config, state.play) === undefined) {
    state.movesUntil = agreedMillis(time + MOVES_MS);
    return;
  }
  goOn(rules, state, time);
}
