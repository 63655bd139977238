import { expect, test } from "vitest";
import { PASS } from "../../../host/engine/games/craps/spots.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { accountOf, ownerOf } from "../../../host/engine/table/players.ts";
import type { CrapsTable } from "../../../host/node/craps-table.ts";
import type { NodeOptions } from "../../../host/node/node.ts";
import { orderDoor } from "../../../host/node/order-door.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Counter } from "../../../protocol/core/units.ts";
import { betting, CrapsKiosks, toldOf } from "./craps-kiosks.ts";

class Doors extends CrapsKiosks {
  /** Kiosks whose own door stands open: those of liars. */
  readonly open: number[] = [];

  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    return this.open.includes(at) ? {} : { door: orderDoor(this.rulesOf(at), this.kiosks[at]!.ports) };
  }

  account(at: number) {
    const state = this.stateOf(at)!;
    return state.ledger.accounts[accountOf(state, ownerOf(this.rulesOf(at), this.kiosks[at]!.key, 0))!]!;
  }

  bet(at: number, chips: number, counter: Counter = this.account(at).nextCounter): string | undefined {
    return this.submit(at, betting(counter, { type: "bet", code: PASS, chips }));
  }

  submit(at: number, operation: Uint8Array): string | undefined {
    return this.kiosks[at]!.node!.submit(0, operation)?.why;
  }

  requests(at: number): number {
    return toldOf(this.kiosks[at]!.told, "persist").filter(
      ({ record }) => record.type === "request" && record.signed.request.seat === 0,
    ).length;
  }

  isOrdered(operation: Uint8Array): boolean {
    const executed = this.kiosks.flatMap(({ told }) => toldOf(told, "executed").flatMap(({ done }) => done));
    return executed.some(({ request }) => bytesEqual(request.request.operation, operation));
  }
}

const NO_ORDER = Uint8Array.of(0xee, 0xee);

test("what nobody can pay for, what is no order and what comes too fast is refused at once with its word, and agreement never has it [U04] [P02]", async () => {
  const of = new Doors(4);
  await of.seated();
  const shooter = of.stateOf(0)!.play.state.shooter;
  const before = of.requests(shooter);
  expect(of.bet(shooter, of.account(shooter).free + 1)).toBe("not enough chips");
  expect(of.submit(shooter, NO_ORDER)).toBe("not an operation");
  const { nextCounter, free } = of.account(shooter);
  const stake: TableOperation = { type: "stake", counter: nextCounter, amount: (free + 1) as typeof free };
  expect(of.submit(shooter, encode(TableOperation, stake).slice())).toBe("not enough");
  expect(of.requests(shooter)).toBe(before);

  // A finger cannot wait for nothing: what was refused is not counted.
  await of.run(200);
  expect(of.bet(shooter, 5)).toBeUndefined();
  expect(of.bet(shooter, 5)).toBe("too fast");
  await of.run(2_000, () => of.account(shooter).locked > 0 && of.isSettled());
  expect([of.account(shooter).locked, of.requests(shooter)]).toEqual([5, before + 1]);
  expect(of.bet(shooter, 5, nextCounter)).toBe("stale counter");
});

test("an order that no state takes is proposed by nobody but its author, who is accused by its own signature, and the table goes on [U04]", async () => {
  for (const liar of [0, 2]) {
    const of = new Doors(4);
    of.open.push(liar);
    await of.seated();
    const { key, node } = of.kiosks[liar]!;
    const honest = [0, 1, 2, 3].filter((at) => at !== liar);
    expect(node!.submit(0, NO_ORDER)).toBeUndefined();
    const isConvicted = (at: number): boolean =>
      of.stateOf(at)!.judge.book.entries.some((each) => bytesEqual(each.key, key) && each.kind === "invalidTransition");
    expect(await of.run(60_000, () => honest.every(isConvicted)), `kiosk ${liar}`).toBe(true);
    const leads = node!.replica.view % 4 === liar;
    if (!leads) expect(of.isOrdered(NO_ORDER)).toBe(false);
    const other = honest[0]!;
    await of.run(200);
    of.ask(other, { type: "stand" });
    expect(await of.run(30_000, () => of.stateOf(other)!.places[other] === undefined)).toBe(true);
    expect(of.kiosks[other]!.node!.refused["no order"]).toBeGreaterThan(0);
  }
});
