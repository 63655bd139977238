import { describe, expect, test } from "vitest";
import { BACK_OFF_STEP_COUNT, ROUND_MAX_MS } from "../../../../host/engine/timing/limits.ts";
import { PROFILES, type Profile, requestMs } from "../../../../host/engine/timing/profiles.ts";
import { type Rig, run, type Sent, submit } from "../../../simulator/rig.ts";
import { calm, done, entered, executions, expectTogether, set, watch } from "./stories.ts";

/** A hop takes a sixteenth of the round trip that the profile reckons with. */
function table(profile: Profile, n = 4, more = {}): Rig {
  const of = calm(n, { profile, ...more });
  of.delayMs = profile.roundTripMs / 16;
  run(of, of.now + 4 * profile.roundTripMs);
  return of;
}

type Phase = "proposed" | "prepared" | "committed" | "checkpoint";

/** Up to where it says so; 0 where it does not. */
const reached = ({ said }: Sent, phase: Phase): number =>
  said?.type === "ballot" ? (said.ballot[phase]?.sequence ?? 0) : 0;

describe.each(PROFILES)("on $name", (profile) => {
  const phases = ["proposed", "prepared", "committed", "checkpoint"] as const;

  test.each(phases)(
    "what is said of %s and lost on its way to everyone is said again before anybody is suspected [B10]",
    (phase) => {
      const of = table(profile, 4, { fastPath: false, checkpointEvery: 1 });
      const lost = new Set<string>();
      of.drop = (sent) => {
        const way = `${sent.from} ${sent.to}`;
        if (reached(sent, phase) === 0 || lost.has(way)) return false;
        lost.add(way);
        return true;
      };
      const start = of.now;
      submit(of, 1, set("k", "v"));
      const settled = (): boolean => of.kiosks.every(({ replica }) => replica.stable.header.sequence === 1);
      run(of, of.now + 60_000, settled);
      expect(lost.size).toBeGreaterThan(2);
      expect(done(of, 3)).toEqual(["1/1"]);
      const tookMs = of.now - start;
      expect(tookMs).toBeLessThan(requestMs(profile) + profile.checkpointMs);
      if (phase !== "checkpoint") expect(tookMs).toBeLessThan(requestMs(profile));
      expect(tookMs).toBeLessThan(ROUND_MAX_MS);
      expect([0, 1, 2, 3].flatMap((index) => entered(of, index))).toEqual([]);
    },
  );

  test("who waits for propose, prepare and commit together waits that long and no longer, and the round that follows keeps its five seconds [B10]", () => {
    const of = table(profile);
    const heard = watch(of);
    of.kiosks[0].up = false;
    const start = of.now;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 60_000, () => done(of, 1).length > 0);
    const first = heard.find(({ said }) => said?.type === "viewChange")!;
    expect(first.at - start).toBe(profile.proposeMs + profile.prepareMs + profile.commitMs);
    expect(of.now - first.at).toBeLessThan(ROUND_MAX_MS);
  });

  test("a new view that does not come is waited for from when a quorum wants it, and each next one twice as long [B10] [C05]", () => {
    const of = table(profile, 10);
    const heard = watch(of);
    for (const dead of [0, 1, 2]) of.kiosks[dead].up = false;
    submit(of, 5, set("k", "v"));
    run(of, of.now + 120_000, () => of.kiosks.slice(3).every(({ replica }) => replica.executed === 1));
    const wishes = (view: number): number[] =>
      heard
        .filter(({ from, said }) => from === 5 && said?.type === "viewChange" && said.change.view === view)
        .map(({ at }) => at);
    const waited = [2, 3].map((view) => wishes(view)[0] - wishes(view - 1)[0]);
    for (const [i, ms] of waited.entries()) {
      expect(ms).toBeGreaterThanOrEqual(profile.viewChangeMs * 2 ** i);
      expect(ms).toBeLessThan(profile.viewChangeMs * 2 ** i + 3 * of.delayMs);
    }
    expect(entered(of, 5)).toEqual([3]);
  });

  test("a commit waits for everyone's votes no longer than the fast path may, and then not again while somebody is silent [B10]", () => {
    const of = table(profile);
    of.kiosks[3].up = false;
    const waits: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const heard = watch(of);
      submit(of, 0, set("k", `${turn}`));
      run(of, of.now + profile.roundTripMs * 2, () => executions(of, 0).length > turn);
      const commit = heard.find((sent) => reached(sent, "committed") > turn && sent.from === 0)!;
      const prepared = heard.findLast(
        (sent) => reached(sent, "prepared") > turn && sent.to === 0 && sent.at < commit.at,
      )!;
      waits.push(commit.at - prepared.at - of.delayMs);
    }
    expect(waits.map(Math.round)).toEqual([profile.fastPathMs, profile.fastPathMs, 0, 0]);
  });
});

describe("primaries that are dead one after the other", () => {
  test.each([4, 7, 10])("as many as may be faulty of %i: the view after them goes on [C05]", (n) => {
    const f = Math.floor((n - 1) / 3);
    const of = calm(n);
    for (let dead = 0; dead < f; dead++) of.kiosks[dead].up = false;
    submit(of, n - 1, set("k", "v"));
    const alive = of.kiosks.map((_, index) => index).slice(f);
    run(of, of.now + 60_000, () => alive.every((index) => done(of, index).length === 1));
    for (const index of alive) expect([done(of, index), entered(of, index)]).toEqual([[`${n - 1}/1`], [f]]);
    expectTogether(of, alive);
  });

  test("cost patience that doubles with each, and what is decided afterwards takes it back step by step [C05]", () => {
    const of = calm(10);
    for (const dead of [0, 1, 2]) of.kiosks[dead].up = false;
    submit(of, 9, set("k", "v"));
    run(of, of.now + 60_000, () => done(of, 9).length === 1);
    const doublings = (): number => of.kiosks[9].replica.timing.patience.doublings;
    expect(doublings()).toBe(3);
    const seen: number[] = [];
    for (let turn = 1; turn < 3 * BACK_OFF_STEP_COUNT; turn++) {
      submit(of, 9, set("k", `${turn}`));
      run(of, of.now + 1_000, () => done(of, 9).length === turn + 1);
      seen.push(doublings());
    }
    const steps = [3, 2, 1].flatMap((left) => new Array(BACK_OFF_STEP_COUNT).fill(left)).slice(2);
    expect(seen).toEqual([...steps, 0]);
  });
});
