import { expect, test } from "vitest";
import { compressionThreshold } from "../../../protocol/packet/compression-threshold.ts";

test("the busier the air, the smaller the message that is compressed, and a saving radio never asks for more [I03]", () => {
  const at = (state: Parameters<typeof compressionThreshold>[1]) =>
    [0, 0.39, 0.4, 0.8, 0.81, 1].map((utilisation) => compressionThreshold(utilisation, state));
  expect(at("active")).toEqual([128, 128, 64, 64, 32, 32]);
  expect(at("powerSaver")).toEqual([64, 64, 64, 64, 32, 32]);
  expect(at("lowPower")).toEqual([32, 32, 32, 32, 32, 32]);
  expect(at("sleep")).toEqual([32, 32, 32, 32, 32, 32]);
});
