import { describe, expect, test } from "vitest";
import { installSnapshot } from "../../../../host/engine/consensus/catch-up.ts";
import {
  preparedCertificate,
  verifyCertificate,
  verifyCheckpointProof,
} from "../../../../host/engine/consensus/certificates.ts";
import { ARCHIVE_LENGTH_MAX } from "../../../../host/engine/consensus/limits.ts";
import { nullName } from "../../../../host/engine/consensus/log.ts";
import type { Certificate, CheckpointProof } from "../../../../protocol/agreement/certificate.ts";
import { epoch, memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import type { Message } from "../../../../protocol/message/kinds.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { ballotBy, calm, complaints, hear, only, placesAfter, saying, set, stateOf, tell } from "./stories.ts";

/** So many sequences, with a checkpoint after each third. */
function played(turns: number, more = {}): Rig {
  const of = calm(4, { checkpointEvery: 3, ...more });
  for (let turn = 0; turn < turns; turn++) {
    submit(of, turn % 4, set(`k${turn}`, `${turn}`));
    run(of, of.now + 60);
  }
  return of;
}

const proofOf = (of: Rig): CheckpointProof => {
  const { proof } = of.kiosks[0].replica.stable;
  if (proof === undefined) throw new Error("a checkpoint is stable");
  return proof;
};

describe("a checkpoint's proof", () => {
  const of = played(3);
  const proof = proofOf(of);
  const [first, second, third] = proof.ballots;
  const holds = (changed: CheckpointProof): boolean => {
    const { replica, world } = of.kiosks[3];
    return verifyCheckpointProof(replica, world.ports, changed);
  };

  test("holds as it is, and not with a header, a signature, a voter or an epoch that is another's", () => {
    const { header } = proof;
    const elsewhere = { sequence: sequence(4), digest: third.checkpoint!.digest };
    expect(holds(proof)).toBe(true);
    const lies: [string, CheckpointProof][] = [
      ["state", { ...proof, header: { ...header, state: { ...header.state, size: header.state.size + 1 } } }],
      ["view", { ...proof, header: { ...header, view: view(9) } }],
      ["signature", { ...proof, ballots: [first, second, { ...third, signature: second.signature }] }],
      ["voter", { ...proof, ballots: [first, second, { ...third, sender: memberIndex(9) }] }],
      ["the same twice", { ...proof, ballots: [first, second, second] }],
      ["one less", { ...proof, ballots: [first, second] }],
      ["place", { ...proof, ballots: [first, second, ballotBy(of, 3, { checkpoint: elsewhere })] }],
      ["epoch", { ...proof, epoch: epoch(1) }],
    ];
    for (const [what, lie] of lies) expect([what, holds(lie)]).toEqual([what, false]);
  });

  test("by the members of another epoch is none, though they are the same and have signed it there", () => {
    const stranger = played(3);
    for (const { replica } of stranger.kiosks) replica.epoch = 1;
    const ballots = [0, 1, 2].map((who) => ballotBy(stranger, who, { checkpoint: first.checkpoint }));
    expect(holds({ ...proof, epoch: epoch(1), ballots })).toBe(false);
    expect(holds({ ...proof, ballots })).toBe(false);
  });
});

describe("who catches up", () => {
  test("takes what was prepared for nothing that is decided", () => {
    const of = calm(4, { fastPath: false });
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.committed !== undefined;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 30);
    const certificate = preparedCertificate(of.kiosks[1].replica, 1);
    if (certificate === undefined) throw new Error("it was prepared");
    const { replica, world } = of.kiosks[3];
    expect(verifyCertificate(replica, world.ports, certificate).ok).toBe(true);
    tell(of, 3, { type: "certificate", certificate });
    expect([replica.decided, replica.executed]).toEqual([0, 0]);
  });

  test("is not led from its own history into another, though a quorum signed that", () => {
    const of = played(1, { fastPath: false });
    const { replica } = of.kiosks[3];
    const { epochStart } = replica;
    const names = [{ digest: new Uint8Array(32).fill(7), size: 7 }, nullName()];
    const committed = placesAfter(of, epochStart, names).at(-1);
    const ballots = [0, 1, 2].map((who) => ballotBy(of, who, { committed }));
    const certificate: Certificate = {
      ...{ phase: "committed", view: view(0), sequence: sequence(2), base: epochStart, names, ballots },
    };
    const before = stateOf(of, 3);
    tell(of, 3, { type: "certificate", certificate });
    expect([replica.decided, replica.diverged, stateOf(of, 3)]).toEqual([1, true, before]);
  });

  test("never goes back to a state that it has left behind while it was on its way", () => {
    const of = played(3);
    const { replica, world } = of.kiosks[3];
    const { state } = replica.stable;
    const proof = proofOf(of);
    submit(of, 0, set("k", "later"));
    run(of, of.now + 60);
    const before = [replica.executed, stateOf(of, 3)];
    expect(replica.executed).toBe(4);
    replica.snapshot = proof;
    installSnapshot(replica, state, [], world);
    expect([replica.executed, stateOf(of, 3)]).toEqual(before);
  });

  test("lets go of what lies below a stable checkpoint, and keeps what was prepared above it", () => {
    const of = calm(4, { checkpointEvery: 3, fastPath: false, bundles: false });
    of.drop = ({ to, said }) => {
      if (said?.type === "checkpoint") return to === 1;
      if (said?.type !== "ballot") return false;
      return (to === 1 && said.ballot.checkpoint !== undefined) || (said.ballot.committed?.sequence ?? 0) > 3;
    };
    for (const value of ["a", "b", "c", "d"]) {
      submit(of, 2, set("k", value));
      run(of, of.now + 30);
    }
    const { replica } = of.kiosks[1];
    expect([replica.stable.header.sequence, replica.certificates.at(-1)?.sequence]).toEqual([0, 4]);
    tell(of, 1, { type: "checkpoint", proof: proofOf(of) });
    expect([replica.stable.header.sequence, replica.certificates.map((each) => each.sequence)]).toEqual([3, [4]]);
  });
});

