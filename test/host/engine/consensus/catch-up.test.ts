import { describe, expect, test } from "vitest";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { sequence } from "../../../../protocol/core/units.ts";
import type { SyncStep } from "../../../../protocol/message/sync.ts";
import { type Rig, restart, run, type Sent, submit } from "../../../simulator/rig.ts";
import {
  boast,
  calm,
  complaints,
  done,
  executions,
  expectOneHistory,
  expectTogether,
  only,
  pass,
  type SaidOf,
  set,
  stateOf,
  tell,
} from "./stories.ts";

/** Cut off for so many sequences. */
function away(of: Rig, who: number, count: number, value = ""): void {
  const { drop } = of;
  of.drop = (sent) => sent.from === who || sent.to === who || drop(sent);
  for (let turn = 0; turn < count; turn++) {
    submit(of, turn % 3, set(`k${turn % 20}`, `${value}${turn}`));
    run(of, of.now + 20);
  }
  run(of, of.now + 200);
  of.queue = [];
  of.drop = drop;
}

const stepsTo = (of: Rig, who: number, type: SyncStep["type"]): Extract<SyncStep, { type: "chunk" }>[] =>
  of.log.flatMap(({ to, message }) =>
    to === who && message?.type === "stateSync" && message.step.type === type ? [message.step as never] : [],
  );
const saidTo = (of: Rig, who: number, type: string): Sent[] =>
  of.log.filter(({ to, said }) => to === who && said?.type === type);
/** Objects that came, by what they are. */
function fetched(of: Rig, who: number) {
  const state = of.kiosks[who].replica.stable.header.state;
  const chunks = stepsTo(of, who, "chunk");
  const ofState = chunks.filter(({ object }) => Buffer.compare(object.digest, state.digest) === 0).length;
  return { states: ofState, batches: chunks.length - ofState };
}

describe("who was away", () => {
  test("for 10 sequences comes back by what was decided: a certificate and the batches, each executed [D09]", () => {
    const of = calm(4, { checkpointEvery: 50 });
    away(of, 3, 10);
    expect(of.kiosks[3].replica.executed).toBe(0);
    of.log.length = 0;
    run(of, of.now + 10_000);
    expect(of.kiosks[3].replica.executed).toBe(10);
    expect(done(of, 3)).toEqual(done(of, 0));
    expect(saidTo(of, 3, "certificate").length).toBeGreaterThan(0);
    expect([saidTo(of, 3, "checkpoint"), fetched(of, 3)]).toEqual([[], { states: 0, batches: 10 }]);
    expectTogether(of);
  });

  test("has a state also of those who have not heard yet that it is stable [D09]", () => {
    const of = calm(4, { checkpointEvery: 10 });
    away(of, 3, 98);
    // Only 2 hears a quorum for the checkpoint at 100.
    of.drop = ({ from, to, said }) =>
      from === 3 ||
      to === 3 ||
      (to !== 2 && (said?.type === "checkpoint" || (said?.type === "ballot" && said.ballot.checkpoint !== undefined)));
    for (const value of ["99", "100"]) {
      submit(of, 2, set("k", value));
      run(of, of.now + 20);
    }
    run(of, of.now + 100);
    expect(of.kiosks.map(({ replica }) => replica.stable.header.sequence)).toEqual([90, 90, 100, 0]);
    const { proof } = of.kiosks[2].replica.stable;
    of.kiosks[2].up = false;
    of.queue = [];
    tell(of, 3, { type: "checkpoint", proof: proof! });
    of.drop = ({ said }) => said !== undefined;
    run(of, of.now + 5_000, () => of.kiosks[3].replica.executed === 100);
    expect(of.kiosks[3].replica.executed).toBe(100);
  });

  test("for 500 comes back by a checkpoint and its state, and executes what came after it [D09]", () => {
    const of = calm(4, { checkpointEvery: 50 });
    away(of, 3, 503);
    of.log.length = 0;
    run(of, of.now + 10_000);
    const { replica } = of.kiosks[3];
    expect([replica.executed, replica.stable.header.sequence]).toEqual([503, 500]);
    expect(executions(of, 3).map((each) => each.sequence)).toEqual([501, 502, 503]);
    expect(saidTo(of, 3, "checkpoint").length).toBeGreaterThan(0);
    expect(fetched(of, 3).states).toBe(1);
    expectTogether(of);
    // And it votes like everyone again.
    of.kiosks[2].up = false;
    submit(of, 3, set("back", "here"));
    run(of, of.now + 1_000);
    expect([done(of, 0).at(-1), replica.executed]).toEqual(["3/1", 504]);
    expectTogether(of, [0, 1, 3]);
  });

  test("asks where it stands, and is done when all have the same: gap, request, check, apply [D09]", () => {
    const of = calm(4, { checkpointEvery: 5 });
    away(of, 3, 7);
    of.log.length = 0;
    run(of, of.now + 10_000);
    const first = of.log.find(({ from, message }) => from === 3 && message?.type === "stateSync")?.message;
    expect(first?.type === "stateSync" && first.step).toMatchObject({
      type: "status",
      executed: { sequence: 0 },
      stable: 0,
    });
    const last = of.log.findLast(({ from, message }) => from === 3 && message?.type === "stateSync")?.message;
    expect(last?.type === "stateSync" && last.step).toMatchObject({
      type: "status",
      executed: { sequence: 7 },
      stable: 5,
    });
    expectTogether(of);
  });
});

