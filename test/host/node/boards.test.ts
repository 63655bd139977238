import { expect, test } from "vitest";
import type { KeyValueState } from "../../../host/engine/keyvalue/state.ts";
import { plan } from "../../../host/mesh/topology/plan.ts";
import { boardAs, plannedFor } from "../../../host/node/boards.ts";
import type { NodeOptions } from "../../../host/node/node.ts";
import type { Board } from "../../../protocol/message/boards.ts";
import { Neighbours } from "./neighbours.ts";

/** Each with a radio that opens links and one that accepts them, as two stock boards are. */
const STOCK: readonly Board[] = [boardAs("client", 2), boardAs("server", 3)];

class Boarded extends Neighbours {
  readonly boards: (readonly Board[] | undefined)[] = this.kiosks.map(() => STOCK);

  protected override moreOf(at: number): Partial<NodeOptions<KeyValueState>> {
    return { boards: () => this.boards[at] };
  }

  opens(at: number): readonly number[] | undefined {
    const { node } = this.kiosks[at]!;
    return node === undefined ? undefined : plannedFor(node.replica.me, node.boards());
  }
}

/** What one who knew all boards would have each of them open. */
const expected = (boards: readonly (readonly Board[])[]): number[][] => {
  const radios = boards.map((each) => ({
    radios: each.map(({ linksAsServer, linksAsClient, isDualProved }) => ({
      ...{
        server: linksAsServer > 0,
        client: linksAsClient > 0,
        dualProved: isDualProved,
        linksAsServer,
        linksAsClient,
      },
    })),
    roles: each.map(({ role }) => role),
  }));
  const { links } = plan(radios);
  return boards.map((_, at) => links.filter(({ client }) => client.kiosk === at).map(({ server }) => server.kiosk));
};

test("every host reckons its part of one plan from what all say of their boards, without a file", async () => {
  const of = new Boarded(5);
  await of.startAll();
  await of.run(6_000);
  const parts = of.kiosks.map((_, at) => of.opens(at));
  expect(parts).toEqual(expected(of.kiosks.map(() => STOCK)));
  // All with all, for these radios have room for it.
  expect(parts.flat()).toHaveLength(10);
});

test("while one has not said what its radios can do there is no plan, and another board makes another plan for all", async () => {
  const of = new Boarded(4);
  of.boards[2] = undefined;
  await of.startAll();
  await of.run(6_000);
  expect(of.kiosks.map((_, at) => of.opens(at))).toEqual([undefined, undefined, undefined, undefined]);
  of.boards[2] = STOCK;
  await of.run(6_000);
  expect(of.kiosks.map((_, at) => of.opens(at))).toEqual(expected(of.kiosks.map(() => STOCK)));
  of.boards[1] = [boardAs("client", 1)];
  await of.run(6_000);
  const now = [STOCK, [boardAs("client", 1)], STOCK, STOCK];
  expect(of.kiosks.map((_, at) => of.opens(at))).toEqual(expected(now));
  expect(expected(now)).not.toEqual(expected(of.kiosks.map(() => STOCK)));
});

test("who starts later hears all boards within a minute", async () => {
  const of = new Boarded(4);
  for (const at of [0, 1, 2]) await of.start(at);
  await of.run(20_000);
  expect(of.opens(0)).toBeUndefined();
  await of.start(3);
  expect(await of.run(65_000, () => of.opens(3) !== undefined && of.opens(0) !== undefined)).toBe(true);
  expect(of.kiosks.map((_, at) => of.opens(at))).toEqual(expected(of.kiosks.map(() => STOCK)));
});
