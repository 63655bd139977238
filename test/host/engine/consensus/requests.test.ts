import { describe, expect, test } from "vitest";
import { PENDING_MAX } from "../../../../host/engine/consensus/limits.ts";
import { signRequest } from "../../../../host/engine/consensus/statements.ts";
import { LAN, requestMs } from "../../../../host/engine/timing/profiles.ts";
import { counter } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import {
  answers,
  calm,
  complaints,
  done,
  entered,
  expectOneHistory,
  expectTogether,
  only,
  type SaidOf,
  set,
  tell,
  watch,
} from "./stories.ts";

const saidBy = (of: Rig, who: number): SaidOf<"requests"> => {
  const said = of.log.findLast(({ from, said }) => from === who && said?.type === "requests")?.said;
  if (said?.type !== "requests") throw new Error("a request is said");
  return said;
};

describe("a request", () => {
  test("that the primary did not hear is said to it again before anybody is suspected [B09]", () => {
    const of = calm(4);
    let lost = 0;
    of.drop = ({ from, to, said }) => from === 2 && to === 0 && said?.type === "requests" && lost++ === 0;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 2_000);
    expect([lost, done(of, 0), answers(of, 2).length]).toEqual([2, ["2/1"], 1]);
    expect(entered(of, 2)).toEqual([]);
  });

  test("is waited for from when it was first seen: a silent primary is left when its time is over [B09]", () => {
    const of = calm(4);
    of.kiosks[0].up = false;
    const heard = watch(of);
    const start = of.now;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 2_000);
    const wishes = heard.filter(({ said }) => said?.type === "viewChange");
    expect(wishes[0].at - start).toBe(requestMs(LAN));
    expect(Math.min(...wishes.map(({ from }) => from))).toBeGreaterThan(0);
    expect([1, 2, 3].map((index) => [entered(of, index), done(of, index)])).toEqual(
      [1, 2, 3].map(() => [[1], ["2/1"]]),
    );
    expect(answers(of, 2)).toHaveLength(1);
  });

  test("that a primary passes over is not forgotten for what it does propose [B09]", () => {
    const of = calm(4);
    // Member 3 is starved: whatever it asks for does not exist for the primary.
    of.drop = ({ to, said }) =>
      to === 0 && said?.type === "requests" && said.requests.some(({ sender }) => sender === 3);
    submit(of, 3, set("starved", "v"));
    for (let turn = 0; turn < 40 && answers(of, 3).length === 0; turn++) {
      submit(of, 1, set("fed", `${turn}`));
      run(of, of.now + 25);
    }
    expect(answers(of, 3)).toHaveLength(1);
    expect(entered(of, 1)).toEqual([1]);
    run(of, of.now + 500);
    expectTogether(of);
  });

  test("is in the next primary's hands when the view changes, although its kiosk has died [B09]", () => {
    const of = calm(7);
    of.kiosks[0].up = false;
    submit(of, 6, set("k", "v"));
    run(of, of.now + 5);
    of.kiosks[6].up = false;
    run(of, of.now + 3_000);
    expect([1, 2, 3, 4, 5].map((index) => done(of, index))).toEqual([1, 2, 3, 4, 5].map(() => ["6/1"]));
  });

  test("is said once to each, and no more while nothing is missing [B09]", () => {
    const of = calm(4);
    const heard = watch(of);
    submit(of, 2, set("k", "v"));
    run(of, of.now + 1_000);
    expect(heard.filter(({ said }) => said?.type === "requests").map(({ from, to }) => [from, to])).toEqual([
      [2, 0],
      [2, 1],
      [2, 3],
    ]);
  });

  test("that its client did not sign is no reason to wait for anything [B09]", () => {
    const of = calm(4);
    of.drop = () => true;
    submit(of, 2, set("k", "v"));
    const { requests } = saidBy(of, 2);
    of.drop = () => false;
    const forged = { ...requests[0], request: { ...requests[0].request, operation: set("k", "w") } };
    const alien = { ...requests[0], sender: 9 as never };
    expect(complaints(tell(of, 1, { type: "requests", requests: [forged, alien] }))).toEqual([
      "bad signature",
      "no such member",
    ]);
    expect(of.kiosks[1].replica.pools[2].waiting).toEqual([]);
  });

  test("under a number that another has stays out: the first one counts, and its kiosk has no second", () => {
    const of = calm(4);
    submit(of, 2, set("k", "first"));
    const twin = calm(4);
    submit(twin, 2, set("k", "second"));
    tell(of, 1, saidBy(of, 2));
    tell(of, 1, saidBy(twin, 2));
    expect(of.kiosks[1].replica.pools[2].waiting.map((held) => held?.signed)).toEqual(saidBy(of, 2).requests);
    run(of, of.now + 1_000);
    expectTogether(of);
    expect(done(of, 1)).toEqual(["2/1"]);
  });

  test("far above what was executed is not kept, and a kiosk has no more than so many under way", () => {
    const of = calm(4);
    of.kiosks[0].up = of.kiosks[1].up = false;
    for (let count = 0; count < PENDING_MAX + 3; count++) submit(of, 2, set("k", `${count}`));
    expect(only(of.kiosks[2].told, "refused")).toHaveLength(3);
    expect(of.kiosks[2].replica.pools[2].waiting).toHaveLength(PENDING_MAX);
    run(of, of.now + 10);
    expect(of.kiosks[3].replica.pools[2].waiting).toHaveLength(PENDING_MAX);
    const far = { seat: 0, number: counter(PENDING_MAX + 1), operation: set("k", "far") };
    const { replica, world } = of.kiosks[2];
    tell(of, 3, { type: "requests", requests: [signRequest(replica, world.ports, 2, far)] });
    expect(of.kiosks[3].replica.pools[2].waiting).toHaveLength(PENDING_MAX);
  });
});

test("a client that asks one backup alone makes no backup useless [B09]", () => {
  const of = calm(4);
  // Member 3 tells each of its wishes to one other, a different one each time, and votes on nothing.
  let turn = 0;
  of.drop = ({ from, to, said }) => from === 3 && (said?.type !== "requests" || to !== (turn % 2) + 1);
  const heard = watch(of);
  for (turn = 0; turn < 6; turn++) {
    submit(of, 3, set("whim", `${turn}`));
    submit(of, 1, set("k", `${turn}`));
    run(of, of.now + 400);
  }
  const suspicions = heard.filter(({ from, said }) => from !== 3 && said?.type === "viewChange");
  expect(suspicions.map(({ at, from }) => `${from} at ${at}`)).toEqual([]);
  expect(answers(of, 1)).toHaveLength(6);
  expectOneHistory(of);
});
