import { argon2id } from "@noble/hashes/argon2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Argon2, Argon2Input } from "../../../../host/crypto/work/argon2.ts";
import { openArgon2 } from "../../../../host/crypto/work/open-argon2.ts";
import { hex } from "../craft.ts";

const bytes = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

const portable = (await openArgon2("portable"))!;
const native = await openArgon2("native");
const bindings: readonly Argon2[] = native === undefined ? [portable] : [portable, native];

const oracle = ({ password, salt, secret, ...cost }: Argon2Input, data: Uint8Array = new Uint8Array(0)): Uint8Array =>
  argon2id(password, salt, {
    ...{ m: cost.memoryKibibytes, t: cost.passes, p: cost.lanes, dkLen: 32 },
    ...{ key: secret, personalization: data },
  });

/** RFC 9106, section 5.3: with associated data, which neither library of ours takes and the reference does. */
const RFC = {
  password: bytes(32, 1),
  salt: bytes(16, 2),
  secret: bytes(8, 3),
  memoryKibibytes: 32,
  passes: 3,
  lanes: 4,
};
const RFC_TAG = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";

/** From the tests of the C implementation that RFC 9106 was written with: version 1.3, "somesalt". */
const REFERENCE = [
  ["password", 2, 65_536, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"],
  ["password", 2, 256, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"],
  ["password", 2, 256, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"],
] as const;

describe.each(bindings.map((argon2) => [argon2.binding, argon2] as const))("the %s Argon2id", (_name, argon2) => {
  test("is that of RFC 9106, by a reference that its vector holds for [A02]", async () => {
    expect(hex(oracle(RFC, bytes(12, 4)))).toBe(RFC_TAG);
    expect(await argon2.hash(RFC)).toEqual(oracle(RFC));
  });

  test("gives the hashes of the reference implementation [A02]", async () => {
    for (const [password, passes, memoryKibibytes, lanes, tag] of REFERENCE) {
      const cost = { passes, memoryKibibytes, lanes };
      const input = { password: ascii(password), salt: ascii("somesalt"), secret: new Uint8Array(0), ...cost };
      expect(hex(await argon2.hash(input))).toBe(tag);
    }
  });

  test("agrees with the reference whatever is hashed [A02]", async () => {
    const some = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
    const input = fc.record({
      ...{ password: some(1, 60), salt: some(8, 40), secret: some(0, 40) },
      ...{ memoryKibibytes: fc.integer({ min: 40, max: 90 }), passes: fc.integer({ min: 1, max: 3 }) },
      lanes: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async (each) => {
        expect(hex(await argon2.hash(each))).toBe(hex(oracle(each)));
      }),
      { seed: 1, numRuns: 25 },
    );
  });
});

test("the native library is taken where it is installed, and the portable one where it is not", async () => {
  expect((await openArgon2()).binding).toBe(native === undefined ? "portable" : "native");
  expect(portable.binding).toBe("portable");
});
