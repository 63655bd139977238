import { expect, test } from "vitest";
import { LIARS } from "./liars.ts";
import { trial } from "./trial.ts";

/** `npm run -s meshes` runs ten thousand. */
const MESHES = 150;
const PARTS = 3;

test.each([...Array(PARTS).keys()])(
  "in random meshes with loss, churn and liars every message reaches whom it can, once over each link: part %i [O06] [H11]",
  (part) => {
    const seen = new Set<string>();
    let owed = 0;
    let kiosksMax = 0;
    for (let i = 0; i < MESHES / PARTS; i++) {
      const seed = 1 + part * (MESHES / PARTS) + i;
      const found = trial(seed);
      expect({ seed, wrongs: found.wrongs }).toEqual({ seed, wrongs: [] });
      owed += found.owed;
      kiosksMax = Math.max(kiosksMax, found.kiosks);
      for (const liar of found.liars) seen.add(liar);
    }
    expect(owed).toBeGreaterThan(2_000);
    expect(kiosksMax).toBeGreaterThan(30);
    expect([...seen].sort()).toEqual(Object.keys(LIARS).sort());
  },
  120_000,
);
