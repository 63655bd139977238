import { describe, expect, test } from "vitest";
import { WAITING_BALLOTS_MAX } from "../../../../host/engine/consensus/limits.ts";
import { mayPropose } from "../../../../host/engine/consensus/standing.ts";
import { compact, hintOf } from "../../../../host/engine/consensus/statements.ts";
import type { Ballot } from "../../../../protocol/agreement/ballot.ts";
import { agreedMillis, sequence, view } from "../../../../protocol/core/units.ts";
import type { Place } from "../../../../protocol/message/fields.ts";
import { feed, type Rig, run, submit, WALL_MS } from "../../../simulator/rig.ts";
import { ballotBy, calm, complaints, done, empty, only, proposing, saying, set, tell } from "./stories.ts";
import { blank, following, newViewBy, tellAll, wishBy } from "./wishes.ts";

/** A backup of seven that has prepared two batches of the primary's. */
function begun() {
  const of = calm(7, { fastPath: false });
  const { said, places } = proposing(of, 0, [empty(1), empty(2)]);
  tell(of, 1, said);
  const vote = (who: number, what: Partial<Ballot>) => tell(of, 1, saying(ballotBy(of, who, what)));
  return { of, places, vote, replica: of.kiosks[1].replica };
}

/** Without its histories, as votes travel. */
function short(of: Rig, who: number, prepared: Place) {
  const full = { view: view(0), proposed: undefined, prepared, committed: undefined, checkpoint: undefined };
  return { ...saying(compact(ballotBy(of, who, full))), hint: hintOf(full) };
}

describe("a vote counts", () => {
  test("for its own phase and its own history alone: five commits of another history, or five prepares, decide nothing", () => {
    const { of, places, vote, replica } = begun();
    const other = proposing(of, 0, [empty(3)]).places[0];
    for (const who of [2, 3, 4, 5, 6]) vote(who, { committed: other });
    expect([replica.votes.committed.slice(2), replica.decided]).toEqual([[0, 0, 0, 0, 0], 0]);
    for (const who of [2, 3, 4, 5, 6]) vote(who, { prepared: places[0] });
    expect([replica.votes.committed.slice(2), replica.decided]).toEqual([[0, 0, 0, 0, 0], 0]);
    for (const who of [2, 3, 4, 5]) vote(who, { prepared: places[0], committed: places[0] });
    expect(replica.decided).toBe(1);
  });

  test("as far as a quorum has prepared: nobody commits the next batch with it", () => {
    const { places, vote, replica } = begun();
    for (const who of [2, 3]) vote(who, { prepared: places[1] });
    vote(4, { prepared: places[0] });
    expect(replica.own.committed).toBe(1);
    vote(5, { prepared: places[1] });
    expect(replica.own.committed).toBe(2);
  });

  test("for a commit only beside the primary's own: what backups alone repeat in a new view is not prepared", () => {
    const of = calm(4, { fastPath: false });
    const { said, names, places } = proposing(of, 0, [empty(1)]);
    tell(of, 3, said);
    of.drop = () => true;
    const claims = [{ sequence: sequence(1), view: view(0), name: names[0] }];
    const wishes = [0, 1, 2].map((who) => wishBy(of, who, { ...blank(of, 1), claims }));
    tellAll(of, 3, [...wishes, newViewBy(of, 1, following(of, wishes))]);
    const { replica } = of.kiosks[3];
    expect([replica.view, replica.own.prepared]).toEqual([1, 1]);
    for (const who of [0, 2]) tell(of, 3, saying(ballotBy(of, who, { view: view(1), prepared: places[0] })));
    expect([replica.votes.prepared, replica.own.committed]).toEqual([[1, 0, 1, 1], 0]);
    tell(of, 3, saying(ballotBy(of, 1, { view: view(1), proposed: places[0] })));
    expect(replica.own.committed).toBe(1);
  });
});

