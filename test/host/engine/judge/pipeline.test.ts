import { describe, expect, test } from "vitest";
import { keepPace, type Pace, pace, withinClaimTolerance } from "../../../../host/engine/judge/behaviour.ts";
import { type Checks, executeValid, judgeItem, STAGES, type Stage } from "../../../../host/engine/judge/pipeline.ts";
import { type Wager, wager } from "../../../../host/engine/ledger/bets.ts";
import type { Ledger } from "../../../../host/engine/ledger/ledger.ts";
import { takeLedgerSnapshot } from "../../../../host/engine/ledger/snapshot.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, millis } from "../../../../protocol/core/units.ts";
import { account, withPlayers } from "../ledger/tables.ts";
import { many } from "./thrown.ts";

/** Checks that write down that they were asked, and refuse at these stages. */
function checks(refusing: readonly Stage[], asked: Stage[]): Checks<string, string> {
  const entries = STAGES.map((stage) => [
    stage,
    (item: string) => {
      asked.push(stage);
      return refusing.includes(stage) ? `${item}: no ${stage}` : undefined;
    },
  ]);
  return Object.fromEntries(entries) as Checks<string, string>;
}

describe("an operation", () => {
  test("goes through size, signature, replay, stake, behaviour and consensus in this order [U04]", () => {
    const asked: Stage[] = [];
    expect(judgeItem("bet", checks([], asked))).toEqual({ ok: true });
    expect(asked).toEqual(["size", "signature", "replay", "stake", "behaviour", "consensus"]);
  });

  test("meets no check behind the first that refuses it, whichever others would refuse it too [U04]", () => {
    for (let set = 1; set < 64; set++) {
      const refusing = STAGES.filter((_, at) => (set >> at) & 1);
      const asked: Stage[] = [];
      const [stage] = refusing as [Stage];
      expect(judgeItem("bet", checks(refusing, asked))).toEqual({ ok: false, stage, why: `bet: no ${stage}` });
      expect(asked).toEqual(STAGES.slice(0, STAGES.indexOf(stage) + 1));
    }
  });

  test("that is not critical is the kiosk's own matter and asks nobody [U04]", () => {
    const asked: Stage[] = [];
    expect(judgeItem("look", checks(["consensus"], asked), false)).toEqual({ ok: true });
    expect(asked).toEqual(STAGES.slice(0, 5));
    expect(judgeItem("look", checks(["stake"], []), false)).toMatchObject({ stage: "stake" });
  });

  test("that the state does not allow is executed on no replica and moves nothing, with the same word on each [P04]", () => {
    interface Table {
      readonly open: boolean;
      readonly ledger: Ledger;
    }
    const rules = {
      fault: ({ open, ledger }: Table, bet: Wager): string | undefined => {
        if (!open) return "not now";
        const tried = wager(structuredClone(ledger), bet);
        return tried.ok ? undefined : tried.why;
      },
      execute: ({ ledger }: Table, bet: Wager): boolean => wager(ledger, bet).ok,
    };
    const from = chance(1);
    const ledgers = many(3, () => withPlayers(2));
    const words: { [why: string]: number } = {};
    for (let i = 0; i < 400; i++) {
      const open = drawBelow(from, 5) > 0;
      const bettor = account(drawBelow(from, 3));
      const counter = (ledgers[0]!.accounts[bettor]?.nextCounter ?? 0) + (drawBelow(from, 8) === 0 ? 1 : 0);
      const bet = { account: bettor, counter, chips: drawBelow(from, 60) - 5, exposure: 100 * drawBelow(from, 100) };
      const before = takeLedgerSnapshot(ledgers[0]!);
      const [first, ...others] = ledgers.map((ledger) => executeValid({ open, ledger }, bet, rules));
      for (const each of others) expect(each).toEqual(first);
      const [after, ...copies] = ledgers.map(takeLedgerSnapshot);
      for (const each of copies) expect(each).toEqual(after);
      expect(Buffer.compare(before, after!) === 0).toBe(!first!.ok);
      const word = first!.ok ? "executed" : first!.why;
      words[word] = (words[word] ?? 0) + 1;
    }
    expect(Object.keys(words).sort()).toEqual([
      ...["counter ahead", "executed", "not enough", "not now", "out of range", "unknown account"],
    ]);
  });
});

describe("behaviour", () => {
  test("a claimed moment may be thirty seconds off the agreed one, either way [P01]", () => {
    const now = agreedMillis(1_767_225_600_000);
    const off = (ms: number): boolean => withinClaimTolerance(agreedMillis(now + ms), now);
    expect([-30_001, -30_000, 0, 30_000, 30_001].map(off)).toEqual([false, true, true, true, false]);
  });

  const taps = (state: Pace, tap: "bet" | "other", moments: readonly number[], seat = 0): boolean[] =>
    moments.map((at) => keepPace(state, seat, tap, millis(at)));

  test("operations are a tenth of a second apart, bets half of that [P02]", () => {
    expect(taps(pace(), "other", [0, 99, 100, 199, 200])).toEqual([true, false, true, false, true]);
    expect(taps(pace(), "bet", [0, 49, 50, 99, 100])).toEqual([true, false, true, false, true]);
  });

  test("what was refused for its haste delays nothing more, and seats do not delay each other [P02]", () => {
    const state = pace();
    expect(taps(state, "bet", [0, 10, 20, 30, 40, 50])).toEqual([true, false, false, false, false, true]);
    expect(taps(state, "bet", [50], 1)).toEqual([true]);
    expect(taps(state, "other", [51])).toEqual([true]);
  });
});
