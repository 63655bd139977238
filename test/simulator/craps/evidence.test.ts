import { expect, test } from "vitest";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { ownerOf } from "../../../host/engine/table/players.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { chips, counter } from "../../../protocol/core/units.ts";
import { onHappening } from "../happenings.ts";
import { takeEarliest } from "../heap.ts";
import { BAD_DISKS, DICE_ATTACKS } from "../kinds.ts";
import { finish } from "../liveness.ts";
import { submit } from "../load.ts";
import { type Plan, planOf } from "../plan.ts";
import { simOf } from "../setting.ts";
import { isHonest, type Sim } from "../sim.ts";
import { type State, stateAt } from "./table.ts";

const CAUGHT_MIN = 2;
const SEEDS_MAX = 200;
/** A seat of its own, at which nobody else spends. */
const STAKE_SEAT = 5;
const STAKE_CHIPS = 800;
const TRIES = 20;

/** With one liar and no other fault that counts; what evidence there is is ordered. */
function planWith(seed: number, kind: "falseNewView" | "amnesiac"): Plan {
  const plan = planOf(seed, { app: "craps", n: 4, without: [...BAD_DISKS, ...DICE_ATTACKS, "leave"] });
  return { ...plan, accuses: true, zeal: 1, attackersStay: true, faulty: [{ kiosk: plan.founders[0]!, kind }] };
}

function runTo(sim: Sim, untilMs: number, done: () => boolean): void {
  while (sim.heap.length > 0 && sim.heap[0]!.at <= untilMs && !done()) {
    const next = takeEarliest(sim.heap);
    sim.now = next.at;
    sim.events += 1;
    onHappening(sim, next);
  }
}

/** What the liar has of its stake in the end, and whether it has its seat; undefined where nobody has proved anything. */
function lived(seed: number, kind: "falseNewView" | "amnesiac") {
  const sim = simOf(planWith(seed, kind), false);
  const liar = sim.kiosks.find((kiosk) => !isHonest(kiosk))!;
  const order = (operation: TableOperation): void => submit(sim, liar, STAKE_SEAT, encode(TableOperation, operation));
  const isDone = (is: (state: State) => boolean) => (): boolean => {
    const state = stateAt(sim.kiosks.find(isHonest)!);
    return state !== undefined && is(state);
  };
  const accountIn = ({ ledger }: State) => {
    const { digest } = liar.world.ports;
    const owner = ownerOf({ ports: { digest } } as never, liar.identity.key, STAKE_SEAT);
    return ledger.accounts.find((account) => bytesEqual(account.owner, owner));
  };
  const { durationMs } = sim.plan;
  // As a person would who is not answered at once.
  for (let at = 1; at <= TRIES; at++) {
    const isStaked = isDone((state) => (accountIn(state)?.stake ?? 0) > 0);
    if (!isStaked()) order({ type: "sit" });
    if (!isStaked()) order({ type: "stake", counter: counter(0), amount: chips(STAKE_CHIPS) });
    runTo(sim, (durationMs * at) / (2 * TRIES), isStaked);
  }
  runTo(sim, durationMs, () => false);
  finish(sim, (untilMs, done) => runTo(sim, untilMs, done));
  const state = stateAt(sim.kiosks.find((kiosk) => isHonest(kiosk) && kiosk.replica !== undefined)!)!;
  const { key } = liar.identity;
  const offences = state.judge.book.entries.filter((entry) => bytesEqual(entry.key, key)).map((entry) => entry.kind);
  if (offences.length === 0) return undefined;
  const account = accountIn(state);
  const kept = (account?.stake ?? 0) + (account?.unbonding ?? 0);
  const isMember = state.dice.members.some((member) => bytesEqual(member.key, key));
  return { offences, kept, isOut: !isMember || state.outcasts.some((each) => bytesEqual(each, key)) };
}

test.each(["falseNewView", "amnesiac"] as const)(
  "whoever is proved to lie where views change loses its seat, and half of its stake where it had one: %s [P08] [P11]",
  (kind) => {
    const found = [];
    for (let seed = 1; seed <= SEEDS_MAX && found.length < CAUGHT_MIN; seed++) {
      const fate = lived(seed, kind);
      if (fate !== undefined) found.push(fate);
    }
    expect(found).toHaveLength(CAUGHT_MIN);
    expect(found.map(({ isOut }) => isOut)).toEqual(found.map(() => true));
    for (const { offences } of found) expect(offences).toContain("consensusViolation");
    // Who was quick enough to lie before its stake was agreed on had none.
    for (const { kept } of found) expect([0, STAKE_CHIPS / 2]).toContain(kept);
    expect(found.some(({ kept }) => kept > 0)).toBe(true);
  },
  120_000,
);
