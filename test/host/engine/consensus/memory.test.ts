import { describe, expect, test } from "vitest";
import type { Replica } from "../../../../host/engine/consensus/state.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { agreedMillis, memberIndex, millis, sequence, view } from "../../../../protocol/core/units.ts";
import { feed, type Rig, run, submit } from "../../../simulator/rig.ts";
import { ballotBy, calm, done, hear, saying, set, tell } from "./stories.ts";
import { blank, newViewBy, wishBy } from "./wishes.ts";

/** Bytes and values that a replica holds, each once. */
function weigh(of: Replica<unknown>): number {
  const seen = new Set<object>();
  let sum = 0;
  const line: unknown[] = [of];
  while (line.length > 0) {
    const each = line.pop();
    sum += 1;
    if (typeof each !== "object" || each === null || seen.has(each)) continue;
    seen.add(each);
    if (each instanceof Uint8Array) sum += each.length;
    else line.push(...Object.values(each));
  }
  return sum;
}

/** The heaviest of them, at any moment of a whole interval. */
function heaviest(of: Rig, turn: () => void, turns: number): number {
  let most = 0;
  for (let count = 0; count < turns; count++) {
    turn();
    for (const { replica } of of.kiosks) most = Math.max(most, weigh(replica));
    forget(of);
  }
  return most;
}

/** What the rig keeps is not the replicas'. */
function forget(of: Rig): void {
  of.log.length = 0;
  for (const { journal, told } of of.kiosks) {
    journal.length = 0;
    told.length = 0;
  }
}

const KEYS = 40;

/** Four batches of fifty. */
function busy(of: Rig): () => void {
  let count = 0;
  return () => {
    for (let each = 0; each < 50; each++, count++) {
      for (let who = 0; who < 4; who++) submit(of, who, set(`k${(count + who) % KEYS}`, `${1_000_000 + count}`));
    }
    run(of, of.now + 60);
  };
}

describe("memory", () => {
  test("is flat over a hundred thousand operations [D03]", () => {
    const of = calm(4, { checkpointEvery: 10 });
    const turn = busy(of);
    // Until every ring has gone round.
    for (let warm = 0; warm < 60; warm++) {
      turn();
      forget(of);
    }
    const before = heaviest(of, turn, 6);
    while (of.kiosks[0].replica.state.table.clients[0].executed < 25_000 - 6 * 50) {
      turn();
      forget(of);
    }
    const after = heaviest(of, turn, 6);
    const { clients } = of.kiosks[3].replica.state.table;
    expect(clients.reduce((sum, { executed }) => sum + executed, 0)).toBeGreaterThanOrEqual(100_000);
    expect(after / before).toBeLessThan(1.02);
    expect(after / before).toBeGreaterThan(0.98);
  }, 180_000);

  /** Everything of the future that one member can sign or make up, and more of it each time. */
  function flood(of: Rig, to: number, turn: number): void {
    const digest = new Uint8Array(32).fill(turn);
    const place = (at: number) => ({ sequence: sequence(at), digest });
    for (let each = 1; each <= 15; each++) {
      const far = turn * 15 + each;
      tell(of, to, wishBy(of, 3, blank(of, far)));
      tell(of, to, saying(ballotBy(of, 3, { view: view(far), prepared: place(far), committed: place(far) })));
      tell(of, to, saying(ballotBy(of, 3, { prepared: place(1_000_000 + far) })));
      tell(of, to, saying(ballotBy(of, 3, { checkpoint: place(1_000_000 + far) })));
      tell(of, to, { ...saying(ballotBy(of, 3, { prepared: place(far) })), hint: digest.subarray(0, 4) });
      const viewChanges = [0, 1, 2].map((who) => ({
        ...wishBy(of, 3, blank(of, far)).change,
        sender: memberIndex(who),
      }));
      tell(of, to, newViewBy(of, 3, { view: view(4 * far + 3), viewChanges, result: place(far) }));
      hear(of, to, 3, { type: "leaderProposal", term: view(far), priorityScore: 999, executed: place(far) });
      hear(of, to, 3, { type: "leaderAccept", term: view(far), leader: memberIndex(far % 4), priorityScore: 999 });
      hear(of, to, 3, {
        type: "stateSync",
        step: { type: "recalled", stable: sequence(far), ballot: digest, change: digest },
      });
      hear(of, to, 3, {
        type: "stateSync",
        step: { type: "requestChunks", object: { digest, size: far }, index: 0, count: 1 },
      });
      hear(of, to, 3, {
        type: "stateSync",
        step: { type: "chunk", object: { digest, size: far }, index: 0, path: [digest], bytes: digest },
      });
    }
    feed(of, to, { type: "tick", at: millis(of.now) });
  }

  test("is flat under whoever sends views and sequences of the future as fast as it can, and the others go on [D03]", () => {
    const of = calm(4, { checkpointEvery: 10, profile: { ...LAN, rotateMs: 3_600_000 } });
    of.drop = ({ from }) => from === 3;
    for (let turn = 0; turn < 120; turn++) {
      submit(of, turn % 3, set(`k${turn % 5}`, `${1_000 + turn}`));
      run(of, of.now + 25);
    }
    const first = heaviestUnderFlood(of, 120, 12);
    const last = heaviestUnderFlood(of, 132, 28);
    expect(last / first).toBeLessThan(1.05);
    expect(done(of, 0)).toHaveLength(160);
    expect([0, 1, 2].map((index) => of.kiosks[index].replica.view)).toEqual([0, 0, 0]);
  });

  function heaviestUnderFlood(of: Rig, from: number, turns: number): number {
    let most = 0;
    for (let turn = from; turn < from + turns; turn++) {
      submit(of, turn % 3, set(`k${turn % 5}`, `${1_000 + turn}`));
      for (const to of [0, 1, 2]) flood(of, to, turn);
      run(of, of.now + 100);
      for (const index of [0, 1, 2]) most = Math.max(most, weigh(of.kiosks[index].replica));
    }
    return most;
  }

  test("does not grow with clocks, sleep and ticks", () => {
    const of = calm(4);
    const before = weigh(of.kiosks[0].replica);
    for (let turn = 0; turn < 2_000; turn++) {
      const at = millis(of.now + turn);
      feed(of, 0, { type: "clock", at, wallMs: agreedMillis(1_790_000_000_000 + turn * 7) });
      feed(of, 0, { type: "asleep", at, members: turn % 16 });
      feed(of, 0, { type: "tick", at });
    }
    expect(weigh(of.kiosks[0].replica)).toBe(before);
  });
});
