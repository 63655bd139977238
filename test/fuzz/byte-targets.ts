/** Text and packed bytes. */
import { isUtf8 } from "node:buffer";
import { compress } from "../../protocol/bytes/lz4-compress.ts";
import { type Decompressed, decompress } from "../../protocol/bytes/lz4-decompress.ts";
import { utf8Decode, utf8Encode } from "../../protocol/bytes/utf8.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import { PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import { same, type Target } from "./target.ts";

const WORDS = "Fenster ♠ ÿ ࠀ \u{10000} \u{10ffff} ߿ \uffff é 😀 plain";

/** Strict UTF-8, judged as Node judges it. */
const utf8: Target = {
  seeds: [...WORDS.split(" "), WORDS].map(utf8Encode),
  weightMax: (inputSize) => 1 + inputSize,
  run(bytes) {
    const text = utf8Decode(bytes);
    assert((text !== undefined) === isUtf8(bytes), "Node agrees what is UTF-8");
    if (text !== undefined) assert(same(utf8Encode(text), bytes), "one text has one encoding");
    return text;
  },
};

const DICTIONARY = utf8Encode("the quick brown fox jumps over the lazy dog, twice. ".repeat(4));
const PLAIN = [
  new Uint8Array(0),
  new Uint8Array(300).fill(7),
  utf8Encode("one two three two one, one two three two one. ".repeat(6)),
  utf8Encode("the lazy dog jumps over the quick brown fox"),
  drawBytes(chance(1), 40),
  drawBytes(chance(2), 400),
  Uint8Array.from({ length: 3000 }, (_, at) => (at % 37) * (at % 5)),
];

/** Within the bound of a packet, with a dictionary and without. */
const lz4: Target = {
  seeds: [...PLAIN.map((each) => compress(each)), ...PLAIN.map((each) => compress(each, DICTIONARY))],
  weightMax: () => 2 * (PACKET_SIZE_MAX + 32),
  run(bytes) {
    const plain = decompress(bytes, PACKET_SIZE_MAX);
    if (plain.ok) {
      const size = plain.bytes.length;
      assert(size <= PACKET_SIZE_MAX, "what is unpacked keeps its bound");
      assert(decompress(bytes, size).ok, "its own size is bound enough");
      assert(size === 0 || !decompress(bytes, size - 1).ok, "a smaller bound refuses it");
    }
    const primed = decompress(bytes, PACKET_SIZE_MAX, DICTIONARY);
    assert(agrees(plain, byTheBook(bytes, NOTHING)), "it unpacks to what the format says");
    assert(agrees(primed, byTheBook(bytes, DICTIONARY)), "and so it does with a dictionary");
    return [plain, primed];
  },
};

const NOTHING = new Uint8Array(0);

const agrees = (ours: Decompressed, book: Uint8Array | undefined): boolean =>
  ours.ok ? book !== undefined && same(ours.bytes, book) : book === undefined;

/** The block format a byte at a time, in one array that starts with the dictionary. Undefined for what is refused: an offset
 * that points nowhere, an end that is not in literals, fewer than five of them after a match, and more than a packet. */
function byTheBook(block: Uint8Array, dictionary: Uint8Array): Uint8Array | undefined {
  const out = [...dictionary];
  const full = dictionary.length + PACKET_SIZE_MAX;
  let at = 0;
  const length = (nibble: number): number => {
    let total = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; total += more) more = block[at++] ?? Number.NaN;
    return total;
  };
  for (let matched = false; at < block.length; matched = true) {
    const token = block[at++];
    const literals = length(token >> 4);
    if (!(at + literals <= block.length) || out.length + literals > full) return undefined;
    for (const end = at + literals; at < end; ) out.push(block[at++]);
    if (at === block.length) {
      const short = matched && literals < 5;
      return (token & 15) !== 0 || short ? undefined : Uint8Array.from(out.slice(dictionary.length));
    }
    const offset = block[at] + 256 * (block[at + 1] ?? Number.NaN);
    at += 2;
    if (!(offset > 0 && offset <= out.length)) return undefined;
    const match = 4 + length(token & 15);
    if (!(out.length + match <= full)) return undefined;
    for (let left = match; left > 0; left--) out.push(out[out.length - offset]);
  }
  return undefined;
}

export const byteTargets = { utf8, lz4 };
