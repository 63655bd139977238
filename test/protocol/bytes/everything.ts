/** One layout with every kind of part, for the golden vectors. It uses nothing but `protocol`, so that XS reads it too. */
import { bits } from "../../../protocol/bytes/bits.ts";
import { blob, bytes, rest, shortBlob, text } from "../../../protocol/bytes/blobs.ts";
import { branded, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, list, optional, struct, union } from "../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, i8, u8, u16, u32, varint } from "../../../protocol/bytes/numbers.ts";
import { sequence } from "../../../protocol/core/units.ts";

const Point = struct("Point", { x: i8, y: i8 });

export const Everything = struct("Everything", {
  byte: u8,
  word: u16,
  long: u32,
  signed: i8,
  small: byteUpTo(9),
  place: branded(varint(2 ** 35 - 1), sequence),
  flag: bool,
  flags: bits({ class: 2, last: 1 }),
  colour: choice("Colour", { red: 1, black: 2, none: 0x80 }),
  fixed: bytes(4),
  string: blob(200),
  short: shortBlob(16),
  title: text(40),
  perhaps: optional(u16),
  points: list(Point, 3),
  shape: union("Shape", {
    dot: [0x01, struct("Dot", {})],
    circle: [0x02, struct("Circle", { centre: Point, radius: u8 })],
    label: [0x40, struct("Label", { text: text(8) })],
  }),
  rest: rest(8),
});
export type Everything = ValueOf<typeof Everything>;

const least: Everything = {
  byte: 0,
  word: 0,
  long: 0,
  signed: 0,
  small: 0,
  place: sequence(0),
  flag: false,
  flags: { class: 0, last: 0 },
  colour: "red",
  fixed: Uint8Array.of(0, 0, 0, 0),
  string: Uint8Array.of(),
  short: Uint8Array.of(),
  title: "",
  perhaps: undefined,
  points: [],
  shape: { type: "dot" },
  rest: Uint8Array.of(),
};

export const examples: { readonly [name: string]: Everything } = {
  least,
  middle: {
    byte: 0x12,
    word: 0x3456,
    long: 0x789abcde,
    signed: -2,
    small: 7,
    place: sequence(300),
    flag: true,
    flags: { class: 2, last: 1 },
    colour: "black",
    fixed: Uint8Array.of(0xc0, 0xdb, 0xdc, 0xdd),
    string: Uint8Array.of(1, 2, 3),
    short: Uint8Array.of(4, 5),
    title: "für 5 € ♠ 😀",
    perhaps: 0x0102,
    points: [
      { x: 1, y: -1 },
      { x: 127, y: -128 },
    ],
    shape: { type: "circle", centre: { x: -3, y: 3 }, radius: 200 },
    rest: Uint8Array.of(6, 7, 8),
  },
  greatest: {
    byte: 0xff,
    word: 0xffff,
    long: 0xffffffff,
    signed: -128,
    small: 9,
    place: sequence(2 ** 35 - 1),
    flag: true,
    flags: { class: 3, last: 1 },
    colour: "none",
    fixed: new Uint8Array(4).fill(0xff),
    string: new Uint8Array(200).fill(0xaa),
    short: new Uint8Array(16).fill(0xbb),
    title: "\u{10ffff}".repeat(10),
    perhaps: 0xffff,
    points: [
      { x: 127, y: 127 },
      { x: -128, y: -128 },
      { x: 0, y: 0 },
    ],
    shape: { type: "label", text: "12345678" },
    rest: new Uint8Array(8).fill(0xcc),
  },
  "text in a union, beyond 32 bits in a varint": {
    ...least,
    place: sequence(2 ** 32 + 5),
    title: "\ufeff\u0000\u007f\u0080\u07ff\u0800\uffff\u{10000}",
    shape: { type: "label", text: "é" },
  },
};
