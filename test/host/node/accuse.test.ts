import { expect, test } from "vitest";
import { signBallot } from "../../../host/engine/consensus/statements.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { sequence, view } from "../../../protocol/core/units.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { Neighbours } from "./neighbours.ts";

/** A ballot of kiosk 3 that says there was such a checkpoint. */
function checkpointOf(of: Neighbours, fill: number): Uint8Array {
  const { node, ports } = of.kiosks[3]!;
  const nothing = { proposed: undefined, prepared: undefined, committed: undefined };
  const checkpoint = { sequence: sequence(10), digest: new Uint8Array(32).fill(fill) };
  const ballot = signBallot(node!.replica, ports, 3, { view: view(0), ...nothing, checkpoint });
  const said: Said = { type: "ballot", ballot, hint: new Uint8Array(4), proposals: undefined };
  return sealSaid(said, { id: of.table, epoch: node!.replica.epoch as never }).bytes.slice();
}

const membersOf = (of: Neighbours): (number | undefined)[] => of.kiosks.map(({ node }) => node?.replica.members.length);

test("whoever signs two things that contradict each other loses its seat by the word of one who has both [P11] [Q09]", async () => {
  const of = new Neighbours(4, {}, "real");
  await of.startAll();
  await of.run(200);
  of.submit(1, "k", "v");
  await of.run(500);
  expect(membersOf(of)).toEqual([4, 4, 4, 4]);
  for (const fill of [1, 2]) of.kiosks[1]!.listener?.onPacket(3, checkpointOf(of, fill));
  expect(
    await of.run(5_000, () =>
      membersOf(of)
        .slice(0, 3)
        .every((count) => count === 3),
    ),
  ).toBe(true);
  const { members } = of.kiosks[0]!.node!.replica;
  expect(members).toEqual(of.members.slice(0, 3));
  // The others go on by themselves.
  of.submit(0, "k", "w");
  await of.run(1_000);
  expect(
    of.kiosks[2]!.node!.replica.state.table.clients.reduce((sum, { executed }) => sum + executed, 0),
  ).toBeGreaterThan(2);
});

test("and one word of it, said to everybody and often, is nothing", async () => {
  const of = new Neighbours(4, {}, "real");
  await of.startAll();
  await of.run(200);
  for (const to of [0, 1, 2, 1, 0]) of.kiosks[to]!.listener?.onPacket(3, checkpointOf(of, 1));
  of.submit(1, "k", "v");
  await of.run(3_000);
  expect(membersOf(of)).toEqual([4, 4, 4, 4]);
});
