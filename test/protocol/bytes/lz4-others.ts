/** Other implementations of LZ4, and what the blocks of any are made of. */
import { uncompressSync } from "lz4-napi";
import lz4js from "lz4js";
import { decompress } from "../../../protocol/bytes/lz4-decompress.ts";

export function unpacked(block: Uint8Array, sizeMax: number, dictionary?: Uint8Array): Uint8Array {
  const result = decompress(block, sizeMax, dictionary);
  if (!result.ok) throw new Error(`refused: ${result.why}`);
  return result.bytes;
}

export function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

export function napiDecompress(block: Uint8Array, size: number, dictionary?: Uint8Array): Uint8Array {
  const prefixed = Buffer.alloc(4 + block.length);
  prefixed.writeUInt32LE(size);
  prefixed.set(block, 4);
  return uncompressSync(prefixed, dictionary && Buffer.from(dictionary));
}

/** Empty where lz4js finds nothing that repeats. */
export function lz4jsCompress(source: Uint8Array): Uint8Array {
  const block = new Uint8Array(lz4js.compressBound(source.length));
  return block.subarray(0, lz4js.compressBlock(source, block, 0, source.length, new Uint32Array(1 << 16)));
}

export interface Sequence {
  literals: number;
  offset: number;
  match: number;
}

/** The parts of a block, read by a walk of the format that has nothing to do with the decoder's. */
export function sequences(block: Uint8Array): Sequence[] {
  const found: Sequence[] = [];
  let at = 0;
  const long = (nibble: number) => {
    if (nibble < 15) return nibble;
    let sum = 15;
    while (block[at] === 255) sum += block[at++]!;
    return sum + block[at++]!;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = long(token >> 4);
    at += literals;
    if (at === block.length) {
      found.push({ literals, offset: 0, match: 0 });
      break;
    }
    at += 2;
    const offset = block[at - 2]! + block[at - 1]! * 256;
    found.push({ literals, offset, match: 4 + long(token & 15) });
  }
  return found;
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
