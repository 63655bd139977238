import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { primaryOf } from "../../../../host/engine/consensus/quorums.ts";
import { LAN } from "../../../../host/engine/timing/profiles.ts";
import { type Rig, rig, run, submit } from "../../../simulator/rig.ts";
import { calm, complaints, done, entered, expectTogether, only, set, tell } from "./stories.ts";
import { blank, following, newViewBy, tellAll, wishBy } from "./wishes.ts";

describe("the primary", () => {
  test("is the member whose place is the view's remainder, round robin over the sorted keys [C01]", () => {
    for (let n = 1; n <= 10; n++) {
      const { members } = rig(n).kiosks[0].replica;
      expect([...members].sort(Buffer.compare)).toEqual(members);
      const turns = Array.from({ length: 3 * n }, (_, at) => primaryOf({ members }, at));
      expect(turns).toEqual(Array.from({ length: 3 * n }, (_, at) => at % n));
      expect(primaryOf({ members }, 2 ** 35 - 1)).toBe((2 ** 35 - 1) % n);
    }
  });

  test("of each view is who proposes in it, and the views go round [C01]", () => {
    // Nobody says who would rather lead.
    const of = calm(4, { profile: { ...LAN, rotateMs: 3_600_000 } });
    const leaders: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      of.kiosks[turn % 4].up = false;
      submit(of, (turn + 2) % 4, set("k", `${turn}`));
      run(of, of.now + 20_000, () => of.kiosks.every(({ up, replica }) => !up || replica.executed === turn + 1));
      const { replica } = of.kiosks[(turn + 1) % 4];
      leaders.push(replica.view % 4);
      expect(of.kiosks[(turn + 2) % 4].replica.votes.prepareBallots[replica.view % 4]?.proposed?.sequence).toBe(
        turn + 1,
      );
      of.kiosks[turn % 4].up = true;
      run(of, of.now + 2_000);
    }
    expect(leaders).toEqual([1, 2, 3, 0, 1, 2]);
    expectTogether(of);
  });
});

describe.each([4, 5, 7, 8, 10])("of %i members", (n) => {
  const [f, q] = [faultsMax(n), quorum(n)];
  /** The last member does not want to change anything by itself. */
  const calmly = (): Rig => {
    const of = calm(n);
    of.drop = () => true;
    return of;
  };

  test(`up to ${f} that want a view move nobody, one more are joined, and the view is entered by ${q} and no fewer [C02]`, () => {
    const of = calmly();
    // It is the primary of the view that they want: with its own wish the quorum is there.
    const me = n - 1;
    const { replica } = of.kiosks[me];
    for (let count = 1; count < n; count++) {
      const effects = tell(of, me, wishBy(of, count - 1, blank(of, me)));
      const wishes = only(effects, "say").filter(({ said }) => said.type === "viewChange");
      expect([count, wishes.length]).toEqual([count, count === f + 1 ? 1 : 0]);
      expect([count, only(effects, "entered").length]).toEqual([count, count === q - 1 ? 1 : 0]);
      const [inView, phase] = count >= q - 1 ? [me, "normal"] : [0, count > f ? "changing" : "normal"];
      expect([count, replica.view, replica.phase]).toEqual([count, inView, phase]);
    }
  });

  test("one member's wish never changes the view, however often and however high, and no vote is kept from anybody by it [C02]", () => {
    const of = calm(n);
    const me = n - 1;
    for (const wanted of [1, 1, 2, 3, 1000, 2 ** 35 - 1]) {
      for (let to = 0; to < n; to++) if (to !== me) tell(of, to, wishBy(of, me, blank(of, wanted)));
    }
    submit(of, 0, set("k", "v"));
    run(of, of.now + 1_000);
    for (let index = 0; index < n; index++)
      expect([done(of, index), entered(of, index), of.kiosks[index].replica.phase]).toEqual([["0/1"], [], "normal"]);
  });

  test(`a new view that names ${q - 1} wishes, or ${q + 1}, is none [C02]`, () => {
    const of = calmly();
    const wishes = Array.from({ length: q }, (_, at) => wishBy(of, at, blank(of, 1)));
    tellAll(of, n - 1, wishes.slice(0, f));
    const honest = following(of, wishes);
    const [, ...fewer] = honest.viewChanges;
    const more = [...honest.viewChanges, wishBy(of, q, blank(of, 1)).change];
    for (const viewChanges of q < n ? [fewer, more] : [fewer]) {
      const effects = tell(of, n - 1, newViewBy(of, 1, { ...honest, viewChanges }));
      expect(complaints(effects)).toEqual(["new view by nobody"]);
      expect(of.kiosks[n - 1].replica.view).toBe(0);
    }
    const whole = calmly();
    const effects = tellAll(whole, n - 1, [...wishes, newViewBy(of, 1, honest)]);
    expect(only(effects, "entered").map((each) => each.view)).toEqual([1]);
  });
});
