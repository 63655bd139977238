import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { kinds, Message } from "../../../protocol/message/kinds.ts";
import { examples, syncExamples } from "./examples.ts";
import { fromHex, fromJson, type Json, toHex } from "./json-value.ts";

interface Vector {
  readonly name: string;
  readonly kind?: string;
  readonly hex: string;
  readonly value: Json;
}

const read = (name: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

const ofKinds = read("message-kinds");
const ofSync = read("message-sync");

test("every kind has its golden vector, and so has every step of a transfer", () => {
  expect(ofKinds.map((vector) => vector.kind)).toEqual(kinds.map((kind) => kind.type));
  expect(ofKinds.map((vector) => fromJson(vector.value))).toEqual(kinds.map((kind) => examples[kind.type]));
  const steps = syncExamples.map((step) => ({ type: "stateSync", step }));
  expect(ofSync.map((vector) => fromJson(vector.value))).toEqual(steps);
  const types = new Set([...syncExamples.map((step) => step.type), examples.stateSync.step.type]);
  expect([...types].sort()).toEqual(
    ["chunk", "confirm", "offer", "recalled", "refuse", "requestChunks", "requestObject", "status"].sort(),
  );
});

for (const vector of [...ofKinds, ...ofSync]) {
  test(`${vector.name} has the bytes it always had`, () => {
    const value = fromJson(vector.value) as Message;
    expect(toHex(encode(Message, value))).toBe(vector.hex);
    expect(decode(Message, fromHex(vector.hex))).toEqual({ ok: true, value });
  });
}
