import { beforeEach, describe, expect, test } from "vitest";
import { judge } from "../../../../host/engine/consensus/evidence.ts";
import { nullName } from "../../../../host/engine/consensus/log.ts";
import { resultOf, select } from "../../../../host/engine/consensus/select.ts";
import type { ViewChangeBody } from "../../../../protocol/agreement/certificate.ts";
import { sequence, view } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  accusations,
  calm,
  complaints,
  done,
  empty,
  entered,
  expectTogether,
  only,
  pass,
  placesAfter,
  proposing,
  set,
  tell,
} from "./stories.ts";
import { blank, bodyOf, following, newViewBy, tellAll, type Wish, wishBy, wishesOf } from "./wishes.ts";

describe("a backup follows no new view", () => {
  /** One batch is decided, another is prepared by a quorum; members 1, 2 and 3 want view 1. */
  let of: Rig;
  let wishes: Wish[];
  beforeEach(() => {
    of = calm(4, { fastPath: false });
    submit(of, 2, set("k", "decided"));
    run(of, of.now + 50);
    of.drop = ({ said }) => said?.type === "ballot" && (said.ballot.committed?.sequence ?? 0) > 1;
    submit(of, 2, set("k", "prepared"));
    run(of, of.now + 50);
    wishes = wishesOf(of, [1, 2, 3]);
  });

  test("that says something else than follows from the wishes it names, and that is evidence [C04]", () => {
    const honest = following(of, wishes);
    expect([honest.result.sequence, honest.viewChanges.map(({ sender }) => sender)]).toEqual([2, [1, 2, 3]]);
    for (const result of [
      bodyOf(wishes[0]).prefix,
      { ...honest.result, digest: new Uint8Array(32) },
      { ...honest.result, sequence: sequence(3) },
    ]) {
      const other = structuredClone(of.kiosks[3].replica);
      const effects = tellAll(of, 3, [...wishes, newViewBy(of, 1, { ...honest, result })]);
      expect([only(effects, "entered"), of.kiosks[3].replica.view]).toEqual([[], 0]);
      const [evidence] = only(effects, "evidence").map((each) => each.evidence);
      expect(evidence.type).toBe("falseNewView");
      expect(judge(of.kiosks[0].replica, of.kiosks[0].world.ports, evidence)).toBe(1);
      of.kiosks[3].replica = other;
    }
    const effects = tellAll(of, 3, [...wishes, newViewBy(of, 1, honest)]);
    expect([only(effects, "entered").length, only(effects, "evidence")]).toEqual([1, []]);
  });

  test("that names one wish too few, a wish for another view, a wish that nobody signed, or one of nobody [C04]", () => {
    const honest = following(of, wishes);
    const [one, two, three] = honest.viewChanges;
    const later = wishBy(of, 3, { ...bodyOf(wishes[2]), view: view(5) }).change;
    const forged = { ...three, signature: three.signature.map((byte) => byte ^ 1) };
    const lies = [
      [[one, two], "new view by nobody"],
      [[one, two, later], "new view on a wish that nobody has"],
      [[one, two, forged], "new view on a wish that nobody has"],
      [[one, two, { ...three, sender: 9 as never }], "new view on a wish that nobody has"],
      [[{ ...three, sender: 0 as never }, one, two], "new view on a wish that nobody has"],
    ] as const;
    for (const [viewChanges, why] of lies) {
      const effects = tellAll(of, 3, [...wishes, newViewBy(of, 1, { ...honest, viewChanges })]);
      expect([complaints(effects), of.kiosks[3].replica.view]).toEqual([[why], 0]);
    }
    expect(only(tell(of, 3, newViewBy(of, 1, honest)), "entered")).toHaveLength(1);
  });

  test("of a member whose turn it is not, nor under a signature that is not its own [C04]", () => {
    const honest = following(of, wishes);
    expect(complaints(tellAll(of, 3, [...wishes, newViewBy(of, 2, honest)]))).toEqual(["new view by nobody"]);
    const stolen = { ...newViewBy(of, 2, honest), sender: 1 as never };
    expect(complaints(tell(of, 3, stolen))).toEqual(["bad signature"]);
    expect(of.kiosks[3].replica.view).toBe(0);
  });

  test("that rests on a wish which proves nothing of what it says, though its name is signed [C04]", () => {
    const [one, two, three] = wishes;
    const lie = bodyOf(three);
    // A certificate that knows of a batch that nobody proposed.
    const [certificate] = lie.certificates;
    const names = [...certificate.names.slice(0, -1), { digest: new Uint8Array(32), size: 7 }];
    const false3 = wishBy(of, 3, { ...lie, certificates: [{ ...certificate, names }] });
    const newView = newViewBy(of, 1, following(of, [one, two, false3]));
    const effects = tellAll(of, 0, [one, two, false3, newView]);
    expect([only(effects, "entered"), of.kiosks[0].replica.view]).toEqual([[], 0]);
    const bodies = [one, two, false3].map(bodyOf);
    const { replica, world } = of.kiosks[0];
    expect(judge(replica, world.ports, { type: "falseNewView", newView, bodies })).toBe(1);
  });

  test("of a view that is over, or below the one that it wants itself [C04]", () => {
    const { replica } = of.kiosks[3];
    expect([replica.view, replica.phase, replica.wanted]).toEqual([0, "changing", 1]);
    tellAll(
      of,
      3,
      [1, 2].map((who) => wishBy(of, who, blank(of, 2))),
    );
    expect(replica.wanted).toBe(2);
    tellAll(of, 3, [newViewBy(of, 1, following(of, wishes))]);
    expect([replica.view, replica.wanted]).toEqual([0, 2]);
  });
});

