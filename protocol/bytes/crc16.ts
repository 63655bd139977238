/** CRC-16/IBM-SDLC (also called X-25): polynomial 0x1021 reflected, initial value and final exclusive-or 0xffff; its check
 * value, the CRC of "123456789", is 0x906e. Chosen over CCITT-FALSE because the reflected form needs one mask fewer a
 * byte; both find every burst of up to 16 bits and every 3 flipped bits in a frame of ours. */

/** Two bytes a turn of the loop: what the second does to the register, and the first a byte earlier. */
const table: readonly number[] = Object.freeze(entries(8));
const earlier: readonly number[] = Object.freeze(entries(16));

function entries(bits: number): number[] {
  const all: number[] = [];
  for (let byte = 0; byte < 256; byte++) all.push(entry(byte, bits));
  return all;
}

function entry(byte: number, bits: number): number {
  let crc = byte;
  for (let bit = 0; bit < bits; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
}

/** Of the bytes from `start` up to `end`. A board may put its own in front: see the deframer's port. */
export function crc16(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = 0xffff;
  let at = start;
  for (const pairs = end - 1; at < pairs; at += 2) {
    crc ^= bytes[at] | (bytes[at + 1] << 8);
    crc = earlier[crc & 0xff] ^ table[crc >>> 8];
  }
  if (at < end) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]) & 0xff];
  return crc ^ 0xffff;
}
