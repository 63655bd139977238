import { describe, expect, test } from "vitest";
import { sequence, view } from "../../../../protocol/core/units.ts";
import { type Rig, restart, run, submit } from "../../../simulator/rig.ts";
import { calm, empty, proposing, set, tell } from "./stories.ts";
import { blank, following, newViewBy, tellAll, wishBy } from "./wishes.ts";

/** What a member would say of it in a view change. */
const claimsOf = (of: Rig, who: number) =>
  of.kiosks[who].replica.slots.flatMap(({ sequence: at, claim }) => (claim === undefined ? [] : [[at, claim]]));

describe("a restart gives back", () => {
  test("what was prepared, as a claim, in the view of its vote", () => {
    const of = calm(4);
    tell(of, 3, proposing(of, 0, [empty(1), empty(2)]).said);
    const before = structuredClone(claimsOf(of, 3));
    expect(before).toHaveLength(2);
    restart(of, 3);
    expect(claimsOf(of, 3)).toEqual(before);
    // Claims outlive the view that they are of.
    of.drop = () => true;
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, blank(of, 1)));
    tellAll(of, 3, [...wishes, newViewBy(of, 1, following(of, wishes))]);
    expect(of.kiosks[3].replica.view).toBe(1);
    restart(of, 3);
    expect([of.kiosks[3].replica.view, claimsOf(of, 3)]).toEqual([1, before]);
  });

  test("the certificate of what was committed", () => {
    const of = calm(4, { fastPath: false });
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.committed !== undefined;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 40);
    const { certificates } = of.kiosks[3].replica;
    expect(certificates.map((each) => each.sequence)).toEqual([1]);
    restart(of, 3);
    expect(of.kiosks[3].replica.certificates).toEqual(certificates);
  });

  test("a barrier that was voted for: nothing above it is voted on before its checkpoint is stable", () => {
    const of = calm(4);
    const { replica } = of.kiosks[3];
    // Time for a turn to be over.
    submit(of, 2, set("k", "first"));
    run(of, of.now + 60);
    const { rotateMs } = replica.options.profile;
    of.drop = () => true;
    of.queue = [];
    of.now += rotateMs + 1;
    const base = replica.decision!.place;
    const time = (replica.state.time + rotateMs + 1) as never;
    const barrier = { time, barrier: { type: "rotate" as const, view: view(1) }, requests: [] };
    const { said } = proposing(of, 0, [barrier], { base });
    tell(of, 3, said);
    expect([replica.own.prepared, replica.barrier]).toEqual([2, 2]);
    restart(of, 3);
    const { own, barrier: held } = of.kiosks[3].replica;
    expect([own.prepared, held]).toEqual([sequence(2), 2]);
  });
});
