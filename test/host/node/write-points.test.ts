import { expect, test } from "vitest";
import { WrittenKiosks } from "./write-points.ts";

/** `npm run -s kills` ends real processes so, as many times. */
const STARTS = 1000;

test("wherever a kiosk is killed or its power goes between two writes or in one, what it starts from is what it had said and agreed on [Q12]", async () => {
  const of = new WrittenKiosks(5);
  await of.seated();
  for (let rolls = 1; (await of.startEach()).starts < STARTS; rolls++) {
    expect(await of.ended(await of.locked())).toBe(true);
    if (rolls % 2 === 1) continue;
    await of.kill(1);
    await of.start(1);
    expect(await of.run(5000, () => of.isSettled() && of.kiosks[1]!.node?.replica.probing === undefined)).toBe(true);
  }
  expect(of.kiosks[1]!.node!.verdict.type).not.toBe("damaged");
  const { starts, kinds, verdicts, compared, wrongs } = await of.startEach();
  expect(wrongs).toEqual([]);
  // Votes, snapshots that take the place of a journal, and openings were all among them.
  expect(Object.keys(kinds).sort()).toEqual(["append", "create", "remove", "rename", "sync", "sync names"]);
  expect(kinds["rename"]).toBeGreaterThan(3);
  expect(compared).toBeGreaterThan(0.9 * starts);
  expect(verdicts["torn tail cut"]).toBeGreaterThan(10);
});
