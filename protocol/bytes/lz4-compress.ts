/**
 * LZ4 block compression. The same bytes come out on every engine: only the input and the dictionary decide.
 *
 * A block is a row of sequences: a token (literal count, match length, four bits each, 15 continued in bytes of 255),
 * the literals, an offset of two bytes, low byte first. The last sequence is literals alone.
 */

/** What a match needs at least; its length is written less this. */
const MATCH_SIZE_MIN = 4;
/** End rules of the format: the last five bytes are literals, the last match starts twelve bytes before the end. */
const LAST_LITERALS = 5;
const LAST_MATCH_START = 12;
/** And so nothing shorter than this holds a match. */
const MATCHABLE_SIZE_MIN = LAST_MATCH_START + 1;
/** An offset has two bytes. */
const OFFSET_MAX = 65535;
/** Four bits of the token; this value says that more bytes follow. */
const NIBBLE_MAX = 15;

/** 256 to 16384 heads: 0.5 KiB for a vote on a board, and past 64 KiB of input more heads find little more. */
const TABLE_BITS_MIN = 8;
const TABLE_BITS_MAX = 14;
/** Candidates looked at for each match: twice as many save two hundredths of game state. This bounds the work. */
const CANDIDATES_MAX = 4;
/** After 256 bytes without a match the search strides by two, after 512 by three: what is random stays cheap. */
const STRIDE_SHIFT = 8;
/** From 32 bytes on, a view and a native copy cost less than a loop (30 ns on Node; on XS a loop costs far more). */
const NATIVE_COPY_SIZE_MIN = 32;

/** The size of the block that `size` bytes become when nothing in them repeats. */
export function compressedSizeMax(size: number): number {
  return size + Math.floor(size / 255) + 16;
}

/** `dictionary`: bytes that both sides hold and that matches may reach into; only its last 65535 can be reached. */
export function compress(source: Uint8Array, dictionary?: Uint8Array): Uint8Array {
  const block = new Uint8Array(compressedSizeMax(source.length));
  if (source.length < MATCHABLE_SIZE_MIN) {
    return block.slice(0, writeLastLiterals(block, 0, source, 0));
  }
  return block.slice(0, writeSequences(block, source, dictionary));
}

function writeSequences(block: Uint8Array, source: Uint8Array, dictionary: Uint8Array | undefined): number {
  // One window over both makes every match a match inside one array: the copy is native, the branch would not be.
  const window = dictionary === undefined ? source : join(dictionary.subarray(-OFFSET_MAX), source);
  const start = window.length - source.length;
  const matchStartMax = window.length - LAST_MATCH_START;
  const matchEndMax = window.length - LAST_LITERALS;

  // Chains of the positions whose four bytes share a hash, newest first. Positions are kept plus one: zero is none.
  const shift = 32 - tableBits(window.length);
  const heads = positions(1 << (32 - shift), window.length);
  const previous = positions(window.length, window.length);
  for (let at = 0; at < start; at++) {
    const slot = hash(fourBytes(window, at), shift);
    previous[at] = heads[slot]!;
    heads[slot] = at + 1;
  }

  let written = 0;
  let anchor = start;
  let at = start;
  while (at <= matchStartMax) {
    const four = fourBytes(window, at);
    const slot = hash(four, shift);
    let candidate = heads[slot]!;
    previous[at] = candidate;
    heads[slot] = at + 1;

    let matchSize = MATCH_SIZE_MIN - 1;
    let matchAt = 0;
    for (let tries = CANDIDATES_MAX; candidate !== 0 && tries > 0; tries--) {
      const from = candidate - 1;
      if (at - from > OFFSET_MAX) break;
      // A longer match has to agree where the best one so far stops: the cheapest thing that rules most out.
      if (window[from + matchSize] === window[at + matchSize] && fourBytes(window, from) === four) {
        const size = MATCH_SIZE_MIN + agreement(window, from + MATCH_SIZE_MIN, at + MATCH_SIZE_MIN, matchEndMax);
        if (size > matchSize) {
          matchSize = size;
          matchAt = from;
        }
      }
      candidate = previous[from]!;
    }
    if (matchSize < MATCH_SIZE_MIN) {
      at += 1 + ((at - anchor) >>> STRIDE_SHIFT);
      continue;
    }

    // What was strided over, or not entered below, may belong to the match too.
    const end = at + matchSize;
    const offset = at - matchAt;
    let matchStart = at;
    while (matchStart > anchor && matchAt > 0 && window[matchStart - 1] === window[matchAt - 1]) {
      matchStart--;
      matchAt--;
    }
    const code = end - matchStart - MATCH_SIZE_MIN;
    written = writeLiterals(block, written, window, anchor, matchStart, Math.min(code, NIBBLE_MAX));
    block[written++] = offset & 0xff;
    block[written++] = offset >>> 8;
    if (code >= NIBBLE_MAX) written = writeRest(block, written, code - NIBBLE_MAX);

    // Every second position inside a match is entered: an eighth less time for half a hundredth more bytes.
    for (at++; at < end; at += 2) {
      const slot = hash(fourBytes(window, at), shift);
      previous[at] = heads[slot]!;
      heads[slot] = at + 1;
    }
    at = end;
    anchor = end;
  }
  return writeLastLiterals(block, written, window, anchor);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Two to four heads for every position: half as many take a fourteenth more time, in candidates of the wrong bytes. */
function tableBits(windowSize: number): number {
  return Math.min(Math.max(33 - Math.clz32(windowSize - 1), TABLE_BITS_MIN), TABLE_BITS_MAX);
}

function positions(count: number, positionMax: number): Uint16Array | Uint32Array {
  return positionMax <= 0xffff ? new Uint16Array(count) : new Uint32Array(count);
}

function fourBytes(window: Uint8Array, at: number): number {
  return window[at]! | (window[at + 1]! << 8) | (window[at + 2]! << 16) | (window[at + 3]! << 24);
}

/** Multiplicative hash by 2^32 divided by the golden ratio: the high bits depend on all four bytes. */
function hash(four: number, shift: number): number {
  return Math.imul(four, 0x9e3779b1) >>> shift;
}

/** How many bytes from `from` on repeat from `at` on, where nothing at or past `end` counts. */
function agreement(window: Uint8Array, from: number, at: number, end: number): number {
  const start = at;
  while (at < end && window[from] === window[at]) {
    from++;
    at++;
  }
  return at - start;
}

function writeLastLiterals(block: Uint8Array, written: number, window: Uint8Array, start: number): number {
  return writeLiterals(block, written, window, start, window.length, 0);
}

/** A token and its literals, `window` from `start` to `end`; `matchNibble` is the token's other half. */
function writeLiterals(
  block: Uint8Array,
  written: number,
  window: Uint8Array,
  start: number,
  end: number,
  matchNibble: number,
): number {
  const count = end - start;
  if (count < NIBBLE_MAX) {
    block[written++] = (count << 4) | matchNibble;
  } else {
    block[written++] = (NIBBLE_MAX << 4) | matchNibble;
    written = writeRest(block, written, count - NIBBLE_MAX);
  }
  if (count >= NATIVE_COPY_SIZE_MIN) {
    block.set(window.subarray(start, end), written);
  } else {
    const ahead = written - start;
    for (let at = start; at < end; at++) block[at + ahead] = window[at]!;
  }
  return written + count;
}

/** What a nibble could not hold: bytes of 255, and one below 255 that ends it. */
function writeRest(block: Uint8Array, written: number, rest: number): number {
  for (; rest >= 255; rest -= 255) block[written++] = 255;
  block[written++] = rest;
  return written;
}
