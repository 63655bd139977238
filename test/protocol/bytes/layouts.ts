/** Layouts at random, each with its values and its largest one: what holds for all of them holds for the kit. */
import fc from "fast-check";
import { bits } from "../../../protocol/bytes/bits.ts";
import { blob, bytes, rest, shortBlob, text } from "../../../protocol/bytes/blobs.ts";
import { type Codec, encode } from "../../../protocol/bytes/codec.ts";
import { choice, list, optional, type Struct, struct, union } from "../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, i8, u8, u16, u32, varint } from "../../../protocol/bytes/numbers.ts";

export interface Layout {
  readonly codec: Codec<unknown>;
  readonly values: fc.Arbitrary<unknown>;
  /** A value that takes the most bytes, and one that takes the fewest. */
  readonly largest: unknown;
  readonly smallest: unknown;
}

export interface Sample {
  readonly codec: Codec<unknown>;
  readonly value: unknown;
}

const layout = <T>(codec: Codec<T>, values: fc.Arbitrary<T>, smallest: T, largest: T): Layout => ({
  codec: codec as Codec<unknown>,
  values,
  smallest,
  largest,
});

/** The ends of a range as often as its middle. */
const natural = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.maxSafeNat().map((n) => n % (max + 1)),
    fc.constantFrom(0, max),
  );
const filled = (size: number): Uint8Array => new Uint8Array(size).fill(0xff);
const upTo = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: size });
const number = (codec: Codec<number>, max: number): Layout => layout(codec, natural(max), 0, max);

/** Text by the bytes it takes: one to four of them a character. */
const characters = (sizeMax: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom("a", "\0", "\u007f", "\u0080", "ß", "€", "\ufeff", "\uffff", "😀", "\u{10ffff}"))
    .map((all) => {
      let fitting = "";
      for (const each of all) if (Buffer.byteLength(fitting + each) <= sizeMax) fitting += each;
      return fitting;
    });

const numbers: fc.Arbitrary<Layout> = fc.oneof(
  fc.constantFrom(
    number(u8, 0xff),
    number(u16, 0xffff),
    number(u32, 0xffffffff),
    layout(i8, fc.integer({ min: -128, max: 127 }), -128, 127),
    layout(bool, fc.boolean(), false, true),
  ),
  fc.integer({ min: 0, max: 0xff }).map((max) => number(byteUpTo(max), max)),
  fc
    .oneof(fc.constantFrom(0, 127, 128, 16383, 16384, 2 ** 35 - 1, Number.MAX_SAFE_INTEGER), natural(2 ** 42))
    .map((max) => number(varint(max), max)),
);

const strings: fc.Arbitrary<Layout> = fc.oneof(
  fc
    .integer({ min: 0, max: 9 })
    .map((size) =>
      layout(bytes(size), fc.uint8Array({ minLength: size, maxLength: size }), filled(size), filled(size)),
    ),
  fc.constantFrom(0, 5, 127, 128, 300).map((max) => layout(blob(max), upTo(max), filled(0), filled(max))),
  fc.constantFrom(0, 5, 255).map((max) => layout(shortBlob(max), upTo(max), filled(0), filled(max))),
  fc.constantFrom(0, 7, 130).map((max) => layout(text(max), characters(max), "", "a".repeat(max))),
);

const widths = fc.constantFrom<Record<string, number>>({ a: 1 }, { a: 2, b: 1 }, { a: 4, b: 4 }, { a: 3, b: 1, c: 4 });
const bytesOfBits: fc.Arbitrary<Layout> = widths.map((fields) => {
  const each = (value: (max: number) => number) =>
    Object.fromEntries(Object.entries(fields).map(([name, width]) => [name, value(2 ** width - 1)]));
  const values = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, width]) => [name, fc.integer({ min: 0, max: 2 ** width - 1 })]),
    ),
  );
  return layout(
    bits(fields) as Codec<Record<string, number>>,
    values,
    each(() => 0),
    each((max) => max),
  );
});

const words: fc.Arbitrary<Layout> = fc
  .uniqueArray(fc.integer({ min: 0, max: 0xff }), { minLength: 1, maxLength: 4 })
  .map((codes) => {
    const vocabulary = Object.fromEntries(codes.map((code) => [`w${code}`, code]));
    const all = Object.keys(vocabulary);
    return layout(choice("Word", vocabulary), fc.constantFrom(...all), all[0], all[0]);
  });

