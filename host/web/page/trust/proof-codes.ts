/** A proof's file as QR codes. One code that a telephone reads from a screen holds a few hundred letters, so that a proof is several
 * of them, each with its number; where they would be too many, one holds the digest alone. */
import { encode } from "uqr";

export type ProofCodes =
  | { readonly type: "parts"; readonly texts: readonly string[] }
  | { readonly type: "digest"; readonly texts: readonly [string] };

export function proofCodes(file: string, digest: string): ProofCodes {
  const count = Math.ceil(file.length / CODE_LENGTH_MAX);
  if (count > CODES_MAX) return { type: "digest", texts: [`hardway roll ${digest}`] };
  const texts: string[] = [];
  for (let part = 1; part <= count; part++) {
    texts.push(`HW${part}/${count}:${file.slice((part - 1) * CODE_LENGTH_MAX, part * CODE_LENGTH_MAX)}`);
  }
  return { type: "parts", texts };
}

/** What the codes said, in whatever order they were read; undefined where one is missing or one is of another proof. */
export function joinCodes(texts: readonly string[]): string | undefined {
  const parts: string[] = [];
  let count = 0;
  for (const text of texts) {
    const match = /^HW(\d+)\/(\d+):([\s\S]*)$/.exec(text.trim());
    if (match === null || (count !== 0 && Number(match[2]) !== count)) return undefined;
    count = Number(match[2]);
    parts[Number(match[1]) - 1] = match[3];
  }
  const isWhole = count > 0 && parts.length === count && !parts.includes(undefined as unknown as string);
  return isWhole ? parts.join("") : undefined;
}

/** Rows of dark and light modules, without the margin. */
export const codeModules = (text: string): readonly (readonly boolean[])[] =>
  encode(text, { ecc: "L", border: 0 }).data;

/** Version 16 at the lowest correction: still read at arm's length from a small screen. */
const CODE_LENGTH_MAX = 560;
const CODES_MAX = 12;
