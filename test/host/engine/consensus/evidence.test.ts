import { describe, expect, test } from "vitest";
import { judge } from "../../../../host/engine/consensus/evidence.ts";
import { Evidence } from "../../../../protocol/agreement/evidence.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import { type Rig, restart, run, submit } from "../../../simulator/rig.ts";
import {
  accusations,
  ballotBy,
  calm,
  empty,
  only,
  pass,
  placesAfter,
  proposing,
  saying,
  set,
  tell,
} from "./stories.ts";
import { blank, bodyOf, following, newViewBy, tellAll, wishBy, wishesOf } from "./wishes.ts";

/** By the members' keys alone, and by the bytes that travelled. */
function judged(of: Rig, evidence: Evidence, by = 0): number | undefined {
  const decoded = decode(Evidence, encode(Evidence, evidence));
  if (!decoded.ok) throw new Error(decoded.why);
  const { replica, world } = of.kiosks[by];
  return judge(replica, world.ports, decoded.value);
}

describe("two ballots of one member", () => {
  const of = calm(4);
  const place = (at: number, fill: number) => ({ sequence: sequence(at), digest: new Uint8Array(32).fill(fill) });

  test.each([
    ["pre-prepares", 0, { proposed: place(3, 1) }, { proposed: place(3, 2) }],
    ["prepares", 2, { prepared: place(3, 1) }, { prepared: place(3, 2) }],
    ["commits", 2, { committed: place(3, 1) }, { prepared: place(4, 7), committed: place(3, 2) }],
    ["checkpoints", 2, { checkpoint: place(50, 1) }, { view: view(7), checkpoint: place(50, 2) }],
  ])("that are %s of two histories convict it, at everyone", (_, who, one, other) => {
    const [first, second] = [ballotBy(of, who, one), ballotBy(of, who, other)];
    for (let by = 0; by < 4; by++) expect(judged(of, { type: "contradiction", first, second }, by)).toBe(who);
    const listener = calm(4);
    // Without knowing the history itself: it is their words against each other.
    listener.kiosks[1].replica.seen[who] = [first];
    const effects = tell(listener, 1, saying(second));
    expect(only(effects, "evidence").map(({ evidence }) => evidence.type)).toEqual(["contradiction"]);
    // Once is enough.
    expect(only(tell(listener, 1, saying(second)), "evidence")).toEqual([]);
  });

  test.each([
    ["at different sequences", { prepared: place(3, 1) }, { prepared: place(4, 2) }],
    ["of different views", { prepared: place(3, 1) }, { view: view(1), prepared: place(3, 2) }],
    ["of different phases", { prepared: place(3, 1) }, { committed: place(3, 2) }],
    ["that say the same", { prepared: place(3, 1) }, { prepared: place(3, 1), committed: place(2, 9) }],
  ])("%s convict nobody", (_, one, other) => {
    expect(
      judged(of, { type: "contradiction", first: ballotBy(of, 2, one), second: ballotBy(of, 2, other) }),
    ).toBeUndefined();
  });

  test("convict nobody where one of them is another's, altered, or of another epoch or table", () => {
    const [first, second] = [ballotBy(of, 2, { prepared: place(3, 1) }), ballotBy(of, 2, { prepared: place(3, 2) })];
    const others = [
      { ...ballotBy(of, 1, { prepared: place(3, 2) }), sender: memberIndex(2) },
      { ...second, prepared: { sequence: sequence(3), history: new Uint8Array(32).fill(3) } },
      ballotBy(of, 3, { prepared: place(3, 2) }),
      { ...second, prepared: { sequence: sequence(3), history: undefined } },
    ];
    for (const other of others) expect(judged(of, { type: "contradiction", first, second: other })).toBeUndefined();
    for (const change of [{ epoch: 1 }, { table: new Uint8Array(16) }]) {
      const elsewhere = calm(4);
      Object.assign(elsewhere.kiosks[2].replica, change);
      const lie = ballotBy(elsewhere, 2, { prepared: place(3, 2) });
      expect(judged(of, { type: "contradiction", first, second: lie })).toBeUndefined();
    }
    expect(judged(of, { type: "contradiction", first, second })).toBe(2);
  });
});

