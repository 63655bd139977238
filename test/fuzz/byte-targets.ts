/** Text and packed bytes. */
import { isUtf8 } from "node:buffer";
import { compress } from "../../protocol/bytes/lz4-compress.ts";
import { decompress } from "../../protocol/bytes/lz4-decompress.ts";
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
    return [plain, decompress(bytes, PACKET_SIZE_MAX, DICTIONARY)];
  },
};

export const byteTargets = { utf8, lz4 };
