import { expect, test } from "vitest";
import { type Box, nearest } from "../../../../host/web/page/dom/arrows.ts";
import { pressOfKey } from "../../../../host/web/page/dom/keys.ts";

const box = (left: number, top: number, width = 10, height = 10): Box => ({ left, top, width, height });

test("an arrow goes to what lies nearest that way, along the row before beside it", () => {
  const from = box(50, 50);
  const boxes = [box(20, 50), box(65, 70), box(90, 50), box(50, 90), box(52, 10, 40)];
  expect(nearest(from, boxes, "left")).toBe(0);
  expect(nearest(from, boxes, "right")).toBe(2);
  expect(nearest(from, boxes, "down")).toBe(3);
  expect(nearest(from, boxes, "up")).toBe(4);
  expect(nearest(from, [box(20, 50)], "right")).toBe(-1);
});

test("digits choose chips, letters do what the rail's buttons do, and nothing goes through what lies over the table", () => {
  expect([1, 2, 3, 4, 5].map((digit) => pressOfKey(`${digit}`, false))).toEqual(
    [1, 5, 25, 100, 500].map((chips) => ({ do: "chip", chips })),
  );
  expect(pressOfKey("6", false)).toBe(undefined);
  expect(["r", "u", "y", "a", "c"].map((key) => pressOfKey(key, false)?.do)).toEqual([
    ...["roll", "undo", "redo", "repeat", "clear"],
  ]);
  expect(["r", "1", "u"].map((key) => pressOfKey(key, true))).toEqual([undefined, undefined, undefined]);
  expect(pressOfKey("Escape", true)).toEqual({ do: "panel", panel: "none" });
  expect(pressOfKey("Enter", false)).toBe(undefined);
});
