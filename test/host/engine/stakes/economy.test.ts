import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import type { LedgerRefusal } from "../../../../host/engine/ledger/refusal.ts";
import { restoreLedger, takeLedgerSnapshot } from "../../../../host/engine/ledger/snapshot.ts";
import { auditStakes } from "../../../../host/engine/stakes/audit.ts";
import type { StakeRefusal } from "../../../../host/engine/stakes/refusal.ts";
import { restoreStakes, StakesLayout, takeStakesSnapshot } from "../../../../host/engine/stakes/snapshot.ts";
import type { Stakes } from "../../../../host/engine/stakes/stakes.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../../protocol/bytes/equal.ts";
import { chance } from "../../../../protocol/core/chance.ts";
import { chips, type Millis, millis } from "../../../../protocol/core/units.ts";
import { digest, found } from "../ledger/tables.ts";
import { type AnyOperation, anyOperation, apply, KINDS } from "./operations.ts";
import { accuse, at, type Economy, economy, slashed, stake, staked, stakesHexOf } from "./stakers.ts";

const fresh = (): Economy => economy(6, 60_000);
const answerTo = (table: Economy, operation: AnyOperation): string => {
  const result = apply(table, operation);
  return `${KINDS[operation.kind]} ${result.ok ? "ok" : result.why}`;
};

function digestOf({ ledger, stakes }: Economy): string {
  const both = [domainDigest("ledger", takeLedgerSnapshot(ledger)), domainDigest("stakes", takeStakesSnapshot(stakes))];
  return both.map((each) => Buffer.from(each).toString("hex")).join(" ");
}

/** What a snapshot does not hold has no influence. */
function throughBytes({ ledger, stakes }: Economy): Economy {
  const restored = restoreLedger(takeLedgerSnapshot(ledger));
  if (restored === undefined) throw new Error("a ledger is its bytes");
  const restoredStakes = restoreStakes(takeStakesSnapshot(stakes), restored);
  if (restoredStakes === undefined) throw new Error("stakes are their bytes");
  return { ledger: restored, stakes: restoredStakes };
}

describe("random operations", () => {
  test("a hundred thousand of them conserve every chip at each step, move nothing where they are refused, and never throw [M01] [M16]", () => {
    const from = chance(16);
    const live = fresh();
    const tally: { [answer: string]: number } = {};
    let ms = 0;
    let ledgerBytes = takeLedgerSnapshot(live.ledger);
    for (let i = 0; i < 100_000; i++) {
      const operation = anyOperation(from, live, ms);
      ms = operation.ms;
      const stakesBytes = i % 10 === 0 ? takeStakesSnapshot(live.stakes) : undefined;
      const answer = answerTo(live, operation);
      tally[answer] = (tally[answer] ?? 0) + 1;
      const after = takeLedgerSnapshot(live.ledger);
      if (!answer.endsWith(" ok")) {
        if (!bytesEqual(after, ledgerBytes)) expect.fail(`${i}: ${answer}, and the ledger changed`);
        const same = stakesBytes === undefined || bytesEqual(takeStakesSnapshot(live.stakes), stakesBytes);
        if (!same) expect.fail(`${i}: ${answer}, and the stakes changed`);
      }
      ledgerBytes = after;
      const counted = audit(live.ledger);
      if (!counted.ok) expect.fail(`${i}: ${answer} ${counted.why} ${counted.difference}`);
      if (!auditStakes(live.stakes, live.ledger)) expect.fail(`${i}: ${answer}, stakes and ledger differ`);
    }
    // Everything was done often, and refused for every reason that these operations can have.
    for (const kind of KINDS) expect([kind, (tally[`${kind} ok`] ?? 0) >= 10]).toEqual([kind, true]);
    const reasons = new Set(Object.keys(tally).map((answer) => answer.slice(answer.indexOf(" ") + 1)));
    expect(ALL_REASONS.filter((why) => !reasons.has(why))).toEqual([]);
    expect(live.ledger.minted).toBe(10_000_000 + 1_000_000 + 6 * 60_000);
  }, 120_000);

  test("replayed from the founding, through bytes now and then, come to the same answers and the same digest", () => {
    const from = chance(17);
    let [live, replay] = [fresh(), fresh()];
    let ms = 0;
    for (let i = 0; i < 40_000; i++) {
      const operation = anyOperation(from, live, ms);
      ms = operation.ms;
      if (i % 997 === 0) replay = throughBytes(replay);
      const [answer, again] = [answerTo(live, operation), answerTo(replay, structuredClone(operation))];
      if (answer !== again) expect.fail(`${i}: ${again} and not ${answer}`);
      if (i === 20_000) live = structuredClone(live);
    }
    expect(digestOf(replay)).toBe(digestOf(live));
    // Computed on x64 by Node 20: another machine that differs would differ here.
    expect(digestOf(live)).toBe(
      "450ceeecc574c625204643eecabe8a1abe1607fc55efac770ada0391a93f77d9 4fe73d88c5ede0cc240f6a9f9aa1593a89838c00e991f58a521a2247498ac2b2",
    );
  }, 60_000);
});

