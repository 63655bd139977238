import { expect, test } from "vitest";
import { openArgon2 } from "../../host/crypto/work/open-argon2.ts";
import { emitted } from "../xs/engine/run.ts";
import { flood } from "./identity-flood.ts";
import { argon2Row, miningRow } from "./identity-mining.ts";

const program = emitted("host/crypto/work/worker.ts");

test("a table votes while one of its kiosks refuses a thousand identities a minute", async () => {
  const { quietMs, floodedMs, shown, refused } = await flood(1, 400, program);
  expect(quietMs).toBeGreaterThan(0);
  expect(floodedMs).toBeGreaterThan(0);
  expect(shown).toBeGreaterThan(0);
  expect(Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(shown);
  expect(Object.keys(refused).filter((why) => why !== "forged" && why !== "too little work")).toEqual([]);
});

test("the search is compared to its library, and two workers to one", async () => {
  const argon2 = await openArgon2();
  expect(await argon2Row("argon2-light", "bleLight", argon2, 2, 2)).toMatchObject({
    metric: "argon2-light",
    unit: "/s",
  });
  const { value, baseline } = await miningRow("mine-2-cores", 1, 100, program);
  expect(value).toBeGreaterThan(0);
  expect(baseline).toBeGreaterThan(0);
});
