/**
 * X25519, ChaCha20-Poly1305, SHA-256 and HMAC by the host's own library, as links between neighbours ask for them.
 *
 * A secret half is imported for each exchange: 24 µs beside an exchange of 29, and no handle outlives its use. (Imported as
 * PKCS #8 it would be 340.)
 */

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from "node:crypto";
import { assert } from "../../protocol/core/assert.ts";
import { sha256 } from "./sha256.ts";

const KEY_SIZE = 32;
const TAG_SIZE = 16;

export const noise = Object.freeze({
  publicOf(secret: Uint8Array): Uint8Array {
    const { x } = createPublicKey(secretHandle(secret)).export({ format: "jwk" });
    assert(x !== undefined, "an X25519 key exports its public half");
    return new Uint8Array(Buffer.from(x, "base64url"));
  },

  /** RFC 7748, section 6.1: the library refuses what gives zeros, and nothing else of 32 bytes. */
  agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
    assert(publicKey.length === KEY_SIZE, "a key has 32 bytes");
    const privateHandle = secretHandle(secret);
    const publicHandle = createPublicKey({
      key: { kty: "OKP", crv: "X25519", x: base64(publicKey) },
      format: "jwk",
    });
    try {
      return new Uint8Array(diffieHellman({ privateKey: privateHandle, publicKey: publicHandle }));
    } catch {
      return undefined;
    }
  },

  hash: sha256,

  hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
    const mac = createHmac("sha256", key);
    for (const part of parts) mac.update(part);
    return new Uint8Array(mac.digest());
  },

  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, text: Uint8Array): Uint8Array {
    const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_SIZE });
    cipher.setAAD(associated, { plaintextLength: text.length });
    const sealed = new Uint8Array(text.length + TAG_SIZE);
    sealed.set(cipher.update(text));
    cipher.final();
    sealed.set(cipher.getAuthTag(), text.length);
    return sealed;
  },

  unseal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const size = sealed.length - TAG_SIZE;
    if (size < 0) return undefined;
    const cipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_SIZE });
    cipher.setAAD(associated, { plaintextLength: size });
    cipher.setAuthTag(sealed.subarray(size));
    const text = new Uint8Array(cipher.update(sealed.subarray(0, size)));
    try {
      cipher.final();
    } catch {
      text.fill(0);
      return undefined;
    }
    return text;
  },
});

interface Signing {
  sign(signed: Uint8Array): Uint8Array;
  verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
}

/** The same with a kiosk's identity. Who verifies judges keys, and keeps those that it has judged. */
export const secureCrypto = (identity: Uint8Array, { sign, verify }: Signing) => ({ ...noise, identity, sign, verify });

/** The library takes the public half on faith and does not use it: the secret one is enough. */
function secretHandle(secret: Uint8Array): KeyObject {
  assert(secret.length === KEY_SIZE, "a secret has 32 bytes");
  return createPrivateKey({ key: { kty: "OKP", crv: "X25519", d: base64(secret), x: ANY }, format: "jwk" });
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");

const ANY = "A".repeat(43);