describe("a vote that cannot be looked at", () => {
  test("because it leaves out a history that is not the own costs no link, and is asked for in full", () => {
    const { of, replica } = begun();
    const other = proposing(of, 0, [empty(3)]).places[0];
    replica.timing.statusAt = Number.POSITIVE_INFINITY as never;
    const kiosk = of.kiosks[1];
    const { ports } = kiosk.world;
    let checks = 0;
    const verify: typeof ports.verify = (key, signed, signature) => {
      checks += 1;
      return ports.verify(key, signed, signature);
    };
    of.kiosks[1] = { ...kiosk, world: { ...kiosk.world, ports: { ...ports, verify } } };
    expect(complaints(tell(of, 1, short(of, 2, other)))).toEqual([]);
    // Nor a look at its signature, which cannot hold.
    expect(checks).toBe(0);
    expect([replica.votes.prepared[2], Number.isFinite(replica.timing.statusAt)]).toEqual([0, true]);
  });

  test("waits with few others of its sender, however many come", () => {
    const of = calm(4);
    for (let at = 1; at <= 10; at++) {
      tell(of, 1, short(of, 2, { sequence: sequence(at), digest: new Uint8Array(32).fill(at) }));
    }
    const { waiting } = of.kiosks[1].replica.votes;
    expect(waiting.map((line) => line.length)).toEqual([0, 0, WAITING_BALLOTS_MAX, 0]);
  });
});

describe("a primary opens a slot", () => {
  test("neither a window above what it executed nor above the high watermark", () => {
    const of = calm(4, { checkpointEvery: 3, window: 4 });
    const { replica } = of.kiosks[0];
    const at = (executed: number, known: number): boolean => {
      Object.assign(replica, { executed, known, own: { ...replica.own, proposed: known } });
      return mayPropose(replica);
    };
    expect([at(0, 3), at(0, 4), at(5, 5), at(6, 6)]).toEqual([true, false, true, false]);
  });
});

describe("agreed time", () => {
  test("stands still for a batch that is proposed again and is earlier than the last: it never runs back", () => {
    const of = calm(4, { fastPath: false });
    submit(of, 2, set("k", "v"));
    run(of, of.now + 50);
    const { replica } = of.kiosks[3];
    const { time } = replica.state;
    expect([done(of, 3).length, time > WALL_MS + 1]).toEqual([1, true]);
    of.drop = () => true;
    const base = replica.decision?.place;
    if (base === undefined) throw new Error("one batch is decided");
    const early = { ...empty(0), time: agreedMillis(WALL_MS + 1) };
    const { said, names, places } = proposing(of, 0, [early], { base });
    // Of this view it is not voted for; a new view that names it is followed.
    tell(of, 3, said);
    expect(replica.own.prepared).toBe(1);
    const decision = replica.decision?.certificate;
    const claims = [{ sequence: sequence(2), view: view(0), name: names[0] }];
    const bodies = [0, 1, 2].map((who) => wishBy(of, who, { ...blank(of, 1), prefix: base, decision, claims }));
    tellAll(of, 3, [...bodies, newViewBy(of, 1, following(of, bodies))]);
    expect([replica.view, replica.own.prepared]).toEqual([1, 2]);
    tell(of, 3, saying(ballotBy(of, 1, { view: view(1), proposed: places[0], committed: places[0] })));
    for (const who of [0, 2]) {
      tell(of, 3, saying(ballotBy(of, who, { view: view(1), prepared: places[0], committed: places[0] })));
    }
    expect([replica.executed, replica.state.time]).toEqual([2, time]);
  });
});

test("nothing is voted on in a view that is being left", () => {
  const of = calm(4);
  of.drop = () => true;
  for (const who of [2, 3]) tell(of, 1, wishBy(of, who, blank(of, 2)));
  expect([of.kiosks[1].replica.phase, of.kiosks[1].replica.wanted]).toEqual(["changing", 2]);
  const effects = tell(of, 1, proposing(of, 0, [empty(1)]).said);
  const again = feed(of, 1, { type: "tick", at: of.kiosks[1].replica.now });
  expect(only([...effects, ...again], "persist").filter(({ record }) => record.type === "voted")).toEqual([]);
});