/** Of all the reasons, those that this table's rules and operations can come to. */
const ALL_REASONS: readonly (LedgerRefusal | StakeRefusal)[] = [
  ...(["not whole", "out of range", "not enough", "unknown account", "account exists", "stale counter"] as const),
  ...(["counter ahead", "already granted", "identity used", "not granted", "has chips", "bets stand"] as const),
  ...(["not reserved", "no winner", "below minimum", "not staked", "nothing unbonding", "still locked"] as const),
  ...(["accused", "not accused", "known evidence", "too early"] as const),
];

describe("stakes as bytes", () => {
  function lively(): Economy {
    const table = staked([5_000, 8_000, 1_000]);
    slashed(table, 2, "doubleVoting", 1, 5);
    accuse(table, 1, "collusionDetected", 2, 6);
    stake(table, 1, 10, 7);
    return table;
  }

  test("come back as they were, in bytes of their own", () => {
    const table = lively();
    const bytes = Buffer.from(takeStakesSnapshot(table.stakes));
    const restored = restoreStakes(bytes, table.ledger);
    expect(restored).toEqual(table.stakes);
    bytes.fill(0);
    expect(restored).toEqual(table.stakes);
    expect(structuredClone(table)).toEqual(table);
    expect(stakesHexOf(throughBytes(table))).toBe(stakesHexOf(table));
  });

  test("are refused cut short, with something left over, or to another ledger", () => {
    const { stakes, ledger } = lively();
    const bytes = takeStakesSnapshot(stakes);
    for (let size = 0; size < bytes.length; size++) {
      expect(restoreStakes(bytes.subarray(0, size), ledger)).toBeUndefined();
    }
    expect(restoreStakes(Uint8Array.of(...bytes, 0), ledger)).toBeUndefined();
    expect(restoreStakes(bytes, found({ allotments: [{ owner: digest(1), chips: 1 }] }))).toBeUndefined();
    expect(restoreStakes(bytes, staked([5_000, 8_000, 1_000]).ledger)).toBeUndefined();
  });

  test("are refused where a queue is not what the ledger holds, an owner is missing, or the rules are none", () => {
    const changed = (change: (table: Economy & { readonly stakes: Mutable }) => void): unknown => {
      const table = lively();
      change(table);
      return restoreStakes(encode(StakesLayout, table.stakes), table.ledger);
    };
    expect(changed(() => {})).toBeDefined();
    expect(changed(({ stakes }) => stakes.stakers[2].unbonding.pop())).toBeUndefined();
    const releaseAt = at(0);
    expect(changed(({ stakes }) => stakes.stakers[0].unbonding.push({ chips: chips(1), releaseAt }))).toBeUndefined();
    expect(changed(({ stakes }) => stakes.stakers[0].unbonding.push({ chips: chips(0), releaseAt }))).toBeUndefined();
    expect(changed(({ stakes }) => stakes.stakers.shift())).toBeUndefined();
    expect(changed(({ stakes }) => (stakes.rules.rewardIntervalMs = millis(5)))).toBeUndefined();
  });
});

type Mutable = Stakes & { rules: { rewardIntervalMs: Millis } };
