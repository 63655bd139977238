import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { counter } from "../../../protocol/core/units.ts";
import { Batch, type Request } from "../../../protocol/message/agreement.ts";
import { Message } from "../../../protocol/message/kinds.ts";
import { examples, rising } from "./examples.ts";
import { fromHex, toHex } from "./json-value.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("one request has one encoding and one digest, in whatever order it was put together [B05]", () => {
  const forward: Request = { seat: 3, number: counter(300), operation: rising(1, 20) };
  const backward: Request = { operation: rising(1, 20), number: counter(300), seat: 3 };
  const built = { type: "request" } as { -readonly [K in keyof Request]: Request[K] } & { type: "request" };
  built.operation = Uint8Array.from(rising(1, 20));
  built.seat = 3;
  built.number = counter(300);

  const bytes = [
    encode(Message, { type: "request", ...forward }),
    encode(Message, { ...backward, type: "request" }),
    encode(Message, built),
  ].map((each) => toHex(each));
  expect(new Set(bytes)).toEqual(new Set(["1003ac02140102030405060708090a0b0c0d0e0f1011121314"]));
  expect(sha256(fromHex(bytes[0]!))).toBe("d55970141c72928c0c130c740e11439fa5d8815db5d311950918b16df1521097");
});

test("a batch's digest changes with each of its parts [B05]", () => {
  const batch: Batch = {
    time: 1 as Batch["time"],
    history: rising(1, 32),
    requests: [
      {
        sender: 1 as Batch["requests"][number]["sender"],
        counter: counter(9),
        signature: rising(2, 64),
        request: { seat: 0, number: counter(1), operation: rising(3, 5) },
      },
    ],
  };
  const one = batch.requests[0]!;
  const variants: Batch[] = [
    batch,
    { ...batch, time: 2 as Batch["time"] },
    { ...batch, history: rising(2, 32) },
    { ...batch, requests: [] },
    { ...batch, requests: [one, one] },
    { ...batch, requests: [{ ...one, counter: counter(10) }] },
    { ...batch, requests: [{ ...one, signature: rising(3, 64) }] },
    { ...batch, requests: [{ ...one, request: { ...one.request, seat: 1 } }] },
    { ...batch, requests: [{ ...one, request: { ...one.request, operation: rising(4, 5) } }] },
  ];
  const digests = variants.map((variant) => sha256(encode(Batch, variant)));
  expect(new Set(digests).size).toBe(variants.length);
  expect(decode(Batch, encode(Batch, batch))).toEqual({ ok: true, value: batch });
});

test("a number written longer than it must be is refused [B05]", () => {
  const bytes = encode(Message, examples.prepare);
  expect(bytes.subarray(0, 5)).toEqual(Uint8Array.of(0x12, 0x02, 0xf0, 0xa2, 0x04));
  // View 2 as 82 00.
  const longer = Uint8Array.of(0x12, 0x82, 0x00, ...bytes.subarray(2));
  expect(decode(Message, longer)).toEqual({ ok: false, why: "not canonical", at: 3 });
});

test("a set out of its order, or with one of its members twice, is refused", () => {
  const slots = examples.newView.viewChanges;
  const bytes = encode(Message, examples.newView).slice();
  const at = bytes.length - (1 + 3 + 1 + 32 + (3 + 1)) - 3 * 33;
  const first = bytes.slice(at, at + 33);
  const second = bytes.slice(at + 33, at + 66);
  expect(first[0]).toBe(slots[0]!.sender);
  expect(second[0]).toBe(slots[1]!.sender);

  const swapped = bytes.slice();
  swapped.set(second, at);
  swapped.set(first, at + 33);
  expect(decode(Message, swapped)).toMatchObject({ ok: false, why: "not canonical" });
  const doubled = bytes.slice();
  doubled.set(first, at + 33);
  expect(decode(Message, doubled)).toMatchObject({ ok: false, why: "not canonical" });
  expect(() => encode(Message, { ...examples.newView, viewChanges: [...slots].reverse() })).toThrow(
    "a set is written in its order",
  );
});

test("a term beyond every view is no message: 2^63 cannot be said", () => {
  const bytes = encode(Message, examples.leaderProposal);
  const huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
  const forged = Uint8Array.of(bytes[0]!, ...huge, ...bytes.subarray(3));
  expect(decode(Message, forged)).toMatchObject({ ok: false, why: "out of range" });
});
