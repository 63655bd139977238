import { describe, expect, test } from "vitest";
import { verifyCheckpointProof } from "../../../../host/engine/consensus/certificates.ts";
import { checkpointDigest } from "../../../../host/engine/consensus/genesis.ts";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { sequence } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { ballotBy, calm, expectTogether, only, saying, set, tell } from "./stories.ts";

/** One request a sequence. */
function sequences(of: Rig, count: number, hopsMs = 25): void {
  for (let turn = 0; turn < count; turn++) {
    submit(of, turn % of.kiosks.length, set(`k${turn % 9}`, `${turn}`));
    run(of, of.now + hopsMs);
  }
}

const stable = (of: Rig, index: number): number[] =>
  only(of.kiosks[index].told, "stable").map((each) => each.sequence as number);

describe("checkpoints", () => {
  test("of a server come every 100 sequences [D01]", () => {
    const of = calm(4, { checkpointEvery: 100 });
    sequences(of, 99);
    run(of, of.now + 500);
    expect([stable(of, 0), of.kiosks[0].replica.checkpoints]).toEqual([[], []]);
    sequences(of, 101);
    run(of, of.now + 500);
    expect([0, 1, 2, 3].map((index) => stable(of, index))).toEqual([0, 1, 2, 3].map(() => [100, 200]));
    expectTogether(of);
  });

  test("of a game come every 50: 150 sequences leave three that are stable, each proved by a quorum's signatures [D02]", () => {
    const of = calm(4, { checkpointEvery: 50 });
    sequences(of, 150);
    run(of, of.now + 500);
    for (const [index, { replica, world }] of of.kiosks.entries()) {
      expect(stable(of, index)).toEqual([50, 100, 150]);
      const { proof } = replica.stable;
      expect([proof!.ballots.length > (2 / 3) * 4, verifyCheckpointProof(replica, world.ports, proof!)]).toEqual([
        true,
        true,
      ]);
    }
    expectTogether(of);
  });

  test.each([4, 5, 7, 10])(
    "of %i members are stable with a quorum of equal votes, and not with one less [D01]",
    (n) => {
      const q = quorum(n);
      const of = calm(n, { checkpointEvery: 2 });
      // Nobody hears of the others' checkpoints.
      of.drop = ({ said }) => said?.type === "ballot" && said.ballot.checkpoint !== undefined;
      sequences(of, 2);
      const { replica } = of.kiosks[0];
      const [{ header, digest }] = replica.checkpoints;
      expect(header.sequence).toBe(2);
      const own = replica.own.checkpoint;
      expect(own).toEqual({ sequence: 2, digest });
      // Its own counts once it is said.
      run(of, of.now + 100);
      expect(replica.checkpointVotes[0]).toHaveLength(1);
      const vote = (who: number, checkpoint = { sequence: sequence(2), digest }) =>
        tell(of, 0, saying(ballotBy(of, who, { checkpoint })));
      for (let who = 1; who < q - 1; who++) vote(who);
      // Again, for something else, and for another state: none of them counts.
      vote(1);
      vote(n - 1, {
        sequence: sequence(2),
        digest: checkpointDigest(of.kiosks[0].world.ports, { ...header, sequence: sequence(3) }),
      });
      vote(n - 1);
      expect([replica.stable.header.sequence, only(of.kiosks[0].told, "stable")]).toEqual([0, []]);
      const effects = vote(q - 1);
      expect(only(effects, "stable").map((each) => each.sequence)).toEqual([2]);
      expect(replica.stable.proof?.ballots).toHaveLength(q);
      // Durable before anybody is told.
      expect(effects.map(({ type }) => type).slice(0, 2)).toEqual(["persist", "stable"]);
      expect(faultsMax(n)).toBeLessThan(q);
    },
  );

  test("cover the application, the replies, the numbers that are used up, members and rules: no two states have one digest", () => {
    const of = calm(4, { checkpointEvery: 1 });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 25);
    const digests = new Set<string>();
    const { replica, world } = of.kiosks[0];
    const { header } = replica.stable;
    const variants = [
      header,
      { ...header, sequence: sequence(2) },
      { ...header, history: new Uint8Array(32) },
      { ...header, time: (header.time + 1) as never },
      { ...header, epoch: 1 as never },
      { ...header, view: 1 as never },
      { ...header, barrier: 1 },
      { ...header, rules: 2 },
      { ...header, members: header.members.slice(1) },
      { ...header, state: { ...header.state, size: header.state.size + 1 } },
    ];
    for (const each of variants) digests.add(Buffer.from(checkpointDigest(world.ports, each)).toString("hex"));
    expect(digests.size).toBe(variants.length);
    expect(replica.state.table.clients[1].replies).toHaveLength(1);
  });
});

test("below a stable checkpoint nothing is kept but what helps those who are a little behind", () => {
  const of = calm(4, { checkpointEvery: 10 });
  sequences(of, 45);
  run(of, of.now + 300);
  const { replica } = of.kiosks[2];
  expect(replica.stable.header.sequence).toBe(40);
  expect(replica.slots.map(({ sequence }) => sequence)).toEqual([41, 42, 43, 44, 45]);
  expect(replica.certificates.every(({ sequence }) => sequence > 40)).toBe(true);
  expect(replica.checkpoints).toEqual([]);
  expect(replica.checkpointVotes.flat()).toEqual([]);
  expect(replica.archive.at(-1)?.sequence).toBe(40);
});
