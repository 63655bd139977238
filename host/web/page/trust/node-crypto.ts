/** Stands where the kiosk's own library stands, in a browser: the two hashes that a verifier needs, so that all code above them is
 * the very code of the kiosk. A browser's own hashing is asynchronous and only there over https. */
import { sha256, sha512 } from "@noble/hashes/sha2.js";

export interface Hasher {
  update(bytes: Uint8Array | string, encoding?: "latin1"): Hasher;
  digest(): Uint8Array;
}

export function createHash(name: "sha256" | "sha512"): Hasher {
  const state = name === "sha256" ? sha256.create() : sha512.create();
  const hasher: Hasher = {
    update(bytes) {
      state.update(typeof bytes === "string" ? latin1(bytes) : bytes);
      return hasher;
    },
    digest: () => state.digest(),
  };
  return hasher;
}

export const hash = (name: "sha256" | "sha512", bytes: Uint8Array): Uint8Array =>
  createHash(name).update(bytes).digest();

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
