import { describe, expect, expectTypeOf, test } from "vitest";
import { AssertionError, assert, unreachable } from "../../../protocol/core/assert.ts";

describe("assert", () => {
  test("a fact that holds passes", () => {
    expect(() => assert(true, "one is one")).not.toThrow();
  });

  test("a fact that does not hold ends in an AssertionError that says which", () => {
    expect(() => assert(false, "one is two")).toThrow(new AssertionError("one is two"));
    const error = new AssertionError("one is two");
    expect(error).toBeInstanceOf(Error);
    expect(`${error}`).toBe("AssertionError: one is two");
  });

  test("the name is not a property of each error, which frozen prototypes would refuse", () => {
    expect(Object.keys(new AssertionError("x"))).not.toContain("name");
    expect(Object.getOwnPropertyDescriptor(AssertionError.prototype, "name")?.get).toBeTypeOf("function");
  });

  test("what was asserted is known to the compiler", () => {
    const value: string | undefined = ["text"].at(0);
    assert(value !== undefined, "there is a first");
    expectTypeOf(value).toEqualTypeOf<string>();
  });

  test("a case that no switch has throws and shows itself", () => {
    expectTypeOf(unreachable).parameter(0).toEqualTypeOf<never>();
    expect(() => unreachable({ type: "odd" } as never)).toThrow('no such case: {"type":"odd"}');
  });
});
