import { expect, test } from "vitest";
import { Joiners } from "./joiners.ts";

/** Members each near the two beside it alone, and a newcomer that is near one of them. */
class RingJoiners extends Joiners {
  protected override isNear(at: number, other: number): boolean {
    const count = this.kiosks.length - 1;
    if (at === count || other === count) return Math.min(at, other) === 0;
    const away = Math.abs(at - other);
    return away === 1 || away === count - 1;
  }
}

test("who asks at one kiosk of a ring of nine is heard all round it, and becomes the tenth though two nearby want nobody [H12]", async () => {
  const nine = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const of = new RingJoiners(10, nine, { checkpointEvery: 10 });
  await of.startFounders();
  for (const at of [1, 8]) of.kiosks[at]!.node!.openDoor(false);
  const node = await of.join(9, [0]);
  expect(typeof node, `${node}`).toBe("object");
  const members = (at: number) => of.kiosks[at]!.node!.replica.members.length;
  expect(await of.run(60_000, () => nine.every((at) => members(at) === 10))).toBe(true);
});
