import { expect, test } from "vitest";
import { bits } from "../../../protocol/bytes/bits.ts";
import { blob, bytes, rest, shortBlob, text } from "../../../protocol/bytes/blobs.ts";
import { about } from "../../../protocol/bytes/codec.ts";
import { choice, list, optional, struct, union } from "../../../protocol/bytes/compound.ts";
import { describe } from "../../../protocol/bytes/describe.ts";
import { bool, byteUpTo, i8, u8, varint } from "../../../protocol/bytes/numbers.ts";

test("a layout is printed with its sizes, its parts indented and its sentences beside them", () => {
  const Point = struct("Point", { x: i8, y: i8 });
  const Shape = about(
    union("Shape", {
      dot: [0x01, about(struct("Dot", {}), "nothing but a place")],
      area: [0x10, struct("Area", { flags: bits({ class: 2, last: 1 }), corners: list(Point, 9) })],
    }),
    "What is drawn.",
  );
  expect(describe(Shape)).toBe(
    [
      "Shape: 1 to 21 bytes",
      "  What is drawn.",
      "  0x01 dot: Dot — nothing but a place",
      "  0x10 area: Area",
      "    flags: byte of class:2 last:1",
      "    corners: list of ≤ 9 Point",
      "      x: i8",
      "      y: i8",
    ].join("\n"),
  );
});

test("each kind of part has its words", () => {
  const Parts = struct("Parts", {
    byte: about(u8, "as it is"),
    small: byteUpTo(9),
    number: varint(300),
    truth: bool,
    word: choice("Colour", { red: 1, black: 2 }),
    fixed: bytes(4),
    string: blob(5),
    short: shortBlob(6),
    title: text(7),
    perhaps: optional(bytes(2)),
    tail: rest(8),
  });
  expect(describe(Parts).split("\n")).toEqual([
    "Parts: 13 to 42 bytes",
    "  byte: u8 — as it is",
    "  small: u8 ≤ 9",
    "  number: varint ≤ 300",
    "  truth: bool",
    "  word: Colour (1 red, 2 black)",
    "  fixed: bytes 4",
    "  string: bytes ≤ 5",
    "  short: u8 length, bytes ≤ 6",
    "  title: text ≤ 7 bytes",
    "  perhaps: optional bytes 2",
    "  tail: the rest, bytes ≤ 8",
  ]);
});

test("a layout of one size says one size", () => {
  expect(describe(bytes(4))).toBe("bytes 4: 4 bytes");
});
