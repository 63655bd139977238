import { expect, test } from "vitest";
import { hashTimeMs } from "../../../../host/crypto/work/hash-time.ts";
import { PROFILES } from "../../../../host/engine/identity/profiles.ts";

test("the time of a hash is that of the profile's own work, several times, the least of all", async () => {
  const asked: object[] = [];
  const argon2 = {
    async hash(input: object) {
      asked.push(input);
      return new Uint8Array(32);
    },
  };
  const ms = await hashTimeMs(argon2 as never, "bleLight");
  expect(ms).toBeGreaterThanOrEqual(0);
  expect(asked.length).toBeGreaterThan(1);
  const { memoryKibibytes, passes, lanes } = PROFILES.bleLight;
  for (const input of asked) expect(input).toMatchObject({ memoryKibibytes, passes, lanes });
});
