import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { verifyContradiction } from "../../../../host/engine/divergence/contradiction.ts";
import { detectDivergence } from "../../../../host/engine/divergence/divergence.ts";
import { REPORTS_MAX } from "../../../../host/engine/divergence/limits.ts";
import { compareStates } from "../../../../host/engine/divergence/statement.ts";
import type { SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { memberIndex, sequence } from "../../../../protocol/core/units.ts";
import { execute, set } from "../keyvalue/operations.ts";
import { checkpointBy, digestOf, executeAt, hashedTable, kiosks, says, type Table, table } from "./kiosks.ts";

const detect = (of: Table, reports: readonly SignedBallot[]) => detectDivergence(of.signers, reports, of.ports[0]!);
const [RIGHT, WRONG, OTHER] = ["right", "wrong", "other"].map(digestOf) as [Uint8Array, Uint8Array, Uint8Array];

describe("the textbook's four replicas", () => {
  test("of which one was corrupted: it is named, by all and by proof [D08]", () => {
    const of = table(4);
    const replicas = kiosks(4);
    for (const each of replicas) executeAt(each, set("foo", "bar"));
    const before = replicas.map((each, member) => checkpointBy(of, member, each));
    expect(detect(of, before)).toMatchObject({ verdict: "agreed", deviants: [], contradictions: [] });

    // Not an operation: the state itself, as a broken memory or a thief would change it.
    execute(replicas[3]!.state, set("foo", "corrupted_value"));
    const after = replicas.map((each, member) => checkpointBy(of, member, each));
    for (const ports of of.ports) {
      const found = detectDivergence(of.signers, after, ports);
      expect(found).toMatchObject({ verdict: "diverged", deviants: [3], behind: [], silent: [], contradictions: [] });
      expect(found.heights[0]!.truth).toEqual(before[0]!.checkpoint!.digest);
    }
  });

  test("of which one lags: it is not named, neither alone nor beside one that was corrupted [D08]", () => {
    const of = table(4);
    const replicas = kiosks(4);
    for (const each of replicas) executeAt(each, set("foo", "bar"));
    for (const each of replicas.slice(0, 3)) executeAt(each, set("foo", "baz"));
    const lagging = replicas.map((each, member) => checkpointBy(of, member, each));
    expect(detect(of, lagging)).toMatchObject({ verdict: "agreed", deviants: [], behind: [3] });

    // Now only two agree where the corrupted one is: no quorum names it, and the one that lags is still not blamed.
    execute(replicas[2]!.state, set("foo", "corrupted_value"));
    const both = replicas.map((each, member) => checkpointBy(of, member, each));
    const undecided = detect(of, both);
    expect(undecided).toMatchObject({ verdict: "diverged", deviants: [], behind: [] });
    expect(undecided.heights[1]!.truth).toBeUndefined();
    // When it has caught up, the quorum is there.
    executeAt(replicas[3]!, set("foo", "baz"));
    expect(detect(of, [...both, checkpointBy(of, 3, replicas[3]!)])).toMatchObject({
      verdict: "diverged",
      deviants: [2],
      behind: [],
    });
  });
});

describe("divergence", () => {
  test("names all who deviate at one height, with what each of them signed [D08]", () => {
    const of = table(10);
    const wrong: { readonly [member: number]: Uint8Array } = { 2: WRONG, 5: WRONG, 9: OTHER };
    const found = detect(
      of,
      of.ports.map((_, member) => says(of, member, 50, wrong[member] ?? RIGHT)),
    );
    expect(found.deviants).toEqual([2, 5, 9]);
    expect(found.heights[0]!.deviants).toEqual([2, 5, 9]);
    const said = found.heights[0]!.groups.map(({ digest, statements }) => [
      [RIGHT, WRONG, OTHER].findIndex((each) => Buffer.compare(each, digest) === 0),
      statements.map(({ member }) => member),
    ]);
    expect(said.sort()).toEqual([
      [0, [0, 1, 3, 4, 6, 7, 8]],
      [1, [2, 5]],
      [2, [9]],
    ]);
  });

  test("is judged height by height: who deviated at an earlier one is named although all agree at the last [D08]", () => {
    const of = hashedTable(4);
    const reports = [0, 1, 2, 3].flatMap((member) => [
      says(of, member, 50, member === 1 ? WRONG : RIGHT),
      says(of, member, 100, OTHER),
    ]);
    const found = detect(of, reports);
    expect(found.heights.map((height) => [height.sequence, height.deviants])).toEqual([
      [50, [1]],
      [100, []],
    ]);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [1], behind: [] });
    const unheard = reports.filter((each) => each.sender !== 1 || each.checkpoint!.sequence === 50);
    expect(detect(of, unheard)).toMatchObject({ verdict: "diverged", deviants: [1], behind: [] });
  });

  test("holds nobody for a mere laggard whose last words are wrong, or contradict each other [D08]", () => {
    const of = hashedTable(7);
    const found = detect(of, [
      ...[0, 1, 2, 3, 4].flatMap((member) => [says(of, member, 50, RIGHT), says(of, member, 100, OTHER)]),
      // Twice wrong, and still one deviant.
      ...[says(of, 5, 50, WRONG), says(of, 5, 50, OTHER)],
      // At a height that nobody settled.
      ...[says(of, 6, 75, RIGHT), says(of, 6, 75, WRONG)],
    ]);
    expect(found.heights.map((height) => [height.sequence, height.deviants])).toEqual([
      [50, [5]],
      [75, []],
      [100, []],
    ]);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [5], behind: [] });
    expect(found.contradictions.map((each) => each.first.sender)).toEqual([5, 6]);
  });

  test("counts a member once for a state, however often it says so [D08]", () => {
    const of = hashedTable(4);
    const liar = [0, 1, 2, 3, 4].map((inView) => says(of, 3, 50, WRONG, inView));
    const found = detect(of, [...liar, says(of, 0, 50, RIGHT), says(of, 1, 50, RIGHT)]);
    expect(found.heights[0]).toMatchObject({ truth: undefined, deviants: [] });
    expect(found.refused.map(({ why }) => why)).toEqual(["repeated", "repeated", "repeated", "repeated"]);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [], silent: [2] });
  });

  test("needs a quorum for the truth, for every size of a table, and f + 1 to vouch for it [D08]", () => {
    for (let n = 2; n <= 10; n++) {
      const of = hashedTable(n);
      const [q, f] = [quorum(n), faultsMax(n)];
      const agreeing = (count: number) => [
        ...of.ports.slice(0, count).map((_, member) => says(of, member, 50, RIGHT)),
        ...(count < n ? [says(of, n - 1, 50, WRONG)] : []),
      ];
      expect([n, detect(of, agreeing(q - 1)).heights[0]!.truth]).toEqual([n, undefined]);
      expect([n, detect(of, agreeing(q)).heights[0]!.truth]).toEqual([n, RIGHT]);
      expect([n, detect(of, agreeing(q)).deviants]).toEqual([n, q < n ? [n - 1] : []]);
      const vouched = [f, f + 1].map((count) => detect(of, agreeing(count)).heights[0]!.vouched);
      // At tables that tolerate nobody, one word is enough for what none of them would fake.
      const expected = f === 0 ? [[WRONG], [RIGHT, WRONG].sort(Buffer.compare)] : [[], [RIGHT]];
      expect([n, vouched]).toEqual([n, expected]);
    }
  });

  test("says unknown while nothing contradicts and nothing is settled", () => {
    const of = hashedTable(4);
    expect(detect(of, [])).toMatchObject({ verdict: "unknown", silent: [0, 1, 2, 3], behind: [] });
    const apart = [says(of, 0, 50, RIGHT), says(of, 1, 100, OTHER), says(of, 2, 150, WRONG), says(of, 3, 50, RIGHT)];
    expect(detect(of, apart)).toMatchObject({ verdict: "unknown", deviants: [], behind: [], silent: [] });
    expect(detect(of, [says(of, 0, 50, RIGHT), says(of, 1, 50, RIGHT)]).heights[0]!.vouched).toEqual([RIGHT]);
  });

  test("takes no unsigned, forged, foreign or shortened word, and a forgery keeps nobody's place [D08]", () => {
    const of = table(4);
    const honest = [0, 1, 2].map((member) => says(of, member, 50, RIGHT));
    const forged: SignedBallot = { ...says(of, 0, 50, WRONG), sender: memberIndex(3) };
    const altered: SignedBallot = {
      ...says(of, 3, 50, RIGHT),
      checkpoint: { sequence: sequence(50), digest: WRONG },
    };
    const raised: SignedBallot = { ...says(of, 3, 50, WRONG), checkpoint: { sequence: sequence(51), digest: WRONG } };
    const foreign = says(table(4, 4), 3, 50, WRONG);
    const silent: SignedBallot = { ...says(of, 3, 50, WRONG), checkpoint: undefined };
    const shortened: SignedBallot = {
      ...says(of, 3, 50, WRONG),
      committed: { sequence: sequence(50), history: undefined },
    };
    const nobody: SignedBallot = { ...says(of, 3, 50, WRONG), sender: memberIndex(4) };
    const found = detect(of, [forged, altered, raised, foreign, silent, shortened, nobody, ...honest]);
    expect(found).toMatchObject({ verdict: "agreed", deviants: [], contradictions: [], silent: [3] });
    expect(found.refused.map(({ why }) => why)).toEqual([
      ...["bad signature", "bad signature", "bad signature", "bad signature"],
      ...["no checkpoint", "histories are missing", "no such member"],
    ]);
    expect(detect(of, [forged, ...honest, says(of, 3, 50, RIGHT)])).toMatchObject({ verdict: "agreed", silent: [] });
  });

  test("finds no truth where two quorums signed differently, and shows more than f who signed both", () => {
    const of = hashedTable(4);
    const found = detect(of, [
      ...[0, 1, 2].map((member) => says(of, member, 50, RIGHT)),
      ...[1, 2, 3].map((member) => says(of, member, 50, WRONG)),
    ]);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [] });
    expect(found.heights[0]!.truth).toBeUndefined();
    expect(found.contradictions.map((each) => each.first.sender)).toEqual([1, 2]);
  });

  test("takes a bounded number of reports", () => {
    const of = hashedTable(4);
    const report = says(of, 0, 50, RIGHT);
    const many = Array.from({ length: REPORTS_MAX }, () => report);
    expect(detect(of, many).refused.length).toBe(REPORTS_MAX - 1);
    expect(() => detect(of, [...many, report])).toThrow("whoever gathers reports bounds them");
  });

  test("names deviants alone, all of them and never who lags, whatever f liars do and in whatever order it is heard [D08]", () => {
    for (let seed = 1; seed <= 300; seed++) randomTable(chance(seed));
  });
});

