import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import {
  KEYSTORE_CHANCE_SIZE,
  KEYSTORE_COST,
  KEYSTORE_SIZE,
  KEYSTORE_WORDS,
  openKeystore,
  ownerOf,
  sealKeystore,
} from "../../../host/crypto/keystore.ts";
import { hex } from "./craft.ts";

const seed = new Uint8Array(32).fill(0xab);
const random = Uint8Array.from({ length: KEYSTORE_CHANCE_SIZE }, (_, at) => at);
/** The least that is allowed: what is tested is not how dear a guess is. */
const CHEAP = 10;
const file = sealKeystore(seed, "three dice", random, CHEAP);

describe("a keystore", () => {
  test("gives the key back to who knows the passphrase [A01]", () => {
    const opened = openKeystore(file, "three dice");
    expect(opened.ok && opened.seed).toEqual(seed);
    expect(opened.ok && opened.pair.publicKey.bytes).toEqual(keyPairFromSeed(seed).publicKey.bytes);
    expect(file).toHaveLength(KEYSTORE_SIZE);
    expect(ownerOf(file)).toEqual(keyPairFromSeed(seed).publicKey.bytes);
  });

  test("tells a wrong passphrase from damage, whichever byte it is", () => {
    for (const passphrase of ["", "three dic", "three dice ", "Three dice"]) {
      expect(openKeystore(file, passphrase)).toEqual({ ok: false, why: "wrong passphrase" });
    }
    const whys = new Set<string>();
    for (let at = 0; at < file.length; at++) {
      const damaged = file.slice();
      damaged[at]! ^= 0x10;
      const opened = openKeystore(damaged, "three dice");
      if (opened.ok) throw new Error(`byte ${at} says nothing`);
      expect(opened.why).toBe(at < 12 ? "not a keystore" : at === 12 ? "another version" : "damaged");
      expect(ownerOf(damaged)).toBeUndefined();
      whys.add(opened.why);
    }
    expect([...whys, "wrong passphrase"].sort()).toEqual(Object.keys(KEYSTORE_WORDS).sort());
  });

  test("cut short, lengthened or something else is refused by value", () => {
    for (let size = 0; size < file.length; size++)
      expect(openKeystore(file.subarray(0, size), "three dice").ok).toBe(false);
    expect(openKeystore(new Uint8Array([...file, 0]), "three dice")).toEqual({ ok: false, why: "damaged" });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(openKeystore(bytes, "")).toEqual({ ok: false, why: "not a keystore" });
      }),
      { seed: 1 },
    );
  });

  test("shows nothing of its seed, and no two are alike", () => {
    expect(hex(file)).not.toContain(hex(seed.subarray(0, 4)));
    const other = sealKeystore(
      seed,
      "three dice",
      random.map((byte) => byte ^ 1),
      CHEAP,
    );
    expect(hex(other).slice(0, 24)).toBe(hex(file).slice(0, 24));
    const same = [...file].filter((byte, at) => at >= 100 && byte === other[at]).length;
    expect(same).toBeLessThan(10);
    expect(sealKeystore(seed, "three dice", random, CHEAP)).toEqual(file);
  });

  test("knows a passphrase however its letters are composed", () => {
    const composed = sealKeystore(seed, "W\u00fcrfel", random, CHEAP);
    expect(openKeystore(composed, "Wu\u0308rfel").ok).toBe(true);
    expect(openKeystore(composed, "Wurfel").ok).toBe(false);
  });

  test("makes a guess as dear as 64 MiB of memory, and asks for no less and not for all there is", () => {
    expect(2 ** KEYSTORE_COST * 8 * 128).toBe(64 * 2 ** 20);
    for (const cost of [9, 21]) expect(() => sealKeystore(seed, "", random, cost)).toThrow("dear to guess");
    const whole = sealKeystore(seed, "three dice", random);
    expect(openKeystore(whole, "three dice").ok).toBe(true);
    // The memory that a file asks for stands in it, and is bound to it.
    expect(whole[13]).toBe(KEYSTORE_COST);
  });

  test("of another size of seed or of chance is our mistake", () => {
    expect(() => sealKeystore(new Uint8Array(31), "", random, CHEAP)).toThrow("have their sizes");
    expect(() => sealKeystore(seed, "", new Uint8Array(27), CHEAP)).toThrow("have their sizes");
  });
});
