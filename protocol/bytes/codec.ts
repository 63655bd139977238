/** A layout is written once, as a value. Encoding, decoding, the type, the worst size and the text of `docs/protocol.md`
 * follow from it. */
import { assert } from "../core/assert.ts";
import { type Fault, Reader, Ruler, Writer } from "./cursor.ts";

export interface Codec<T> {
  /** How a reader of the document calls it: "u8", "bytes 64", or the name of a struct. */
  readonly text: string;
  readonly sizeMin: number;
  readonly sizeMax: number;
  /** Asserts that the value is one the layout can say. */
  write(out: Writer, value: T): void;
  /** Leaves its fault in the reader. */
  read(from: Reader): T;
  /** The lines under the name, for a layout that has parts. */
  readonly rows?: readonly Row[];
  readonly about?: string;
}

export interface Row {
  readonly label: string;
  readonly codec: Codec<unknown>;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Fault; readonly at: number };

/** Up to this size a buffer for the worst case costs less than to measure the value first (a batch may take 55 KB and takes
 * 200 B: measured, half of the simulator's time went into zeros). */
const MEASURE_ABOVE_SIZE = 512;

/** The bytes are a view of the writer's chunk. A caller that encodes often gives its own writer. */
export function encode<T>(codec: Codec<T>, value: T, out?: Writer): Uint8Array {
  const size = codec.sizeMax > (out?.chunkSize ?? MEASURE_ABOVE_SIZE) ? measure(codec, value) : codec.sizeMax;
  return write(codec, value, out ?? new Writer(size), size);
}

/** How many bytes the value takes. */
export function measure<T>(codec: Codec<T>, value: T): number {
  const ruler = new Ruler();
  codec.write(ruler, value);
  return ruler.offset;
}

function write<T>(codec: Codec<T>, value: T, out: Writer, size: number): Uint8Array {
  out.reserve(size);
  codec.write(out, value);
  const bytes = out.take();
  assert(bytes.length >= codec.sizeMin && bytes.length <= codec.sizeMax, "the layout's sizes hold");
  return bytes;
}

/** Refuses what is cut short, left over, out of range or not canonical, as a value. The bytes end at `end`. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, end: number = bytes.length): Decoded<T> {
  const from = new Reader(bytes, end);
  const value = codec.read(from);
  if (from.fault === undefined && from.offset < from.end) from.fail("left over");
  if (from.fault !== undefined) return { ok: false, why: from.fault, at: from.faultAt };
  return { ok: true, value };
}

/** The same layout with a sentence for the document. */
export function about<C extends Codec<unknown>>(codec: C, sentence: string): C {
  return { ...codec, about: sentence };
}

/** The same bytes for a branded number or a narrower type. */
export function branded<T, B extends T>(codec: Codec<T>, _brand: (value: T) => B): Codec<B> {
  return codec as unknown as Codec<B>;
}