describe("two signed states of one member for one height", () => {
  test("are evidence beside the state that a quorum signed, and anyone with the keys can check it [D10]", () => {
    const of = table(4);
    const reports = [
      ...[0, 1, 2].map((member) => says(of, member, 50, RIGHT)),
      says(of, 3, 50, RIGHT),
      says(of, 3, 50, WRONG),
      says(of, 3, 50, OTHER),
    ];
    const found = detect(of, reports);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [3], behind: [] });
    // Who lost, and by which words: these ballots are the record.
    const [height] = found.heights;
    expect(height!.truth).toEqual(RIGHT);
    const losers = height!.groups
      .filter((group) => group.digest !== height!.truth)
      .flatMap((group) => group.statements);
    expect(losers.map((each) => [each.member, each.ballot]).sort()).toEqual(
      [4, 5].map((at) => [3, reports[at]]).sort(),
    );
    expect(found.contradictions.length).toBe(1);
    // A third party, who saw nothing of all this.
    const stranger = table(4);
    expect(verifyContradiction(stranger.signers, found.contradictions[0]!, stranger.ports[0]!)).toEqual({
      ok: true,
      member: 3,
      sequence: 50,
    });
  });

  test("are evidence without a truth too [D10]", () => {
    const of = hashedTable(4);
    const found = detect(of, [says(of, 2, 50, RIGHT), says(of, 2, 50, WRONG)]);
    expect(found).toMatchObject({ verdict: "diverged", deviants: [], behind: [] });
    expect(found.contradictions.map((each) => each.first.sender)).toEqual([2]);
  });

  test("frame nobody who did not sign both: no other pair is evidence [D10]", () => {
    const of = table(4);
    const right = says(of, 3, 50, RIGHT);
    const wrong = says(of, 3, 50, WRONG);
    const later = says(of, 3, 100, WRONG);
    const judge = (first: SignedBallot, second: SignedBallot): unknown => {
      const verdict = verifyContradiction(of.signers, { first, second }, of.ports[1]!);
      return verdict.ok ? verdict.member : verdict.why;
    };
    expect(judge(right, wrong)).toBe(3);
    expect(judge(wrong, right)).toBe(3);
    expect(judge(right, right)).toBe("no contradiction");
    expect(judge(right, says(of, 3, 50, RIGHT, 7))).toBe("no contradiction");
    expect(judge(right, later)).toBe("no contradiction");
    expect(judge(right, says(of, 2, 50, WRONG))).toBe("not of one member");
    expect(judge(right, { ...says(of, 2, 50, WRONG), sender: memberIndex(3) })).toBe("bad signature");
    expect(judge({ ...wrong, signature: right.signature }, right)).toBe("bad signature");
    expect(judge(right, says(table(4, 4), 3, 50, WRONG))).toBe("bad signature");
    expect(judge(right, { ...wrong, checkpoint: undefined })).toBe("no checkpoint");
    expect(judge({ ...right, sender: memberIndex(9) }, wrong)).toBe("no such member");
    expect(judge(right, { ...wrong, committed: { sequence: sequence(50), history: undefined } })).toBe(
      "histories are missing",
    );
  });
});

