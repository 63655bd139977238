/** CRC-16/IBM-SDLC (also called X-25): polynomial 0x1021 reflected, initial value and final exclusive-or 0xffff; its check
 * value, the CRC of "123456789", is 0x906e. Chosen over CCITT-FALSE because the reflected form needs one mask fewer a
 * byte; both find every burst of up to 16 bits and every 3 flipped bits in a frame of ours. */

const table: readonly number[] = Object.freeze(entries());

function entries(): number[] {
  const all: number[] = [];
  for (let byte = 0; byte < 256; byte++) all.push(entry(byte));
  return all;
}

function entry(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
}

/** Of the bytes from `start` up to `end`. A board may put its own in front: see the deframer's port. */
export function crc16(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = 0xffff;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]) & 0xff];
  return crc ^ 0xffff;
}
