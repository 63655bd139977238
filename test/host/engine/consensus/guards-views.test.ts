import { describe, expect, test } from "vitest";
import { nullName } from "../../../../host/engine/consensus/log.ts";
import { select } from "../../../../host/engine/consensus/select.ts";
import { enterByCheckpoint } from "../../../../host/engine/consensus/views.ts";
import type { ViewChangeBody } from "../../../../protocol/agreement/certificate.ts";
import { millis, sequence, view } from "../../../../protocol/core/units.ts";
import { feed, type Rig, run, submit } from "../../../simulator/rig.ts";
import { ballotBy, calm, complaints, empty, only, proposing, saying, set, tell } from "./stories.ts";
import { blank, bodyOf, following, newViewBy, tellAll, wishBy, wishesOf } from "./wishes.ts";

describe("a wish", () => {
  test("that was said again does not take back a later one", () => {
    const of = calm(7);
    const { replica } = of.kiosks[6];
    const [early, late] = [1, 3].map((wanted) => wishBy(of, 2, blank(of, wanted)));
    tellAll(of, 6, [early, late, early]);
    expect(replica.viewChanges[2]?.change.view).toBe(3);
  });

  test("is joined for the smallest view that f + 1 want", () => {
    const of = calm(7);
    const { replica } = of.kiosks[6];
    for (const [who, wanted] of [
      [1, 5],
      [2, 2],
      [3, 9],
    ]) {
      tell(of, 6, wishBy(of, who, blank(of, wanted)));
    }
    expect([replica.phase, replica.wanted]).toEqual(["changing", 2]);
  });

  test("by a checkpoint that is not proved proves no prefix", () => {
    const of = calm(4, { checkpointEvery: 2 });
    for (const value of ["a", "b"]) {
      submit(of, 0, set("k", value));
      run(of, of.now + 100);
    }
    of.drop = () => true;
    submit(of, 1, set("k", "unheard"));
    const [wish] = wishesOf(of, [1]);
    const body = bodyOf(wish);
    const { checkpoint } = body;
    if (checkpoint === undefined) throw new Error("a checkpoint proves its prefix");
    const lie: ViewChangeBody = { ...body, checkpoint: { ...checkpoint, ballots: checkpoint.ballots.slice(1) } };
    expect(complaints(tell(of, 3, wishBy(of, 1, lie)))).toEqual(["view change: prefix unproved"]);
    expect(complaints(tell(of, 2, wish))).toEqual([]);
  });
});

describe("a new view", () => {
  test("takes the certificate of the highest view, whoever brings it and in whatever order", () => {
    const of = calm(4);
    const names = [1, 2].map((at) => ({ digest: new Uint8Array(32).fill(at), size: at }));
    const base = of.kiosks[0].replica.epochStart;
    const certificate = (inView: number, which: number) => ({
      ...{ phase: "prepared" as const, view: view(inView), sequence: sequence(1), base },
      ...{ names: [names[which]], ballots: [] },
    });
    const [low, high] = [certificate(2, 0), certificate(4, 1)];
    for (const certificates of [
      [[low], [high]],
      [[high], [low]],
      [[low, high], []],
      [[high, low], []],
    ]) {
      const bodies = certificates.map((each) => ({ ...blank(of, 9), certificates: each }));
      expect(select([...bodies, blank(of, 9)], 3, 1).names).toEqual([names[1]]);
    }
  });

  test("is made of wishes for exactly its view: who wants more by now is not named", () => {
    const of = calm(4);
    of.drop = () => true;
    const { replica } = of.kiosks[1];
    tell(of, 1, wishBy(of, 3, blank(of, 2)));
    tell(of, 1, wishBy(of, 2, blank(of, 1)));
    expect([replica.phase, replica.wanted, replica.view]).toEqual(["changing", 1, 0]);
    const effects = tell(of, 1, wishBy(of, 0, blank(of, 1)));
    const [made] = only(effects, "say").flatMap(({ said }) => (said.type === "newView" ? [said.newView] : []));
    expect(made.viewChanges.map(({ sender, view }) => [sender, view])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  test("below the one that is wanted by now moves nobody, though all that it rests on is here", () => {
    const of = calm(4);
    of.drop = () => true;
    const { replica } = of.kiosks[3];
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, blank(of, 1)));
    tellAll(of, 3, wishes);
    tellAll(
      of,
      3,
      [1, 2].map((who) => wishBy(of, who, blank(of, 2))),
    );
    expect([replica.phase, replica.wanted]).toEqual(["changing", 2]);
    // Who knows nothing says the same as everyone who knows nothing: one body is that of all three.
    tell(of, 3, newViewBy(of, 1, following(of, wishes)));
    expect([replica.phase, replica.wanted, replica.view]).toEqual(["changing", 2, 0]);
  });

  test("is waited for from when a quorum wants it: until then a member alone asks, and goes no further", () => {
    const of = calm(4);
    of.drop = () => true;
    for (const who of [2, 3]) tell(of, 0, wishBy(of, who, blank(of, 1)));
    const { replica } = of.kiosks[0];
    // With its own these are three of four.
    expect([replica.wanted, replica.timing.newViewAt === undefined]).toEqual([1, false]);
    const alone = calm(7);
    alone.drop = () => true;
    for (const who of [2, 3, 4]) tell(alone, 0, wishBy(alone, who, blank(alone, 1)));
    expect([alone.kiosks[0].replica.wanted, alone.kiosks[0].replica.timing.newViewAt]).toEqual([1, undefined]);
  });

  test("begins without the votes of the last: what was prepared there is prepared anew", () => {
    const of = calm(4, { fastPath: false });
    const { said, names, places } = proposing(of, 0, [empty(1)]);
    tell(of, 3, said);
    of.drop = () => true;
    for (const who of [1, 2]) tell(of, 3, saying(ballotBy(of, who, { prepared: places[0] })));
    const { replica } = of.kiosks[3];
    expect(replica.own.committed).toBe(1);
    const claims = [{ sequence: sequence(1), view: view(0), name: names[0] }];
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, { ...blank(of, 1), claims }));
    tellAll(of, 3, [...wishes, newViewBy(of, 1, following(of, wishes))]);
    expect([replica.view, replica.votes.prepared, replica.own.committed]).toEqual([1, [0, 0, 0, 1], 0]);
  });
});

