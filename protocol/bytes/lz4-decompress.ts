/**
 * LZ4 block decompression of bytes that a stranger sent. The tokens are walked twice: `measure` checks every read,
 * every offset and the size, and allocates nothing; only a block that proved its size is then unpacked. So a small
 * block that claims much costs nothing but the walk, which stops at the caller's bound.
 *
 * Of the format's end rules two are required here: a block ends in literals alone, and after a match those are at
 * least five. The third, no match start within the last twelve bytes, is not: lz4js writes them ten bytes before the
 * end, and nothing here depends on it.
 */

import { assert } from "../core/assert.ts";

export type DecompressRefusal =
  | "cut short"
  | "larger than allowed"
  | "offset zero"
  | "offset before start"
  | "too few last literals";

export type Decompressed = { ok: true; bytes: Uint8Array } | { ok: false; why: DecompressRefusal };

const MATCH_SIZE_MIN = 4;
const LAST_LITERALS = 5;
/** Four bits of the token; this value says that more bytes follow. */
const NIBBLE_MAX = 15;
/** From 32 bytes on, a view and a native copy cost less than a loop (30 ns on Node; on XS a loop costs far more). */
const NATIVE_COPY_SIZE_MIN = 32;

/** Unpacks `block` to at most `sizeMax` bytes; `dictionary` is the one it was packed with. */
export function decompress(block: Uint8Array, sizeMax: number, dictionary?: Uint8Array): Decompressed {
  assert(sizeMax >= 0, "a size bound is a number that is not negative");
  const dictionarySize = dictionary === undefined ? 0 : dictionary.length;
  const size = measure(block, sizeMax, dictionarySize);
  if (typeof size === "string") return { ok: false, why: size };
  const bytes = new Uint8Array(size);
  const written = unpack(block, bytes, dictionary);
  assert(written === size, "a block unpacks to the size that was measured");
  return { ok: true, bytes };
}

/** The exact size of what `block` unpacks to, or why it does not. */
function measure(block: Uint8Array, sizeMax: number, dictionarySize: number): number | DecompressRefusal {
  const end = block.length;
  let at = 0;
  let size = 0;
  let afterMatch = false;
  while (at < end) {
    const token = block[at++]!;

    let literals = token >>> 4;
    if (literals === NIBBLE_MAX) {
      let more = 255;
      while (more === 255) {
        if (at >= end) return "cut short";
        more = block[at++]!;
        literals += more;
      }
    }
    if (literals > end - at) return "cut short";
    size += literals;
    if (size > sizeMax) return "larger than allowed";
    at += literals;
    if (at === end) {
      // A last sequence has no match; half a token that says otherwise belongs to a block cut after its literals.
      if ((token & NIBBLE_MAX) !== 0) return "cut short";
      return afterMatch && literals < LAST_LITERALS ? "too few last literals" : size;
    }

    if (end - at < 2) return "cut short";
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    if (offset === 0) return "offset zero";
    if (offset > size + dictionarySize) return "offset before start";
    let match = (token & NIBBLE_MAX) + MATCH_SIZE_MIN;
    if (match === NIBBLE_MAX + MATCH_SIZE_MIN) {
      let more = 255;
      while (more === 255) {
        if (at >= end) return "cut short";
        more = block[at++]!;
        match += more;
      }
    }
    size += match;
    if (size > sizeMax) return "larger than allowed";
    afterMatch = true;
  }
  return "cut short";
}

/** Unpacks a block that was measured: nothing is checked again. */
function unpack(block: Uint8Array, bytes: Uint8Array, dictionary: Uint8Array | undefined): number {
  const end = block.length;
  let at = 0;
  let written = 0;
  while (at < end) {
    const token = block[at++]!;

    let literals = token >>> 4;
    if (literals === NIBBLE_MAX) {
      let more = 255;
      while (more === 255) {
        more = block[at++]!;
        literals += more;
      }
    }
    if (literals < NATIVE_COPY_SIZE_MIN) {
      for (const stop = at + literals; at < stop; ) bytes[written++] = block[at++]!;
    } else {
      bytes.set(block.subarray(at, at + literals), written);
      at += literals;
      written += literals;
    }
    if (at === end) break;

    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    let match = (token & NIBBLE_MAX) + MATCH_SIZE_MIN;
    if (match === NIBBLE_MAX + MATCH_SIZE_MIN) {
      let more = 255;
      while (more === 255) {
        more = block[at++]!;
        match += more;
      }
    }
    if (offset > written && dictionary !== undefined) {
      let from = dictionary.length - (offset - written);
      for (; match > 0 && from < dictionary.length; match--) bytes[written++] = dictionary[from++]!;
    }
    if (match < NATIVE_COPY_SIZE_MIN || offset < match) {
      // A match may overlap what it writes, a run of one byte being the extreme: byte by byte is then the meaning.
      for (const stop = written + match; written < stop; written++) bytes[written] = bytes[written - offset]!;
    } else {
      bytes.copyWithin(written, written - offset, written - offset + match);
      written += match;
    }
  }
  return written;
}
