import { expect, test } from "vitest";
import { PASS, SPOTS } from "../../../../host/engine/games/craps/spots.ts";
import { BET_INTERVAL_MIN_MS } from "../../../../host/engine/judge/limits.ts";
import type { CrapsTable } from "../../../../host/node/craps-table.ts";
import type { NodeOptions } from "../../../../host/node/node.ts";
import { orderDoor } from "../../../../host/node/order-door.ts";
import { toldOf } from "../../node/craps-kiosks.ts";
import { WatchedKiosks } from "./watched-kiosks.ts";

const FIELD = SPOTS.find(({ name }) => name === "field")!.code;

class WithDoors extends WatchedKiosks {
  /** When each request of a player was made durable. */
  readonly requestedAt: number[] = [];

  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    const more = super.moreOf(at);
    return {
      ...{ ...more, door: orderDoor(this.rulesOf(at), this.kiosks[at]!.ports) },
      on: (effect) => {
        more.on?.(effect);
        const isRequest = effect.type === "persist" && effect.record.type === "request";
        if (isRequest && effect.record.signed.request.seat === 0) this.requestedAt.push(this.now);
      },
    };
  }
}

test("bets that a page puts down at once are ordered one by one, no faster than a hand may; what nobody can pay for is answered at once [P02]", async () => {
  const of = new WithDoors(2);
  await of.seated();
  const shooter = of.stateOf(0)!.play.state.shooter;
  await of.run(500);
  of.requestedAt.length = 0;
  const bets = [PASS, FIELD, PASS, FIELD].map((code) => ({ type: "bet", code, chips: 5 }) as const);
  const answers = await of.allOrdered(shooter, bets);
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const apart = of.requestedAt.slice(1).map((at, i) => at - of.requestedAt[i]!);
  expect(apart.length).toBe(3);
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(BET_INTERVAL_MIN_MS);

  await of.run(1_000);
  const before = toldOf(of.kiosks[shooter]!.told, "persist").length;
  const [answer] = await Promise.all([of.ports[shooter]!.order({ type: "bet", code: PASS, chips: 100_000 })]);
  expect(answer).toMatchObject({ ok: false, why: "not enough chips", words: "You have not so many chips." });
  expect(toldOf(of.kiosks[shooter]!.told, "persist").length).toBe(before);
});
