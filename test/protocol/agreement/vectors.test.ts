import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckpointHeader, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { Batch } from "../../../protocol/agreement/request.ts";
import { Said, saidKinds } from "../../../protocol/agreement/said.ts";
import { Statement, statementBytes } from "../../../protocol/agreement/statement.ts";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";
import { memberIndex } from "../../../protocol/core/units.ts";
import { EPOCH, TABLE_ID } from "../envelope/people.ts";
import { fromHex, fromJson, type Json, toHex } from "../message/json-value.ts";
import { evidenceExamples, objectExamples, saidExamples, sayingExamples } from "./examples.ts";

interface Vector {
  readonly name: string;
  readonly layout: string;
  readonly hex: string;
  readonly value: Json;
}

const LAYOUTS: { readonly [layout: string]: Codec<unknown> } = {
  Said,
  Statement,
  Evidence,
  Batch,
  ViewChangeBody,
  CheckpointHeader,
};

const read = (name: string): readonly Vector[] =>
  JSON.parse(readFileSync(new URL(`../../vectors/agreement-${name}.json`, import.meta.url), "utf8"));
const said = read("said");
const statements = read("statements");
const evidence = read("evidence");
const objects = read("objects");

describe("every one has its golden vector", () => {
  const values = (vectors: readonly Vector[]): unknown[] => vectors.map(({ value }) => fromJson(value));

  test("of what is said, with every case", () => {
    expect(values(said)).toEqual(saidExamples.map(({ value }) => value));
    expect(new Set(saidExamples.map(({ value }) => value.type))).toEqual(new Set(saidKinds.map(({ type }) => type)));
  });

  test("of what is signed, and the engine's bytes are the layout's", () => {
    const sayings = Object.values(sayingExamples);
    expect(values(statements).map((value) => (value as Statement).saying)).toEqual(sayings);
    expect(Statement.rows?.at(-1)?.codec.rows).toHaveLength(sayings.length);
    const bytes = sayings.map((saying) => statementBytes({ table: TABLE_ID, epoch: EPOCH }, memberIndex(2), saying));
    expect(bytes.map(toHex)).toEqual(statements.map(({ hex }) => hex));
  });

  test("of what is shown against a member, and of what travels as an object", () => {
    expect(values(evidence)).toEqual(evidenceExamples.map(({ value }) => value));
    expect(Evidence.rows).toHaveLength(evidenceExamples.length);
    expect(values(objects)).toEqual(Object.values(objectExamples));
  });
});

for (const { name, layout, hex, value } of [...said, ...statements, ...evidence, ...objects]) {
  test(`${name} has the bytes it always had`, () => {
    const codec = LAYOUTS[layout]!;
    expect(toHex(encode(codec, fromJson(value)))).toBe(hex);
    expect(decode(codec, fromHex(hex))).toEqual({ ok: true, value: fromJson(value) });
  });
}