describe("who enters a view", () => {
  test("of the past, in which something else is proposed than it has executed, votes on nothing there", () => {
    const of = calm(4, { fastPath: false });
    const { said, names, places } = proposing(of, 0, [empty(1)]);
    tell(of, 3, said);
    of.drop = () => true;
    const ballots = [0, 1, 2].map((who) => ballotBy(of, who, { view: view(2), committed: places[0] }));
    const base = of.kiosks[3].replica.epochStart;
    const decision = { phase: "committed" as const, view: view(2), sequence: sequence(1), base, names, ballots };
    tell(of, 3, { type: "certificate", certificate: decision });
    const { replica } = of.kiosks[3];
    expect(replica.executed).toBe(1);
    const claims = [1, 2].map((at) => ({ sequence: sequence(at), view: view(0), name: nullName() }));
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, { ...blank(of, 1), claims }));
    tellAll(of, 3, [...wishes, newViewBy(of, 1, following(of, wishes))]);
    expect([replica.view, replica.viewOver, replica.own.prepared]).toEqual([1, true, 0]);
    expect(replica.slots[0].name).toEqual(names[0]);
  });

  test("as its primary proposes again what it proposed in an earlier turn and nobody heard", () => {
    const of = calm(4);
    of.drop = () => true;
    const { said } = requestOf(of, 2);
    tell(of, 0, said);
    const { replica } = of.kiosks[0];
    expect(replica.slots[0].batch?.requests).toEqual(said.requests);
    tellAll(
      of,
      0,
      [1, 2, 3].map((who) => wishBy(of, who, blank(of, 4))),
    );
    expect([replica.view, replica.own.proposed, replica.slots[0].batch?.requests]).toEqual([4, 1, said.requests]);
  });

  test("by a barrier's checkpoint enters none below its own wish, nor below the view that it is in", () => {
    const of = calm(4);
    const { replica, world } = of.kiosks[3];
    const { stable } = replica;
    const entering = (inView: number, more: Partial<typeof replica>): number => {
      const copy = { ...structuredClone(replica), ...more };
      copy.stable = { ...stable, header: { ...stable.header, barrier: 1, view: view(inView) } };
      enterByCheckpoint(copy, [], world);
      return copy.view;
    };
    expect(entering(1, {})).toBe(1);
    expect(entering(1, { view: 3, wanted: 3 })).toBe(3);
    expect(entering(1, { phase: "changing", wanted: 2 })).toBe(0);
    expect(entering(2, { phase: "changing", wanted: 2 })).toBe(2);
  });

  test("prepares what is proposed again there only up to its high watermark", () => {
    const of = calm(4, { checkpointEvery: 1, fastPath: false });
    of.drop = () => true;
    const claims = [1, 2, 3, 4].map((at) => ({ sequence: sequence(at), view: view(0), name: nullName() }));
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, { ...blank(of, 1), claims }));
    tellAll(of, 3, [...wishes, newViewBy(of, 1, following(of, wishes))]);
    const { replica } = of.kiosks[3];
    expect([replica.view, replica.held, replica.own.prepared]).toEqual([1, 4, 2]);
  });
});

describe("who is in a newer view", () => {
  test("tells its new view to whoever says that it is in an older one", () => {
    const of = calm(4);
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, blank(of, 1)));
    const newView = newViewBy(of, 1, following(of, wishes));
    of.drop = () => true;
    tellAll(of, 2, [...wishes, newView]);
    expect(of.kiosks[2].replica.view).toBe(1);
    of.drop = () => false;
    of.queue = [];
    run(of, of.now + 10_000, () => of.kiosks[3].replica.view === 1);
    expect(of.log.some(({ from, to, said }) => from === 2 && to === 3 && said?.type === "newView")).toBe(true);
    expect(of.kiosks[3].replica.view).toBe(1);
  });
});

/** A member's request, that nobody has heard. */
function requestOf(of: Rig, who: number) {
  const [request] = only(feed(of, who, submitted(of)), "say");
  if (request?.said.type !== "requests") throw new Error("a request is said");
  return { said: request.said };
}

const submitted = (of: Rig) => ({ type: "submit", at: millis(of.now), seat: 0, operation: set("k", "asked") }) as const;
