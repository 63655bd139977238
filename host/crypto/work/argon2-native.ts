/** Argon2id by a native library, where it is installed and made for this machine. */
import type { Argon2 } from "./argon2.ts";

/** What we call of it. Its own types are there only where it is. */
interface NativeLibrary {
  hashRawSync(password: Uint8Array, options: { readonly [name: string]: number | Uint8Array }): Uint8Array;
}

/** Its numbers for Argon2id and for version 1.3. */
const ARGON2ID = 2;
const VERSION_13 = 1;

export async function nativeArgon2(): Promise<Argon2 | undefined> {
  const library = await load();
  if (library === undefined) return undefined;
  return {
    binding: "native",
    hash({ password, salt, secret, memoryKibibytes, passes, lanes }) {
      const hash = library.hashRawSync(password, {
        ...{ salt, secret, outputLen: 32, algorithm: ARGON2ID, version: VERSION_13 },
        ...{ memoryCost: memoryKibibytes, timeCost: passes, parallelism: lanes },
      });
      return new Uint8Array(hash);
    },
  };
}

async function load(): Promise<NativeLibrary | undefined> {
  try {
    // By a name that the compiler does not follow: it must compile where the library is not installed.
    const name: string = "@node-rs/argon2";
    const loaded = (await import(name)) as NativeLibrary & { readonly default?: NativeLibrary };
    return typeof loaded.hashRawSync === "function" ? loaded : loaded.default;
  } catch {
    return undefined;
  }
}
