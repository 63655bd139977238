import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Batch, type Request } from "../../../protocol/agreement/request.ts";
import { Said } from "../../../protocol/agreement/said.ts";
import { statementBytes } from "../../../protocol/agreement/statement.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { agreedMillis, counter, epoch, memberIndex, view } from "../../../protocol/core/units.ts";
import { EPOCH, TABLE_ID } from "../envelope/people.ts";
import { rising } from "../message/examples.ts";
import { fromHex, toHex } from "../message/json-value.ts";
import { batch, saidExamples } from "./examples.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("one request has one encoding and one digest, in whatever order it was put together [B05]", () => {
  const forward: Request = { seat: 3, number: counter(300), operation: rising(1, 20) };
  const backward: Request = { operation: rising(1, 20), number: counter(300), seat: 3 };
  const built = {} as { -readonly [K in keyof Request]: Request[K] };
  built.operation = Uint8Array.from(rising(1, 20));
  built.seat = 3;
  built.number = counter(300);

  const speaker = { table: TABLE_ID, epoch: epoch(EPOCH) };
  const bytes = [
    statementBytes(speaker, memberIndex(2), { type: "request", ...forward }),
    statementBytes(speaker, memberIndex(2), { ...backward, type: "request" }),
    statementBytes({ epoch: EPOCH, table: Uint8Array.from(TABLE_ID) }, memberIndex(2), { type: "request", ...built }),
  ].map((each) => toHex(each));
  const head = `07${toHex(Buffer.from("hardway"))}0103${toHex(TABLE_ID)}0402`;
  expect(new Set(bytes)).toEqual(new Set([`${head}0103ac02140102030405060708090a0b0c0d0e0f1011121314`]));
  expect(sha256(fromHex(bytes[0]!))).toBe("9bbaf237098bcfe8de06fcc6d7af438fdd25789346132b18c005680b9e3a7dfc");
});

test("one batch has one encoding and one digest, on whatever build [B05]", () => {
  const backward = batch.requests.map(({ request, signature, sender }) => ({
    request: { operation: request.operation, seat: request.seat, number: request.number },
    ...{ signature, sender },
  }));
  const again: Batch = { requests: backward, barrier: undefined, time: batch.time };
  expect(encode(Batch, again)).toEqual(encode(Batch, batch));
  expect(sha256(encode(Batch, batch))).toBe("e1f228138baa7cd98f40c08495cb16dea140b4494379a54921fa5a853a156293");
});

test("a batch's digest changes with each of its parts [B05]", () => {
  const [one, other] = batch.requests as [Batch["requests"][number], Batch["requests"][number]];
  const { request } = one;
  const variants: Batch[] = [
    batch,
    { ...batch, time: agreedMillis(batch.time + 1) },
    { ...batch, barrier: { type: "rotate", view: view(3) } },
    { ...batch, barrier: { type: "rotate", view: view(4) } },
    { ...batch, barrier: { type: "enact", change: rising(1, 32), view: view(3) } },
    { ...batch, barrier: { type: "enact", change: rising(2, 32), view: view(3) } },
    { ...batch, requests: [] },
    { ...batch, requests: [one] },
    { ...batch, requests: [other, one] },
    { ...batch, requests: [one, one, other] },
    { ...batch, requests: [{ ...one, sender: memberIndex(0) }, other] },
    { ...batch, requests: [{ ...one, signature: rising(3, 64) }, other] },
    { ...batch, requests: [{ ...one, request: { ...request, seat: 1 } }, other] },
    { ...batch, requests: [{ ...one, request: { ...request, number: counter(301) } }, other] },
    { ...batch, requests: [{ ...one, request: { ...request, operation: rising(4, 20) } }, other] },
  ];
  const digests = variants.map((variant) => sha256(encode(Batch, variant)));
  expect(new Set(digests).size).toBe(variants.length);
  for (const variant of variants) {
    expect(decode(Batch, encode(Batch, variant))).toEqual({ ok: true, value: variant });
  }
});

test("a number written longer than it must be is refused [B05]", () => {
  const bytes = encode(Said, saidExamples.find(({ value }) => value.type === "ballot")!.value);
  // Tag, sender, signature, then view 2.
  expect(bytes[66]).toBe(0x02);
  const longer = Uint8Array.of(...bytes.subarray(0, 66), 0x82, 0x00, ...bytes.subarray(67));
  expect(decode(Said, longer)).toEqual({ ok: false, why: "not canonical", at: 68 });
});
