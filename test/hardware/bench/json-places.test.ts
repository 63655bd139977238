import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPlaces, lineAndColumn, offsetOf } from "../../../hardware/bench/json-places.ts";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("the places of a JSON text", () => {
  it("are those of its keys and items, and of what holds a key that is missing", () => {
    const text = '{\n  "a": [1, {"b c": null}],\n  "d": "\\u0041"\n}';
    const places = jsonPlaces(text);
    const at = (path: string) => lineAndColumn(text, offsetOf(places, path));
    expect([at(""), at("a"), at("a[0]"), at("a[1]"), at("a[1].b c"), at("d")]).toEqual([
      ...["1:1", "2:3", "2:9", "2:12", "2:13", "3:3"],
    ]);
    expect([at("a[1].x"), at("a[7]"), at("e"), at("a[1].x[3].y")]).toEqual(["2:12", "2:3", "1:1", "2:12"]);
  });

  it("end where the text is no JSON any more", () => {
    const errorOf = (text: string) => jsonPlaces(text).errorAt;
    expect(["[1,]", '{"a" 1}', "01", '"a\n"', "[1] 2", "{'a': 1}"].map(errorOf)).toEqual([3, 5, 1, 0, 4, 1]);
    expect(errorOf("[".repeat(100_000))).toBe(65);
  });

  it("are found in exactly the texts that the language's own parser takes", () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "\\", "0", " ", "\u0001"))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    const property = fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
      expect(jsonPlaces(text).errorAt === undefined).toBe(isJson(text));
    });
    fc.assert(property, { seed: 1, numRuns: 3000 });
  });
});