test("two states of one height are the same or different, and of two heights nothing is said", () => {
  const at = (height: number, digest: Uint8Array) => ({ sequence: sequence(height), digest });
  expect(compareStates(at(50, RIGHT), at(50, Uint8Array.from(RIGHT)))).toBe("same");
  expect(compareStates(at(50, RIGHT), at(50, WRONG))).toBe("different");
  expect(compareStates(at(50, RIGHT), at(100, WRONG))).toBe("not comparable");
  expect(compareStates(at(50, RIGHT), at(100, RIGHT))).toBe("not comparable");
});

/** Honest members sign the truth of the heights that they have reached; f others sign anything, anywhere, also twice. */
function randomTable(from: Chance): void {
  const n = 4 + drawBelow(from, 7);
  const of = hashedTable(n);
  const heights = [50, 100, 150];
  const truthAt = (height: number): Uint8Array => digestOf(`truth ${height}`);
  const liars = new Set<number>();
  while (liars.size < faultsMax(n)) liars.add(drawBelow(from, n));
  const reached = of.ports.map(() => drawBelow(from, heights.length + 1));
  const reports: SignedBallot[] = [];
  for (let member = 0; member < n; member++) {
    if (!liars.has(member)) {
      for (const height of heights.slice(0, reached[member])) reports.push(says(of, member, height, truthAt(height)));
      continue;
    }
    for (let lie = drawBelow(from, 6); lie > 0; lie--) {
      const height = heights[drawBelow(from, heights.length)]!;
      const digest = drawBelow(from, 3) === 0 ? truthAt(height) : digestOf(`lie ${drawBelow(from, 2)}`);
      reports.push(says(of, member, height, digest));
    }
  }
  for (let at = reports.length - 1; at > 0; at--) {
    const other = drawBelow(from, at + 1);
    [reports[at], reports[other]] = [reports[other]!, reports[at]!];
  }
  const found = detect(of, reports);

  const signed = (member: number, height: number, digest: Uint8Array): boolean =>
    reports.some(
      (each) =>
        each.sender === member &&
        each.checkpoint!.sequence === height &&
        Buffer.compare(each.checkpoint!.digest, digest) === 0,
    );
  const all = of.ports.map((_, member) => member);
  const certified = heights.filter(
    (height) => all.filter((member) => signed(member, height, truthAt(height))).length >= quorum(n),
  );
  for (const height of found.heights) {
    expect(height.truth).toEqual(certified.includes(height.sequence) ? truthAt(height.sequence) : undefined);
    for (const vouched of height.vouched) expect(vouched).toEqual(truthAt(height.sequence));
  }
  const wrongAt = (member: number, height: number): boolean =>
    ["lie 0", "lie 1"].some((word) => signed(member, height, digestOf(word)));
  expect(found.deviants).toEqual(all.filter((member) => certified.some((height) => wrongAt(member, height))));
  expect(found.contradictions.every((each) => liars.has(each.first.sender))).toBe(true);
  const top = certified.at(-1);
  for (const member of all.filter((each) => !liars.has(each))) {
    const last = heights[reached[member]! - 1];
    expect(found.silent.includes(memberIndex(member))).toBe(last === undefined);
    expect(found.behind.includes(memberIndex(member))).toBe(last !== undefined && top !== undefined && last < top);
  }
  const again = detect(of, [...reports].reverse());
  const { refused: _, ...answer } = again;
  const { refused: __, ...expected } = found;
  expect(answer).toEqual(expected);
}