describe("a new view is entered by everyone who hears of it", () => {
  test("where a liar tells each of them another wish: what the new view names is fetched [C04]", () => {
    const of = calm(4);
    of.drop = ({ from, said }) => from === 0 || said?.type === "ballot";
    submit(of, 2, set("k", "v"));
    run(of, of.now + 5_000, () => of.kiosks[1].replica.wanted === 1 && of.kiosks[2].replica.wanted === 1);
    // The liar's wish and member 2's are here first; member 3 hears another one of the liar's.
    of.drop = ({ from, to, said }) =>
      from === 0 || (from === 3 && to === 1 && said?.type === "viewChange") || said?.type === "ballot";
    const claim = { sequence: sequence(1), view: view(0), name: nullName() };
    tell(of, 3, wishBy(of, 0, { ...blank(of, 1), claims: [claim] }));
    tell(of, 1, wishBy(of, 0, blank(of, 1)));
    run(of, of.now + 500, () => of.kiosks[1].replica.view === 1);
    const { newView } = of.kiosks[1].replica.newView!;
    expect(newView.viewChanges.map(({ sender }) => sender)).toContain(0);
    run(of, of.now + 100);
    expect([2, 3].map((index) => of.kiosks[index].replica.view)).toEqual([1, 1]);
  });

  test("where somebody that it names wants a higher one by now [C04]", () => {
    const of = calm(4);
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, blank(of, 1)));
    of.drop = () => true;
    tell(of, 3, wishBy(of, 2, blank(of, 2)));
    tellAll(of, 3, [wishes[0], wishes[1]]);
    tell(of, 1, wishes[0]);
    tell(of, 1, wishes[2]);
    of.drop = () => false;
    expect(of.kiosks[1].replica.view).toBe(1);
    pass(of, 1, 3, newViewBy(of, 1, following(of, wishes)));
    run(of, of.now + 50);
    expect(of.kiosks[3].replica.view).toBe(1);
  });
});

test("network: the next primary lies about what follows, and the one after it does not [C04]", () => {
  const of = calm(4, { fastPath: false });
  submit(of, 2, set("k", "decided"));
  run(of, of.now + 50);
  of.kiosks[0].up = false;
  let lies = 0;
  of.drop = (sent) => {
    const { from, to, said } = sent;
    if (from !== 1 || said?.type !== "newView" || said.newView.view !== 1) return false;
    lies += 1;
    const [result] = placesAfter(of, of.kiosks[2].replica.decision!.place, [nullName()]);
    pass(of, 1, to, newViewBy(of, 1, { ...said.newView, result }));
    return true;
  };
  submit(of, 2, set("k", "asked"));
  run(of, of.now + 300);
  of.kiosks[0].up = true;
  run(of, of.now + 20_000, () => [0, 2, 3].every((index) => done(of, index).length === 2));
  expect(lies).toBeGreaterThan(0);
  expect([2, 3].map((index) => [entered(of, index), accusations(of, index).map(({ type }) => type)])).toEqual([
    [[2], ["falseNewView"]],
    [[2], ["falseNewView"]],
  ]);
  expectTogether(of, [0, 2, 3]);
});