describe("who catches up believes nothing unproved", () => {
  test("a certificate with a vote less, or a checkpoint's proof with one, brings nothing and costs its link", () => {
    const of = calm(4, { checkpointEvery: 50 });
    away(of, 3, 8);
    // What it would be told, and is not.
    of.drop = ({ to, said }) => to === 3 && said !== undefined;
    run(of, of.now + 6_000);
    const [said] = saidTo(of, 3, "certificate").map((sent) => sent.said as SaidOf<"certificate">);
    const certificate = { ...said.certificate, ballots: said.certificate.ballots.slice(1) };
    expect(complaints(tell(of, 3, { type: "certificate", certificate }))).toEqual(["certificate: too few"]);
    const { replica } = of.kiosks[3];
    expect([replica.decided, replica.executed, replica.view]).toEqual([0, 0, 0]);
    tell(of, 3, said);
    expect(replica.decided).toBe(8);

    const far = calm(4, { checkpointEvery: 5 });
    away(far, 3, 8);
    const proof = far.kiosks[0].replica.stable.proof!;
    const lie = { ...proof, ballots: proof.ballots.slice(1) };
    expect(complaints(tell(far, 3, { type: "checkpoint", proof: lie }))).toEqual(["checkpoint unproved"]);
    expect(far.kiosks[3].replica.snapshot).toBeUndefined();
    tell(far, 3, { type: "checkpoint", proof });
    expect(far.kiosks[3].replica.snapshot?.header.sequence).toBe(5);
  });

  test("a state that is not the one of the proof is taken from nobody: chunks are checked one by one [D09]", () => {
    const of = calm(4, { checkpointEvery: 5 });
    away(of, 3, 200);
    let lies = 0;
    of.drop = (sent) => {
      const { from, to, message } = sent;
      if (to !== 3 || from !== 0 || message?.type !== "stateSync" || message.step.type !== "chunk") return false;
      lies += 1;
      const bytes = message.step.bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
      pass(of, from, to, { ...message, step: { ...message.step, bytes } });
      return true;
    };
    run(of, of.now + 10_000);
    expect(lies).toBeGreaterThan(0);
    expect(only(of.kiosks[3].told, "malformed").some(({ why }) => why.startsWith("chunk:"))).toBe(true);
    expectTogether(of);
  });

  test("no view is taken from who merely says that it is in one", () => {
    const of = calm(4);
    pass(of, 1, 3, boast(of, 9, 11));
    run(of, of.now + 500);
    expect([of.kiosks[3].replica.view, of.kiosks[3].replica.phase]).toEqual([0, "normal"]);
  });
});

