/** The explorer in short: what it finds nothing against, and what it finds when a guard is taken away. */
import { describe, expect, test } from "vitest";
import { engine, engineIn } from "./engine.ts";
import { type Bounds, explore, type Outcome } from "./explore.ts";
import { FAST_BY_QUORUM, NO_CERTIFICATES, NO_CLAIMS, NO_PROOFS, NO_SIGNATURES, ONE_VOTE_SHORT } from "./faults.ts";
import { modelOf } from "./locals.ts";
import { SETTINGS } from "./order.ts";
import { type Patch, patchedCopy } from "./patched.ts";
import { type Setting, settingText, tableOf } from "./setting.ts";
import { violationText } from "./tell.ts";

const STATES_MAX = 300;

describe("a table of four with one liar", () => {
  for (const setting of SETTINGS) {
    test(`agrees in every state of the first ones: ${settingText(setting)} [B12]`, () => {
      const statesMax = setting.sequences === 1 ? STATES_MAX : STATES_MAX / 3;
      const { states, depth, violation } = explore(modelOf(tableOf(setting, engine)), {
        statesMax: STATES_MAX,
        depthMax: 100,
      });
      expect(violation === undefined ? "" : violationText(violation)).toBe("");
      expect(states).toBeGreaterThanOrEqual(statesMax);
      expect(depth).toBeGreaterThanOrEqual(2);
    });
  }
});

describe("the explorer finds", () => {
  test("two histories where quorums are one vote short", async () => {
    const { violation } = await exploreWith(ONE_VOTE_SHORT, PLAIN, { rules: ["agreement"] });
    expect(violation?.why).toBe("members 1 and 2 executed different histories");
    const told = violation === undefined ? "" : violationText(violation);
    expect(told).toContain("executes [0's]");
    expect(told).toContain("executes [1's]");
  });

  test("a decision of all that a view forgets where claims do not count", async () => {
    const { violation } = await exploreWith([NO_CLAIMS], FAST, {});
    expect(violation?.rule).toBe("view 1 keeps what is committed");
  });

  test("a view that forgets what was committed where certificates do not count", async () => {
    const { violation } = await exploreWith([NO_CERTIFICATES], PLAIN, {});
    expect(violation?.rule).toBe("view 1 keeps what is committed");
  });

  test("a decision by fewer than all on the fast path", async () => {
    const { violation } = await exploreWith([FAST_BY_QUORUM], FAST, {});
    expect(violation).toBeDefined();
  });

  test("votes that nobody gave where signatures are not looked at", async () => {
    const { violation } = await exploreWith([NO_SIGNATURES], PLAIN, {});
    expect(violation).toBeDefined();
  });

  test("two decisions where nobody looks who signed their proofs", async () => {
    const { violation } = await exploreWith([NO_PROOFS], PLAIN, {});
    expect(violation?.rule).toBe("one decision");
  });
});

const PLAIN: Setting = { byzantine: 0, fastPath: false, sequences: 1 };
const FAST: Setting = { byzantine: 2, fastPath: true, sequences: 1 };

async function exploreWith(patches: readonly Patch[], setting: Setting, bounds: Partial<Bounds>): Promise<Outcome> {
  const { folder, remove } = patchedCopy(patches);
  try {
    const changed = await engineIn(folder);
    return explore(modelOf(tableOf(setting, changed)), { statesMax: 20_000, depthMax: 100, ...bounds });
  } finally {
    remove();
  }
}
