/** Stands where Node's Buffer stands, in a browser: hexadecimal text to bytes and back, which is all that a proof's file needs. */

class HexBytes extends Uint8Array {
  override toString(): string {
    let text = "";
    for (const byte of this) text += byte.toString(16).padStart(2, "0");
    return text;
  }
}

export const Buffer = Object.freeze({
  /** Text is hexadecimal: the other encodings have no use here. */
  from(source: string | ArrayLike<number>): HexBytes {
    if (typeof source !== "string") return new HexBytes(source);
    const bytes = new HexBytes(source.length >> 1);
    for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(source.slice(2 * at, 2 * at + 2), 16);
    return bytes;
  },
});