describe("rollback", () => {
  /** Member 2's memory fails: a value in its state changes by itself. */
  function corrupt(of: Rig): void {
    const [entry] = of.kiosks[2].replica.state.machine.entries;
    Object.assign(entry, { value: new Uint8Array([66, 97, 100]) });
  }

  test("goes to the checkpoint that a quorum signed, and what follows is executed to the same state again [D12]", () => {
    const of = calm(4, { checkpointEvery: 10 });
    for (let turn = 0; turn < 13; turn++) {
      submit(of, turn % 4, set(`k${turn}`, `${turn}`));
      run(of, of.now + 25);
    }
    corrupt(of);
    expect(stateOf(of, 2)).not.toBe(stateOf(of, 0));
    for (let turn = 13; turn < 26; turn++) {
      submit(of, turn % 4, set(`k${turn}`, `${turn}`));
      run(of, of.now + 25);
    }
    run(of, of.now + 10_000);
    // It knew that it differs at 20, and says nothing at or below that place.
    const muted = only(of.kiosks[2].told, "muted").map(({ until }) => until as number);
    expect([muted, only(of.kiosks[2].told, "unmuted").length]).toEqual([[20], 1]);
    const { replica } = of.kiosks[2];
    expect([replica.diverged, replica.mutedUntil, replica.stable.header.sequence, replica.executed]).toEqual([
      false,
      undefined,
      20,
      26,
    ]);
    expect(stateOf(of, 2)).toBe(stateOf(of, 0));
    // The next checkpoint is signed by it like by the others.
    of.kiosks[3].up = false;
    for (let turn = 26; turn < 31; turn++) {
      submit(of, turn % 3, set(`k${turn}`, `${turn}`));
      run(of, of.now + 60);
    }
    run(of, of.now + 500);
    expect(of.kiosks[0].replica.stable.header.sequence).toBe(30);
    expect(of.kiosks[0].replica.stable.proof?.ballots.map(({ sender }) => sender)).toContain(2);
  });

  test("a diverged kiosk signs no second checkpoint where it signed one: nobody can accuse it [D12]", () => {
    const of = calm(4, { checkpointEvery: 10 });
    for (let turn = 0; turn < 35; turn++) {
      submit(of, turn % 4, set(`k${turn}`, `${turn}`));
      if (turn === 5) corrupt(of);
      run(of, of.now + 25);
    }
    run(of, of.now + 5_000);
    const places = new Map<number, Set<string>>();
    for (const { from, said } of of.log) {
      const checkpoint = from === 2 && said?.type === "ballot" ? said.ballot.checkpoint : undefined;
      if (checkpoint === undefined) continue;
      const digests = places.get(checkpoint.sequence) ?? new Set();
      places.set(checkpoint.sequence, digests.add(Buffer.from(checkpoint.digest).toString("hex")));
    }
    for (const [at, digests] of places) expect([at, digests.size]).toEqual([at, 1]);
    expect(of.kiosks.flatMap(({ told }) => only(told, "evidence"))).toEqual([]);
    expectTogether(of, [0, 1, 3]);
    expect(stateOf(of, 2)).toBe(stateOf(of, 0));
  });

  test("after a restart begins at the last stable checkpoint and comes to the same state, digest by digest [D12]", () => {
    const of = calm(4, { checkpointEvery: 10 });
    for (let turn = 0; turn < 27; turn++) {
      submit(of, turn % 4, set(`k${turn % 6}`, `${turn}`));
      run(of, of.now + 25);
    }
    run(of, of.now + 300);
    const before = [stateOf(of, 1), of.kiosks[1].replica.state.history];
    restart(of, 1);
    const { replica } = of.kiosks[1];
    expect([replica.stable.header.sequence, replica.executed]).toEqual([20, 27]);
    expect([stateOf(of, 1), replica.state.history]).toEqual(before);
    run(of, of.now + 1_000);
    expectTogether(of);
    expectOneHistory(of);
  });

  test("never goes to a checkpoint that only f members signed [D12]", () => {
    const of = calm(4, { checkpointEvery: 5 });
    away(of, 3, 8);
    const { replica, world } = of.kiosks[0];
    const bytes = new Uint8Array(10);
    const header = { ...replica.stable.header, sequence: sequence(10), state: objectName(world.ports, bytes) };
    const [ballot] = replica.stable.proof!.ballots;
    const proof = { ...replica.stable.proof!, header, ballots: [ballot] };
    expect(complaints(tell(of, 3, { type: "checkpoint", proof }))).toEqual(["checkpoint unproved"]);
    expect(of.kiosks[3].replica.snapshot).toBeUndefined();
  });
});
