/** Argon2id by hash-wasm: everywhere, and to the same bytes. It answers later, but works in the calling thread. */
import { argon2id } from "hash-wasm";
import type { Argon2 } from "./argon2.ts";

export const portableArgon2: Argon2 = Object.freeze({
  binding: "portable",
  hash: ({ password, salt, secret, memoryKibibytes, passes, lanes }) =>
    argon2id({
      ...{ password, salt, secret, hashLength: 32, outputType: "binary" },
      ...{ memorySize: memoryKibibytes, iterations: passes, parallelism: lanes },
    }),
} satisfies Argon2);
