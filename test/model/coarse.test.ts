/** What tells states apart tells enough: whatever it leaves out is constant, or follows from the rest, or changes nothing. */
import { beforeAll, describe, expect, test } from "vitest";
import { constantParts, imageOf, SAME, unknownParts } from "./coarse.ts";
import { thaw } from "./copy.ts";
import { engine } from "./engine.ts";
import { explore } from "./explore.ts";
import { change, differences, type Leaf, leavesOf, textOf } from "./leaves.ts";
import { modelOf } from "./locals.ts";
import { type Member, tableOf } from "./setting.ts";

/** Of every member in many states; with a fast path and two sequences, so that every part of a state is used. */
const members: Member[] = [];
/** Where states that count as one are not the same. */
const merged = new Set<string>();
let merges = 0;

beforeAll(() => {
  const beginning = modelOf(tableOf({ byzantine: 0, fastPath: true, sequences: 2 }, engine));
  beginning.model.onMerge = (kept, other) => {
    merges += 1;
    for (const each of differences(kept, other)) merged.add(each);
  };
  explore(beginning, { statesMax: 400, depthMax: 100 });
  members.push(...beginning.model.locals.map((each) => each.replica));
});

describe("of a member's state", () => {
  test("every part is known: a new one is noticed here", () => {
    expect(unknownParts(members[0])).toEqual([]);
    const grown = Object.assign({ ...members[0] }, { fresh: 1 });
    expect(unknownParts(grown)).toEqual(["fresh"]);
  });

  test("those that are called constant are", () => {
    const firsts = members.filter((each, at) => members.findIndex(({ me }) => me === each.me) === at);
    const odd = members.flatMap((each) => {
      const first = firsts.find(({ me }) => me === each.me);
      return constantParts().filter((part) => differences(each[part], first?.[part]).length > 0);
    });
    expect([...new Set(odd)]).toEqual([]);
  });

  test("every leaf tells two states apart, but for those that are named here", () => {
    const silent = new Set<string>();
    const telling = new Set<string>();
    for (let at = 0; at < members.length; at += 80) {
      const image = imageOf(members[at], [], SAME);
      for (const leaf of leavesOf(members[at])) {
        const found = tellsApart(members[at], leaf, image) ? telling : silent;
        found.add(textOf(leaf.path));
      }
    }
    const named = [...constantParts(), ...FOLLOW, ...CHANGE_NOTHING];
    const odd = [...silent].filter(
      (each) => !telling.has(each) && !named.some((part) => each === part || each.startsWith(`${part}.`)),
    );
    expect(odd.sort()).toEqual([]);
  });

  test("only whose votes prove something differs where two count as one", () => {
    expect(merges).toBeGreaterThan(1_000);
    expect(merged.size).toBeGreaterThan(0);
    const odd = [...merged].filter((each) => !VOTES_AS_SAID.some((part) => each.startsWith(`${part}.`)));
    expect(odd.sort()).toEqual([]);
  });
});

const VOTES_AS_SAID: readonly string[] = [
  ...["votes.prepareBallots.#", "votes.commitBallots.#", "certificates.#.ballots.#", "decision.certificate.ballots.#"],
  ...["viewChanges.#.body.certificates.#.ballots.#", "viewChanges.#.body.decision.ballots.#"],
];

/** The same wherever the rest is: two that count as one never differ in them. */
const FOLLOW: readonly string[] = [
  // What was said is mixed by its numbers.
  ...["me", "ownBallot"],
  // A place in the log, and what lies there by its name; a wish by the name of its body.
  ...["slots.#.sequence", "slots.#.batch", "slots.#.kept.#.batch"],
  ...["viewChanges.#.body", "viewChanges.#.change.sender", "viewChanges.#.change.signature"],
  // A request by its signature; clocks stand still.
  ...[
    "pools.#.waiting.#.signed",
    "pools.#.waiting.#.since",
    "pools.#.waiting.#.passedOn",
    "pools.#.waiting.#.saidAt",
    "pools.#.waiting.#.saidAgain",
    "pools.#.movedAt",
  ],
  // What was executed is in the history.
  ...["state.machine", "state.table", "decision.place"],
];

/** See leave-out.ts, and what coarse.ts says of certificates. */
const CHANGE_NOTHING: readonly string[] = [
  ...["newView", "newViewBodies", "objects", "seen", "seenCommit", "accused"],
  ...VOTES_AS_SAID,
];

function tellsApart(member: Member, leaf: Leaf, image: string): boolean {
  const other = thaw(member);
  change(other, leaf);
  try {
    return imageOf(other, [], SAME) !== image;
  } catch {
    // It does not fit its place at all.
    return true;
  }
}
