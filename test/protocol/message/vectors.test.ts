import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { kinds, Message } from "../../../protocol/message/kinds.ts";
import { examples } from "./examples.ts";
import { fromHex, fromJson, type Json, toHex } from "./json-value.ts";

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly hex: string;
  readonly value: Json;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../vectors/message-kinds.json", import.meta.url), "utf8"),
);

test("every kind has its golden vector", () => {
  expect(vectors.map((vector) => vector.kind)).toEqual(kinds.map((kind) => kind.type));
});

for (const vector of vectors) {
  test(`${vector.name} has the bytes it always had`, () => {
    const value = fromJson(vector.value) as Message;
    expect(value).toEqual(examples[value.type]);
    expect(toHex(encode(Message, value))).toBe(vector.hex);
    expect(decode(Message, fromHex(vector.hex))).toEqual({ ok: true, value });
  });
}
