/** Makes a body smaller on its way, or leaves it. What is signed is the body as it was before. */
import { compress } from "../bytes/lz4-compress.ts";
import { decompress } from "../bytes/lz4-decompress.ts";

/** The packed body where that is smaller: digests and signatures, which are most of a vote, do not shrink. */
export function pack(body: Uint8Array, above: number): Uint8Array | undefined {
  if (body.length <= above) return undefined;
  const block = compress(body);
  return block.length < body.length ? block : undefined;
}

export type Unpacked =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly why: "does not unpack" | "packed in vain" };

/** A block may claim anything: it is measured first, and nothing beyond `sizeMax`, the largest body of its kind, is
 * allocated. */
export function unpack(block: Uint8Array, sizeMax: number): Unpacked {
  const unpacked = decompress(block, sizeMax);
  if (!unpacked.ok) return { ok: false, why: "does not unpack" };
  if (unpacked.bytes.length <= block.length) return { ok: false, why: "packed in vain" };
  return { ok: true, body: unpacked.bytes };
}
