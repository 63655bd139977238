import { expect, test } from "vitest";
import { FEATURES, hasFeature, negotiate, type ProtocolVersion } from "../../../protocol/core/version.ts";

const version = (major: number, minor: number, features: number): ProtocolVersion => ({ major, minor, features });

test("two of one major use what both have, two of different majors refuse each other: the whole matrix, from both sides [H14]", () => {
  const versions = [0, 1, 2].flatMap((major) =>
    [0, 1, 255].flatMap((minor) =>
      [0, 0x05, 0x1f, 0x8000_0001, 0xffff_ffff].map((each) => version(major, minor, each)),
    ),
  );
  for (const mine of versions) {
    for (const theirs of versions) {
      const answer = negotiate(mine, theirs);
      expect(negotiate(theirs, mine)).toEqual(answer);
      if (mine.major !== theirs.major) {
        expect(answer).toEqual({ ok: false, why: "other major version" });
        continue;
      }
      if (!answer.ok) throw new Error("one major understands itself");
      expect(answer.version.major).toBe(mine.major);
      expect(answer.version.minor).toBe(Math.min(mine.minor, theirs.minor));
      for (let bit = 0; bit < 32; bit++) {
        const has = (value: number): boolean => Math.floor(value / 2 ** bit) % 2 === 1;
        expect(has(answer.version.features)).toBe(has(mine.features) && has(theirs.features));
      }
    }
  }
});

test("a feature is used only when both sides named it [H14]", () => {
  const answer = negotiate(
    version(1, 0, FEATURES.packedBodies | FEATURES.spectators),
    version(1, 3, FEATURES.packedBodies | FEATURES.commitReveal | 0x4000_0000),
  );
  if (!answer.ok) throw new Error("one major understands itself");
  expect(hasFeature(answer.version, "packedBodies")).toBe(true);
  expect(hasFeature(answer.version, "spectators")).toBe(false);
  expect(hasFeature(answer.version, "commitReveal")).toBe(false);
  expect(answer.version.features).toBe(FEATURES.packedBodies);
});

test("each feature has a bit of its own", () => {
  const bits = Object.values(FEATURES);
  expect(new Set(bits).size).toBe(bits.length);
  for (const bit of bits) expect(Math.log2(bit) % 1).toBe(0);
});
