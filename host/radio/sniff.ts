/** What bytes are that made no frame: a chip's loader, its boot messages, somebody's text, or noise. */

export type Sniffed =
  | { readonly type: "nothing" }
  /** It waits for an image. */
  | { readonly type: "loader"; readonly line: string }
  /** It boots, once or again and again. */
  | { readonly type: "boot"; readonly line: string; readonly times: number }
  | { readonly type: "text"; readonly line: string }
  | { readonly type: "noise"; readonly size: number };

/** The words of the ESP32 chips' ROM. */
const LOADER = /waiting for download|DOWNLOAD(?:_BOOT)?\(/i;
const BOOT = /\bets [A-Z][a-z]{2} +\d|ESP-ROM:|\brst:0x[0-9a-f]+/g;
const LINE_LENGTH_MAX = 80;

export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return { type: "nothing" };
  let text = "";
  let printable = 0;
  for (const byte of bytes) {
    const isPrintable = (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (isPrintable) printable += 1;
    text += isPrintable ? String.fromCharCode(byte) : "\ufffd";
  }
  if (LOADER.test(text)) return { type: "loader", line: lineWith(text, LOADER) };
  const times = text.match(/\brst:0x/g)?.length ?? text.match(BOOT)?.length ?? 0;
  if (times > 0) return { type: "boot", line: lineWith(text, /\brst:0x|ESP-ROM:|\bets /), times };
  if (printable >= 0.9 * bytes.length) return { type: "text", line: lineWith(text, /\S/) };
  return { type: "noise", size: bytes.length };
}

/** For a terminal: no control character is left in it. */
function lineWith(text: string, what: RegExp): string {
  const line = text.split(/[\r\n]+/).find((each) => what.test(each)) ?? "";
  return line.replaceAll("\t", " ").trim().slice(0, LINE_LENGTH_MAX);
}
