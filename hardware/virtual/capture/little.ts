/** Bluetooth says its numbers with the least significant byte first. */

export const le16 = (value: number): readonly number[] => [value & 0xff, (value >>> 8) & 0xff];
export const le24 = (value: number): readonly number[] => [...le16(value), (value >>> 16) & 0xff];
export const le32 = (value: number): readonly number[] => [...le24(value), (value >>> 24) & 0xff];

/** An address, which we write as people do, most significant byte first. */
export const leAddress = (address: Uint8Array): readonly number[] => Array.from(address).reverse();

export function joined(...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
