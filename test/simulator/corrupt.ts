/** A byte that flips on its way, of whatever is not protected by an envelope. */
import { Said } from "../../protocol/agreement/said.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { type Chance, drawBelow } from "../../protocol/core/chance.ts";

/** Nothing where the layout itself refuses what is left. */
const SCRATCH = new Uint8Array(Said.sizeMax);

export function corrupted(said: Said, from: Chance): Said | undefined {
  const bytes = encode(Said, said, new Writer(SCRATCH)).slice();
  for (let times = 1 + drawBelow(from, 2); times > 0; times--) {
    bytes[drawBelow(from, bytes.length)] ^= 1 << drawBelow(from, 8);
  }
  const decoded = decode(Said, bytes);
  return decoded.ok ? decoded.value : undefined;
}