describe("a checkpoint here", () => {
  test("is not doubted by f members that sign another, and by a quorum of them it is", () => {
    const of = calm(7, { checkpointEvery: 2 });
    submit(of, 0, set("k", "a"));
    run(of, of.now + 60);
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.checkpoint !== undefined;
    submit(of, 0, set("k", "b"));
    run(of, of.now + 20);
    const { replica } = of.kiosks[6];
    expect([replica.executed, replica.checkpoints.length]).toEqual([2, 1]);
    const checkpoint = { sequence: sequence(2), digest: new Uint8Array(32).fill(9) };
    const diverged = [1, 2, 3, 4, 5].map((who) => {
      tell(of, 6, saying(ballotBy(of, who, { checkpoint })));
      return replica.diverged;
    });
    expect(diverged).toEqual([false, false, false, false, true]);
    expect(replica.mutedUntil).toBe(2);
  });

  test("leaves nothing below it but what helps those who are a little behind", () => {
    const of = played(3 * ARCHIVE_LENGTH_MAX, { checkpointEvery: 12 });
    const { replica } = of.kiosks[1];
    expect([replica.stable.header.sequence, replica.archive.length]).toEqual([
      3 * ARCHIVE_LENGTH_MAX,
      ARCHIVE_LENGTH_MAX,
    ]);
  });
});

describe("who is asked", () => {
  const status = (of: Rig, who: number): Message => {
    const { replica } = of.kiosks[who];
    const { view: inView, epochStart } = replica;
    return {
      type: "stateSync",
      step: {
        ...{ type: "status", epoch: epoch(0), view: view(inView), changing: undefined, stable: sequence(0) },
        ...{ executed: epochStart, known: sequence(0), prepared: sequence(0), committed: sequence(0) },
        ...{ attempt: 0, time: of.now as never, recall: false },
      },
    };
  };

  test("answers one member once in a while, however often it asks", () => {
    const of = played(2);
    const asked = (from: number): number => {
      const said = [0, 1, 2].flatMap((who) => only(hear(of, who, from, status(of, from)), "say"));
      return said.filter(({ to }) => to === from).length;
    };
    run(of, of.now + 1_000);
    const first = asked(3);
    expect([first > 0, asked(3), asked(3)]).toEqual([true, 0, 0]);
    run(of, of.now + 1_000);
    expect(asked(3)).toBeGreaterThan(0);
    expect(complaints(of.kiosks[3].told)).toEqual([]);
  });
});
