/** From a roll's seed to dice: every outcome exactly as likely as every other, because what would tip the balance is drawn
 * again. A byte modulo 6 would prefer the faces 1 to 4, and nobody would see it in 200,000 rolls. */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OUTCOMES_MAX, SEED_SIZE, STREAM_BLOCKS_MAX } from "./limits.ts";
import type { DicePorts } from "./ports.ts";

/** Where the next byte is drawn: first from the seed itself, then from hashes of it. */
export interface Stream {
  readonly seed: Uint8Array;
  block: Uint8Array;
  blocks: number;
  offset: number;
}

export function streamOf(seed: Uint8Array): Stream {
  assert(seed.length === SEED_SIZE, "a seed is one wide digest");
  return { seed, block: seed, blocks: 1, offset: 0 };
}

/** A whole number from 0 up to but not `outcomes`. */
export function drawOutcome(ports: DicePorts, stream: Stream, outcomes: number): number {
  assert(Number.isInteger(outcomes) && outcomes >= 1 && outcomes <= OUTCOMES_MAX, "a draw has some outcomes");
  const width = outcomes <= 0x100 ? 1 : 2;
  const limit = fairLimit(0x100 ** width, outcomes);
  for (;;) {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 0x100 + nextByte(ports, stream);
    if (value < limit) return value % outcomes;
  }
}

/** Values below it fall evenly on the outcomes: for two dice 252 of 256, which is seven for each of the 36. */
export const fairLimit = (values: number, outcomes: number): number => values - (values % outcomes);

export type TwoDice = readonly [first: number, second: number];

/** 1 to 6 each; the two of them are one draw. */
export function drawTwoDice(ports: DicePorts, seed: Uint8Array): TwoDice {
  const outcome = drawOutcome(ports, streamOf(seed), FACES * FACES);
  return [Math.floor(outcome / FACES) + 1, (outcome % FACES) + 1];
}

const FACES = 6;

const Next = struct("SeedBlock", { seed: bytes(SEED_SIZE), counter: varint(STREAM_BLOCKS_MAX) });

function nextByte(ports: DicePorts, stream: Stream): number {
  if (stream.offset === stream.block.length) {
    // Chance alone never comes so far.
    assert(stream.blocks < STREAM_BLOCKS_MAX, "a roll draws so much at most");
    stream.block = ports.wideDigest("hardway dice block", encode(Next, { seed: stream.seed, counter: stream.blocks }));
    stream.blocks += 1;
    stream.offset = 0;
  }
  return stream.block[stream.offset++];
}
