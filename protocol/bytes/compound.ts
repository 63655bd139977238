/** Layouts made of layouts. */
import { assert } from "../core/assert.ts";
import type { Codec, Row, ValueOf } from "./codec.ts";
import type { Reader, Writer } from "./cursor.ts";

type Fields = { readonly [name: string]: Codec<unknown> };
type StructOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

export interface Struct<T> extends Codec<T> {
  readonly names: readonly string[];
  readonly parts: readonly Codec<unknown>[];
}

/** Fields one after another, in the order written. */
export function struct<F extends Fields>(name: string, fields: F): Struct<StructOf<F>> {
  const names = Object.keys(fields);
  const parts = names.map((label) => fields[label]) as readonly Codec<unknown>[];
  // The template gives every value the same shape from its birth; filling it in is then a plain store.
  return body(name, names, parts, blank(names)) as unknown as Struct<StructOf<F>>;
}

type Bag = { [name: string]: unknown };

function blank(names: readonly string[], type?: string): Bag {
  const bag: Bag = type === undefined ? {} : { type };
  for (const name of names) bag[name] = undefined;
  return Object.freeze(bag) as Bag;
}

function body(name: string, names: readonly string[], parts: readonly Codec<unknown>[], template: Bag): Struct<Bag> {
  const count = names.length;
  return {
    text: name,
    sizeMin: sum(parts.map((part) => part.sizeMin)),
    sizeMax: sum(parts.map((part) => part.sizeMax)),
    names,
    parts,
    rows: names.map((label, i) => ({ label, codec: parts[i] as Codec<unknown> })),
    write(out: Writer, value: Bag): void {
      for (let i = 0; i < count; i++) parts[i].write(out, value[names[i]]);
    },
    read(from: Reader): Bag {
      const value: Bag = { ...template };
      for (let i = 0; i < count; i++) value[names[i]] = parts[i].read(from);
      return value;
    },
  };
}

type Cases = { readonly [type: string]: readonly [tag: number, body: Struct<unknown>] };
type UnionOf<C extends Cases> = {
  [K in keyof C]: { readonly type: K } & ValueOf<C[K][1]>;
}[keyof C];

/** A tag byte, then the struct that it names. The value carries the name as its `type`. */
export function union<C extends Cases>(name: string, cases: C): Codec<UnionOf<C>> {
  const types = Object.keys(cases);
  const byTag: (Struct<Bag> | undefined)[] = [];
  const byType: { [type: string]: { tag: number; body: Struct<Bag> } } = {};
  for (const type of types) {
    const [tag, inner] = cases[type];
    assert(tag >= 0 && tag <= 0xff && byTag[tag] === undefined, "a tag is a byte and is used once");
    const tagged = body(inner.text, inner.names, inner.parts, blank(inner.names, type));
    byTag[tag] = tagged;
    byType[type] = { tag, body: tagged };
  }
  return {
    text: name,
    sizeMin: 1 + Math.min(...types.map((type) => cases[type][1].sizeMin)),
    sizeMax: 1 + Math.max(...types.map((type) => cases[type][1].sizeMax)),
    rows: types.map(
      (type): Row => ({ label: `${hex(cases[type][0])} ${type}`, codec: cases[type][1] as Codec<unknown> }),
    ),
    write(out: Writer, value: UnionOf<C>): void {
      const found = byType[(value as { type: string }).type];
      // Every object has a `constructor`: a case is known by its body.
      assert(found?.body !== undefined, "the union has this case");
      out.u8(found.tag);
      found.body.write(out, value as Bag);
    },
    read(from: Reader): UnionOf<C> {
      const found = byTag[from.u8()];
      if (found === undefined) {
        from.fail("unknown tag");
        return undefined as never;
      }
      return found.read(from) as UnionOf<C>;
    },
  };
}

/** A count, then as many items. The bound is part of the layout. */
export function list<T>(item: Codec<T>, countMax: number): Codec<readonly T[]> {
  const head = countMax < 128 ? 1 : 2;
  assert(countMax < 16384, "a list's count takes one or two bytes");
  return {
    text: `list of ≤ ${countMax} ${item.text}`,
    sizeMin: 1,
    sizeMax: head + countMax * item.sizeMax,
    ...(item.rows === undefined ? {} : { rows: item.rows }),
    write(out: Writer, value: readonly T[]): void {
      assert(value.length <= countMax, "a list keeps its bound");
      out.varint(value.length);
      for (let i = 0; i < value.length; i++) item.write(out, value[i]);
    },
    read(from: Reader): readonly T[] {
      const count = from.varint(countMax);
      const value: T[] = [];
      for (let i = 0; i < count && from.fault === undefined; i++) value.push(item.read(from));
      return value;
    },
  };
}

/** 0 for nothing, 1 before something. */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  assert(!item.text.startsWith("optional "), "nothing has one encoding: an optional holds no optional");
  return {
    text: `optional ${item.text}`,
    sizeMin: 1,
    sizeMax: 1 + item.sizeMax,
    ...(item.rows === undefined ? {} : { rows: item.rows }),
    write(out: Writer, value: T | undefined): void {
      out.u8(value === undefined ? 0 : 1);
      if (value !== undefined) item.write(out, value);
    },
    read(from: Reader): T | undefined {
      const present = from.u8();
      if (present > 1) from.fail("not canonical");
      return present === 1 ? item.read(from) : undefined;
    },
  };
}

/** A word of a fixed vocabulary, one byte each. */
export function choice<const C extends { readonly [word: string]: number }>(
  name: string,
  codes: C,
): Codec<keyof C & string> {
  const words: (string | undefined)[] = [];
  for (const word of Object.keys(codes)) {
    assert(codes[word] >= 0 && codes[word] <= 0xff && words[codes[word]] === undefined, "a code is a byte, used once");
    words[codes[word]] = word;
  }
  return {
    text: `${name} (${Object.keys(codes)
      .map((word) => `${codes[word]} ${word}`)
      .join(", ")})`,
    sizeMin: 1,
    sizeMax: 1,
    write(out: Writer, value: keyof C & string): void {
      // Every object has a `toString`: a word is known by its number.
      assert(typeof codes[value] === "number", "the vocabulary has this word");
      out.u8(codes[value]);
    },
    read(from: Reader): keyof C & string {
      const word = words[from.u8()];
      if (word === undefined) from.fail("out of range");
      return word as keyof C & string;
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
