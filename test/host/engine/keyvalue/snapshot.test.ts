import { expect, test } from "vitest";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import { KEY_COUNT_MAX } from "../../../../host/engine/keyvalue/limits.ts";
import type { KeyValueState } from "../../../../host/engine/keyvalue/state.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { advance, bulkOperations, contents, execute, hashOf, remove, START, set, setFor } from "./operations.ts";

function stateAfter(...operations: readonly Uint8Array[]): KeyValueState {
  const state = keyValueMachine.initial();
  for (const each of operations) execute(state, each);
  return state;
}

const { snapshot, restore } = keyValueMachine;
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

test("equal states have equal hashes, whatever way led to them [D05]", () => {
  const items = Array.from({ length: 60 }, (_, at): [string, string] => [`key ${at}`, `value ${at}`]);
  const straight = stateAfter(...items.map(([key, value]) => set(key, value)));
  const expected = hashOf(straight);
  const from = chance(5);
  for (let round = 0; round < 50; round++) {
    const state = keyValueMachine.initial();
    let time = START;
    for (const [key, value] of shuffled(items, (bound) => drawBelow(from, bound))) {
      // Detours: another value first, a key too many, a time that is taken back, a time that is over.
      if (drawBelow(from, 3) === 0) execute(state, set(key, "another"), time);
      if (drawBelow(from, 3) === 0) {
        execute(state, set("too many", value), time);
        execute(state, remove("too many"), time);
      }
      if (drawBelow(from, 3) === 0) execute(state, setFor(1000, key, value), time);
      if (drawBelow(from, 3) === 0) execute(state, setFor(10, "brief", value), time);
      execute(state, set(key, value), time);
      time += 20;
      advance(state, time);
    }
    expect(hashOf(state)).toBe(expected);
    expect(state).toEqual(straight);
    expect(hashOf(restore(snapshot(state))!)).toBe(expected);
  }
});

test("unequal states have unequal hashes [D05]", () => {
  const states = [
    stateAfter(),
    stateAfter(set("a", "")),
    stateAfter(set("", "a")),
    stateAfter(set("a", "b")),
    stateAfter(setFor(1, "a", "b")),
    stateAfter(setFor(2, "a", "b")),
    stateAfter(set("a", "b"), set("b", "")),
    stateAfter(set("ab", "")),
  ];
  expect(new Set(states.map(hashOf)).size).toBe(states.length);
});

test("a state's bytes and its hash are the same on every machine [D05]", () => {
  const state = stateAfter(set("b", "2"), setFor(100, "ab", "x"), set("a", "1"));
  expect(Buffer.from(snapshot(state)).toString("hex")).toBe("030161013100026162017801e4d0eab6b7330162013200");
  expect(hashOf(state)).toBe("42031d8613deee418886b2e254959f882a8d4042249b773e57861debf01f2f9d");
});

test("keys are ordered by their bytes, and the shorter of two that begin alike comes first", () => {
  const keys = ["é", "b", "aa", "", "a", "Z", "日本", "ab", "🎲", "10", "9"];
  const bytes = keys.map((key) => Buffer.from(key)).sort(Buffer.compare);
  expect(contents(stateAfter(...keys.map((key) => set(key, "")))).map(([key]) => key)).toEqual(bytes.map(String));
});

test("what is no snapshot is not restored", () => {
  const whole = hex("02 0161 0131 00 0162 0132 00");
  expect(restore(whole)).toEqual(stateAfter(set("a", "1"), set("b", "2")));
  const wrong: { readonly [why: string]: Uint8Array } = {
    nothing: new Uint8Array(0),
    unsorted: hex("02 0162 0132 00 0161 0131 00"),
    "the same key twice": hex("02 0161 0131 00 0161 0132 00"),
    "cut short": whole.subarray(0, -1),
    "left over": hex("02 0161 0131 00 0162 0132 00 00"),
    "a count that is too small": hex("01 0161 0131 00 0162 0132 00"),
    "a longer form of a count": hex("8200 0161 0131 00 0162 0132 00"),
    "a longer form of a length": hex("01 810061 0131 00"),
    "neither with nor without an end": hex("01 0161 0131 02"),
    "a longer form of a moment": hex("01 0161 0131 01 8100"),
    "a key that is too long": Uint8Array.of(1, 33, ...new Uint8Array(33), 0, 0),
    "a value that is too long": Uint8Array.of(1, 0, 0x81, 0x02, ...new Uint8Array(257), 0),
    "a count beyond the bound": hex("8108"),
  };
  for (const [why, bytes] of Object.entries(wrong)) expect([why, restore(bytes)]).toEqual([why, undefined]);
});

test("whatever is restored gives the same bytes again, and no bytes throw", () => {
  const from = chance(7);
  const whole = snapshot(stateAfter(set("a", "1"), setFor(100, "ab", "x"), set("b", "2"), setFor(100, "c", "")));
  let restored = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = whole.slice(0, drawBelow(from, 4) === 0 ? drawBelow(from, whole.length) : whole.length);
    for (let change = drawBelow(from, 3); change >= 0; change--)
      bytes[drawBelow(from, bytes.length)] = drawBelow(from, 256);
    const state = restore(bytes);
    if (state === undefined) continue;
    restored += 1;
    expect(snapshot(state)).toEqual(bytes);
  }
  expect(restored).toBeGreaterThan(1000);
});

test("a restored state shares nothing with its bytes", () => {
  const bytes = Buffer.from(snapshot(stateAfter(set("foo", "bar"))));
  const state = restore(bytes)!;
  bytes.fill(0);
  expect(contents(state)).toEqual([["foo", "bar", undefined]]);
});

test("a full state of the longest keys and values is restored whole", () => {
  const state = keyValueMachine.initial();
  for (let i = 0; i < KEY_COUNT_MAX; i++) {
    expect(execute(state, setFor(1 + (i % 50), `${i}`.padEnd(32, "."), "v".repeat(256)))).toBe("ok");
  }
  const bytes = snapshot(state);
  expect(bytes.length).toBe(2 + KEY_COUNT_MAX * (33 + 258 + 7));
  expect(restore(bytes)).toEqual(state);
});

test("bulk operations make a state of the size asked for", () => {
  const bytes = snapshot(stateAfter(...bulkOperations(65_536)));
  expect(bytes.length).toBeGreaterThanOrEqual(65_536);
  expect(bytes.length).toBeLessThan(70_000);
});

function shuffled<T>(items: readonly T[], below: (bound: number) => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [mixed[i], mixed[other]] = [mixed[other]!, mixed[i]!];
  }
  return mixed;
}
