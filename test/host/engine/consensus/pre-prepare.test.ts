import { describe, expect, test } from "vitest";
import type { Effect } from "../../../../host/engine/consensus/events.ts";
import type { Batch } from "../../../../protocol/agreement/request.ts";
import { agreedMillis } from "../../../../protocol/core/units.ts";
import { feed, type Rig, run, submit, WALL_MS } from "../../../simulator/rig.ts";
import { ballotBy, calm, complaints, empty, hex, only, proposing, saying, set, tell } from "./stories.ts";

/** Up to where these words prepare, and the history there. */
function prepared(effects: readonly Effect[]): [number, string] | undefined {
  const ballots = only(effects, "persist").flatMap(({ record }) => (record.type === "voted" ? [record.ballot] : []));
  const position = ballots.at(-1)?.prepared;
  return position === undefined ? undefined : [position.sequence, hex(position.history)];
}

/** A member's request, as it reaches everyone else. */
function request(of: Rig, who: number, operation = set("k", "v")) {
  submit(of, who, operation);
  const said = of.log.findLast(({ from, said }) => from === who && said?.type === "requests")?.said;
  if (said?.type !== "requests") throw new Error("a request is said");
  return said;
}

describe("a backup prepares a proposal", () => {
  test("of the primary of its view, for the next sequence, with a history that follows from its batches", () => {
    const of = calm(4);
    const { said, places } = proposing(of, 0, [empty(1), empty(2)]);
    expect(prepared(tell(of, 1, said))).toEqual([2, hex(places[1].digest)]);
  });
});