const structOf = (parts: readonly Layout[]): Layout => {
  const named = <T>(part: (each: Layout) => T): Record<string, T> =>
    Object.fromEntries(parts.map((each, index) => [`field${index}`, part(each)]));
  return layout<unknown>(
    struct(
      "Some",
      named((each) => each.codec),
    ),
    fc.record(named((each) => each.values)),
    named((each) => each.smallest),
    named((each) => each.largest),
  );
};

const unionOf = (bodies: readonly Layout[], tags: readonly number[]): Layout => {
  const cases = bodies.map((each, index) => [`case${index}`, [tags[index], each.codec as Struct<unknown>]] as const);
  const typed = (index: number, value: unknown): unknown => ({ type: `case${index}`, ...(value as object) });
  const sizes = bodies.map((each) => each.codec.sizeMax);
  const leasts = bodies.map((each) => each.codec.sizeMin);
  const longest = sizes.indexOf(Math.max(...sizes));
  const shortest = leasts.indexOf(Math.min(...leasts));
  return layout<unknown>(
    union("Either", Object.fromEntries(cases)),
    fc.oneof(...bodies.map((each, index) => each.values.map((value) => typed(index, value)))),
    typed(shortest, bodies[shortest].smallest),
    typed(longest, bodies[longest].largest),
  );
};

const { whole } = fc.letrec<{ whole: Layout; struct: Layout }>((tie) => ({
  struct: fc.array(tie("whole"), { maxLength: 3, depthIdentifier: "layout" }).map(structOf),
  whole: fc.oneof(
    { maxDepth: 3, depthIdentifier: "layout" },
    numbers,
    strings,
    bytesOfBits,
    words,
    tie("struct"),
    fc
      .tuple(
        fc.array(tie("struct"), { minLength: 1, maxLength: 3, depthIdentifier: "layout" }),
        fc.uniqueArray(fc.integer({ min: 0, max: 0xff }), { minLength: 3, maxLength: 3 }),
      )
      .map(([bodies, tags]) => unionOf(bodies, tags)),
    fc.tuple(tie("whole"), fc.constantFrom(0, 1, 3)).map(([item, max]) => {
      const most = new Array(max).fill(item.largest);
      return layout<unknown>(
        list(item.codec, max) as Codec<unknown>,
        fc.array(item.values, { maxLength: max }),
        [],
        most,
      );
    }),
    tie("whole")
      .filter((item) => !item.codec.text.startsWith("optional "))
      .map((item) =>
        layout<unknown>(optional(item.codec), fc.option(item.values, { nil: undefined }), undefined, item.largest),
      ),
  ),
}));

/** Those whose end is known from their bytes alone. */
export const anyLayout: fc.Arbitrary<Layout> = whole;

/** And those that take all bytes there are. */
export const anyOpenLayout: fc.Arbitrary<Layout> = fc
  .tuple(fc.array(whole, { maxLength: 2 }), fc.constantFrom(0, 4, 200))
  .map(([parts, max]) => structOf([...parts, layout(rest(max), upTo(max), filled(0), filled(max))]));

const sampleOf = (layouts: fc.Arbitrary<Layout>): fc.Arbitrary<Sample> =>
  layouts.chain(({ codec, values }) => values.map((value) => ({ codec, value })));

export const anySample: fc.Arbitrary<Sample> = sampleOf(anyLayout);
export const anyOpenSample: fc.Arbitrary<Sample> = sampleOf(anyOpenLayout);

/** Bytes that a layout nearly, or by luck wholly, understands. */
export const damaged: fc.Arbitrary<{ codec: Codec<unknown>; bytes: Uint8Array }> = fc
  .tuple(
    fc.oneof(anySample, anyOpenSample),
    fc.array(
      fc.record({
        how: fc.constantFrom("set", "flip", "insert", "lose", "cut", "append"),
        at: fc.nat(),
        byte: fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff)),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([{ codec, value }, changes]) => {
    const out = [...encode(codec, value)];
    for (const { how, at, byte } of changes) {
      const place = at % (out.length + 1);
      if (how === "set" && place < out.length) out[place] = byte;
      else if (how === "flip" && place < out.length) out[place] ^= 1 << (byte & 7);
      else if (how === "insert") out.splice(place, 0, byte);
      else if (how === "lose") out.splice(place, 1);
      else if (how === "cut") out.length = place;
      else if (how === "append") out.push(byte);
    }
    return { codec, bytes: Uint8Array.from(out) };
  });