describe("what a new view starts from", () => {
  const of = calm(4);
  const { ports } = of.kiosks[0].world;
  const names = [1, 2, 3].map((at) => ({ digest: new Uint8Array(32).fill(at), size: at }));
  const claim = (at: number, name: number, inView = 0) => ({
    sequence: sequence(at),
    view: view(inView),
    name: names[name],
  });
  const body = (more: Partial<ViewChangeBody>): ViewChangeBody => ({ ...blank(of, 9), ...more });
  const place = (at: number) => ({ sequence: sequence(at), digest: new Uint8Array(32).fill(100 + at) });
  const certificate = (inView: number, base: number, ...which: number[]) => ({
    ...{ phase: "prepared" as const, view: view(inView), sequence: sequence(base + which.length), base: place(base) },
    ...{ names: which.map((at) => names[at]), ballots: [] },
  });

  test("is the highest prefix that any of them proves [C08]", () => {
    const bodies = [body({ prefix: place(3) }), body({ prefix: place(7) }), body({ prefix: place(5) })];
    expect(select(bodies, 3, 1)).toEqual({ start: place(7), names: [] });
    expect(resultOf(ports, select(bodies, 3, 1))).toEqual(place(7));
  });

  test("a gap below what is proposed again is filled with nothing, and there is nothing above it [C08]", () => {
    const bodies = [body({ claims: [claim(2, 1), claim(4, 2)] }), body({ claims: [claim(2, 1)] }), body({})];
    expect(select(bodies, 3, 1).names).toEqual([nullName(), names[1]]);
  });

  test("of two certificates the one of the higher view, for each slot that it covers [C08]", () => {
    const bodies = [
      body({ certificates: [certificate(4, 0, 0)] }),
      body({ certificates: [certificate(2, 0, 1, 1)] }),
      body({ certificates: [certificate(3, 0, 2)] }),
    ];
    expect(select(bodies, 3, 1).names).toEqual([names[0], names[1]]);
  });

  test("claims above the highest certificate's view stand against it from q − f on, of whatever views; claims of its view or below never [C08]", () => {
    const certified = body({ certificates: [certificate(3, 0, 0)] });
    const chosen = (...claims: ReturnType<typeof claim>[]) =>
      select([certified, ...claims.map((each) => body({ claims: [each] }))], 3, 1).names;
    expect(chosen(claim(1, 1, 4), claim(1, 1, 6))).toEqual([names[1]]);
    expect(chosen(claim(1, 1, 4), claim(1, 2, 6))).toEqual([names[0]]);
    expect(chosen(claim(1, 1, 3), claim(1, 1, 2))).toEqual([names[0]]);
    expect(chosen(claim(1, 1, 4), claim(1, 1, 3))).toEqual([names[0]]);
  });

  test("is the same whatever order the wishes stand in", () => {
    const bodies = [
      body({ prefix: place(1), claims: [claim(2, 1)] }),
      body({ certificates: [certificate(3, 0, 0, 2)] }),
      body({ claims: [claim(2, 1, 4)] }),
    ];
    const [first] = [0].map(() => select(bodies, 3, 1));
    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      expect(
        select(
          order.map((at) => bodies[at]),
          3,
          1,
        ),
      ).toEqual(first);
    }
  });
});

describe("what was prepared and not committed", () => {
  test("by a quorum stands in the next view, where its primary never heard of it [C08]", () => {
    const of = calm(4, { fastPath: false });
    // Member 1, who leads next, hears nothing of the batch.
    of.drop = ({ to, said }) =>
      (to === 1 && said?.type === "ballot") || (said?.type === "ballot" && said.ballot.committed !== undefined);
    submit(of, 2, set("k", "prepared"));
    run(of, of.now + 40);
    const { replica } = of.kiosks[2];
    const { name } = replica.slots[0];
    expect([replica.own.committed, replica.decided, of.kiosks[1].replica.known]).toEqual([1, 0, 0]);
    of.kiosks[0].up = false;
    of.drop = () => false;
    submit(of, 3, set("k", "later"));
    run(of, of.now + 20_000, () => [1, 2, 3].every((index) => done(of, index).length === 2));
    expect([entered(of, 1), done(of, 1)]).toEqual([[1], ["2/1", "3/1"]]);
    expect(of.kiosks[1].replica.slots[0].name).toEqual(name);
    expectTogether(of, [1, 2, 3]);
  });

  test("by fewer may go: nobody can have decided it, and its request is decided in the next view [C08]", () => {
    const of = calm(4);
    const { said, names } = proposing(of, 0, [empty(1)]);
    tell(of, 3, said);
    expect(of.kiosks[3].replica.slots[0].name).toEqual(names[0]);
    of.kiosks[0].up = false;
    of.drop = ({ from }) => from === 3;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 1_000);
    of.drop = () => false;
    run(of, of.now + 20_000, () => [1, 2, 3].every((index) => done(of, index).length === 1));
    expect(of.kiosks[3].replica.slots[0].name).not.toEqual(names[0]);
    expectTogether(of, [1, 2, 3]);
  });
});
