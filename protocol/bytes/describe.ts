/** The text of a layout, as `docs/protocol.md` prints it. */
import type { Codec } from "./codec.ts";

/** One line a field, indented under the layout that holds it; the size in bytes at the head. */
export function describe(codec: Codec<unknown>): string {
  const lines = [`${codec.text}: ${sizeText(codec)}`];
  if (codec.about !== undefined) lines.push(`  ${codec.about}`);
  addRows(codec, "  ", lines);
  return lines.join("\n");
}

function addRows(codec: Codec<unknown>, indent: string, lines: string[]): void {
  for (const row of codec.rows ?? []) {
    const note = row.codec.about === undefined ? "" : ` — ${row.codec.about}`;
    lines.push(`${indent}${row.label}: ${row.codec.text}${note}`);
    addRows(row.codec, `${indent}  `, lines);
  }
}

const sizeText = (codec: Codec<unknown>): string =>
  codec.sizeMin === codec.sizeMax ? `${codec.sizeMax} bytes` : `${codec.sizeMin} to ${codec.sizeMax} bytes`;
