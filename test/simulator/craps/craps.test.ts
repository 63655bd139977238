import { describe, expect, test } from "vitest";
import { agreedMillis, chips } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { onHappening } from "../happenings.ts";
import { takeEarliest } from "../heap.ts";
import { DICE_ATTACKS } from "../kinds.ts";
import { orderOf } from "../order.ts";
import { planOf, type Wish } from "../plan.ts";
import { command } from "../report.ts";
import { run } from "../run.ts";
import { simOf } from "../setting.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";
import { addOutcome, summary } from "../summary.ts";
import { type State, stateAt } from "./table.ts";

const CRAPS: Wish = { app: "craps" };
const SEEDS_MIN = 16;
const SEEDS_MAX = 300;

test("whatever fails and whoever lies, within f: chips are conserved, dice are the same everywhere, and no partial comes before its bets [K04] [K07]", () => {
  const sum = summary();
  const isAllMet = (): boolean => DICE_ATTACKS.every((kind) => (sum.attackers[kind] ?? 0) > 0);
  for (let seed = 1; sum.seeds < SEEDS_MIN || (!isAllMet() && sum.seeds < SEEDS_MAX); seed++)
    addOutcome(sum, run(seed, CRAPS));
  expect(sum.firstFailure).toBeUndefined();
  expect(isAllMet()).toBe(true);
  expect([sum.rolls! / sum.seeds > 4, sum.viewChanges / sum.seeds > 1, sum.decided / sum.seeds > 50]).toEqual([
    ...[true, true, true],
  ]);
}, 300_000);

test("with real signatures, the real group and every message in its bytes the same rules hold", () => {
  const outcome = run(12, { ...CRAPS, real: true });
  expect([outcome.violation, outcome.plan.real, outcome.tally!["rolls"]! > 0]).toEqual([undefined, true, true]);
}, 120_000);

test("one seed is one evening, event by event, also where it is told", () => {
  const [first, told] = [run(7, CRAPS), run(7, CRAPS, true)];
  expect([told.trace, told.tally]).toEqual([first.trace, first.tally]);
  expect(told.story!.some((line) => line.includes("randomnessReveal"))).toBe(true);
});

test("what is left out of the dice moves nothing else of the plan", () => {
  const [whole, without] = [planOf(5, CRAPS), planOf(5, { ...CRAPS, without: ["wrongDealing"] })];
  expect({ ...without, virtues: [] }).toEqual({ ...whole, virtues: [] });
  expect(without.virtues).toEqual(["wrongDealing"]);
});

test("the command line knows what tables may agree about", () => {
  const words = (line: string): string[] => line.split(" ");
  expect(orderOf(words("--scope engine --app craps --seeds 20"))).toMatchObject({ seeds: 20, wish: CRAPS });
  expect(orderOf(words("--scope engine --app key-value"))?.wish.app).toBeUndefined();
  expect(orderOf(words("--app craps --without forgedPartial"))?.wish.without).toEqual(["forgedPartial"]);
  expect(orderOf(words("--app poker"))).toBeUndefined();
  expect(command(9, CRAPS)).toBe("npm run -s simulate -- --scope engine --seed 9 --app craps");
});

describe("the checkers", () => {
  test("find a partial that leaves its kiosk before the bets, or of other bets, or of what is not written down", () => {
    const { sim, kiosk, said } = untilSaid();
    expect(() => sim.app!.leaves(sim, kiosk, said)).not.toThrow();
    expect(() => sim.app!.leaves(sim, kiosk, { ...said, roll: said.roll + 1 })).toThrow("executed no such lock");
    const { content } = said;
    if (content.type !== "partial") throw new Error("a partial was said");
    const proof = content.proof.slice();
    proof[0]! ^= 1;
    expect(() => sim.app!.leaves(sim, kiosk, { ...said, content: { ...content, proof } })).toThrow("of other bets");
    kiosk.disk.durable = 0;
    expect(() => sim.app!.leaves(sim, kiosk, said)).toThrow("not on its disk");
  });

  test("find a chip too much, and one that is locked and does not lie on the table", () => {
    const { sim, kiosk } = untilSaid();
    const { machine } = kiosk.world;
    const at = agreedMillis(kiosk.replica!.state.time);
    const copy = (): State => machine.restore(machine.snapshot(stateAt(kiosk))) as State;
    expect(() => machine.advance(copy(), at)).not.toThrow();
    const rich = copy();
    rich.ledger.bank = chips(rich.ledger.bank + 1);
    expect(() => machine.advance(rich, at)).toThrow("chips conserved");
    const loose = copy();
    const account = loose.ledger.accounts.find(({ free }) => free > 0)!;
    account.free = chips(account.free - 1);
    account.locked = chips(account.locked + 1);
    expect(() => machine.advance(loose, at)).toThrow("chips conserved");
    expect(sim.events).toBeGreaterThan(0);
  });
});

type Reveal = Extract<Message, { readonly type: "randomnessReveal" }>;

/** An evening up to the first partial that an honest kiosk has said. */
function untilSaid(): { readonly sim: Sim; readonly kiosk: Kiosk; readonly said: Reveal } {
  const sim = simOf(planOf(2, { ...CRAPS, without: ["leave"] }), false);
  while (sim.events < 20_000) {
    const next = takeEarliest(sim.heap);
    sim.now = next.at;
    sim.events += 1;
    const message = next.packet?.message;
    if (message?.type === "randomnessReveal" && message.content.type === "partial") {
      const kiosk = sim.kiosks[next.packet!.from]!;
      if (isHonest(kiosk) && kiosk.replica !== undefined) return { sim, kiosk, said: message };
    }
    onHappening(sim, next);
  }
  throw new Error("nobody says a partial");
}