describe("amnesia", () => {
  /** Members commit one batch, and want another view. */
  function committed(): Rig {
    const of = calm(4, { fastPath: false });
    of.drop = ({ to, said }) => to === 3 && said?.type === "ballot" && said.ballot.sender === 1;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 50);
    of.drop = () => false;
    return of;
  }

  test("is a commit, and a wish for a later view that forgets it: it convicts who signed both", () => {
    const of = committed();
    const commit = of.log
      .flatMap(({ from, said }) =>
        from === 1 && said?.type === "ballot" && said.ballot.committed !== undefined ? [said.ballot] : [],
      )
      .at(-1)!;
    expect(commit.committed?.sequence).toBe(1);
    const wish = wishBy(of, 1, blank(of, 1));
    const effects = tell(of, 2, wish);
    const [evidence] = only(effects, "evidence").map((each) => each.evidence);
    expect(evidence.type).toBe("amnesia");
    for (let by = 0; by < 4; by++) expect(judged(of, evidence, by)).toBe(1);
  });

  test("is nothing that an honest member shows: neither while it runs nor after a restart", () => {
    for (const again of [false, true]) {
      const of = committed();
      if (again) for (let index = 0; index < 4; index++) restart(of, index);
      run(of, of.now + 300);
      of.drop = ({ said }) => said?.type === "ballot";
      submit(of, 2, set("k", "later"));
      run(of, of.now + 5);
      of.drop = () => false;
      for (const wish of wishesOf(of, [1, 2, 3])) tellAll(of, 0, [wish]);
      expect(of.kiosks.flatMap(({ told }) => only(told, "evidence"))).toEqual([]);
      run(of, of.now + 10_000);
      expect(of.kiosks.flatMap(({ told }) => only(told, "evidence"))).toEqual([]);
    }
  });

  test("is not to have prepared without having committed, to prove more, or to show the certificate", () => {
    const of = calm(4, { fastPath: false });
    submit(of, 2, set("k", "decided"));
    run(of, of.now + 50);
    of.drop = ({ said }) => said?.type === "ballot" && (said.ballot.committed?.sequence ?? 0) > 1;
    submit(of, 2, set("k", "prepared"));
    run(of, of.now + 50);
    const [wish] = wishesOf(of, [1]);
    const body = bodyOf(wish);
    const at = (n: number) => of.kiosks[1].replica.slots[n - 1];
    const place = (n: number) => ({ sequence: sequence(n), digest: at(n).history! });
    const commit = ballotBy(of, 1, { view: view(0), prepared: place(2), committed: place(2) });
    const prepare = ballotBy(of, 1, { view: view(0), prepared: place(2) });
    const accuse = (ballot: typeof commit, said = wish) =>
      judged(of, { type: "amnesia", committed: ballot, change: said.change, body: bodyOf(said) });
    // It shows the certificate of what it committed.
    expect(accuse(commit)).toBeUndefined();
    expect(accuse(prepare)).toBeUndefined();
    // Without it, it has forgotten; and what it committed earlier its prefix proves.
    const forgetful = wishBy(of, 1, { ...body, certificates: [] });
    expect(accuse(commit, forgetful)).toBe(1);
    expect(accuse(ballotBy(of, 1, { view: view(0), committed: place(1) }), forgetful)).toBeUndefined();
    expect(accuse(prepare, forgetful)).toBeUndefined();
    // Of a later view than the one that it left it may know nothing.
    expect(accuse(ballotBy(of, 1, { view: view(1), committed: place(2) }), forgetful)).toBeUndefined();
    // Nobody else's word makes it so.
    expect(
      judged(of, {
        type: "amnesia",
        committed: commit,
        change: { ...forgetful.change, sender: memberIndex(2) },
        body: bodyOf(forgetful),
      }),
    ).toBeUndefined();
    expect(
      judged(of, { type: "amnesia", committed: commit, change: wish.change, body: bodyOf(forgetful) }),
    ).toBeUndefined();
  });
});

describe("a false new view", () => {
  test("convicts its primary, and a true one nobody, whoever shows it", () => {
    const of = calm(4, { fastPath: false });
    of.drop = ({ said }) => said?.type === "ballot" && said.ballot.committed !== undefined;
    submit(of, 2, set("k", "prepared"));
    run(of, of.now + 50);
    const wishes = wishesOf(of, [1, 2, 3]);
    const bodies = wishes.map(bodyOf);
    const honest = following(of, wishes);
    const shown = (newView: ReturnType<typeof newViewBy>, with_ = bodies) =>
      judged(of, { type: "falseNewView", newView, bodies: with_ });
    expect(shown(newViewBy(of, 1, honest))).toBeUndefined();
    const lie = newViewBy(of, 1, { ...honest, result: of.kiosks[1].replica.epochStart });
    expect(shown(lie)).toBe(1);
    // Other bodies than those that are named, too few of them, or another's signature.
    expect(shown(lie, [bodies[0], bodies[1], { ...bodies[2], claims: [] }])).toBeUndefined();
    expect(shown(lie, bodies.slice(1))).toBeUndefined();
    expect(shown({ ...lie, sender: memberIndex(2) })).toBeUndefined();
  });
});

test("who lies by its links alone is not accused: what is malformed costs the link, and convicts nobody", () => {
  const of = calm(4);
  const { places } = proposing(of, 0, [empty(100)]);
  const honest = ballotBy(of, 2, { prepared: places[0] });
  for (const said of [
    saying({ ...honest, signature: honest.signature.map((byte) => byte ^ 1) }),
    saying({ ...honest, sender: memberIndex(3) }),
    saying({ ...honest, view: view(4) }),
    saying({ ...honest, prepared: undefined, committed: honest.prepared }),
  ]) {
    pass(of, 2, 1, said);
  }
  const [other] = placesAfter(of, of.kiosks[0].replica.start, [{ digest: new Uint8Array(32), size: 3 }]);
  pass(of, 2, 1, saying({ ...ballotBy(of, 2, { prepared: other }), sender: memberIndex(3) }));
  run(of, of.now + 50);
  expect(accusations(of, 1)).toEqual([]);
});