describe("a backup prepares nothing", () => {
  test("that is proposed in another view, even by a member that leads both [B04]", () => {
    const of = calm(4);
    const later = proposing(of, 0, [empty(1)], { inView: 4 });
    expect(prepared(tell(of, 1, later.said))).toBeUndefined();
    expect(of.kiosks[1].replica.known).toBe(0);
  });

  test("that a member proposes which is not the primary, and the link that brings it pays [B04]", () => {
    const of = calm(4);
    const effects = tell(of, 1, proposing(of, 2, [empty(1)]).said);
    expect(prepared(effects)).toBeUndefined();
    expect(complaints(effects)).toEqual(["only the primary proposes"]);
    expect(of.kiosks[1].replica.known).toBe(0);
  });

  test("that another member proposes in the primary's name, or that says it is the primary's prepare [B04]", () => {
    const of = calm(4);
    const { said } = proposing(of, 2, [empty(1)]);
    tell(of, 1, { ...said, ballot: { ...said.ballot, sender: 0 as never } });
    expect(of.kiosks[1].replica.known).toBe(0);
    const { places } = proposing(of, 0, [empty(1)]);
    const effects = tell(of, 1, saying(ballotBy(of, 0, { prepared: places[0] })));
    expect(complaints(effects)).toEqual(["a primary prepares by proposing"]);
    expect(of.kiosks[1].replica.votes.prepared[0]).toBe(0);
  });

  test("whose signed history is not the one that its batches lead to [B04]", () => {
    const of = calm(4);
    const one = proposing(of, 0, [empty(1)]);
    const other = proposing(of, 0, [empty(2)]);
    // The outline of one batch under the signature over another's name.
    expect(prepared(tell(of, 1, { ...one.said, ballot: other.said.ballot }))).toBeUndefined();
    expect(of.kiosks[1].replica.known).toBe(0);
    expect(prepared(tell(of, 1, one.said))).toEqual([1, hex(one.places[0].digest)]);
  });

  test("that comes second for its sequence: the first stands, and the two are evidence [B04]", () => {
    const of = calm(4);
    const one = proposing(of, 0, [empty(1)]);
    const other = proposing(of, 0, [empty(2)]);
    tell(of, 1, one.said);
    const effects = tell(of, 1, other.said);
    expect(prepared(effects)).toBeUndefined();
    expect(of.kiosks[1].replica.slots[0].name).toEqual(one.names[0]);
    expect(only(effects, "evidence").map(({ evidence }) => evidence)).toEqual([
      { type: "contradiction", first: one.said.ballot, second: other.said.ballot },
    ]);
    // Nor does it come in with what is proposed above it.
    const above = proposing(of, 0, [empty(2), empty(3)]);
    expect(prepared(tell(of, 1, above.said))).toBeUndefined();
    expect(of.kiosks[1].replica.slots[0].name).toEqual(one.names[0]);
  });

  test("above the high watermark, nor at or below the low one [B04]", () => {
    const of = calm(4, { checkpointEvery: 2 });
    const far = proposing(of, 0, [1, 2, 3, 4, 5].map(empty));
    expect(prepared(tell(of, 1, far.said))).toBeUndefined();
    expect(of.kiosks[1].replica.known).toBe(0);
    const near = proposing(of, 0, [1, 2, 3, 4].map(empty));
    expect(prepared(tell(of, 1, near.said))).toEqual([4, hex(near.places[3].digest)]);
    const settled = calm(4, { checkpointEvery: 2 });
    for (const value of ["a", "b"]) {
      submit(settled, 0, set("k", value));
      run(settled, settled.now + 200);
    }
    const { stable, epochStart } = settled.kiosks[1].replica;
    expect(stable.header.sequence).toBe(2);
    const low = proposing(settled, 0, [empty(1), empty(2)], { base: epochStart });
    expect(prepared(tell(settled, 1, low.said))).toBeUndefined();
  });

  test("with a request that its client did not sign", () => {
    const of = calm(4);
    const { requests } = request(of, 2);
    const forged = { ...requests[0], request: { ...requests[0].request, operation: set("k", "w") } };
    const batch: Batch = { ...empty(1), requests: [forged] };
    const { said, names } = proposing(of, 0, [batch], { by: "name" });
    tell(of, 1, said);
    const [slot] = of.kiosks[1].replica.slots;
    expect(slot.name).toEqual(names[0]);
    slot.batch = batch;
    expect(prepared(feed(of, 1, { type: "tick", at: of.kiosks[1].replica.now }))).toBeUndefined();
    // The same with the client's own words.
    const honest = calm(4);
    const signed: Batch = { ...empty(1), requests: request(honest, 2).requests };
    tell(honest, 1, proposing(honest, 0, [signed], { by: "name" }).said);
    honest.kiosks[1].replica.slots[0].batch = signed;
    expect(prepared(feed(honest, 1, { type: "tick", at: honest.kiosks[1].replica.now }))?.[0]).toBe(1);
  });

  test("whose time is not above the last one's, or half a minute and more off its own estimate", () => {
    const nowMs = 100;
    for (const [afterMs, votes] of [
      [nowMs, true],
      [nowMs + 30_000, true],
      [nowMs + 30_001, false],
      [nowMs - 30_000, true],
      [nowMs - 30_001, false],
    ] as const) {
      const of = calm(4);
      expect([afterMs, prepared(tell(of, 1, proposing(of, 0, [empty(afterMs)]).said)) !== undefined]).toEqual([
        afterMs,
        votes,
      ]);
    }
    const of = calm(4);
    const same: Batch = { ...empty(1), time: agreedMillis(WALL_MS + 1) };
    expect(prepared(tell(of, 1, proposing(of, 0, [empty(1), same]).said))?.[0]).toBe(1);
  });

  test("past a batch that is not here, whose time will come, or a window further than it has executed", () => {
    const of = calm(4, { window: 2 });
    expect(prepared(tell(of, 1, proposing(of, 0, [1, 2, 3].map(empty)).said))?.[0]).toBe(2);
    expect(of.kiosks[1].replica.known).toBe(3);
    const unseen = calm(4);
    expect(prepared(tell(unseen, 1, proposing(unseen, 0, [empty(1)], { by: "name" }).said))).toBeUndefined();
    expect(unseen.kiosks[1].replica.known).toBe(1);
  });
});
