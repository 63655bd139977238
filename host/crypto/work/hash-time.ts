/** What a hash of a profile takes on this machine: what a base is calibrated by, and what a person is told before a search. */
import { PROFILES, type ProfileName } from "../../engine/identity/profiles.ts";
import type { Argon2 } from "./argon2.ts";

/** The least of several, since whatever else the machine does only adds to it. */
const TRIES = 3;

export async function hashTimeMs(argon2: Argon2, profile: ProfileName): Promise<number> {
  const { memoryKibibytes, passes, lanes } = PROFILES[profile];
  const input = { password: SOME, salt: SOME, secret: SOME, memoryKibibytes, passes, lanes };
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < TRIES; count++) {
    const begun = performance.now();
    await argon2.hash(input);
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

const SOME = new Uint8Array(32).fill(1);
