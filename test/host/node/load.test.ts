import { expect, test } from "vitest";
import { KeyValueOperation } from "../../../host/engine/keyvalue/operation.ts";
import { load, nextOperation, onAnswered, onFull, onNumbered } from "../../../host/node/load.ts";
import { decode } from "../../../protocol/bytes/codec.ts";

test("a player asks for what the machine knows, has two requests under way at most, and takes the time of each", () => {
  const of = load(1, 7);
  const kinds = new Set<string>();
  for (let number = 1; number < 200; number += 2) {
    for (const now of [number, number + 1]) {
      const operation = nextOperation(of, now);
      const decoded = decode(KeyValueOperation, operation ?? new Uint8Array(0));
      expect(decoded.ok).toBe(true);
      if (decoded.ok) kinds.add(decoded.value.type);
    }
    expect(nextOperation(of, number + 2)).toBe(undefined);
    for (const each of [number, number + 1]) onNumbered(of, each);
    expect(nextOperation(of, number + 2)).toBe(undefined);
    for (const each of [number, number + 1]) onAnswered(of, each, number + 101);
  }
  expect([...kinds].sort()).toEqual(["delete", "get", "set"]);
  expect(new Set(of.latencies)).toEqual(new Set([101, 100]));
});

test("where there is no room it asks again, and what nobody answers is forgotten in the end", () => {
  const of = load(1, 7);
  nextOperation(of, 0);
  onFull(of);
  expect(nextOperation(of, 1)).not.toBe(undefined);
  expect(nextOperation(of, 2)).not.toBe(undefined);
  onNumbered(of, 1);
  onNumbered(of, 2);
  expect(nextOperation(of, 1000)).toBe(undefined);
  expect(nextOperation(of, 40_000)).not.toBe(undefined);
  // Its answer, late, is no measure of anything.
  onAnswered(of, 1, 41_000);
  expect(of.latencies).toEqual([]);
});

test("one seed asks for the same, and another kiosk for something else", () => {
  const ask = (kiosk: number): unknown[] => {
    const of = load(kiosk, 3);
    return Array.from({ length: 20 }, (_, number) => {
      const operation = nextOperation(of, number);
      onNumbered(of, number);
      onAnswered(of, number, number);
      return operation;
    });
  };
  expect(ask(0)).toEqual(ask(0));
  expect(ask(1)).not.toEqual(ask(0));
});
