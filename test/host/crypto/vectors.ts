/** Golden vectors of test/vectors, as this folder's tests read them: all bytes are hexadecimal. */

import { readFileSync } from "node:fs";

export interface HashVectors {
  cases: { name: string; ascii: string; repeat: number; digest: string }[];
}

export interface SigningVectors {
  cases: { name: string; seed: string; publicKey: string; message: string; signature: string }[];
}

export interface AcceptanceVectors {
  cases: { name: string; publicKey: string; message: string; signature: string; valid: boolean }[];
}

export interface SmallOrderVectors {
  message: string;
  encodings: string[];
}

export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8")) as T;
}
