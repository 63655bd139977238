/**
 * Argon2id (RFC 9106) by whichever library is there: the native one, which is four to ten times as fast and may not be
 * installed, or the portable one, which always is.
 */

import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { Argon2, Argon2Input, Binding } from "./argon2.ts";
import { nativeArgon2 } from "./argon2-native.ts";
import { portableArgon2 } from "./argon2-portable.ts";

/** The fastest that is there and right; or the one that is asked for, undefined where it is not there. */
export async function openArgon2(): Promise<Argon2>;
export async function openArgon2(binding: Binding): Promise<Argon2 | undefined>;
export async function openArgon2(binding?: Binding): Promise<Argon2 | undefined> {
  if (binding !== "portable") {
    const native = await nativeArgon2();
    // A binary of another machine may load and still be wrong.
    if (native !== undefined && (await isRight(native))) return native;
    if (binding === "native") return undefined;
  }
  assert(await isRight(portableArgon2), "the portable library knows Argon2");
  return portableArgon2;
}

async function isRight(argon2: Argon2): Promise<boolean> {
  try {
    return bytesEqual(await argon2.hash(SAMPLE), SAMPLE_HASH);
  } catch {
    return false;
  }
}

const SAMPLE: Argon2Input = Object.freeze({
  password: new Uint8Array(32).fill(1),
  salt: new Uint8Array(16).fill(2),
  secret: new Uint8Array(8).fill(3),
  ...{ memoryKibibytes: 32, passes: 3, lanes: 4 },
});

const SAMPLE_HASH = new Uint8Array(
  Buffer.from("0034de3c8a75efc1148100eaf5ba9b1ce6d50ba5cdf6ae4018c54a4fc03ac10d", "hex"),
);
