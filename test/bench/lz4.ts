/** Our LZ4 beside lz4-napi for size (native, lz4_flex) and beside lz4js for speed (the pure JavaScript one). */

import { compressSync } from "lz4-napi";
import lz4js from "lz4js";
import { compress } from "../../protocol/bytes/lz4-compress.ts";
import { decompress } from "../../protocol/bytes/lz4-decompress.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance } from "../../protocol/core/chance.ts";
import { type Row, race } from "./bench.ts";
import { certificate, state, subject, vote } from "./corpus.ts";

/** lz4-napi writes the size of the content before the block, in four bytes. */
const NAPI_PREFIX_SIZE = 4;

export function bench(): Row[] {
  const random = chance(1);
  // A dictionary of earlier votes: it holds what headers have in common.
  const dictionary = certificate(random, 2);
  const votes = Array.from({ length: 100 }, (_, index) => vote(random, subject(random), index % 10));
  const certificates = Array.from({ length: 60 }, (_, index) => certificate(random, [3, 5, 7][index % 3]!));
  const states = Array.from({ length: 12 }, (_, index) => state(random, [4096, 16384, 65536][index % 3]!));
  return [
    sizes("size-vote", votes, dictionary),
    sizes("size-certificate", certificates, dictionary),
    sizes("size-state", states, undefined),
    speed(
      "speed-state",
      Array.from({ length: 16 }, () => state(random, 4096)),
    ),
  ];
}

/** Mean size of a block, and theirs with the same dictionary. */
function sizes(metric: string, messages: Uint8Array[], dictionary: Uint8Array | undefined): Row {
  let ours = 0;
  let baseline = 0;
  for (const message of messages) {
    const block = compress(message, dictionary);
    assertUnpacks(block, message, dictionary);
    ours += block.length;
    baseline += compressSync(Buffer.from(message), dictionary && Buffer.from(dictionary)).length - NAPI_PREFIX_SIZE;
  }
  const count = messages.length;
  return { metric, value: ours / count, unit: "bytes", baseline: baseline / count, ratio: ours / baseline };
}

/**
 * A round trip by the public functions of both; lz4js offers frames. Each call takes the next message: of a single one
 * the processor's branch prediction would learn every byte.
 */
function speed(metric: string, messages: Uint8Array[]): Row {
  for (const message of messages) assertUnpacks(compress(message), message, undefined);
  let oursTurn = 0;
  let baselineTurn = 0;
  const { oursNs, baselineNs, ratio } = race({
    ours: () => {
      const message = messages[oursTurn++ % messages.length]!;
      return decompress(compress(message), message.length);
    },
    baseline: () => lz4js.decompress(lz4js.compress(messages[baselineTurn++ % messages.length]!)),
  });
  return { metric, value: oursNs, unit: "ns", baseline: baselineNs, ratio };
}

function assertUnpacks(block: Uint8Array, message: Uint8Array, dictionary: Uint8Array | undefined): void {
  const unpacked = decompress(block, message.length, dictionary);
  assert(unpacked.ok && Buffer.compare(unpacked.bytes, message) === 0, "a figure counts for blocks that unpack");
}
