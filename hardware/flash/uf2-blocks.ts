/** A UF2 file: blocks of 512 bytes, each with its own address, so that a bootloader may take them in any order. Adafruit's
 * bootloader passes over a block that it does not like in silence, and then waits for it for ever: so all are checked here. */
import { hexOf } from "./result.ts";

export type Uf2 =
  | { readonly ok: true; readonly family: number; readonly from: number; readonly to: number; readonly blocks: number }
  | { readonly ok: false; readonly why: string };

export const UF2_BLOCK_SIZE = 512;
const MAGIC_START = 0x0a324655;
const MAGIC_SECOND = 0x9e5d5157;
const MAGIC_END = 0x0ab16f30;
const FLAG_NOT_FLASH = 0x1;
const FLAG_CONTAINER = 0x1000;
const FLAG_FAMILY = 0x2000;
/** The only one that the bootloader takes; its pages' addresses are multiples of it. */
const PAYLOAD_SIZE = 256;

export function parseUf2(bytes: Uint8Array): Uf2 {
  if (bytes.length === 0 || bytes.length % UF2_BLOCK_SIZE !== 0) {
    return refuse(`has ${bytes.length} bytes, not a number of blocks of ${UF2_BLOCK_SIZE}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length / UF2_BLOCK_SIZE;
  const from = view.getUint32(12, true);
  const family = view.getUint32(28, true);
  for (let index = 0; index < blocks; index++) {
    const why = faultOf(view, index, blocks, from + index * PAYLOAD_SIZE, family);
    if (why !== undefined) return refuse(`block ${index}: ${why}`);
  }
  return { ok: true, family, from, to: from + blocks * PAYLOAD_SIZE, blocks };
}

function faultOf(view: DataView, index: number, blocks: number, address: number, family: number): string | undefined {
  const at = index * UF2_BLOCK_SIZE;
  const word = (offset: number): number => view.getUint32(at + offset, true);
  if (word(0) !== MAGIC_START || word(4) !== MAGIC_SECOND || word(508) !== MAGIC_END) return "is no UF2 block";
  const flags = word(8);
  if ((flags & FLAG_FAMILY) === 0) return "names no family of chips";
  if ((flags & (FLAG_NOT_FLASH | FLAG_CONTAINER)) !== 0) return "is not for the flash";
  if (word(28) !== family) return `is for the family ${hexOf(word(28))}, the first for ${hexOf(family)}`;
  if (word(20) !== index || word(24) !== blocks) return `says that it is ${word(20)} of ${word(24)}, not of ${blocks}`;
  if (word(16) !== PAYLOAD_SIZE) return `holds ${word(16)} bytes and not ${PAYLOAD_SIZE}`;
  if (word(12) % PAYLOAD_SIZE !== 0) return `goes to ${hexOf(word(12))}, within a page`;
  return word(12) === address ? undefined : `goes to ${hexOf(word(12))} where ${hexOf(address)} comes next`;
}

const refuse = (why: string): Uf2 => ({ ok: false, why });
