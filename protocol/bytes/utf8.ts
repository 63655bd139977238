/** UTF-8 (RFC 3629), strict: shortest forms only, no surrogates. The pure packages have no TextEncoder. */

export function utf8Encode(text: string): Uint8Array {
  const out: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) as number;
    // A lone surrogate has no encoding; U+FFFD stands for it, as WHATWG's encoder does.
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) out.push(point);
    else if (point < 0x800) out.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) out.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else out.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(out);
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f);

/** Undefined for bytes that are not canonical UTF-8. */
export function utf8Decode(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at++];
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || at + more > bytes.length) return undefined;
    let point = lead & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const byte = bytes[at++];
      if ((byte & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (byte & 0x3f);
    }
    if (point < [0, 0x80, 0x800, 0x10000][more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return undefined;
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
