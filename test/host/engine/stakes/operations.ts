/** Everything that can be done with chips, as plain data: what a table may order, right or wrong. */
import { openAccount } from "../../../../host/engine/ledger/accounts.ts";
import { type BetResult, settle, takeBack, wager } from "../../../../host/engine/ledger/bets.ts";
import { beginSession, grant, rebuy } from "../../../../host/engine/ledger/grants.ts";
import { accountIndex } from "../../../../host/engine/ledger/ledger.ts";
import { settlePot } from "../../../../host/engine/ledger/pot.ts";
import { closeAccusation, openAccusation } from "../../../../host/engine/stakes/accusations.ts";
import { payRewards } from "../../../../host/engine/stakes/rewards.ts";
import { SLASH_REASONS } from "../../../../host/engine/stakes/rules.ts";
import { recordEvidence } from "../../../../host/engine/stakes/slashing.ts";
import { addStake, unstake, withdraw } from "../../../../host/engine/stakes/staking.ts";
import { type Chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { digest, NO_AMOUNTS } from "../ledger/tables.ts";
import { at, DAY, type Economy, HOUR } from "./stakers.ts";

export const KINDS = [
  ...["open", "grant", "rebuy", "session", "wager", "takeBack", "settle", "pot", "stake", "unstake", "withdraw"],
  ...["evidence", "accuse", "acquit", "reward"],
] as const;

/** Numbers that mean to each kind what it makes of them. */
export interface AnyOperation {
  readonly kind: number;
  readonly ms: number;
  readonly account: number;
  readonly counter: number;
  readonly chips: number;
  readonly other: number;
  readonly results: readonly BetResult[];
}

export function apply(
  { ledger, stakes }: Economy,
  operation: AnyOperation,
): { readonly ok: boolean; readonly why?: string } {
  const { account: number, counter, chips, other, results } = operation;
  const account = accountIndex(number);
  const time = at(operation.ms);
  const spending = { account, counter };
  switch (KINDS[operation.kind]) {
    case "open":
      return openAccount(ledger, digest(other));
    case "grant":
      return grant(ledger, account, digest(other));
    case "rebuy":
      return rebuy(ledger, spending);
    case "session":
      return beginSession(ledger);
    case "wager":
      return wager(ledger, { ...spending, chips, exposure: other });
    case "takeBack":
      return takeBack(ledger, { ...spending, chips, exposure: other });
    case "settle":
      return settle(ledger, results, other);
    case "pot": {
      const winners = results.map((each) => ({ account: each.account, weight: each.returned }));
      return settlePot(
        ledger,
        results.map((each) => ({ account: each.account, chips: each.wagered })),
        winners,
      );
    }
    case "stake":
      return addStake(stakes, ledger, { ...spending, chips }, time);
    case "unstake":
      return unstake(stakes, ledger, { ...spending, chips }, time);
    case "withdraw":
      return withdraw(stakes, ledger, spending, time);
    case "evidence": {
      const evidence = { account, reason: SLASH_REASONS[other % SLASH_REASONS.length], digest: digest(chips) };
      return recordEvidence(stakes, ledger, evidence, time);
    }
    case "accuse":
      return openAccusation(stakes, account);
    case "acquit":
      return closeAccusation(stakes, account);
    case "reward":
      return payRewards(stakes, ledger, time);
    default:
      throw new Error("no such kind");
  }
}

/** Mostly what makes sense at the moment; now and then anything. Time never goes back. */
export function anyOperation(from: Chance, { ledger }: Economy, ms: number): AnyOperation {
  const kind = WEIGHTED[drawBelow(from, WEIGHTED.length)];
  const account = drawBelow(from, 50) === 0 ? drawBelow(from, 40) - 1 : drawBelow(from, ledger.accounts.length);
  const next = ledger.accounts[account]?.nextCounter ?? 0;
  const counter = drawBelow(from, 20) === 0 ? drawBelow(from, next + 2) : next;
  return {
    kind,
    ms: ms + stepMs(from),
    account,
    counter,
    chips: KINDS[kind] === "evidence" ? drawBelow(from, 300) : anyAmount(from),
    other: anyOther(from, kind, ledger.reserved),
    results: KINDS[kind] === "settle" || KINDS[kind] === "pot" ? anyResults(from, ledger.accounts) : [],
  };
}

const OFTEN: readonly (readonly [(typeof KINDS)[number], number])[] = [
  ...([
    ["wager", 8],
    ["takeBack", 2],
    ["settle", 5],
    ["pot", 2],
    ["stake", 3],
    ["unstake", 2],
  ] as const),
  ...([
    ["withdraw", 2],
    ["evidence", 4],
    ["reward", 1],
    ["grant", 1],
    ["rebuy", 2],
  ] as const),
];
const WEIGHTED = [...KINDS, ...OFTEN.flatMap(([kind, times]) => new Array<typeof kind>(times).fill(kind))].map((kind) =>
  KINDS.indexOf(kind),
);

function stepMs(from: Chance): number {
  const kind = drawBelow(from, 100);
  if (kind === 0) return drawBelow(from, 9 * DAY);
  return drawBelow(from, kind < 10 ? HOUR : 30_000);
}

function anyAmount(from: Chance): number {
  const kind = drawBelow(from, 25);
  if (kind === 0) return NO_AMOUNTS[drawBelow(from, NO_AMOUNTS.length)][0];
  return 1 + drawBelow(from, kind < 10 ? 20_000 : kind < 20 ? 2_500 : 40);
}

function anyOther(from: Chance, kind: number, reserved: number): number {
  switch (KINDS[kind]) {
    case "wager":
    case "takeBack":
    case "settle":
      if (drawBelow(from, 30) === 0) return NO_AMOUNTS[drawBelow(from, NO_AMOUNTS.length)][0];
      return Math.max(0, reserved + drawBelow(from, 6_000) - 3_000);
    case "open":
      return drawBelow(from, 24);
    default:
      return drawBelow(from, 60);
  }
}

function anyResults(from: Chance, accounts: Economy["ledger"]["accounts"]): BetResult[] {
  const results: BetResult[] = [];
  for (let i = 0; i < accounts.length; i++) {
    const { locked } = accounts[i];
    if (locked === 0 && drawBelow(from, 20) > 0) continue;
    const wagered = drawBelow(from, 60) === 0 ? anyAmount(from) : Math.min(locked, 1 + drawBelow(from, 2 * locked + 1));
    const returned = [0, wagered, 2 * wagered, 3 * wagered][drawBelow(from, 4)];
    results.push({ account: accountIndex(i), wagered, returned });
  }
  return results;
}
